"""What one measurement is: how long we took, how long the limit took, and the aim between them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table. ``ratio`` is ours to the limit, and ``aim`` the most it may be.

    ``ours_s`` and ``limit_s`` are in ``unit``: seconds unless it says otherwise.
    """

    work: str
    size: int
    ours_s: float
    limit_s: float
    ratio: float
    aim: float
    unit: str = "s"


def compared(
    work: str, size: int, ours: Callable[[], object], limit: Callable[[], object], aim: float
) -> Measure:
    """Measure both, turn by turn, and compare medians: what slows one slows the other."""
    ours()  # the first time compiles, opens and fills caches on both sides
    limit()
    taken: list[tuple[float, float]] = [(_seconds(ours), _seconds(limit)) for _ in range(ROUNDS)]
    mine = statistics.median(pair[0] for pair in taken)
    least = statistics.median(pair[1] for pair in taken)
    return Measure(work, size, mine, least, mine / least, aim)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
