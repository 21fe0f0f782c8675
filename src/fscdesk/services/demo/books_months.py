"""The office's months in the books: salaries, what recurs, closing, and the end of the year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from fscdesk.services.accounting.closing_periods import close
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    ManualLeg,
    post_due_reversals,
    post_manual,
)
from fscdesk.services.accounting.recurring import post_due, post_recurring, recurring_entries
from fscdesk.services.accounting.year_end import close_year
from fscdesk.services.demo.bank_months import BankMonths
from fscdesk.services.demo.books_setup import (
    CLINIC,
    OUTSTANDING_INSURANCE,
    VIDEO,
    place_newcomers,
    set_up_books,
    sized,
)
from fscdesk.services.demo.scene import Scene
from fscdesk.services.demo.season import Season, workday_before
from fscdesk.services.ledger.periods import month_end
from fscdesk.services.work import Work

_SETTLED: Final = timedelta(days=28)
"""So long after its end a month stays open for what comes late."""
_TRANSFER: Final = 1_500_00


class BooksMonths:
    """Keeps the books of the fictional office, by the month, whenever its money was brought in."""

    def __init__(self, season: Season) -> None:
        self._season = season
        self._bank = BankMonths(season, sized(season, _TRANSFER))
        self._open: list[date] = []
        self._checks = 2040

    def begin(self, scene: Scene) -> None:
        """Set the books up, on the first day."""
        scene.owner(lambda work: set_up_books(work, self._season))
        self._bank.open_accounts(scene)

    def keep(self, scene: Scene, on: date) -> None:
        """Keep the books up to a day: all money that came before it is in them."""
        scene.owner(place_newcomers)
        scene.owner(_recur)
        self._bank.deposit(scene)
        for first, last in self._bank.months_until(on):
            scene.owner(lambda work, first=first, last=last: self._write(work, first, last))  # type: ignore[misc]
            self._bank.read(scene, first, last)
            self._open.append(last)
        newest = self._season.today.replace(day=1) - timedelta(days=1)
        for last in [one for one in self._open if one + _SETTLED <= on and one < newest]:
            self._open.remove(last)
            scene.owner(lambda work, last=last: _close(work, last))  # type: ignore[misc]

    def _write(self, work: Work, first: date, last: date) -> None:
        """Post what a person writes of a month: salaries, taxes, the accountant, a bill to come."""
        for day in (first.replace(day=15), last):
            on = workday_before(day + timedelta(days=1))
            if on >= first:
                post_manual(work, ManualEntry(on, "Payroll", self._salaries()))
        taxes = workday_before(first.replace(day=15))
        if taxes >= first > self._season.first:
            owed = 2 * self._taxes()
            legs = (ManualLeg("2110", owed), ManualLeg("1000", -owed))
            post_manual(work, ManualEntry(taxes, "Payroll taxes paid", legs))
        if first.month == self._season.first.month:
            self._insure(work, last)
        if first.month in (2, 8):
            self._pay_accountant(work, first)
        if last.month == 12:
            self._await_bill(work, last)

    def _salaries(self) -> tuple[ManualLeg, ...]:
        clinic, video, office = (
            sized(self._season, cents) for cents in (10_200_00, 3_700_00, 3_200_00)
        )
        taxes = self._taxes()
        paid = clinic + video + office
        return (
            ManualLeg("5000", clinic, CLINIC),
            ManualLeg("5000", video, VIDEO),
            ManualLeg("5200", office, CLINIC),
            ManualLeg("5400", taxes, CLINIC),
            ManualLeg("2110", -taxes),
            ManualLeg("1000", -paid),
        )

    def _taxes(self) -> int:
        return sized(self._season, 1_300_00)

    def _check(self) -> str:
        self._checks += 1
        return str(self._checks)

    def _insure(self, work: Work, last: date) -> None:
        """Pay the year's premium, which is spread over its months."""
        year = sized(self._season, 2_400_00) // 12 * 12
        legs = (ManualLeg("1300", year), ManualLeg("1000", -year))
        on = workday_before(last)
        entry = ManualEntry(on, "Insurance for a year", legs, reference=self._check())
        post_manual(work, entry)

    def _pay_accountant(self, work: Work, first: date) -> None:
        fee = sized(self._season, 1_800_00)
        legs = (ManualLeg("8100", fee, CLINIC), ManualLeg("1000", -fee))
        on = workday_before(first.replace(day=11))
        post_manual(work, ManualEntry(on, "Accountant", legs, reference=self._check()))

    def _await_bill(self, work: Work, last: date) -> None:
        """Count the accountant's bill in the year that it is for; it turns back in the next."""
        fee = sized(self._season, 1_800_00)
        post_manual(
            work,
            ManualEntry(
                last,
                "Year-end work of the accountant, bill to come",
                (ManualLeg("8100", fee, CLINIC), ManualLeg("2000", -fee)),
                kind=EntryKind.ADJUSTING,
                reverse_on=last + timedelta(days=1),
            ),
        )


def _recur(work: Work) -> None:
    """Post what recurs by itself, and the insurance of the months that are over."""
    post_due(work)
    post_due_reversals(work)
    this = work.today().replace(day=1)
    while True:
        row = next(one for one in recurring_entries(work) if one.name == OUTSTANDING_INSURANCE)
        if row.next_on is None or row.next_on >= this:
            return
        post_recurring(work, row.id)


def _close(work: Work, last: date) -> None:
    """Close a month, and with December its year."""
    close(work, last)
    if last == month_end(date(last.year, 12, 1)):
        close_year(work, last.year)
