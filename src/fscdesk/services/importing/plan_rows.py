"""The rows of a plan as a list asks for them: found, filtered, sorted and paged in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fscdesk.models.import_batch import Verdict
from fscdesk.models.values import Money
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.plan import ImportPlan, PlanRow
from fscdesk.services.importing.questions import Question
from fscdesk.services.paging import Page, Span
from fscdesk.services.patients.names import fold

QUESTION, FINDINGS, WAITING = "question", "findings", "waiting"
EVERYTHING = "read"
ORDER = (QUESTION, "skipped", "gone", "changed", "new", "unchanged")
"""What must be looked at comes first."""

_LINE = "line "


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A row of the plan as it is shown.

    ``verdict`` is ``question`` while the row waits; ``asked`` is the question then.
    """

    id: int
    row: PlanRow
    verdict: str
    findings: tuple[Finding, ...]
    asked: Question | None = None
    of_report: bool = False
    """Whether the row is of another report than sessions."""
    dated: bool = True
    """Whether the row has a day: some reports have none at all."""


class PlanLines:
    """The rows of one plan. Answers at once for 100,000 rows: orders are made once and kept."""

    def __init__(self, plan: ImportPlan) -> None:
        self.plan = plan
        self._open = {one.id: one for one in plan.questions if one.answer is None}
        self._verdicts = [self._verdict(row) for row in plan.rows]
        self.findings, self.loose = _by_row(plan)
        self._words: list[str] | None = None
        self._orders: dict[tuple[str, str, str], list[int]] = {}

    def count(self, shows: str) -> int:
        """Return how many rows a filter shows."""
        return sum(1 for at in range(len(self.plan.rows)) if self._shown(at, shows))

    @property
    def waiting(self) -> int:
        """Return how many rows wait for an answer and would be skipped."""
        return sum(
            row.verdict is Verdict.SKIPPED and row.question_id in self._open
            for row in self.plan.rows
        )

    def line(self, row_id: int) -> PlanLine:
        """Return one row."""
        return PlanLine(
            row_id,
            self.plan.rows[row_id],
            self._verdicts[row_id],
            self.findings.get(row_id, ()),
            self._open.get(self.plan.rows[row_id].question_id or ""),
            self.plan.report_totals is not None,
            self.plan.report_totals is None or self.plan.first_day is not None,
        )

    def page(self, text: str, shows: str, span: Span) -> Page[PlanLine]:
        """Return some rows.

        ``shows`` is a verdict, ``question`` (rows and gone sessions that wait for an answer),
        ``findings``, or empty for all. Every word of ``text`` must be found. Sorts: verdict,
        line, day, client, what, open.
        """
        key = (text.strip(), shows, span.sort)
        order = self._orders.get(key)
        if order is None:
            if len(self._orders) > 8:  # noqa: PLR2004 - a handful: each is a list of all rows
                self._orders.clear()
            order = self._orders[key] = self._order(*key)
        total = len(order)
        if span.descending:
            picked = [order[total - 1 - at] for at in range(span.start, total)[: span.size]]
        else:
            picked = order[span.start : span.start + span.size]
        return Page(span.start, total, tuple(self.line(row_id) for row_id in picked))

    def _verdict(self, row: PlanRow) -> str:
        waits = row.question_id in self._open
        return QUESTION if waits and row.verdict is Verdict.SKIPPED else row.verdict.value

    def _shown(self, at: int, shows: str) -> bool:
        if shows in ("", EVERYTHING):
            return shows == "" or self.plan.rows[at].verdict is not Verdict.GONE
        if shows == QUESTION:
            return self.plan.rows[at].question_id in self._open
        if shows == FINDINGS:
            return at in self.findings
        return self.plan.rows[at].verdict.value == shows

    def _order(self, text: str, shows: str, sort: str) -> list[int]:
        found = [at for at in range(len(self.plan.rows)) if self._shown(at, shows)]
        words = fold(text).split()
        if words:
            stacks = self._searched()
            found = [at for at in found if all(word in stacks[at] for word in words)]
        found.sort(key=self._key(sort))
        return found

    def _key(self, sort: str) -> Callable[[int], Any]:
        rows, verdicts = self.plan.rows, self._verdicts
        rank = {verdict: at for at, verdict in enumerate(ORDER)}
        keys: dict[str, Callable[[int], Any]] = {
            "verdict": lambda at: rank[verdicts[at]],
            "line": lambda at: at,
            "day": lambda at: (rows[at].day, rows[at].minute),
            "client": lambda at: rows[at].client.casefold(),
            "what": lambda at: rows[at].what or rows[at].reason,
            "open": lambda at: rows[at].open_change.cents,
        }
        return keys[sort]  # found is in the order of the file, and sorting keeps it among equals

    def _searched(self) -> list[str]:
        if self._words is None:
            folded, days = _Folded(), _Days()  # 100,000 rows hold a few thousand different texts
            self._words = [
                f"{folded[row.client]} {folded[row.clinician]} {folded[row.payer]} "
                f"{folded[row.what]} {folded[row.reason]} {days[row.day]} {row.line}"
                for row in self.plan.rows
            ]
        return self._words


class _Folded(dict[str, str]):
    """Texts as finding compares them, each folded once."""

    def __missing__(self, text: str) -> str:
        found = self[text] = fold(text)
        return found


class _Days(dict[date, str]):
    """Days as they are written, each once."""

    def __missing__(self, day: date) -> str:
        found = self[day] = f"{day:%m/%d/%Y}"
        return found


def _by_row(plan: ImportPlan) -> tuple[dict[int, tuple[Finding, ...]], tuple[Finding, ...]]:
    """Put findings to the rows that they are about; what is about the whole file is loose.

    A session can stand on several lines: a finding belongs to the last row that begins at or
    before its line. What only informs (a new code) is no matter for a person here.
    """
    starts = sorted((row.line, row.id) for row in plan.rows if row.line)
    lines = [line for line, _ in starts]
    found: dict[int, list[Finding]] = defaultdict(list)
    loose: list[Finding] = []
    for finding in plan.findings:
        if finding.severity is Severity.INFO:
            continue
        line = _line_of(finding)
        at = bisect_right(lines, line) - 1 if line else -1
        if at < 0:
            loose.append(finding)
        else:
            found[starts[at][1]].append(finding)
    return {row_id: tuple(these) for row_id, these in found.items()}, tuple(loose)


def _line_of(finding: Finding) -> int:
    number = finding.where.removeprefix(_LINE)
    return int(number) if finding.where.startswith(_LINE) and number.isdecimal() else 0


def sum_open(lines: Sequence[PlanLine]) -> Money:
    """Return what some rows do to the open balance together."""
    return Money(sum(line.row.open_change.cents for line in lines))
