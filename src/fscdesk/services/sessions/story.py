"""The story of one session, from its import to today: told from what the books keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, ClaimStatusHistory
from fscdesk.models.import_batch import BatchStatus, ImportBatch, ImportRow, Verdict
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payer import Payer
from fscdesk.models.session import (
    Attendance,
    BillingStatus,
    SessionStatusHistory,
    StatusKind,
)
from fscdesk.models.staff import Staff
from fscdesk.models.values import ZERO, Money
from fscdesk.services.ledger.accounts import (
    INSURANCE_SIDE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
    UNAPPLIED_CREDITS,
)
from fscdesk.services.ledger.sources import ADJUSTED, EntrySource, sources_of
from fscdesk.services.sessions.story_bank import bank_steps
from fscdesk.services.sessions.story_check import money_checked
from fscdesk.services.work import Work

_CLEARED = (RECORDED_IN_SIMPLEPRACTICE,)
SourceKind = Literal["import", "entry", "status", "claim"]
_TELLS = (Verdict.NEW, Verdict.CHANGED, Verdict.GONE)
_IMPORTED, _CHARGED, _PAID, _BANKED, _CLAIMED, _STATUS, _UNDONE = range(7)
"""What happens at one moment is told in this order, as an import does it in this order."""

_STATUS_ICONS = MappingProxyType(
    {
        BillingStatus.COMPLETED: "circle",
        BillingStatus.DOCUMENTED: "file-check",
        BillingStatus.READY_TO_BILL: "circle-arrow-up",
        BillingStatus.SUBMITTED: "send",
        BillingStatus.PENDING: "clock",
        BillingStatus.APPROVED: "badge-check",
        BillingStatus.PAID: "circle-check",
        BillingStatus.DENIED: "circle-x",
        BillingStatus.APPEALING: "scale",
    }
)
_CLAIM_STEPS = MappingProxyType(
    {
        ClaimStatus.DRAFT: ("On claim {number}", "file-text"),
        ClaimStatus.ACKNOWLEDGED: ("Claim received", "check"),
        ClaimStatus.VOID: ("Claim {number} is void", "ban"),
        ClaimStatus.CLOSED: ("Claim {number} is closed", "lock"),
    }
)
"""What happens to a claim and leaves the session where it is; the rest is told as its status."""
_ATTENDANCE_WORDS = MappingProxyType(
    {
        Attendance.SCHEDULED: ("Scheduled", "calendar"),
        Attendance.COMPLETED: ("Attended", "check"),
        Attendance.CANCELLED: ("Cancelled", "x"),
        Attendance.LATE_CANCELLED: ("Cancelled late", "timer"),
        Attendance.NO_SHOW: ("No show", "user-x"),
    }
)
_PART_WORDS = MappingProxyType(
    {
        Part.INSURANCE_PAID: "payer paid",
        Part.WRITE_OFF: "written off",
        Part.PATIENT_PAID: "client paid",
        Part.CHARGE: "charged",
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a step was read from, so that it can be opened."""

    kind: SourceKind
    id: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened.

    ``day`` is the office's or the accounting day, ``at`` the moment it was written;
    ``icon`` names a picture, ``amount`` is None where none moved.
    """

    at: datetime
    day: date
    icon: str
    title: str
    detail: str
    amount: Money | None
    source: Source


def story(work: Work, session_id: int) -> tuple[Step, ...]:
    """Return everything that happened to a session, the newest first.

    Where a payer answered, the first step says whether its money agrees with that.
    """
    claims = _claims(work, session_id)
    steps = [
        *_imports(work, session_id),
        *_entries(work, session_id),
        *_bank(work, session_id),
        *_claim_steps(work, claims),
        *_statuses(work, session_id, claims),
    ]
    steps.sort(key=lambda told: (told[1].at, told[0], told[1].source.id), reverse=True)
    told = tuple(step for _, step in steps)
    return (*_checked(work, session_id, told), *told)


def _checked(work: Work, session_id: int, told: tuple[Step, ...]) -> Iterator[Step]:
    """Yield what the check of the money says; it opens what was posted last."""
    last = next((step for step in told if step.source.kind == "entry"), None)
    found = money_checked(work, session_id) if last is not None else None
    if last is None or found is None:
        return
    icon, title, sentence, amount = found
    yield Step(told[0].at, told[0].day, icon, title, sentence, amount, last.source)


def _imports(work: Work, session_id: int) -> Iterator[tuple[int, Step]]:
    found = work.db.execute(
        select(ImportRow, ImportBatch)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(ImportRow.session_id == session_id, ImportRow.verdict.in_(_TELLS))
        .order_by(ImportRow.id)
    ).all()
    people = _people(work)
    titles = {
        Verdict.NEW: ("Imported", "file-input"),
        Verdict.CHANGED: ("Changed by an import", "pen-line"),
        Verdict.GONE: ("No longer in the file", "circle-minus"),
    }
    undone: dict[int, ImportBatch] = {}
    for row, batch in found:
        title, icon = titles[Verdict(row.verdict)]
        where = batch.file_name if not row.line else f"{batch.file_name}, row {row.line}"
        told = row.reason if row.verdict != Verdict.NEW else ""
        yield (
            _IMPORTED,
            Step(
                at=batch.applied_at,
                day=_office_day(work, batch.applied_at),
                icon=icon,
                title=title,
                detail=f"{told} ({where})" if told else where,
                amount=None,
                source=Source("import", batch.id),
            ),
        )
        if batch.status == BatchStatus.UNDONE:
            undone[batch.id] = batch
    for batch in undone.values():
        if batch.undone_at is not None:
            yield (
                _UNDONE,
                Step(
                    at=batch.undone_at,
                    day=_office_day(work, batch.undone_at),
                    icon="undo-2",
                    title="Import undone",
                    detail=f"{batch.file_name}, by {people.get(batch.undone_by or 0, '')}",
                    amount=None,
                    source=Source("import", batch.id),
                ),
            )


def _entries(work: Work, session_id: int) -> Iterator[tuple[int, Step]]:
    charges = {
        charge.id: (charge, payer or "Payer")
        for charge, payer in work.db.execute(
            select(Charge, Payer.short_name)
            .outerjoin(Payer, Payer.id == Charge.payer_id)
            .where(Charge.session_id == session_id)
        )
    }
    lines: dict[int, list[JournalLine]] = defaultdict(list)
    entries: dict[int, JournalEntry] = {}
    for entry, line in work.db.execute(
        select(JournalEntry, JournalLine)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.charge_id.in_(charges))
        .order_by(JournalLine.id)
    ):
        entries[entry.id] = entry
        lines[entry.id].append(line)
    sources = sources_of(work, entries)
    for entry in entries.values():
        charge, payer = charges[lines[entry.id][0].charge_id or 0]
        yield _entry_step(entry, lines[entry.id], charge, payer, sources[entry.id])


def _bank(work: Work, session_id: int) -> Iterator[tuple[int, Step]]:
    for at, day, icon, title, detail, entry_id in bank_steps(work, session_id):
        yield _BANKED, Step(at, day, icon, title, detail, None, Source("entry", entry_id))


def _entry_step(
    entry: JournalEntry, lines: list[JournalLine], charge: Charge, payer: str, source: EntrySource
) -> tuple[int, Step]:
    parts = {line.part for line in lines}
    if parts == {Part.CHARGE}:
        insurance = _sum(lines, *INSURANCE_SIDE)
        patient = _sum(lines, PATIENT_RECEIVABLE)
        shares = [f"{payer} {insurance}"] * bool(insurance) + [f"client {patient}"] * bool(patient)
        code = f"{charge.code} {charge.modifiers}".strip()
        title, icon, rank = f"Charge {code}", "receipt", _CHARGED
        detail, amount = ", ".join(shares), insurance + patient
    elif source.kind not in (EntryKind.SP_RECORDED, EntryKind.OPENING):
        title, icon, detail = _document_words(lines, payer, source)
        rank, lowered = _PAID, -_sum(lines, PATIENT_RECEIVABLE, *INSURANCE_SIDE)
        amount = lowered or abs(_sum(lines, PATIENT_RECEIVABLE)) or -_sum(lines, *_CLEARED)
    else:
        told = {
            part: _sum([line for line in lines if line.part == part], RECORDED_IN_SIMPLEPRACTICE)
            for part in sorted(parts)
        }
        title, icon, rank = "Recorded in SimplePractice", "hand-coins", _PAID
        detail = ", ".join(f"{_PART_WORDS[Part(part)]} {cents}" for part, cents in told.items())
        kept = -(_sum(lines, UNAPPLIED_CREDITS))
        detail += f", {kept} of it kept as credit" if kept.cents > 0 else ""
        amount = _sum(lines, RECORDED_IN_SIMPLEPRACTICE)
    if entry.kind == EntryKind.REVERSAL:
        title, icon = f"{title}: reversed", "undo-2"
        detail = entry.memo or detail
    return rank, Step(
        at=entry.posted_at or datetime.min,  # noqa: DTZ901 - no line is read from a draft
        day=entry.entry_date,
        icon=icon,
        title=title,
        detail=detail,
        amount=amount,
        source=Source("entry", entry.id),
    )


def _document_words(
    lines: list[JournalLine], payer: str, source: EntrySource
) -> tuple[str, str, str]:
    """Return the title, the icon and the detail of what a payment or another document did."""
    if source.adjustment is not None:
        one = source.adjustment
        told = (one.number, one.codes, one.reason)
        return ADJUSTED[one.kind], "percent", ", ".join(filter(None, told))
    if source.kind == EntryKind.AGENCY:
        back = (_sum(lines, PATIENT_RECEIVABLE) > ZERO) != source.undoes
        title = "Back from the collection agency" if back else "Handed to a collection agency"
        return title, "briefcase", ", ".join(filter(None, (source.agency, source.number)))
    if source.kind == EntryKind.APPLIED:
        by_payer = lines[0].part == Part.INSURANCE_PAID
        title = f"{payer} paid" if by_payer else "Client paid"
        how = "" if source.payment is None else source.payment.by
        recorded = "as SimplePractice recorded" * bool(_sum(lines, *_CLEARED))
        return title, "hand-coins", ", ".join(filter(None, (source.number, how, recorded)))
    return source.kind.value.replace("_", " ").capitalize(), "hand-coins", source.number


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim that the session is or was on."""

    id: int
    number: str
    words: str


