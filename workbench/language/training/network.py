"""The network: letter-group embeddings, three convolutions over the words, one attention per slot.

Inputs: ``ids`` (batch, words, groups), 0 where there is none. Outputs: one row of logits per slot, and
``attention`` (batch, slots, words), which shows the words that a slot was read from.
"""

import torch
from torch import Tensor, nn

from workbench.language.hashing import BUCKETS
from workbench.language.labels import MODEL_SLOTS, SLOT_VALUES

__all__ = ["IntentNetwork"]

EMBEDDING, WIDTH = 48, 96


class IntentNetwork(nn.Module):  # type: ignore[misc]  # torch is untyped where it is not installed
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(BUCKETS, EMBEDDING, padding_idx=0)
        self.widen = nn.Linear(EMBEDDING, WIDTH)
        self.convolutions = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, size, padding=size // 2) for size in (3, 3, 5))
        self.attend = nn.Linear(WIDTH, len(MODEL_SLOTS))
        self.heads = nn.ModuleList(nn.Linear(WIDTH, len(SLOT_VALUES[slot])) for slot in MODEL_SLOTS)
        self.dropout = nn.Dropout(0.2)

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        present = (ids != 0).float()
        groups = present.sum(dim=2, keepdim=True).clamp(min=1.0)
        words = torch.relu(self.widen(self.dropout(self.embed(ids).sum(dim=2) / groups)))
        mask = (present.sum(dim=2) > 0).float().unsqueeze(1)
        hidden = words.transpose(1, 2) * mask
        for convolution in self.convolutions:
            hidden = (hidden + torch.relu(convolution(hidden))) * mask
        scores = self.attend(hidden.transpose(1, 2)).transpose(1, 2) - (1.0 - mask) * 1e4
        attention = torch.softmax(scores, dim=2)
        pooled = self.dropout(torch.matmul(attention, hidden.transpose(1, 2)))
        return (*(head(pooled[:, slot]) for slot, head in enumerate(self.heads)), attention)
