"""The small model: words → a value per slot, with its probability and the word it was read from.

onnxruntime promises no equal bits between machines, so nothing here hangs on small differences: one
thread, sequential, a fixed optimisation level, probabilities in whole percent, and a dead band in which
the answer is "unspecified". Outputs are sorted by name, so the first by name wins a tie.
"""

import json
import os
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from workbench.canonical import Digest, sha256_hex
from workbench.errors import InputError, VerificationError
from workbench.language.hashing import features, words_of
from workbench.language.labels import MODEL_SLOTS, SLOT_VALUES, UNSPECIFIED, Prediction

# Wheels from onnxruntime 1.29 on hold a telemetry client. 1.28 has none; should a site install a newer one,
# this must be set before it is imported (measured: it then writes and sends nothing).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["DEAD_BAND_PERCENT", "IntentModel"]

DEAD_BAND_PERCENT: Final = 10
"""The best value must lead the second by so much; the largest drift seen between machines is far below 1."""
CLEAR_ATTENTION: Final = 0.3
"""A word with at least this share of a slot's attention is shown as its evidence."""

_Floats = npt.NDArray[np.float32]


class IntentModel:
    """An opened model. Use it from any number of threads."""

    def __init__(self, data: bytes) -> None:
        self.sha256: Digest = sha256_hex(data)
        self.runtime = f"onnxruntime {onnxruntime.__version__}"
        self._session = onnxruntime.InferenceSession(data, _session_options(), providers=["CPUExecutionProvider"])
        names = [output.name for output in self._session.get_outputs()]
        if names != [*MODEL_SLOTS, "attention"]:
            raise InputError(f"the model's outputs must be {', '.join(MODEL_SLOTS)}, attention; got {', '.join(names)}")

    @classmethod
    def shipped(cls) -> Self:
        """The model of the package.

        Raises:
            VerificationError: its bytes are not those that its card names.
        """
        folder = files("workbench.language").joinpath("model")
        data = folder.joinpath("intent.onnx").read_bytes()
        named = json.loads(folder.joinpath("card.json").read_text(encoding="utf-8"))["sha256"]
        if sha256_hex(data) != named:
            raise VerificationError(
                f"the language model is not the one that its card names: SHA-256 {sha256_hex(data)}, expected {named}; "
                "install the package again"
            )
        return cls(data)

    @classmethod
    def read_from(cls, path: Path) -> Self:
        """A model of the site.

        Raises:
            InputError: no such file, or not a model of this kind.
        """
        try:
            return cls(path.read_bytes())
        except OSError as error:
            raise InputError(f"the language model at {path} cannot be read: {error.strerror}") from error
        except _RUNTIME_ERRORS as error:
            raise InputError(f"the file at {path} is not an ONNX model that can be used: {error}") from error

    def predict(self, text: str) -> dict[str, Prediction]:
        """One prediction per slot of the model; "unspecified" where it is in doubt."""
        ids = features(words_of(text))[None]
        *logits, attention = self._session.run(None, {"ids": ids})
        return {
            slot: _decide(slot, rows[0], attention[0, index])
            for index, (slot, rows) in enumerate(zip(MODEL_SLOTS, logits, strict=True))
        }


_RUNTIME_ERRORS: Final = (
    onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument,
    onnxruntime.capi.onnxruntime_pybind11_state.InvalidProtobuf,
    onnxruntime.capi.onnxruntime_pybind11_state.InvalidGraph,
    onnxruntime.capi.onnxruntime_pybind11_state.Fail,
)


def _session_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    return options


def _decide(slot: str, logits: _Floats, attention: _Floats) -> Prediction:
    percents = _percents(logits)
    best = int(np.argmax(percents))
    second = max((value for index, value in enumerate(percents) if index != best), default=0)
    value = SLOT_VALUES[slot][best]
    if percents[best] - second < DEAD_BAND_PERCENT and UNSPECIFIED in SLOT_VALUES[slot]:
        value = UNSPECIFIED
    word = int(np.argmax(attention))
    return Prediction(value, percents[best], word if float(attention[word]) >= CLEAR_ATTENTION else None)


def _percents(logits: _Floats) -> Sequence[int]:
    shifted = np.exp((logits - logits.max()).astype(np.float64))
    return [round(100 * float(share)) for share in shifted / shifted.sum()]
