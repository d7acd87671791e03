"""Notebook kernels: how they start and what they may see. Sandboxing them is this room's next work."""

__all__: list[str] = []
