"""What a file of answers says, line by line, in the words of a list."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fscdesk.services.claims.answer_files import (
    Acknowledged,
    AckRow,
    AnswerFile,
    CoverageLine,
    EligibilityRead,
    Verdict,
)
from fscdesk.ui.screens.claims.wording import status_mark
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.theme import Status

ALL, ACCEPTED, REJECTED, PENDING, STRANGE = "all", "accepted", "rejected", "pending", "strange"
_ORDER: Final = (REJECTED, STRANGE, PENDING, ACCEPTED)
_MARKS: Final = MappingProxyType(
    {
        Verdict.ACCEPTED: Status("Accepted", "teal", "check-check"),
        Verdict.REJECTED: Status("Rejected", "orange", "undo-2"),
        Verdict.PENDING: Status("Pending", "amber", "clock"),
    }
)
_COVERED: Final = MappingProxyType(
    {
        True: Status("Active", "green", "circle-check"),
        False: Status("Not active", "orange", "circle-x"),
        None: Status("Not said", "neutral", "circle"),
    }
)
_REFUSED: Final = Status("No answer", "amber", "triangle-alert")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer: what it is about, what it says, and what reading it changes."""

    id: int
    term: str
    mark: Status
    who: str
    claim: str
    reference: str
    words: str
    changes: str
    claim_id: int | None = None


def rows_of(file: AnswerFile | None, term: str) -> list[AnswerRow]:
    """Return the lines of a file that one term of its sum has."""
    if file is None:
        return []
    if file.plan is None:
        rows = [_covered(one) for one in file.coverage]
    else:
        rows = [_answered(one) for one in file.plan.rows]
    rows.sort(key=lambda row: _ORDER.index(row.term))  # what came back stands on top
    if term == ALL:
        return rows
    return [row for row in rows if row.term == term]


def counts_of(file: AnswerFile | None) -> dict[str, int]:
    """Return the figures of the sum."""
    rows = rows_of(file, ALL)
    terms = (ACCEPTED, REJECTED, PENDING, STRANGE)
    return {ALL: len(rows), **{key: sum(row.term == key for row in rows) for key in terms}}


def _answered(row: AckRow) -> AnswerRow:
    moves = [f"{status_mark(one.old).word} → {status_mark(one.new).word}" for one in row.moves]
    several = len(moves) > 1
    changes = f"{len(moves)} claims: {moves[0]}" if several else next(iter(moves), "")
    if not row.matched:
        changes = "Not of this practice, or not sent from here"
    return AnswerRow(
        id=row.position,
        term=row.verdict.value if row.matched else STRANGE,
        mark=_MARKS[row.verdict],
        who=row.patient,
        claim=row.claim or row.batch or row.reference,
        reference=row.reference,
        words=_words_of(row),
        changes=changes,
        claim_id=row.claim_id,
    )


def _words_of(row: AckRow) -> str:
    """Return what it says, with its codes where they say more: a 999's one letter does not."""
    if row.codes in row.words or len(row.codes) == 1:
        return row.words
    return f"{row.words}, {row.codes}"


def _covered(line: CoverageLine) -> AnswerRow:
    mark = _REFUSED if line.refusal else _COVERED[line.active]
    term = PENDING
    if not line.refusal and line.active is not None:
        term = ACCEPTED if line.active else REJECTED
    return AnswerRow(
        id=line.position,
        term=term,
        mark=mark,
        who=line.person,
        claim=line.member_id,
        reference=line.payer,
        words=line.refusal or line.plan,
        changes="Kept with the policy" if line.person else "Kept nowhere: it names nobody",
    )


def file_words(file: AnswerFile) -> str:
    """Return what a file is, beside the title."""
    kind = "271" if file.plan is None else file.plan.kind.value
    made = f", made on {day_text(file.made_on)}" if file.made_on is not None else ""
    return f"{kind}, {file.name}{made}"


def done_words(done: Acknowledged | EligibilityRead) -> str:
    """Return what reading a file did, for the message bar."""
    if isinstance(done, EligibilityRead):
        if done.already:
            return f"{done.already}. Nothing changed."
        words = f"{count_text(done.matched, 'answer')} about coverage kept with the policies."
        if done.unmatched:
            words += f" {done.unmatched} of other people {_is(done.unmatched)} not kept."
        return words
    plan = done.plan
    if done.id is None:
        return f"{plan.already}. Nothing changed."
    parts = [f"{plan.accepted:,} accepted", f"{plan.rejected:,} rejected"]
    if plan.pending:
        parts.append(f"{plan.pending:,} pending")
    words = f"{plan.kind.value} read: {', '.join(parts)}."
    if done.batches:
        words += f" {', '.join(done.batches)} {_is(len(done.batches))} answered."
    if plan.unmatched:
        words += f" {plan.unmatched} not ours {_is(plan.unmatched)} kept with the file."
    return words


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
