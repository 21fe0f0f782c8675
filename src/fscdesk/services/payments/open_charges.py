"""What is open and can be paid: the rows of the entry grid, from the partial indexes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, literal_column, select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.claim import Claim, ClaimLine
from fscdesk.models.collection import CaseStatus, CollectionCase, CollectionItem, ParkedBalance
from fscdesk.models.ledger import JournalLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.plan import PlanCharge
from fscdesk.models.provider import Provider
from fscdesk.models.session import BillingStatus, Session
from fscdesk.models.values import Money
from fscdesk.services.days_meant import days_meant
from fscdesk.services.id_sets import among
from fscdesk.services.index_hints import from_index
from fscdesk.services.ledger.accounts import PATIENT_RECEIVABLE
from fscdesk.services.patients.finding import patients_with
from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work

MOST = 500
"""So many rows fill a grid; a search narrows the rest."""
FEW = 200
"""Up to so many clients are looked up by their sessions, above by the payer's open charges."""
MANY = 2_000
"""Of a word that is in more names than this, the first are enough."""

# Written out, because a partial index is used only where its own words stand.
_PATIENT_OPEN: ColumnElement[bool] = literal_column("charge.patient_balance <> 0")
_PAYER_OPEN: ColumnElement[bool] = literal_column("charge.insurance_balance <> 0")
_LIVE_SESSION: ColumnElement[bool] = literal_column("session.withdrawn_by IS NULL")
_BY_PATIENT, _BY_PAYER = "ix_charge_open_patient", "ix_charge_open_insurance"
_BY_SESSION = "ix_charge_session_id"
_NOT_BILLED = (BillingStatus.COMPLETED, BillingStatus.DOCUMENTED, BillingStatus.READY_TO_BILL)


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """One side of a charge on which something is open, as the entry grid shows it.

    ``open`` is negative where too much was paid. ``since`` is the day from which this side
    owes. ``expected`` is what the payer's contract allows: None until fee schedules say it.
    ``flags``: in plan, at agency, parked. ``claim`` is the number of the newest claim to this
    payer, of those that were sent if one was; a client's share has none. ``unbilled``: the payer
    gets claims from here and was never sent one of this charge.
    """

    charge_id: int
    session_id: int | None
    patient_id: int
    patient: str
    patient_number: str
    guarantor_id: int
    guarantor: str
    payer: str
    service_day: date
    code: str
    clinician: str
    side: Side
    amount: Money
    open: Money
    since: date
    expected: Money | None = None
    flags: tuple[str, ...] = ()
    claim: str = ""
    unbilled: bool = False


def open_charges(
    work: Work,
    *,
    guarantor_id: int | None = None,
    patient_ids: Collection[int] = (),
    payer_id: int | None = None,
    search: str = "",
    most: int = MOST,
) -> list[OpenCharge]:
    """Return what can be paid, the oldest service first, at most ``most`` rows.

    With a payer it is that payer's share, of these clients if any are named. Otherwise it is
    the clients' share: of a guarantor, of these clients, or of whomever the search finds.
    Words of ``search`` are parts of names or numbers, days (``3/31``) or codes; each must fit.
    """
    searched = _searched(work, search)
    if searched is None:
        return []
    conditions, found = searched
    wanted = set(patient_ids)
    if found is not None:
        wanted = wanted & found if wanted else found
    if (patient_ids or found is not None) and not wanted:
        return []
    if payer_id is not None:
        query = _of_payer(work, payer_id, wanted)
    elif guarantor_id is not None and not wanted:
        return owed_by(work, {guarantor_id}, most=most, conditions=conditions)
    elif wanted:
        query = _of_patients(work, sorted(wanted)[:MANY])
        if guarantor_id is not None and not patient_ids:
            query = query.where(Charge.guarantor_id == guarantor_id)
    else:
        return []
    side = Side.PATIENT if payer_id is None else Side.INSURANCE
    return _rows(work, query.where(*conditions), side, most)


