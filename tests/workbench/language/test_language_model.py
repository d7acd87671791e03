"""The shipped model: its card, its runtime's silence and its part in a reading."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from workbench.canonical import sha256_hex
from workbench.errors import InputError
from workbench.language import PromptReader
from workbench.language.classifier import IntentModel
from workbench.language.filling import SURE_PERCENT, fill_open_slots
from workbench.language.hashing import BUCKETS, GROUPS, MAX_WORDS, features, words_of
from workbench.language.labels import MODEL_SLOTS, SLOT_VALUES, Prediction
from workbench.language.merge import merge_slots
from workbench.language.scope import Scope
from workbench.language.tokens import tokenize

MODEL = files("workbench.language").joinpath("model")
MAX_MODEL_BYTES = 10_000_000


def test_the_card_names_the_shipped_bytes() -> None:
    card = json.loads(MODEL.joinpath("card.json").read_text())
    data = MODEL.joinpath("intent.onnx").read_bytes()
    assert card["sha256"] == sha256_hex(data)
    assert card["bytes"] == len(data) <= MAX_MODEL_BYTES
    assert card["sha256"] in MODEL.joinpath("README.md").read_text()


def test_a_reading_names_model_and_runtime(reader: PromptReader) -> None:
    reading = reader.read("attack")
    assert reading.model_sha256 == IntentModel.shipped().sha256
    assert reading.runtime == "onnxruntime 1.28.0"


def test_the_runtime_writes_no_file_and_opens_no_socket(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "seen = []\n"
        "sys.addaudithook(lambda name, args: seen.append(name) if name.startswith('socket.') else None)\n"
        "from workbench.language import PromptReader\n"
        "PromptReader.load().read('platoon attacks at dawn')\n"
        "import os\n"
        "kinds = [os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd') if os.path.islink(f'/proc/self/fd/{fd}')]\n"
        "sockets = [kind for kind in kinds if kind.startswith('socket:')]\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], seen, sockets)\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")
    }
    environment |= {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(home),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        cwd=home,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "1 [] []"
    assert list(home.rglob("*")) == []


def test_a_site_model_of_the_right_kind_is_used(tmp_path: Path) -> None:
    copy = tmp_path / "intent.onnx"
    copy.write_bytes(MODEL.joinpath("intent.onnx").read_bytes())
    assert PromptReader.load(copy).read("attack").model_sha256 == IntentModel.shipped().sha256


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"\x08\x08" * 50])
def test_a_broken_site_model_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "intent.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="model"):
        PromptReader.load(path)


def test_features_have_one_row_per_word_and_stay_in_range() -> None:
    ids = features(words_of("Mechanised company, at dawn!"))
    assert ids.shape == (len(words_of("Mechanised company, at dawn!")), GROUPS)
    assert 0 <= ids.min() <= ids.max() < BUCKETS
    assert features([]).shape == (1, GROUPS)
    assert len(words_of("word " * 500)) == MAX_WORDS
    assert np.array_equal(features(["dawn"]), features(["dawn"]))


def test_predictions_are_of_the_vocabulary_and_repeat() -> None:
    model = IntentModel.shipped()
    first = model.predict("our lads sneak up on the radar, wreck it and vanish")
    assert first == model.predict("our lads sneak up on the radar, wreck it and vanish")
    assert tuple(first) == MODEL_SLOTS
    assert all(one.value in SLOT_VALUES[slot] and 0 <= one.percent <= 100 for slot, one in first.items())


def test_the_model_fills_only_open_slots_and_only_when_sure() -> None:
    text = "raid"
    predictions = {slot: Prediction("unspecified", 99, None) for slot in MODEL_SLOTS}
    predictions |= {"intent": Prediction("generate", 99, None), "mission": Prediction("raid", 99, 0)}
    open_slots = merge_slots((), ())
    filled = {one.slot: one for one in fill_open_slots(open_slots, predictions, tokenize(text), Scope.IN)}
    assert (filled["mission"].value, filled["mission"].source) == ("raid", "model")
    assert filled["mission"].evidence[0].end == 4
    assert filled["time_of_day"].source == "default"
    doubtful = predictions | {"mission": Prediction("raid", SURE_PERCENT["mission"] - 1, 0)}
    assert fill_open_slots(open_slots, doubtful, tokenize(text), Scope.IN) == open_slots
    ruled = tuple(
        one.model_copy(update={"source": "rule", "value": "defend"}) if one.slot == "mission" else one
        for one in open_slots
    )
    assert fill_open_slots(ruled, predictions, tokenize(text), Scope.IN) == ruled


def test_who_only_names_a_reading_does_not_load_the_runtime() -> None:
    program = "import sys, workbench.bridge.engine, workbench.language; print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False"
