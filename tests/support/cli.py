"""Runs commands as a person would type them, in this process: status, what was printed, where."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fscdesk.cli.options import Surroundings
from fscdesk.cli.program import main
from tests.support.clock import NOON


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout; anything else there fails."""
        return json.loads(self.out)


@dataclass
class Windows:
    """Stands in for the window: remembers what was to be opened and drawn."""

    opened: list[tuple[str | None, bool]] = field(default_factory=list)
    drawn: list[tuple[Path, str | None]] = field(default_factory=list)

    def open(self, practice: str | None, demo: bool) -> int:
        self.opened.append((practice, demo))
        return 0

    def draw(self, folder: Path, practice: str | None) -> int:
        self.drawn.append((folder, practice))
        return 0


def run_cli(
    *arguments: str | Path,
    now: Callable[[], datetime] = lambda: NOON,
    windows: Windows | None = None,
) -> Ran:
    """Run `fscdesk ARGUMENTS` at a moment; no process is started and no window opened."""
    shown = windows or Windows()
    around = Surroundings(now, shown.open, shown.draw)
    with _captured() as (out, err):
        status = main([str(argument) for argument in arguments], around)
    out.flush()
    err.flush()
    return Ran(status, _text(out), _text(err))


@contextlib.contextmanager
def _captured() -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Real byte streams, so that encodings and line ends are those of a console."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", errors="strict", newline="\n")
    err = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", errors="strict", newline="\n")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


def _text(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")
