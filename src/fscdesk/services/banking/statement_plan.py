"""What a bank's file would add: each line with what becomes of it, and what it comes to."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.bank_words import sender_of, trace_of
from fscdesk.services.banking.certain import CertainDone
from fscdesk.services.banking.match_items import OpenLine
from fscdesk.services.banking.statement_files import ReadLine
from fscdesk.services.errors import Finding


class LineVerdict(enum.StrEnum):
    """What reading a file does with one line."""

    NEW = "new"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line and what becomes of it. ``occurrence`` numbers equal lines of an account."""

    line: ReadLine
    verdict: LineVerdict
    reason: str
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class PlannedMatch:
    """A new line that a trace would match by itself: its position in the file, and why."""

    position: int
    why: str


@dataclass(frozen=True, slots=True)
class StatementPlan:
    """Read = created + unchanged + skipped. ``credits`` and ``debits`` are those of new lines.

    ``opening`` and ``closing`` are what the file tells. ``duplicate_of`` names the statement that
    the same bytes were read as. ``matches`` says of new lines which an exact trace would match
    without a person, and why.
    """

    account_id: int
    account_name: str
    file_name: str
    sha256: str
    layout: str
    first_day: date | None
    last_day: date | None
    opening: Money | None
    closing: Money | None
    lines: tuple[PlannedLine, ...]
    findings: tuple[Finding, ...]
    duplicate_of: str | None = None
    matches: tuple[PlannedMatch, ...] = ()

    @property
    def read(self) -> int:
        """Return how many lines the file has."""
        return len(self.lines)

    @property
    def created(self) -> int:
        """Return how many lines are new."""
        return self._count(LineVerdict.NEW)

    @property
    def unchanged(self) -> int:
        """Return how many lines are known already."""
        return self._count(LineVerdict.UNCHANGED)

    @property
    def skipped(self) -> int:
        """Return how many lines are left out, each with its reason."""
        return self._count(LineVerdict.SKIPPED)

    @property
    def credits(self) -> Money:
        """Return the sum of the new lines that brought money."""
        return sum((one for one in self._new() if one > ZERO), ZERO)

    @property
    def debits(self) -> Money:
        """Return the sum of the new lines that took money, below zero."""
        return sum((one for one in self._new() if one < ZERO), ZERO)

    def _new(self) -> list[Money]:
        return [one.line.amount for one in self.lines if one.verdict is LineVerdict.NEW]

    def _count(self, verdict: LineVerdict) -> int:
        return sum(1 for one in self.lines if one.verdict is verdict)


@dataclass(frozen=True, slots=True)
class AppliedStatement:
    """What reading a file did; ``statement_id`` is None where it added nothing.

    ``certain`` is what of its lines an exact trace has matched without a person.
    """

    statement_id: int | None
    number: str
    plan: StatementPlan
    certain: CertainDone = field(default_factory=CertainDone)


def lines_to_be(plan: StatementPlan) -> tuple[OpenLine, ...]:
    """Return the new lines as the matching compares them; below zero: they have no id yet.

    The line of ``plan.lines[-id - 1]`` is meant.
    """
    return tuple(
        OpenLine(
            -place,
            one.line.on,
            one.line.amount,
            one.line.words,
            one.line.kind,
            one.line.check_number,
            trace_of(one.line.words, one.line.check_number),
            sender_of(one.line.words),
        )
        for place, one in enumerate(plan.lines, start=1)
        if one.verdict is LineVerdict.NEW
    )
