"""The office's day for fields and filters: in the practice's zone, as the books say it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject

from fscdesk.services.work import Work
from fscdesk.ui.jobs.desk import Desk


class OfficeDay:
    """Gives today without asking the books; `learn` brings it up to date in the background."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._day = datetime.now(zone).date()

    def __call__(self) -> date:
        """Return the day that was learned last."""
        return self._day

    def learn(self, desk: Desk, owner: QObject) -> None:
        """Ask the books for their day, whenever a screen comes to the front."""
        desk.ask(owner, _today, self._keep)

    def _keep(self, day: date) -> None:
        self._day = day


def _today(work: Work) -> date:
    return work.today()
