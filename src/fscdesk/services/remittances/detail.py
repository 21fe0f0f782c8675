"""One remittance, side by side: what we billed, what the payer said, and what becomes of each line.

What is not posted yet is decided here as posting would decide it; what is posted is read from its
rows. So the page before and after posting shows the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim
from fscdesk.models.patient import Patient
from fscdesk.models.payment import Payment
from fscdesk.models.recoupment import Recoupment, RecoupmentKind
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Problem
from fscdesk.services.id_sets import among
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Cas,
    Decided,
    DecidedClaim,
    DecidedLine,
    DecidedPlb,
)
from fscdesk.services.remittances.deciding import decide, wait_for_a_look
from fscdesk.services.remittances.listing import RemittanceRow, rows_of_remittances
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.page import (
    CLIENT,
    CONTRACT,
    PageClaim,
    PageLine,
    PagePlb,
    RemittancePage,
)
from fscdesk.services.remittances.plbs import note_of
from fscdesk.services.remittances.posting import TYPED_IN_AGAIN
from fscdesk.services.remittances.returned import returned_words
from fscdesk.services.remittances.seeing import REMITTANCES, require_seeing
from fscdesk.services.remittances.setting_aside import aside_since
from fscdesk.services.work import Work

__all__ = [
    "Fate",
    "PageClaim",
    "PageLine",
    "PagePlb",
    "RecoupmentKind",
    "RemittancePage",
    "Unposted",
    "remittance_page",
    "remittance_text",
]

_GONE: Final = "This remittance is not in the books."


def remittance_page(work: Work, remittance_id: int) -> RemittancePage:
    """Return one remittance with what posting does, or did. Raises Problem where there is none."""
    require_seeing(work, REMITTANCES, "remittances")
    row = work.db.get(Remittance, remittance_id)
    if row is None:
        raise Problem(_GONE, hint="Look at the list again.")
    answered = load(work, remittance_id)
    typed = row.origin is RemittanceOrigin.TYPED
    waits = row.status is not RemittanceStatus.POSTED and not typed
    decided = decide(work, answered, review=False) if waits else None
    before = (
        line.reverses_id
        for one in (() if decided is None else decided.claims)
        for line in one.lines
    )
    facts = _Facts(work, answered, before)
    payment = None if row.payment_id is None else work.db.get(Payment, row.payment_id)
    conflict = None if row.conflict_id is None else work.db.get(Remittance, row.conflict_id)
    file = None if row.file_id is None else work.db.get(RemittanceFile, row.file_id)
    back = returned_words(work, row)
    listed = rows_of_remittances(work, [remittance_id])[0]
    if (stopped := _stopped(row)) and decided is not None and not decided.stop:
        decided = wait_for_a_look(decided, stopped)
    if row.status is RemittanceStatus.CLOSED:
        stopped = _aside(work, row)
    if typed and row.status is RemittanceStatus.UNDONE:
        stopped = TYPED_IN_AGAIN
    return RemittancePage(
        row=listed,
        file_name="" if file is None else file.name,
        place=row.position,
        oddities=() if file is None or not file.oddities else tuple(file.oddities.split("\n")),
        payment_number="" if payment is None else payment.number,
        conflict_id=row.conflict_id,
        conflict_number="" if conflict is None else conflict.number,
        conflict_stop="" if conflict is None else _stopped(conflict),
        stop=stopped or back or ("" if decided is None else decided.stop),
        claims=tuple(_with_all(one, listed) for one in _claims(answered, decided, facts)),
        aside=row.status is RemittanceStatus.CLOSED,
        plbs=_plbs(work, remittance_id, answered, decided),
        check_off=row.check_off,
        claims_off=row.claims_off,
        services_off=row.services_off,
        returned=back,
    )


def _stopped(row: Remittance) -> str:
    return row.reason if row.status is RemittanceStatus.STOPPED else ""


def _with_all(one: PageClaim, row: RemittanceRow) -> PageClaim:
    """Return a claim with what is so of the whole: its money went back, or it is set aside."""
    if row.status is RemittanceStatus.CLOSED and one.fate is not Fate.CLOSED:
        one = replace(one, fate=Fate.CLOSED, why=None, words="")
    return replace(one, returned=row.returned and one.posted)


def _aside(work: Work, row: Remittance) -> str:
    """Say who set a whole remittance aside, when, and why."""
    since = aside_since(work, row.id)
    if since is None:
        return row.reason
    return f"{since.by} set it aside on {since.at.astimezone(work.zone):%m/%d/%Y}: {row.reason}"


def remittance_text(work: Work, remittance_id: int) -> tuple[str, bytes]:
    """Return the name and the very bytes of the file that a remittance came in."""
    require_seeing(work, REMITTANCES, "remittances")
    found = work.db.execute(
        select(RemittanceFile.name, RemittanceFile.content)
        .join(Remittance, Remittance.file_id == RemittanceFile.id)
        .where(Remittance.id == remittance_id)
    ).one_or_none()
    if found is None:
        raise Problem("This remittance was typed in; it has no file.", hint="")
    return found.name, found.content


class _Facts:
    """What is asked once for a whole page: names, numbers, charges, and what was posted.

    ``before`` are the rows (ids) of answers that are taken back.
    """

    def __init__(
        self, work: Work, answered: AnsweredRemittance, before: Iterable[int | None]
    ) -> None:
        lines = [line for claim in answered.claims for line in claim.lines]
        self.charges = {
            one.id: one
            for one in work.db.scalars(
                select(Charge).where(
                    among(work, Charge.id, _known(line.charge_id for line in lines))
                )
            )
        }
        patients = _known(one.patient_id for one in answered.claims)
        patients |= {one.patient_id for one in self.charges.values()}
        self.patients: dict[int, str] = {
            row.id: row.name
            for row in work.db.execute(
                select(Patient.id, Patient.name).where(among(work, Patient.id, patients))
            )
        }
        claims = _known(one.claim_id for one in answered.claims)
        self.numbers: dict[int, str] = {
            row.id: row.number
            for row in work.db.execute(
                select(Claim.id, Claim.number).where(among(work, Claim.id, claims))
            )
        }
        self.rows = {
            row.id: row
            for row in work.db.scalars(
                select(RemittanceLine)
                .join(RemittanceClaim, RemittanceClaim.id == RemittanceLine.remittance_claim_id)
                .where(RemittanceClaim.remittance_id == answered.remittance_id)
            )
        }
        self.claims = {
            row.id: row
            for row in work.db.scalars(
                select(RemittanceClaim).where(
                    RemittanceClaim.remittance_id == answered.remittance_id
                )
            )
        }
        taken = _known(before) | _known(row.reverses_id for row in self.rows.values())
        self._denied: dict[int, str] = {
            row.id: row.denied
            for row in work.db.execute(
                select(RemittanceLine.id, RemittanceLine.denied).where(
                    among(work, RemittanceLine.id, taken)
                )
            )
        }

    def denied_before(self, line_id: int | None) -> bool | None:
        """Return whether an answer that is taken back was a denial; None where none is known."""
        denied = self._denied.get(line_id or 0)
        return None if denied is None else bool(denied)


def _known(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}


def _claims(
    answered: AnsweredRemittance, decided: Decided | None, facts: _Facts
) -> tuple[PageClaim, ...]:
    by_place: Mapping[int, DecidedClaim] = (
        {} if decided is None else {one.claim.position: one for one in decided.claims}
    )
    return tuple(_claim(one, by_place.get(one.position), facts) for one in answered.claims)


def _claim(one: AnsweredClaim, decided: DecidedClaim | None, facts: _Facts) -> PageClaim:
    settled = one.posted or one.closed or decided is None
    row = facts.claims[one.row_id]
    lines = {} if decided is None else {line.line.position: line for line in decided.lines}
    return PageClaim(
        id=one.row_id,
        position=one.position,
        patient_id=_patient_of(one, facts),
        patient=facts.patients.get(_patient_of(one, facts) or 0, one.patient_name),
        claim_id=one.claim_id,
        number=facts.numbers.get(one.claim_id or 0, one.number),
        payer_number=one.payer_number,
        status=one.status,
        reversal=one.reversal,
        forwarded_to=one.forwarded_to if one.forwarded else "",
        corrected=one.corrected,
        charge=Money(one.charge),
        paid=Money(one.paid),
        client_share=Money(one.patient_share),
        adjustments=one.cas,
        remarks=one.remarks,
        fate=row.fate if settled or decided is None else decided.fate,
        why=one.why if settled or decided is None else decided.why,
        words=row.words if settled or decided is None else decided.words,
        lines=tuple(
            _posted_line(line, facts) if settled else _line(line, lines.get(line.position), facts)
            for line in one.lines
        ),
        posted=one.posted,
    )


def _patient_of(one: AnsweredClaim, facts: _Facts) -> int | None:
    if one.patient_id is not None:
        return one.patient_id
    charge = next((facts.charges[line.charge_id] for line in one.lines if line.charge_id), None)
    return None if charge is None else charge.patient_id


def _line(one: AnsweredLine, decided: DecidedLine | None, facts: _Facts) -> PageLine:
    if decided is None:
        return _page_line(one, facts, fate=Fate.UNPOSTED, why=one.why, words=one.words)
    return _page_line(
        one,
        facts,
        fate=decided.fate,
        why=decided.why,
        words=decided.words,
        wrote_off=Money(decided.wrote_off),
        to_patient=Money(decided.to_patient),
        denied=decided.denied,
        told=decided.told,
        expected=None if decided.expected is None else Money(decided.expected),
        left=Money(decided.left),
        before=decided.reverses_id,
    )


def _posted_line(one: AnsweredLine, facts: _Facts) -> PageLine:
    row = facts.rows[one.row_id]
    return _page_line(
        one,
        facts,
        fate=row.fate,
        why=Unposted(row.why) if row.why else None,
        words=row.words,
        wrote_off=row.wrote_off,
        to_patient=row.to_patient,
        denied=row.denied,
        expected=row.expected,
        before=row.reverses_id,
    )


def _page_line(
    one: AnsweredLine,
    facts: _Facts,
    *,
    fate: Fate,
    why: Unposted | None,
    words: str,
    wrote_off: Money = ZERO,
    to_patient: Money = ZERO,
    denied: str = "",
    told: tuple[Cas, ...] = (),
    expected: Money | None = None,
    left: Money | None = None,
    before: int | None = None,
) -> PageLine:
    charge = facts.charges.get(one.charge_id or 0)
    return PageLine(
        charge_id=one.charge_id,
        session_id=None if charge is None else charge.session_id,
        day=one.first_day if charge is None else charge.service_day,
        billed_code="" if charge is None else charge.code,
        billed=None if charge is None else charge.amount,
        expected=expected,
        code=one.code,
        charge=Money(one.charge),
        allowed=None if one.allowed is None else Money(one.allowed),
        paid=Money(one.paid),
        wrote_off=wrote_off,
        to_patient=to_patient,
        denied=denied,
        adjustments=one.cas,
        told=told,
        remarks=one.remarks,
        fate=fate,
        why=why,
        words=words,
        left=left,
        matched_by=one.matched_by,
        denied_before=_takes_denial_back(one, facts.denied_before(before)),
    )


def _takes_denial_back(one: AnsweredLine, was: bool | None) -> bool:
    """Return whether a line takes a denial back; ``was`` says so where its first answer is known.

    Otherwise all that was charged is taken back for reasons that are no contract.
    """
    if one.charge >= 0 or one.paid:
        return False
    if was is not None:
        return was
    others = sum(each.cents for each in one.cas if each.group != CLIENT and each.carc != CONTRACT)
    return others == one.charge


def _plbs(
    work: Work, remittance_id: int, answered: AnsweredRemittance, decided: Decided | None
) -> tuple[PagePlb, ...]:
    """Return what the payer settled beside its claims: as it will be, or as it stands."""
    items = work.db.scalars(
        select(Recoupment)
        .where(
            Recoupment.remittance_id == remittance_id,
            Recoupment.remittance_claim_id.is_(None),
        )
        .order_by(Recoupment.id)
    ).all()
    stands = {at: one for at, one in enumerate(items, start=1) if not one.undone}
    plans: dict[int, DecidedPlb] = (
        {} if decided is None else {one.plb.position: one for one in decided.plbs}
    )
    found: list[PagePlb] = []
    for plb in answered.plbs:
        item, plan = stands.get(plb.position), plans.get(plb.position)
        if item is not None:
            kind, still, words = item.kind, item.open, note_of(item)
        elif plan is not None:
            kind, words = plan.kind, plan.words
            still = Money(plan.rest) if plan.open else ZERO
        else:
            kind, still, words = RecoupmentKind.TO_EXPLAIN, ZERO, ""
        found.append(
            PagePlb(
                position=plb.position,
                reason=plb.reason,
                reference=plb.reference,
                amount=Money(plb.cents),
                kind=kind,
                open=still,
                words=words,
                item_id=None if item is None else item.id,
            )
        )
    return tuple(found)
