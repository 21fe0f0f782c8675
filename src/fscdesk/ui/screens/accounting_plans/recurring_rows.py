"""What the Recurring tab shows of an entry: its words, its state, its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.accounting.chart import NamedAccount, chart
from fscdesk.services.accounting.recurring import Every, RecurringRow, recurring_entries
from fscdesk.services.accounting.recurring_due import (
    DueDay,
    RecurringHistory,
    due_days,
    recurring_history,
)
from fscdesk.services.work import Work
from fscdesk.ui.screens.billing.pane_lines import FactLine
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.theme import Status

EVERY: Final[Mapping[Every, str]] = {
    Every.MONTH: "Every month",
    Every.QUARTER: "Every quarter",
    Every.YEAR: "Every year",
}
DUE: Final = Status("Due", "amber", "clock")
RUNS: Final = Status("Runs", "green", "circle-check")
STOPPED: Final = Status("Stopped", "neutral", "pause")
ENDED: Final = Status("Ended", "neutral", "check")


@dataclass(frozen=True, slots=True)
class RecurringDetail:
    """A recurring entry with the days that have come, those that were posted, and its accounts."""

    row: RecurringRow
    due: tuple[DueDay, ...]
    history: tuple[RecurringHistory, ...]
    accounts: Mapping[str, NamedAccount]


def read_detail(work: Work, row: RecurringRow) -> RecurringDetail:
    """Return what the pane and the form show of an entry."""
    now = next((one for one in recurring_entries(work) if one.id == row.id), row)
    return RecurringDetail(
        now, due_days(work, row.id), recurring_history(work, row.id), named_accounts(work)
    )


def named_accounts(work: Work) -> dict[str, NamedAccount]:
    """Return every account by its number."""
    return {one.code: NamedAccount(one.code, one.name, one.type, one.keeps) for one in chart(work)}


def state_of(row: RecurringRow) -> Status:
    """Return the badge of an entry."""
    if not row.active:
        return STOPPED
    if row.next_on is None:
        return ENDED
    return DUE if row.due else RUNS


def line_of(row: RecurringRow) -> str:
    """Return when it comes, in words."""
    said = EVERY[row.every].lower()
    if row.next_on is not None:
        said += f", next on {day_text(row.next_on)}"
    if row.until is not None:
        said += f", until {day_text(row.until)}"
    if row.by_itself:
        said += ", posts by itself"
    return said[0].upper() + said[1:]


def leg_lines(detail: RecurringDetail) -> Sequence[FactLine]:
    """Return its lines for the pane."""
    found = []
    for leg in detail.row.legs:
        named = detail.accounts.get(leg.account)
        words = f"{leg.account}  {named.name}" if named is not None else leg.account
        fact = ", ".join(
            one
            for one in ("Debit" if leg.cents > 0 else "Credit", leg.cost_centre, leg.note)
            if one
        )
        found.append(FactLine(words, fact, Money(abs(leg.cents))))
    if detail.row.turns_back:
        found.append(FactLine("Each is turned back on the first of the month after."))
    return found


def history_lines(detail: RecurringDetail) -> Sequence[FactLine]:
    """Return the days that wait, then those that were posted."""
    found: list[FactLine] = []
    if detail.due:
        found.append(FactLine("Due", heading=True))
        found += [FactLine(day_text(one.on), _lands(one), one.amount) for one in detail.due]
    found.append(FactLine("Posted", heading=True))
    found += [
        FactLine(
            day_text(one.on),
            f"Entry {one.number}, {day_text(one.posted_on)}"
            + (f", turned back by {one.turned_back}" if one.turned_back else ""),
        )
        for one in detail.history
    ]
    if not detail.history:
        found.append(FactLine("Nothing yet."))
    return found


def due_words(due: Sequence[DueDay]) -> str:
    """Return ``3 days, 3,600.00 in all``."""
    total = Money(sum(one.amount.cents for one in due))
    return f"{count_text(len(due), 'entry', 'entries')}, {total or '0.00'} in all"


def _lands(one: DueDay) -> str:
    if one.posts_on == one.on:
        return ""
    return f"That day is closed or reconciled: it is dated {day_text(one.posts_on)}."
