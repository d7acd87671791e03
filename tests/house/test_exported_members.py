"""Every public module says what it exports, and everything that it says exists."""

import importlib
import pkgutil

import pytest

import exporters
import server_ext
import workbench

PACKAGES = (workbench, exporters, server_ext)
RUN_AS_PROGRAMS = ("__main__", "_proto", ".training.")


def modules() -> list[str]:
    found = []
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(mark in f"{module.name}." for mark in RUN_AS_PROGRAMS):
                found.append(module.name)
    return sorted(found)


@pytest.mark.parametrize("name", [name for name in modules() if not name.rsplit(".", 1)[-1].startswith("_")])
def test_all_names_exist(name: str) -> None:
    module = importlib.import_module(name)
    assert hasattr(module, "__all__"), f"{name} has no __all__"
    assert [member for member in module.__all__ if not hasattr(module, member)] == []
    assert len(set(module.__all__)) == len(module.__all__)
