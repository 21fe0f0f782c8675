"""The window over a practice that can send claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from fscdesk.services.office import Office
from tests.support.robots.claims_day import ClaimsDayRobot, claims_window

OpenDay = Callable[[Office], ClaimsDayRobot]


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """The folder into which files go."""
    return tmp_path / "outbox"


@pytest.fixture
def open_day(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDay]:
    """`open_day(office)` opens the window on Home."""
    with ExitStack() as opened:

        def opens(office: Office) -> ClaimsDayRobot:
            robot = opened.enter_context(claims_window(qtbot, office, tmp_path))
            robot.rests()
            return robot

        yield opens
