"""What was worked out once in a process, kept within bounds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(dict[K, V]):
    """The values of a function by its argument, worked out when they are asked for.

    With `most` of them it forgets all and begins anew. Text repeats itself, so nearly every look-up
    finds its value, and costs no more than that of a dict.
    """

    def __init__(self, make: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: K) -> V:
        value = self._make(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
