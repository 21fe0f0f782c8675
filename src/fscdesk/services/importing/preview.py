"""What one row of a plan would do: the session as it was and will be, and what is posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.account import Account
from fscdesk.models.charge import Charge
from fscdesk.models.import_batch import Verdict
from fscdesk.models.ledger import JournalLine
from fscdesk.models.session import Attendance
from fscdesk.models.values import Money
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import Open, Recorded, legs_for, share_out
from fscdesk.services.charges.voiding import live_entries
from fscdesk.services.importing.changing import CHUNK, differences_of, sums_of
from fscdesk.services.importing.differences import clock, codes_text
from fscdesk.services.importing.knowledge import KnownSession
from fscdesk.services.importing.plan import Change, Creation, PlanRow, Prepared
from fscdesk.services.importing.shaping import charges_of
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.posting import About, Leg
from fscdesk.services.sessions.recording import ChargeDraft, ReportFacts, charge_entry
from fscdesk.services.work import Work

Said = str | Money


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One fact of a session, before and after; None where there is nothing on that side."""

    field: str
    was: Said | None
    will: Said | None

    @property
    def changed(self) -> bool:
        """Whether the row changes it."""
        return self.was is not None and self.was != self.will


@dataclass(frozen=True, slots=True)
class Posting:
    """What an account gets in all from a row: a debit where positive, a credit where negative."""

    account: str
    name: str
    amount: Money


@dataclass(frozen=True)
class RowPreview:
    """A row of the plan in full. ``words`` says how it is posted, or why nothing is."""

    row: PlanRow
    fields: tuple[FieldLine, ...]
    postings: tuple[Posting, ...]
    words: str


class Previews:
    """Answers for the rows of one plan; made once for each plan, safe on several threads."""

    def __init__(self, prepared: Prepared) -> None:
        self._plan = prepared.plan
        self._creations = {one.row_id: one for one in prepared.creations}
        self._changes = {one.row_id: one for one in prepared.changes}
        self._cancelled: Mapping[int, KnownSession] = dict(prepared.cancel)

    def of_row(self, work: Work, row_id: int) -> RowPreview:
        """Return what the row would do to the books as they are now."""
        row = self._plan.rows[row_id]
        on = self._plan.file_day
        if row_id in self._creations:
            creation = self._creations[row_id]
            legs = _charge_legs(creation)
            return self._made(work, row, _facts(None, creation), legs, _new_words(creation, on))
        if row_id in self._changes:
            change = self._changes[row_id]
            legs, words = _change_legs(work, change, on)
            return self._made(work, row, _facts(change.session, change.target), legs, words)
        if row_id in self._cancelled:
            legs = _reversing(work, [self._cancelled[row_id].id])
            words = f"All its charges are reversed on {on:%m/%d/%Y}. The first entries stay."
            return self._made(work, row, (), legs, words)
        return RowPreview(row, (), (), _nothing_words(row))

    @staticmethod
    def _made(
        work: Work,
        row: PlanRow,
        fields: tuple[FieldLine, ...],
        legs: Iterable[tuple[str, int]],
        words: str,
    ) -> RowPreview:
        sums: Counter[str] = Counter()
        for account, cents in legs:
            sums[account] += cents
        moved = {account: cents for account, cents in sums.items() if cents}
        accounts = select(Account.code, Account.name).where(Account.code.in_(moved))
        names = {code: name for code, name in work.db.execute(accounts)}  # noqa: C416 - rows
        ordered = sorted(moved.items(), key=lambda one: (one[1] < 0, one[0]))
        postings = tuple(
            Posting(account, names.get(account, ""), Money(cents)) for account, cents in ordered
        )
        return RowPreview(row, fields, postings, words)


def count_entries(work: Work, prepared: Prepared) -> int:
    """Return how many journal entries applying the plan would post now."""
    made = sum(_entries_of(one.charges, one.report) for one in prepared.creations)
    recharged = [change for change in prepared.changes if change.recharge]
    made += sum(_entries_of(one.target.charges, one.target.report) for one in recharged)
    gone = [change.session.id for change in recharged]
    gone += [session.id for _, session in prepared.cancel]
    if gone:
        entries, _charges = live_entries(work, gone)
        made += len(standing(work, entries))
    kept = [change for change in prepared.changes if not change.recharge and _moves_money(change)]
    by_id = {change.session.id: change for change in kept}
    ids = list(by_id)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        charges, sums = charges_of(work, chunk), sums_of(work, chunk)
        for session_id in chunk:
            live = charges.get(session_id, [])
            if live:
                made += len(
                    differences_of(by_id[session_id], live, sums, on=prepared.plan.file_day)
                )
    return made


def _entries_of(charges: Sequence[ChargeFacts], report: ReportFacts) -> int:
    if not charges:
        return 0
    return len(charges) + sum(any(part) for part in share_out(report.recorded, charges))


def _moves_money(change: Change) -> bool:
    before = change.session.report
    return before is not None and before.recorded != change.target.report.recorded