def _claims(work: Work, session_id: int) -> dict[int, _Claim]:
    rows = work.db.execute(
        select(Claim.id, Claim.number, Payer.short_name, Claim.total)
        .join(Payer, Payer.id == Claim.payer_id)
        .where(Claim.id.in_(select(ClaimLine.claim_id).where(ClaimLine.session_id == session_id)))
    )
    return {row.id: _Claim(row.id, row.number, f"{row.short_name} {row.total}") for row in rows}


def _claim_steps(work: Work, claims: Mapping[int, _Claim]) -> Iterator[tuple[int, Step]]:
    people = _people(work)
    for change in work.db.scalars(
        select(ClaimStatusHistory)
        .where(ClaimStatusHistory.claim_id.in_(claims))
        .order_by(ClaimStatusHistory.id)
    ):
        new = ClaimStatus(change.new)
        made = change.old is None
        if new not in _CLAIM_STEPS or (new is ClaimStatus.DRAFT and not made):
            continue
        title, icon = _CLAIM_STEPS[new]
        claim = claims[change.claim_id]
        who = people.get(change.staff_id, "")
        told = (claim.words if made else change.reason, f"by {who}" * bool(who))
        yield (
            _CLAIMED,
            Step(
                at=change.at,
                day=change.day,
                icon=icon,
                title=title.format(number=claim.number),
                detail=", ".join(filter(None, told)),
                amount=None,
                source=Source("claim", claim.id),
            ),
        )


