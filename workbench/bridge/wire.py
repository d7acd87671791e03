"""Requests and answers of an engine as frames of bytes, for pipes and for gRPC alike.

A request is one JSON frame. An answer is a JSON head and, for a scenario, raw frames behind it: the canonical
document, then the blobs in the order that the head names. Grids cross as they are, never inside JSON.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from workbench.bridge.engine import Generated, GenerateRequest
from workbench.canonical import Digest
from workbench.errors import BridgeUnavailableError, PacaiError, error_from_slug
from workbench.language.reading import Reading
from workbench.scenario.composition import Progress
from workbench.scenario.findings import Finding
from workbench.scenario.intent import Intent
from workbench.scenario.model import Options, Scenario

__all__ = [
    "decode_request",
    "encode_error",
    "encode_generated",
    "encode_progress",
    "encode_reading",
    "encode_request",
    "receive",
]

READ: Final = "read"
GENERATE: Final = "generate"
NextFrame = Callable[[], bytes]


def encode_request(request: GenerateRequest | str) -> bytes:
    """One frame for a generation, or for the reading of a prompt."""
    if isinstance(request, str):
        return _frame({"op": READ, "prompt": request})
    return _frame(
        {
            "op": GENERATE,
            "prompt": request.prompt,
            "seed": request.seed,
            "options": request.options.model_dump(mode="json"),
            "intent": request.intent.model_dump(mode="json") if request.intent else None,
        }
    )


def decode_request(frame: bytes) -> GenerateRequest | str:
    """What :func:`encode_request` wrote."""
    head = json.loads(frame)
    if head["op"] == READ:
        return str(head["prompt"])
    return GenerateRequest(
        prompt=head["prompt"],
        seed=head["seed"],
        options=Options.model_validate(head["options"]),
        intent=Intent.model_validate(head["intent"]) if head["intent"] is not None else None,
    )


def encode_progress(stage: str, percent: int) -> bytes:
    return _frame({"kind": "progress", "stage": stage, "percent": percent})


def encode_error(error: PacaiError) -> bytes:
    return _frame({"kind": "error", "slug": error.slug, "message": str(error)})


def encode_reading(reading: Reading) -> Iterator[bytes]:
    yield _frame({"kind": "reading", "reading": reading.model_dump(mode="json")})


def encode_generated(made: Generated) -> Iterator[bytes]:
    yield _frame(
        {
            "kind": "generated",
            "reading": made.reading.model_dump(mode="json"),
            "findings": [finding.model_dump(mode="json") for finding in made.findings],
            "digest": made.digest,
            "blobs": list(made.blobs),
        }
    )
    yield made.scenario.canonical()
    yield from made.blobs.values()


def receive(next_frame: NextFrame, on_progress: Progress) -> Reading | Generated:
    """Read frames up to the result.

    Raises:
        PacaiError: the error that the engine met, in its own class.
        BridgeUnavailableError: the frames are not an answer.
    """
    while True:
        head = json.loads(next_frame())
        match head["kind"]:
            case "progress":
                on_progress(head["stage"], head["percent"])
            case "reading":
                return Reading.model_validate(head["reading"])
            case "generated":
                return _generated(head, next_frame)
            case "error":
                raise error_from_slug(head["slug"], head["message"])
            case other:
                raise BridgeUnavailableError(f"the bridge answered {other!r}; it may be of another version")


def _generated(head: Mapping[str, Any], next_frame: NextFrame) -> Generated:
    scenario = Scenario.model_validate_json(next_frame())
    return Generated(
        reading=Reading.model_validate(head["reading"]),
        scenario=scenario,
        blobs={name: next_frame() for name in head["blobs"]},
        findings=tuple(Finding.model_validate(finding) for finding in head["findings"]),
        digest=Digest(head["digest"]),
    )


def _frame(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