def _charge_legs(target: Creation) -> list[tuple[str, int]]:
    """Return (account, cents) of all that the charges of a session post."""
    if not target.charges:
        return []
    legs: list[Leg] = []
    for facts, recorded in zip(
        target.charges, share_out(target.report.recorded, target.charges), strict=True
    ):
        legs += charge_entry(_draft(target, facts, recorded), About()).legs
        legs += legs_for(recorded, Open(facts.patient, facts.insurance))
    return [(leg.account, leg.cents) for leg in legs]


def _draft(target: Creation, facts: ChargeFacts, recorded: Recorded) -> ChargeDraft:
    return ChargeDraft(0, 0, 0, 0, None, target.day, target.day, facts, recorded)


def _change_legs(work: Work, change: Change, on: date) -> tuple[list[tuple[str, int]], str]:
    if change.recharge:
        legs = [*_reversing(work, [change.session.id]), *_charge_legs(change.target)]
        if change.session.attendance is Attendance.SCHEDULED:
            return legs, f"Charged for the first time, dated {change.target.day:%m/%d/%Y}."
        day = max(on, change.target.day)
        return legs, (
            f"The old charge is reversed on {day:%m/%d/%Y} with the reason “changed in "
            "SimplePractice”, and a new one takes its place. The first entry stays as it is."
        )
    if not _moves_money(change):
        return [], "Nothing is posted: no amount changes."
    session_id = change.session.id
    charges = charges_of(work, [session_id]).get(session_id, [])
    if not charges:
        return [], "Nothing is posted: the session has no charge."
    drafts = differences_of(change, charges, sums_of(work, [session_id]), on=on)
    legs = [(leg.account, leg.cents) for draft in drafts for leg in draft.legs]
    day = max([on, *(draft.on for draft in drafts)])
    return legs, f"Only the difference is posted, dated {day:%m/%d/%Y}."


def _reversing(work: Work, session_ids: Sequence[int]) -> list[tuple[str, int]]:
    """Return (account, cents) of reversing all that stands of the sessions' live charges."""
    rows = work.db.execute(
        select(JournalLine.account, func.sum(JournalLine.amount))
        .join(Charge, Charge.id == JournalLine.charge_id)
        .where(Charge.session_id.in_(session_ids), Charge.voided_on.is_(None))
        .group_by(JournalLine.account)
    )
    return [(account, -amount.cents) for account, amount in rows]


def _new_words(creation: Creation, on: date) -> str:
    if not creation.charges:
        return (
            "Nothing is posted: the session is still to come."
            if creation.attendance is Attendance.SCHEDULED
            else "Nothing is posted: there is nothing to charge."
        )
    words = f"The charge is dated {creation.day:%m/%d/%Y}, the day of service."
    if any(creation.report.recorded):
        day = max(on, creation.day)
        words += f" What SimplePractice calls paid is dated {day:%m/%d/%Y}."
    return words


def _nothing_words(row: PlanRow) -> str:
    if row.verdict is Verdict.SKIPPED and row.question_id is not None:
        return "Nothing is posted until the question is answered."
    if row.verdict is Verdict.SKIPPED:
        return "Nothing is posted: the row is skipped."
    if row.verdict is Verdict.GONE:
        return "Nothing is posted: the session stays as it is."
    return "Nothing is posted: nothing changed."


_ALWAYS = ("Code", "Fee", "Payer share", "Client share")


def _facts(before: KnownSession | None, target: Creation) -> tuple[FieldLine, ...]:
    """Return the facts that a person compares; what is the same is kept only where it helps."""
    now = _said(target.report)
    was = {} if before is None or before.report is None else _said(before.report)
    if before is not None and (before.day, before.minute) != (target.day, target.minute):
        was = {"When": _when(before.day, before.minute), **was}
        now = {"When": _when(target.day, target.minute), **now}
    if before is not None and before.attendance is not target.attendance:
        was["Attendance"], now["Attendance"] = _word(before.attendance), _word(target.attendance)
    lines = [FieldLine(name, was.get(name), value) for name, value in now.items()]
    if before is None:
        return tuple(line for line in lines if line.field in _ALWAYS or line.will not in ("", NIL))
    return tuple(line for line in lines if line.field in _ALWAYS or line.changed)


NIL = Money()


def _said(report: ReportFacts) -> dict[str, Said]:
    return {
        "Client": report.client,
        "Clinician": report.clinician,
        "Payer": report.payer,
        "Second payer": report.second_payer,
        "Code": codes_text(report.codes),
        "Fee": Money(report.fee),
        "Payer share": Money(report.insurance_charge),
        "Client share": Money(report.patient_charge),
        "Payer paid": Money(report.insurance_paid),
        "Write-off": Money(report.write_off),
        "Client paid": Money(report.patient_paid),
        "Note": report.note_status,
        "Claim": report.insurance_status,
        "Client payment": report.patient_status,
    }


def _when(day: date, minute: int) -> str:
    return f"{day:%m/%d/%Y} {clock(minute)}"


def _word(attendance: Attendance) -> str:
    return attendance.value.replace("_", " ")
