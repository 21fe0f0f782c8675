"""The lines of a statement that is not read yet: what becomes of each, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fscdesk.models.values import Money
from fscdesk.services.banking.bank_says import reference_words, short_words
from fscdesk.services.banking.bank_words import trace_of
from fscdesk.services.banking.statement_matches import PlannedFate, planned_fates
from fscdesk.services.banking.statement_plan import LineVerdict, StatementPlan
from fscdesk.services.banking.statements import plan_statement
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.theme import Status

MATCHED, DECIDE, UNCHANGED, SKIPPED = "matched", "decide", "unchanged", "skipped"
FATES = {
    DECIDE: Status("To decide", "amber", "circle-question-mark"),
    MATCHED: Status("Matched", "green", "link-2"),
    UNCHANGED: Status("Known", "neutral", "equal"),
    SKIPPED: Status("Skipped", "neutral", "circle-minus"),
}
FATE = "fate"


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of the file as the plan lists it."""

    id: int
    on: date
    says: str
    detail: str
    words: str
    amount: Money
    balance: Money | None
    fate: str
    why: str


@dataclass(frozen=True)
class PlanShown:
    """A plan with its file, ready to be shown and applied."""

    path: Path
    data: bytes
    plan: StatementPlan
    lines: tuple[FileLine, ...]

    def count(self, fate: str) -> int:
        """Return how many lines have a fate."""
        return sum(one.fate == fate for one in self.lines)


def ask_plan(path: Path, account_id: int | None, work: Work) -> PlanShown:
    """Read a file and plan it. Raises Problem for one that cannot be read, or is no statement."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Problem(
            f"{path.name} cannot be read.", hint="Nothing was read. Is it still there?"
        ) from fault
    plan = plan_statement(work, path.name, data, account_id=account_id)
    fates = {one.position: one for one in planned_fates(work, plan)}
    return PlanShown(path, data, plan, tuple(_lines(plan, fates)))


def _lines(plan: StatementPlan, fates: Mapping[int, PlannedFate]) -> list[FileLine]:
    found = []
    for place, one in enumerate(plan.lines, start=1):
        line, reason, fate = one.line, one.reason, SKIPPED
        if one.verdict is LineVerdict.NEW:
            told = fates.get(line.position)
            fate = MATCHED if told is not None and told.matched else DECIDE
            reason = told.why if told is not None else ""
        elif one.verdict is LineVerdict.UNCHANGED:
            fate, reason = UNCHANGED, reason or "Read before"
        trace = trace_of(line.words, line.check_number)
        found.append(
            FileLine(
                place,
                line.on,
                short_words(line.words),
                reference_words(trace, line.check_number, line.kind),
                line.words,
                line.amount,
                line.balance,
                fate,
                reason,
            )
        )
    return found


_ORDER = {fate: place for place, fate in enumerate(FATES)}


def page_of_lines(shown: PlanShown, state: FilterState, span: Span) -> Page[FileLine]:
    """Return some lines of the file; sorts: fate (to decide first), on, says, amount."""
    fates, words = state.values(FATE), state.text.casefold().split()
    found = [
        one
        for one in shown.lines
        if (not fates or one.fate in fates)
        and all(word in f"{one.words} {one.amount.plain()} {one.why}".casefold() for word in words)
    ]
    found.sort(key=lambda one: (-one.on.toordinal(), one.id))
    if span.sort == "on":
        found.sort(key=lambda one: one.on, reverse=span.descending)
    elif span.sort == "says":
        found.sort(key=lambda one: one.says.casefold(), reverse=span.descending)
    elif span.sort == "amount":
        found.sort(key=lambda one: one.amount, reverse=span.descending)
    else:
        found.sort(key=lambda one: _ORDER[one.fate], reverse=span.descending)
    total = Money(sum(one.amount.cents for one in found))
    rows = tuple(found[span.start : span.start + span.size])
    return Page(span.start, len(found), rows, {"amount": total})
