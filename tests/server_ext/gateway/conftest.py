"""What the tests of the running gateway share: the description of the interface, and other users."""

import os
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

NOBODY = 65534

Conforms = Callable[[httpx.Response, str], Any]


@pytest.fixture(scope="session")
def document(gateway: Any) -> dict[str, Any]:
    """The OpenAPI document as the running gateway serves it."""
    answer = httpx.get(f"{gateway.url}/openapi.json", trust_env=False)
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.fixture(scope="session")
def conforms(document: dict[str, Any]) -> Conforms:
    """Check a real answer against the document: status, content type and body; returns the JSON body."""

    def check(answer: httpx.Response, path: str) -> Any:
        operation = document["paths"][path][answer.request.method.lower()]
        status = str(answer.status_code)
        assert status in operation["responses"], f"{path} answered {status}, which is not declared: {answer.text}"
        content = operation["responses"][status]["content"]
        media = answer.headers["content-type"].partition(";")[0]
        assert media in content, f"{path} answered {media}, declared are {list(content)}"
        if not media.endswith("json"):
            return None
        schema = content[media]["schema"] | {"components": document["components"]}
        body = answer.json()
        Draft202012Validator(schema).validate(body)
        return body

    return check


@pytest.fixture(scope="session")
def only_as_root() -> None:
    """Skip where the test cannot become another OS user."""
    if os.getuid() != 0:
        pytest.skip("only root may become another user")
