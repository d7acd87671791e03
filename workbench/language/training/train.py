"""Trains the model and writes ``intent.onnx`` and ``card.json``: one thread, a few CPU-minutes, no GPU.

::

    pip install 'pacai-workbench[train]'
    python -m workbench.language.training.train --out workbench/language/model

The same seed, torch version and machine type give the same file; another machine gives the same
grammar and nearly the same numbers, so the file is shipped with its digest.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from workbench.canonical import sha256_hex
from workbench.language.hashing import GROUPS, features, words_of
from workbench.language.labels import MODEL_SLOTS, SLOT_VALUES
from workbench.language.training.grammar import GRAMMAR_VERSION, Sample, samples
from workbench.language.training.network import IntentNetwork

__all__ = ["main"]

SEED: Final = 20_260_512
HELD_OUT_SEED: Final = SEED + 1
TRAINING_SAMPLES, HELD_OUT_SAMPLES = 24_000, 2_000
EPOCHS, BATCH, RATE = 5, 64, 3e-3
OPSET: Final = 17
"""Read by onnxruntime since 1.12; the legacy exporter writes it without onnxscript."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the prompt model.")
    parser.add_argument("--out", type=Path, required=True, help="folder for intent.onnx and card.json")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    started = time.process_time()
    network = IntentNetwork()
    _train(network, list(samples(count=TRAINING_SAMPLES, seed=SEED)))
    accuracy = _accuracy(network, list(samples(count=HELD_OUT_SAMPLES, seed=HELD_OUT_SEED)))
    path = options.out / "intent.onnx"
    _export(network, path)
    _write_card(options.out / "card.json", path, accuracy, round(time.process_time() - started))
    return 0


def _batch(chunk: Sequence[Sample]) -> tuple[Tensor, list[Tensor]]:
    rows = [features(words_of(sample.text)) for sample in chunk]
    ids = np.zeros((len(rows), max(len(row) for row in rows), GROUPS), dtype=np.int64)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
    labels = [torch.tensor([SLOT_VALUES[slot].index(sample.labels[slot]) for sample in chunk]) for slot in MODEL_SLOTS]
    return torch.from_numpy(ids), labels


def _train(network: IntentNetwork, data: Sequence[Sample]) -> None:
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    steps = EPOCHS * (len(data) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    batches = [_batch(data[start : start + BATCH]) for start in range(0, len(data), BATCH)]
    for epoch in range(EPOCHS):
        network.train()
        total = 0.0
        for index in torch.randperm(len(batches)).tolist():
            ids, labels = batches[index]
            outputs = network(ids)
            loss = torch.stack([loss_of(logits, label) for logits, label in zip(outputs, labels, strict=False)]).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        sys.stderr.write(f"epoch {epoch + 1} of {EPOCHS}: loss {total / len(batches):.3f}\n")


def _accuracy(network: IntentNetwork, data: Sequence[Sample]) -> dict[str, float]:
    """Share right per slot on held-out sentences of the same grammar: a check of the training, not of quality."""
    network.eval()
    right = dict.fromkeys(MODEL_SLOTS, 0)
    with torch.no_grad():
        for start in range(0, len(data), BATCH):
            ids, labels = _batch(data[start : start + BATCH])
            for slot, logits, label in zip(MODEL_SLOTS, network(ids), labels, strict=False):
                right[slot] += int((logits.argmax(dim=1) == label).sum())
    return {slot: round(count / len(data), 4) for slot, count in right.items()}


def _export(network: IntentNetwork, path: Path) -> None:
    network.eval()
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        network,
        (torch.from_numpy(features(words_of("platoon attacks a hill at dawn")))[None],),
        str(path),
        input_names=["ids"],
        output_names=[*MODEL_SLOTS, "attention"],
        dynamic_axes={"ids": {1: "words"}, "attention": {2: "words"}},
        opset_version=OPSET,
        dynamo=False,
    )


def _write_card(path: Path, model: Path, accuracy: dict[str, float], cpu_seconds: int) -> None:
    card = {
        "sha256": sha256_hex(model.read_bytes()),
        "bytes": model.stat().st_size,
        "grammar_version": GRAMMAR_VERSION,
        "seed": SEED,
        "training_samples": TRAINING_SAMPLES,
        "epochs": EPOCHS,
        "torch": torch.__version__,
        "opset": OPSET,
        "cpu_seconds": cpu_seconds,
        "grammar_held_out_accuracy": accuracy,
        "licence": "Apache-2.0",
    }
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
