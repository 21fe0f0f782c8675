"""A robot's hands that wait longer than pytest-qt's five seconds: a machine under load is slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

PATIENCE_MS = 20_000
"""What holds is seen at once, so patience costs time only where a test fails."""


class PatientBot(QtBot):
    """Waits as `QtBot` does, and does not give up before `PATIENCE_MS`."""

    def waitUntil(  # noqa: N802 - pytest-qt names it
        self, callback: Callable[[], Any], *, timeout: int = PATIENCE_MS
    ) -> None:
        """Wait until a condition holds."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(  # noqa: N802 - pytest-qt names it
        self, signal: Any, *, timeout: int = PATIENCE_MS, **how: Any
    ) -> Any:
        """Wait until a signal is sent."""
        return super().waitSignal(signal, timeout=timeout, **how)