def owed_by(
    work: Work,
    guarantor_ids: Collection[int],
    *,
    most: int = MOST,
    conditions: Sequence[ColumnElement[bool]] = (),
) -> list[OpenCharge]:
    """Return the clients' share that these guarantors owe, oldest first.

    Whose clients they are today does not matter: old debt stays with who paid then.
    """
    patients = set(
        work.db.scalars(select(Patient.id).where(among(work, Patient.guarantor_id, guarantor_ids)))
    )
    patients |= {
        one
        for one in work.db.scalars(
            select(JournalLine.patient_id)
            .where(
                among(work, JournalLine.guarantor_id, guarantor_ids),
                JournalLine.account == PATIENT_RECEIVABLE,
            )
            .distinct()
        )
        if one is not None
    }
    query = _of_patients(work, sorted(patients)).where(
        among(work, Charge.guarantor_id, guarantor_ids), *conditions
    )
    return _rows(work, query, Side.PATIENT, most)


def charges_by_id(work: Work, charge_ids: Collection[int], side: Side) -> list[OpenCharge]:
    """Return these charges as the grid shows them, open or not, oldest first."""
    query = select(Charge).where(among(work, Charge.id, charge_ids))
    return _rows(work, query, side, max(len(charge_ids), 1))


def _of_patients(work: Work, patient_ids: Collection[int]) -> Select[Charge]:
    query = select(Charge).where(among(work, Charge.patient_id, patient_ids), _PATIENT_OPEN)
    return from_index(query, Charge, _BY_PATIENT)


def _of_payer(work: Work, payer_id: int, patients: Collection[int]) -> Select[Charge]:
    query = select(Charge).where(Charge.payer_id == payer_id, _PAYER_OPEN)
    if not patients:
        return from_index(query, Charge, _BY_PAYER)
    if len(patients) > FEW:
        return from_index(query.where(among(work, Charge.patient_id, patients)), Charge, _BY_PAYER)
    own = select(Session.id).where(among(work, Session.patient_id, patients), _LIVE_SESSION)
    return from_index(query.where(Charge.session_id.in_(own)), Charge, _BY_SESSION)


def _searched(work: Work, search: str) -> tuple[list[ColumnElement[bool]], set[int] | None] | None:
    """Return the conditions of the words and the clients they name; None finds nothing."""
    conditions: list[ColumnElement[bool]] = []
    found: set[int] | None = None
    for word in search.split():
        days = days_meant(word, work.today())
        named = set() if days else set(patients_with(work, [fold(word)]))
        if days:
            conditions.append(Charge.service_day.in_(days))
        elif named:
            found = named if found is None else found & named
        else:
            conditions.append(Charge.code == word.upper())
    return None if found is not None and not found else (conditions, found)


def _rows(work: Work, query: Select[Charge], side: Side, most: int) -> list[OpenCharge]:
    charges = list(
        work.db.scalars(
            query.order_by(Charge.service_day, Charge.id)
            .limit(most)
            .execution_options(populate_existing=True)
        )
    )
    if not charges:
        return []
    people = {
        row.id: row
        for row in work.db.execute(
            select(Patient.id, Patient.name, Patient.number).where(
                among(work, Patient.id, {one.patient_id for one in charges})
            )
        )
    }
    guarantors = _names(work, Guarantor.id, Guarantor.name, {one.guarantor_id for one in charges})
    payers = _names(work, Payer.id, Payer.short_name, {one.payer_id for one in charges})
    clinicians = _names(work, Provider.id, Provider.name, {one.provider_id for one in charges})
    flags = _flags(work, charges)
    of_patient = side is Side.PATIENT
    claims = {} if of_patient else _claims(work, charges)
    unbilled = set() if of_patient else _unbilled(work, charges, claims)
    return [
        OpenCharge(
            charge_id=one.id,
            session_id=one.session_id,
            patient_id=one.patient_id,
            patient=people[one.patient_id].name,
            patient_number=people[one.patient_id].number,
            guarantor_id=one.guarantor_id,
            guarantor=guarantors[one.guarantor_id],
            payer=payers.get(one.payer_id or 0, ""),
            service_day=one.service_day,
            code=f"{one.code} {one.modifiers}".strip(),
            clinician=clinicians.get(one.provider_id or 0, ""),
            side=side,
            amount=one.amount,
            open=one.patient_balance if of_patient else one.insurance_balance,
            since=one.patient_since if of_patient else one.insurance_since,
            flags=flags.get(one.id, ()),
            claim=claims[one.id].number if one.id in claims else "",
            unbilled=one.id in unbilled,
        )
        for one in charges
    ]


