"""A bounded queue that hands out everything it holds at once: what a batching writer eats from."""

from collections import deque
from threading import Condition
from time import monotonic
from typing import Generic, TypeVar

from workbench.errors import DatabaseUnavailableError

__all__ = ["Intake"]

_Item = TypeVar("_Item")


class Intake(Generic[_Item]):
    """First in, first out, among any number of threads. Full, it makes its callers wait."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: deque[_Item] = deque()
        self._condition = Condition()
        self._closed = False

    def put(self, item: _Item, *, wait_seconds: float) -> None:
        """Add an item.

        Raises:
            DatabaseUnavailableError: closed, or still full after ``wait_seconds``.
        """
        with self._condition:
            deadline = monotonic() + wait_seconds
            while len(self._items) >= self._limit and not self._closed:
                if not self._condition.wait(deadline - monotonic()):
                    raise DatabaseUnavailableError(
                        f"the audit log is overloaded: {self._limit} events wait for the disk; try again later"
                    )
            if self._closed:
                raise DatabaseUnavailableError("the audit log is closed: the server is stopping")
            self._items.append(item)
            self._condition.notify_all()

    def take(self, most: int) -> list[_Item]:
        """Wait for items and take up to ``most``; an empty list means closed and drained."""
        with self._condition:
            while not self._items and not self._closed:
                self._condition.wait()
            taken = [self._items.popleft() for _ in range(min(most, len(self._items)))]
            self._condition.notify_all()
            return taken

    def close(self) -> None:
        """Refuse new items; what is in is still handed out."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def __len__(self) -> int:
        return len(self._items)