def _statuses(
    work: Work, session_id: int, claims: Mapping[int, _Claim]
) -> Iterator[tuple[int, Step]]:
    people = _people(work)
    numbers = {one.number: one.id for one in claims.values()}
    for change in work.db.scalars(
        select(SessionStatusHistory)
        .where(SessionStatusHistory.session_id == session_id)
        .order_by(SessionStatusHistory.id)
    ):
        if change.kind == StatusKind.BILLING:
            status = BillingStatus(change.new)
            if change.old is None and status is BillingStatus.COMPLETED:
                continue  # where every session begins; "Imported" says as much
            title = status.value.replace("_", " ").capitalize()
            icon = _STATUS_ICONS[status]
        else:
            title, icon = _ATTENDANCE_WORDS[Attendance(change.new)]
        who = people.get(change.staff_id, "")
        yield (
            _STATUS,
            Step(
                at=change.at,
                day=change.day,
                icon=icon,
                title=title,
                detail=", ".join(part for part in (change.reason, f"by {who}" * bool(who)) if part),
                amount=None,
                source=_status_source(change, numbers),
            ),
        )


def _status_source(change: SessionStatusHistory, claims: Mapping[str, int]) -> Source:
    """Return the claim that moved the session where its reason names one."""
    claim = claims.get(change.reason.partition(":")[0])
    return Source("status", change.id) if claim is None else Source("claim", claim)


def _sum(lines: list[JournalLine], *accounts: str) -> Money:
    return sum((line.amount for line in lines if line.account in accounts), ZERO)


def _people(work: Work) -> dict[int, str]:
    return {row[0]: row[1] for row in work.db.execute(select(Staff.id, Staff.name))}


def _office_day(work: Work, at: datetime) -> date:
    return at.astimezone(work.zone).date()
