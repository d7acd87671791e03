"""The loop of one worker process: a request frame in, answer frames out, until the pipe closes."""

from multiprocessing.connection import Connection

from workbench.bridge.engine import GenerateRequest
from workbench.bridge.local import LocalEngine
from workbench.bridge.parentage import die_with_parent
from workbench.bridge.wire import (
    decode_request,
    encode_error,
    encode_generated,
    encode_progress,
    encode_reading,
)
from workbench.errors import PacaiError
from workbench.language.reader import PromptReader

__all__ = ["serve"]


def serve(pipe: Connection, parent: int) -> None:
    """Answer requests from ``pipe``; the first frame sent says that this worker is warm."""
    die_with_parent(parent)
    engine = LocalEngine(PromptReader.load())
    pipe.send_bytes(b"ready")
    while True:
        try:
            request = decode_request(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        _answer(engine, request, pipe)


def _answer(engine: LocalEngine, request: GenerateRequest | str, pipe: Connection) -> None:
    try:
        if isinstance(request, str):
            frames = encode_reading(engine.read(request))
        else:
            made = engine.generate(request, lambda stage, n: pipe.send_bytes(encode_progress(stage, n)))
            frames = encode_generated(made)
        for frame in frames:
            pipe.send_bytes(frame)
    except PacaiError as error:
        pipe.send_bytes(encode_error(error))
