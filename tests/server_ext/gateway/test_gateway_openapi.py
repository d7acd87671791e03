"""The OpenAPI document is valid and complete, and nothing is served that it does not describe."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server_ext.handlers import HANDLERS
from server_ext.handlers.base import GatewayHandler
from server_ext.handlers.operation import operation_of, permission
from server_ext.identity.permissions import PERMISSIONS
from server_ext.openapi import openapi_document

DOCUMENT = openapi_document(HANDLERS)
OPERATIONS = [(path, method, it) for path, methods in DOCUMENT["paths"].items() for method, it in methods.items()]
OPEN = {"/health"}


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_handler_has_a_path_and_an_operation() -> None:
    assert len({handler.path for handler in HANDLERS}) == len(HANDLERS)
    assert set(DOCUMENT["paths"]) == {handler.path for handler in HANDLERS}
    assert all(handler.allowed_methods() for handler in HANDLERS)


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.__name__)
def test_a_method_without_a_declared_permission_fails_here(handler: type[GatewayHandler]) -> None:
    own = [name for name in ("get", "post", "put", "patch", "delete", "head") if name in vars(handler)]
    undeclared = [name for name in own if operation_of(getattr(handler, name)) is None]
    assert undeclared == []
    for name in own:
        described = operation_of(getattr(handler, name))
        assert described is not None
        assert (described.permission is None) == (handler.path in OPEN)
        assert described.permission is None or described.permission in PERMISSIONS


def test_a_permission_that_is_not_in_the_table_cannot_be_declared() -> None:
    with pytest.raises(LookupError, match="destroy scenarios"):
        permission("destroy", "scenarios")


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for _path, _method, operation in OPERATIONS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda it: it if isinstance(it, str) else "")
def test_every_operation_declares_its_refusals(path: str, method: str, operation: dict[str, Any]) -> None:
    declared = set(operation["responses"])
    assert {"403", "405", "503"} <= declared
    assert ("401" in declared) == (path not in OPEN)
    assert ("404" in declared) >= ("{" in path)
    if "requestBody" in operation:
        assert {"400", "413", "415", "422"} <= declared
    for status, response in operation["responses"].items():
        if int(status) >= 400 and path not in OPEN:
            assert set(response["content"]) == {"application/problem+json"}


def test_health_answers_the_guides_keys_in_the_guides_order() -> None:
    health = DOCUMENT["components"]["schemas"]["Health"]
    assert list(health["properties"]) == ["status", "version", "hsm_primary", "hsm_fallback", "offline_mode"]
    assert health["required"] == list(health["properties"])
