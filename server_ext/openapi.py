"""The OpenAPI 3.1 document, made from the handlers' operations and the pydantic models.

Nothing is written twice: paths, parameters, bodies, answers and permissions are what the handlers enforce.
Every operation that needs an identity declares the refusals that any request can meet (401, 403, 503 …), and
all refusals are problem documents.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server_ext.handlers.base import PATH_PARAMETERS, PROBLEM_JSON, GatewayHandler
from server_ext.handlers.health import API_VERSION
from server_ext.handlers.models import Problem
from server_ext.handlers.operation import JSON, Answer, Operation, operation_of

__all__ = ["openapi_document"]

_REF: Final = "#/components/schemas/{model}"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_ALWAYS: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.SERVICE_UNAVAILABLE)
"""Wrong host, no such method, still starting."""
_WITH_BODY: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
Schema = dict[str, Any]


def openapi_document(handlers: Iterable[type[GatewayHandler]]) -> Schema:
    """The document that describes ``handlers``."""
    operations = [
        (handler.path, method.lower(), described)
        for handler in handlers
        for method in handler.allowed_methods()
        if (described := operation_of(getattr(handler, method.lower())))
    ]
    models = _models(described for _path, _method, described in operations)
    paths: dict[str, Schema] = {}
    for path, method, described in operations:
        paths.setdefault(path, {})[method] = _operation(path, described, models)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PacAI Workbench gateway",
            "version": API_VERSION,
            "description": "Scenarios from prompts, signed packages, and the audit log. Refusals are RFC 9457.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": models.schemas, "securitySchemes": _SECURITY_SCHEMES},
    }


_SECURITY_SCHEMES: Final[Schema] = {
    "token": {"type": "http", "scheme": "bearer"},
    "certificate": {"type": "mutualTLS"},
    "localUser": {
        "type": "apiKey",
        "in": "header",
        "name": "Host",
        "description": "Evaluation profile only: the connection belongs to the gateway's own OS user.",
    },
}

Key = tuple[type[BaseModel], str]
"""A model, as it is sent (``validation``) or as it is answered (``serialization``)."""


@dataclass(frozen=True, slots=True)
class _Models:
    references: Mapping[Key, Schema]
    schemas: Schema

    def sent(self, model: type[BaseModel]) -> Schema:
        return self.references[(model, "validation")]

    def answered(self, model: type[BaseModel]) -> Schema:
        return self.references[(model, "serialization")]

    def properties(self, model: type[BaseModel]) -> Mapping[str, Schema]:
        """The fields of a sent model."""
        name = self.sent(model)["$ref"].rpartition("/")[2]
        properties: Mapping[str, Schema] = self.schemas[name]["properties"]
        return properties


def _models(operations: Iterable[Operation]) -> _Models:
    wanted: dict[Key, None] = {(Problem, "serialization"): None}
    for described in operations:
        wanted.update({(model, "validation"): None for model in (described.body, described.query) if model})
        for answers in described.answers.values():
            wanted.update({(answer.model, "serialization"): None for answer in answers if answer.model})
    references, definitions = models_json_schema(list(wanted), ref_template=_REF)  # type: ignore[arg-type]  # the mode is a Literal there
    return _Models(references, definitions["$defs"])  # type: ignore[arg-type]  # same keys, same reason


def _operation(path: str, described: Operation, models: _Models) -> Schema:
    document: Schema = {
        "operationId": described.operation_id,
        "summary": described.summary,
        "parameters": [*_path_parameters(path), *_query_parameters(described.query, models)],
        "responses": _responses(path, described, models),
        "x-permission": str(described.permission) if described.permission else None,
        "security": [{"localUser": []}, {"token": []}, {"certificate": []}] if described.permission else [],
    }
    if described.body:
        document["requestBody"] = {"required": True, "content": {JSON: {"schema": models.sent(described.body)}}}
    return document


def _path_parameters(path: str) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": f"^{PATH_PARAMETERS[name]}$"},
        }
        for name in _PARAMETER.findall(path)
    ]


def _query_parameters(model: type[BaseModel] | None, models: _Models) -> list[Schema]:
    properties = models.properties(model) if model else {}
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in properties.items()]


def _responses(path: str, described: Operation, models: _Models) -> Schema:
    answered = {str(code): _answer(answers, models) for code, answers in described.answers.items()}
    problem = {PROBLEM_JSON: {"schema": models.answered(Problem)}}
    for status in sorted(_refusals(path, described)):
        refused = answered.setdefault(str(status.value), {"description": status.phrase, "content": {}})
        refused["content"] = {**refused["content"], **problem}
    return answered


def _answer(answers: Iterable[Answer], models: _Models) -> Schema:
    listed = list(answers)
    content = {answer.content_type: {"schema": _answer_schema(answer, models)} for answer in listed}
    return {"description": "; or ".join(answer.description for answer in listed), "content": content}


def _answer_schema(answer: Answer, models: _Models) -> Schema:
    if answer.model is not None:
        return models.answered(answer.model)
    return {"type": "object"} if answer.content_type == JSON else {"type": "string"}


def _refusals(path: str, described: Operation) -> set[HTTPStatus]:
    refusals = {*_ALWAYS, *(HTTPStatus(code) for code in described.refusals)}
    if described.permission:
        refusals.add(HTTPStatus.UNAUTHORIZED)
    if described.body:
        refusals.update(_WITH_BODY)
    if described.query:
        refusals.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if _PARAMETER.search(path):
        refusals.add(HTTPStatus.NOT_FOUND)
    return refusals
