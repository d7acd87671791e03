"""What was sent, as a request model or as the error that says what is wrong with it.

>>> from server_ext.handlers.models import GenerateBody
>>> parse_body(b'{"prompt":"test","seed":-1}', "application/json", GenerateBody)
Traceback (most recent call last):
workbench.errors.SeedError: seed: input should be greater than or equal to 0, got '-1'
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from server_ext.problems import BodyFormatError, BodyTooLargeError, FieldError, MediaTypeError
from workbench.errors import InputError, PromptError, SeedError

__all__ = ["MAX_BODY_BYTES", "parse_body", "parse_query"]

M = TypeVar("M", bound=BaseModel)

MAX_BODY_BYTES: Final = 1024 * 1024
"""A prompt is a few hundred bytes; one mebibyte leaves room for a corrected intent and to spare."""
_MAX_FAULTS: Final = 5
_MAX_QUOTED: Final = 60
"""Characters of a wrong value that are said back."""
_FIELD_ERRORS: Final[dict[str, type[InputError]]] = {"seed": SeedError, "prompt": PromptError}
"""Fields whose faults have a class of their own in the error tree."""


def parse_body(body: bytes, content_type: str, model: type[M]) -> M:
    """A JSON body as ``model``; nothing is converted, ``"1"`` is not a number.

    Raises:
        MediaTypeError, BodyTooLargeError, BodyFormatError: it is not JSON of a bearable size.
        SeedError, PromptError, FieldError: a field is missing, unknown or not usable.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media != "application/json":
        raise MediaTypeError(f"the body must be application/json, got {media or 'no content type'}")
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLargeError(f"the body may have {MAX_BODY_BYTES:,} bytes, got {len(body):,}")
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise _input_error(error) from error


def parse_query(arguments: Mapping[str, Sequence[bytes]], model: type[M]) -> M:
    """Query parameters as ``model``; of a repeated one the last counts.

    Raises:
        FieldError: a parameter is unknown or not usable.
    """
    sent = {name: values[-1].decode("utf-8", "replace") for name, values in arguments.items()}
    # Not ours: the identity provider has read it.
    sent.pop("token", None)
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise _input_error(error) from error


def _input_error(error: ValidationError) -> InputError:
    faults = error.errors(include_url=False, include_context=False)
    first = faults[0]
    if first["type"] == "json_invalid":
        return BodyFormatError(f"the body is not JSON: {first['msg'].removeprefix('Invalid JSON: ')}")
    kind = _FIELD_ERRORS.get(str(first["loc"][0]) if first["loc"] else "", FieldError)
    return kind("; ".join(_sentence(fault) for fault in faults[:_MAX_FAULTS]))


def _sentence(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])[:_MAX_QUOTED] or "the body"
    match fault["type"]:
        case "extra_forbidden":
            return f"{place} is not a known field"
        case "missing":
            return f"{place} is missing"
    got = "" if isinstance(fault["input"], dict | list) else f", got {str(fault['input'])[:_MAX_QUOTED]!r}"
    return f"{place}: {fault['msg'][:1].lower()}{fault['msg'][1:]}{got}"