def _names(work: Work, key: Any, name: Any, ids: Collection[int | None]) -> dict[int, str]:
    wanted = [one for one in ids if one is not None]
    rows = work.db.execute(select(key, name).where(among(work, key, wanted)))
    return {row[0]: row[1] for row in rows}


class _Claim(NamedTuple):
    """The claim that a charge is called by, and whether its payer was sent it."""

    number: str
    sent: bool


def _claims(work: Work, charges: Sequence[Charge]) -> dict[int, _Claim]:
    """Return the newest claim of each charge to its payer; one that was sent before all others."""
    rows = work.db.execute(
        select(ClaimLine.charge_id, Claim.number, Claim.first_sent_on)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(Charge, Charge.id == ClaimLine.charge_id)
        .where(
            among(work, ClaimLine.charge_id, [one.id for one in charges]),
            Claim.payer_id == Charge.payer_id,
        )
        .order_by(Claim.id)
    )
    found: dict[int, _Claim] = {}
    for row in rows:
        new, before = _Claim(row.number, row.first_sent_on is not None), found.get(row.charge_id)
        if before is None or new.sent or not before.sent:
            found[row.charge_id] = new
    return found


def _unbilled(
    work: Work, charges: Sequence[Charge], claims: Mapping[int, _Claim]
) -> AbstractSet[int]:
    """Return the charges of which no claim was sent, of payers that get claims from here.

    What was billed elsewhere says so by its session; so does what was imported with its answer.
    """
    silent = [one for one in charges if not (one.id in claims and claims[one.id].sent)]
    if not silent:
        return set()
    payers = {one.payer_id for one in silent if one.payer_id is not None}
    ours = set(
        work.db.scalars(
            select(Payer.id).where(
                among(work, Payer.id, payers),
                select(Claim.id)
                .where(Claim.payer_id == Payer.id, Claim.first_sent_on.is_not(None))
                .exists(),
            )
        )
    )
    waiting = set(
        work.db.scalars(
            select(Session.id).where(
                among(work, Session.id, {one.session_id for one in silent if one.session_id}),
                Session.billing_status.in_(_NOT_BILLED),
            )
        )
    )
    return {one.id for one in silent if one.payer_id in ours and one.session_id in waiting}


def _flags(work: Work, charges: Sequence[Charge]) -> dict[int, tuple[str, ...]]:
    ids = [one.id for one in charges]
    planned = set(work.db.scalars(select(PlanCharge.live).where(among(work, PlanCharge.live, ids))))
    handed = set(
        work.db.scalars(
            select(CollectionItem.charge_id)
            .join(CollectionCase, CollectionCase.id == CollectionItem.case_id)
            .where(
                among(work, CollectionItem.charge_id, ids),
                CollectionCase.status == CaseStatus.PLACED,
            )
        )
    )
    parked = set(
        work.db.scalars(
            select(ParkedBalance.live).where(
                among(work, ParkedBalance.live, {one.patient_id for one in charges})
            )
        )
    )
    return {
        one.id: tuple(
            word
            for word, holds in (
                ("in plan", one.id in planned),
                ("at agency", one.id in handed),
                ("parked", one.patient_id in parked),
            )
            if holds
        )
        for one in charges
    }
