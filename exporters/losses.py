"""What a target cannot hold, as a file of the package; and the leaves that must be accounted for.

``losses.json`` stands in every export. Undeclared loss is a defect: the tests walk every leaf of the
scenario model with :func:`leaf_paths` and find each in the output or in ``losses.json``.

>>> from workbench.scenario.model import Point
>>> leaf_paths(Point)
('east_cm', 'north_cm')
"""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import orjson
from pydantic import BaseModel

from exporters.protocol import Loss

__all__ = ["LOSSES_FILE", "leaf_paths", "losses_file"]

LOSSES_FILE = "losses.json"


def losses_file(target: str, losses: tuple[Loss, ...]) -> bytes:
    """The bytes of ``losses.json``: the target, and each lost path with its reason, sorted by path."""
    rows = [{"path": loss.path, "reason": loss.reason} for loss in sorted(losses, key=lambda loss: loss.path)]
    document = {"target": target, "losses": rows}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def leaf_paths(model: type[BaseModel]) -> tuple[str, ...]:
    """Dotted paths of every scalar that ``model`` can hold, ``*`` for the elements of a collection."""
    return tuple(sorted(set(_leaves(model, ""))))


def _leaves(annotation: Any, path: str) -> Iterator[str]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _leaves(get_args(annotation)[0], path)
    elif origin in (Union, UnionType):
        for choice in get_args(annotation):
            if choice is not NoneType:
                yield from _leaves(choice, path)
    elif origin is tuple:
        yield from _leaves(get_args(annotation)[0], f"{path}.*")
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        annotation.model_rebuild()  # a name used before its class is resolved on first use only
        for name, field in annotation.model_fields.items():
            yield from _leaves(field.annotation, f"{path}.{name}" if path else name)
    else:
        yield path
