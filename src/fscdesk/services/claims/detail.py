"""One claim as its page shows it: what it says, what was found, and all that happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, defer

from fscdesk.models.charge import Charge
from fscdesk.models.claim import (
    Appeal,
    Claim,
    ClaimChange,
    ClaimFinding,
    ClaimLine,
    ClaimNote,
    ClaimStatus,
    ClaimStatusHistory,
    Severity,
)
from fscdesk.models.claim_batch import ClaimBatch, ClaimSending
from fscdesk.models.document import Document
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.payer import Payer
from fscdesk.models.staff import Staff
from fscdesk.models.values import Money
from fscdesk.services.claim_answers import carc_of_answer, line_answers
from fscdesk.services.claim_line_answers import group_of_answer
from fscdesk.services.claim_standing import FALLEN
from fscdesk.services.claims import editing
from fscdesk.services.claims.answers import ANSWERABLE
from fscdesk.services.claims.answers_heard import answers_heard
from fscdesk.services.claims.appealing import APPEALABLE
from fscdesk.services.claims.assembling import contents
from fscdesk.services.claims.carc_fields import fields_for, words_for
from fscdesk.services.claims.claim_facts import (
    AnswerRow,
    AppealRow,
    ChangeRow,
    ClaimPage,
    FindingRow,
    LineMoney,
    LinkedClaim,
    NoteRow,
    SentRow,
    StatusRow,
)
from fscdesk.services.claims.clocks import clocks_of
from fscdesk.services.claims.correcting import CORRECTABLE
from fscdesk.services.claims.deadlines import clock_facts
from fscdesk.services.claims.listing import ClaimRow, claim_row
from fscdesk.services.claims.status_fields import fields_of_status
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import INSURANCE_RECEIVABLE
from fscdesk.services.work import Work

__all__ = [
    "AnswerRow",
    "AppealRow",
    "ChangeRow",
    "ClaimPage",
    "FindingRow",
    "LineMoney",
    "LinkedClaim",
    "NoteRow",
    "SentRow",
    "StatusRow",
    "claim_page",
]

_WEIGHT: Final = {Severity.STOPS: 0, Severity.WARNS: 1, Severity.TELLS: 2}


def claim_page(work: Work, claim_id: int) -> ClaimPage:
    """Return everything about one claim. Raises Problem when it is not in the books."""
    row = claim_row(work, claim_id)
    claim = work.db.get_one(Claim, claim_id)
    clocks = clock_facts(work, [claim])[claim_id]
    return ClaimPage(
        row=row,
        content=contents(work, [claim_id]).get(claim_id),
        edits=editing.edits_of(work, claim_id),
        held_for=claim.held_for,
        wait_for=claim.wait_for,
        outdated=claim.outdated,
        crossed_over=claim.crossed_over,
        replaces_id=claim.replaces_id,
        primary_id=claim.primary_id,
        original_number=claim.original_number,
        authorization_id=claim.authorization_id,
        findings=_findings(work, claim_id),
        history=_history(work, claim_id),
        changes=_changes(work, claim_id),
        notes=_notes(work, claim_id),
        sent=_sent(work, claim_id),
        answers=answers_heard(work, claim_id),
        appeals=_appeals(work, claim_id),
        clocks=clocks_of(clocks, work.today()),
        money=_money(work, claim_id),
        links=_links(work, claim),
        look_at=fields_for(claim.reason_code) or fields_of_status(claim.reason_code),
        reason_words=words_for(claim.reason_code),
        may=_may(claim, row, superseded=_has_successor(work, claim_id)),
        to_enter=clocks.to_enter,
    )


def _findings(work: Work, claim_id: int) -> tuple[FindingRow, ...]:
    rows = work.db.execute(
        select(ClaimFinding, Staff.name)
        .outerjoin(Staff, Staff.id == ClaimFinding.accepted_by)
        .where(ClaimFinding.claim_id == claim_id)
        .order_by(ClaimFinding.id)
    )
    found = [
        FindingRow(
            one.id,
            one.rule,
            one.severity,
            one.field,
            one.line,
            one.message,
            one.hint,
            name or "",
        )
        for one, name in rows
    ]
    return tuple(sorted(found, key=lambda one: (_WEIGHT[one.severity], one.line or 0, one.id)))


def _history(work: Work, claim_id: int) -> tuple[StatusRow, ...]:
    """Return the changes of status, the first one first."""
    rows = work.db.execute(
        select(ClaimStatusHistory, Staff.name)
        .join(Staff, Staff.id == ClaimStatusHistory.staff_id)
        .where(ClaimStatusHistory.claim_id == claim_id)
        .order_by(ClaimStatusHistory.id)
    )
    return tuple(
        StatusRow(
            None if one.old is None else ClaimStatus(one.old),
            ClaimStatus(one.new),
            one.reason,
            one.at,
            one.day,
            name,
        )
        for one, name in rows
    )


def _changes(work: Work, claim_id: int) -> tuple[ChangeRow, ...]:
    """Return the changes of fields, the newest first."""
    rows = work.db.execute(
        select(ClaimChange, Staff.name)
        .join(Staff, Staff.id == ClaimChange.staff_id)
        .where(ClaimChange.claim_id == claim_id)
        .order_by(ClaimChange.id.desc())
    )
    return tuple(
        ChangeRow(
            one.line,
            one.field,
            field_title(one.field),
            one.old,
            one.new,
            one.source,
            one.at,
            name,
        )
        for one, name in rows
    )


def field_title(field: str) -> str:
    """Return a field's name as a person reads it."""
    known = editing.TITLES.get(field)
    if known is not None:
        return known
    words = " ".join("NPI" if one == "npi" else one for one in field.split("_"))
    return words[:1].upper() + words[1:]


