"""Measures the start of the window and its memory against an empty PySide6 window.

Usable means: the window is painted with the list of sessions, its first rows and its sums.

Each start is a process of its own, so that nothing is warm that would not be.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.big_practice import practice_of
from bench.measure import Measure

ROUNDS = 3
START_AIM, MEMORY_AIM = 3.0, 120.0
_REPORT = """
with open("/proc/self/status") as status:
    print("KB", next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
_EMPTY = (
    """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.show()
for _ in range(3):
    app.processEvents()
"""
    + _REPORT
)
_OURS = (
    """
import sys
from PySide6.QtWidgets import QApplication
from fscdesk.services.connecting import open_office
from fscdesk.ui.app import start
from fscdesk.ui.offscreen import drawn
started = start(log=False)
office = open_office(sys.argv[1])
with drawn(office, started.app) as window:
    window.open("sessions")
    while not window.desk.quiet():
        started.app.processEvents()
    for _ in range(3):
        started.app.processEvents()
office.close()
"""
    + _REPORT
)


def measures(folder: Path, sizes: Sequence[int]) -> list[Measure]:
    """Return start and memory for each size of practice."""
    found = []
    for size in sizes:
        target = practice_of(folder, size)
        pairs = [(_run(_OURS, str(target)), _run(_EMPTY)) for _ in range(ROUNDS)]
        ours = statistics.median(pair[0][0] for pair in pairs)
        limit = statistics.median(pair[1][0] for pair in pairs)
        work = "start to a usable window"
        found.append(Measure(work, size, ours, limit, ours / limit, START_AIM))
        more = statistics.median(pair[0][1] - pair[1][1] for pair in pairs)
        least = statistics.median(pair[1][1] for pair in pairs)
        found.append(
            Measure("memory above an empty window", size, more, least, more, MEMORY_AIM, "MB")
        )
    return found


def _run(program: str, *arguments: str) -> tuple[float, float]:
    """Return seconds and the most memory (MB) of a program in its own process."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    taken = time.perf_counter() - began
    kilobytes = next(line for line in done.stdout.splitlines() if line.startswith("KB "))
    return taken, int(kilobytes.removeprefix("KB ")) / 1024
