import re

from hypothesis import given
from hypothesis import strategies as st

from server_ext.cluster import new_kernel_id, shard_label, shard_of_kernel

JUPYTER_KERNEL_ROUTE = re.compile(r"^\w+-\w+-\w+-\w+-\w+$")


@given(st.text(max_size=80))
def test_any_host_name_gives_kernel_ids_that_jupyter_routes_and_lead_back(node: str) -> None:
    label = shard_label(node)
    kernel = new_kernel_id(label)
    assert JUPYTER_KERNEL_ROUTE.match(kernel)
    assert shard_of_kernel(kernel) == label


def test_an_ordinary_uuid_belongs_to_no_shard() -> None:
    assert shard_of_kernel("7b1c0a52-2a4b-4c0e-9d8e-0123456789ab") is None


def test_kernel_ids_do_not_repeat() -> None:
    label = shard_label("node-1")
    assert len({new_kernel_id(label) for _ in range(1000)}) == 1000
