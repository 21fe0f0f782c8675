"""Imports what SimplePractice says about money, by the month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from fscdesk.services.demo.diary import Appointment
from fscdesk.services.demo.money_events import money_of
from fscdesk.services.demo.money_reports import income_allocation, payment_export
from fscdesk.services.demo.scene import Scene
from fscdesk.services.demo.season import WEEKLY, Season
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.reading import ReadReport
from fscdesk.services.importing.recognising import recognise
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.payments.approving import approve
from fscdesk.services.payments.clearing_list import WRITTEN_OFF, clearing_list
from fscdesk.services.payments.written_off import accept_by_hand
from fscdesk.services.spreadsheets.files import read_source
from fscdesk.services.work import Work

_LATELY: Final = timedelta(days=35)
_REASON: Final = "The payer allowed this and paid nothing: the deductible, or the denial stands"


class MoneyFiles:
    """Knows up to which day the reports about money were imported."""

    def __init__(self, season: Season, diary: Sequence[Appointment]) -> None:
        self._money, self._since = money_of(diary), date.min
        last = len(season.exports) - 1
        self._days = {
            day
            for at, day in enumerate(season.exports)
            if last - at < 2 or (last - at) % (5 if last - at < WEEKLY else 2) == 0
        }

    def bring_in(self, scene: Scene, on: date) -> bool:
        """Import the money up to yesterday, if it is the day for it, and decide what is left.

        Returns whether it was.
        """
        if on not in self._days:
            return False
        came = [one for one in self._money if self._since <= one.day < on]
        self._since = on
        if not came:
            return True
        # The allocation first: it tells whose payment is meant where two have one name.
        scene.clerk(
            lambda work: _import(work, f"income-allocation {on}.csv", income_allocation(came))
        )
        scene.clerk(
            lambda work: _import(work, f"PaymentExport_{on:%m%d%Y}.csv", payment_export(came))
        )
        request_id = scene.clerk(_decide)
        if request_id is not None:
            scene.owner(lambda work: approve(work, request_id, expected_version=1))
        return True


def _import(work: Work, name: str, text: str) -> None:
    source = read_source(text.encode(), path=Path(name), modified_at=work.now())
    recognised = recognise(source, ())
    assert recognised is not None
    read = ReadReport(source, recognised, read_report(source, recognised, work.zone))
    import_report(work, read, accept_proposals=True)


def _decide(work: Work) -> int | None:
    """Ask to take the write-offs of older sessions that no payer's money has explained."""
    old = work.today() - _LATELY
    charges = {
        line.charge_id
        for line in clearing_list(work).lines
        if line.part == WRITTEN_OFF and line.charge_id and line.day and line.day < old
    }
    return accept_by_hand(work, charges, reason=_REASON).request_id if charges else None