def _notes(work: Work, claim_id: int) -> tuple[NoteRow, ...]:
    rows = work.db.execute(
        select(ClaimNote.id, ClaimNote.text, ClaimNote.at, Staff.name)
        .join(Staff, Staff.id == ClaimNote.staff_id)
        .where(ClaimNote.claim_id == claim_id)
        .order_by(ClaimNote.id.desc())
    )
    return tuple(NoteRow(*row) for row in rows)


def _sent(work: Work, claim_id: int) -> tuple[SentRow, ...]:
    """Return the batches that it left in, the newest first."""
    rows = work.db.execute(
        select(ClaimSending.id, ClaimBatch, Staff.name)
        .join(ClaimBatch, ClaimBatch.id == ClaimSending.batch_id)
        .join(Staff, Staff.id == ClaimBatch.made_by)
        .options(defer(ClaimBatch.content))
        .where(ClaimSending.claim_id == claim_id)
        .order_by(ClaimSending.id.desc())
    )
    return tuple(
        SentRow(
            sending_id=sending_id,
            batch_id=one.id,
            batch=one.number,
            route=one.route,
            state=one.state,
            file_name=one.file_name,
            sha256=one.sha256,
            reference=one.reference,
            made_at=one.made_at,
            by=name,
        )
        for sending_id, one, name in rows
    )


def _appeals(work: Work, claim_id: int) -> tuple[AppealRow, ...]:
    rows = work.db.execute(
        select(Appeal, Document.number, Staff.name)
        .outerjoin(Document, Document.id == Appeal.document_id)
        .join(Staff, Staff.id == Appeal.staff_id)
        .where(Appeal.claim_id == claim_id)
        .order_by(Appeal.level.desc())
    )
    return tuple(
        AppealRow(
            id=one.id,
            level=one.level,
            opened_on=one.opened_on,
            due_on=one.due_on,
            sent_on=one.sent_on,
            argument=one.argument,
            document_id=one.document_id,
            document=number or "",
            outcome=one.outcome,
            outcome_on=one.outcome_on,
            by=name,
            version=one.version,
        )
        for one, number, name in rows
    )


def _money(work: Work, claim_id: int) -> tuple[LineMoney, ...]:
    lines = work.db.execute(
        select(ClaimLine, Charge)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(ClaimLine.claim_id == claim_id)
        .order_by(ClaimLine.position)
    ).all()
    paid = _insurance_paid(work, [charge.id for _, charge in lines])
    said = line_answers(work, [claim_id])[claim_id]
    return tuple(
        LineMoney(
            line_id=line.id,
            position=line.position,
            charge_id=charge.id,
            session_id=line.session_id,
            amount=line.amount,
            insurance_paid=paid.get(charge.id, Money()),
            insurance_open=charge.insurance_balance,
            patient_open=charge.patient_balance,
            answer=said.get(line.position, "").partition(" ")[0],
            carc=carc_of_answer(said.get(line.position, "")),
            group=group_of_answer(said.get(line.position, "")),
        )
        for line, charge in lines
    )


def _insurance_paid(work: Work, charge_ids: Sequence[int]) -> Mapping[int, Money]:
    rows = work.db.execute(
        select(JournalLine.charge_id, func.sum(JournalLine.amount))
        .where(
            among(work, JournalLine.charge_id, charge_ids),
            JournalLine.account == INSURANCE_RECEIVABLE,
            JournalLine.part == Part.INSURANCE_PAID,
        )
        .group_by(JournalLine.charge_id)
    )
    return {row[0]: -row[1] for row in rows if row[0] is not None}


def _links(work: Work, claim: Claim) -> tuple[LinkedClaim, ...]:
    other = aliased(Claim)
    own: dict[str, Any] = {
        "corrects": other.id == claim.replaces_id,
        "corrected by": other.replaces_id == claim.id,
        "behind": other.id == claim.primary_id,
        "before": other.primary_id == claim.id,
    }
    found: list[LinkedClaim] = []
    for how, condition in own.items():
        rows = work.db.execute(
            select(other, Payer.short_name)
            .join(Payer, Payer.id == other.payer_id)
            .where(condition)
            .order_by(other.id)
        )
        found += [
            LinkedClaim(how, one.id, one.number, one.status, one.frequency, one.rank, payer)
            for one, payer in rows
        ]
    return tuple(found)


def _has_successor(work: Work, claim_id: int) -> bool:
    standing = select(Claim.id).where(Claim.replaces_id == claim_id, Claim.status.not_in(FALLEN))
    return work.db.scalar(standing.limit(1)) is not None


def _may(claim: Claim, row: ClaimRow, *, superseded: bool) -> frozenset[str]:
    """Return what its status allows; rights are asked when it is done."""
    status, unsent = claim.status, claim.status in editing.UNSENT
    rejected = status is ClaimStatus.REJECTED
    open_denial = status in APPEALABLE and claim.denied_on is not None
    allowed = {
        "edit": status in editing.EDITABLE,
        "hold": status in editing.EDITABLE and not claim.held_for,
        "release": bool(claim.held_for),
        "drop": unsent or rejected,
        "send": row.ready,
        "answer": status in ANSWERABLE,
        "correct": status in CORRECTABLE and not superseded,
        "void": status in CORRECTABLE and bool(claim.payer_number) and not superseded,
        "resend": rejected,
        "appeal": open_denial,
        "passed_on": unsent and claim.rank > 1,
        "not_passed_on": claim.crossed_over and status is ClaimStatus.PENDING,
    }
    return frozenset(name for name, can in allowed.items() if can)
