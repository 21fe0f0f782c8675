"""Who pays: guarantors with their address, and who pays for which patient from which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal_column, select

from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine, Part
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.invoice_following import follow_charges
from fscdesk.services.charges.making import ChargeFacts
from fscdesk.services.charges.settling import Recorded
from fscdesk.services.charges.voiding import void_charges
from fscdesk.services.claims.following import follow_claims
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import Finding, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import RECORDED_IN_SIMPLEPRACTICE
from fscdesk.services.numbering import reserve_numbers
from fscdesk.services.patients.finding import guarantor_book
from fscdesk.services.patients.names import fold
from fscdesk.services.payments.carrying import carry_over, standing_work
from fscdesk.services.payments.clearing import settle
from fscdesk.services.payments.held_sessions import Held, holder_words, what_holds
from fscdesk.services.permissions import Right, require
from fscdesk.services.sessions.debt_ages import debt_ages
from fscdesk.services.sessions.recording import ChargeDraft, record_charges
from fscdesk.services.setup.numbers import email_of, state_of, zip_of
from fscdesk.services.work import Topic, Work

_DOING = "change who pays for a client"
_FOUND_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class GuarantorFields:
    """What a person types of a guarantor. ``do_not_bill``: no statement goes there."""

    name: str
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    phone: str = ""
    email: str = ""
    bad_address: bool = False
    do_not_bill: bool = False


@dataclass(frozen=True, slots=True)
class GuarantorRow:
    """A guarantor as screens show it; ``patients`` are the names of those paid for."""

    id: int
    number: str
    fields: GuarantorFields
    patients: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class GuarantorChange:
    """What a change of guarantor moved: charges with an open share, and how much of it.

    ``findings`` tell what of payments and adjustments did not fit the new charges.
    """

    charges: int
    moved: Money
    findings: tuple[Finding, ...] = ()


def guarantor(work: Work, guarantor_id: int) -> GuarantorRow:
    """Return one guarantor. Raises Problem when there is none of that id."""
    row = work.db.get(Guarantor, guarantor_id)
    if row is None:
        raise Problem("This guarantor is not in the books.", hint="Look at the list again.")
    return _rows(work, [row])[0]


def find_guarantors(work: Work, text: str) -> tuple[GuarantorRow, ...]:
    """Return guarantors whose name or number holds every word, at most fifty, by name."""
    book = guarantor_book(work)
    found: set[int] | None = None
    for word in text.split():
        ids = set(book.with_word(fold(word)))
        found = ids if found is None else found & ids
    query = select(Guarantor).order_by(Guarantor.name, Guarantor.id).limit(_FOUND_AT_MOST)
    if found is not None:
        query = query.where(among(work, Guarantor.id, found))
    return _rows(work, list(work.db.scalars(query)))


def add_guarantor(work: Work, fields: GuarantorFields) -> int:
    """Add a person who pays for others, and return the id."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    values = _checked(fields)
    number = f"GA{1000 + reserve_numbers(work, 'GA', 0)[0]}"
    row = Guarantor(number=number, **values)
    new_id = recorded_new(work, row, values, action="add_guarantor", noun="guarantor")
    work.touch(Topic.PATIENTS)
    return new_id


def edit_guarantor(
    work: Work, guarantor_id: int, fields: GuarantorFields, *, expected_version: int
) -> None:
    """Change name, address or flags of a guarantor."""
    require(work, Right.EDIT_PATIENTS, _DOING)
    row = locked(work, Guarantor, guarantor_id, "this guarantor")
    require_version(row, expected_version, "this guarantor")
    if apply_changes(work, row, _checked(fields), action="edit_guarantor", noun="guarantor"):
        work.touch(Topic.PATIENTS)


def change_guarantor(
    work: Work, patient_id: int, guarantor_id: int, *, from_day: date, expected_version: int
) -> GuarantorChange:
    """Let somebody else pay for a patient from a day on.

    Charges since that day whose client share is open move to the new guarantor: voided and
    charged again today, with what was recorded for them. What is settled stays with who
    settled it, and so does every balance as of a day before today. Raises Problem, with nothing
    changed, when a payment plan holds such a charge, or an agency has worked on it: those were
    agreed with who pays now.
    """
    require(work, Right.EDIT_PATIENTS, _DOING)
    patient = locked(work, Patient, patient_id, "this client")
    require_version(patient, expected_version, "this client")
    new = locked(work, Guarantor, guarantor_id, "this guarantor")
    if patient.guarantor_id == guarantor_id:
        raise Problem(f"{new.name} pays for {patient.name} already.", hint="Nothing was changed.")
    old_id = patient.guarantor_id
    patient.guarantor_id = guarantor_id
    work.db.flush()
    charges = list(
        work.db.scalars(
            select(Charge)
            .where(
                Charge.patient_id == patient_id,
                Charge.guarantor_id != guarantor_id,
                Charge.session_id.is_not(None),  # a fee stays with whose payment it was
                Charge.service_day >= from_day,
                Charge.voided_on.is_(None),
                literal_column("charge.patient_balance <> 0"),  # as its partial index says
            )
            .order_by(Charge.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    charges = [one for one in charges if one.voided_on is None and one.patient_balance]
    _require_free(work, charges)
    moved = sum((charge.patient_balance for charge in charges), ZERO)
    told: list[Finding] = []
    if charges:
        why = f"Account {new.number} pays from {from_day:%m/%d/%Y}"
        told = _charge_again(work, charges, guarantor_id, why)
    record(
        work,
        "change_guarantor",
        "patient",
        patient_id,
        old={"guarantor_id": old_id},
        new={"guarantor_id": guarantor_id},
        from_day=from_day.isoformat(),
        charges=len(charges),
        moved=moved.plain(),
    )
    work.touch(Topic.PATIENTS, Topic.LEDGER, Topic.SESSIONS)
    return GuarantorChange(len(charges), moved, tuple(told))


def _require_free(work: Work, charges: Sequence[Charge]) -> None:
    """Raise Problem when one of the sessions was agreed about with who pays now."""
    days = {one.session_id: one.service_day for one in charges if one.session_id is not None}
    held = what_holds(work, days)
    if not held:
        return
    first, last = (pick(held, key=lambda one: (days[one], one)) for pick in (min, max))
    more = f", and {len(held) - 1} more are held" if held.keys() - {first} else ""
    first_do = "End the plan first, or let" if Held.PLAN in held.values() else "Let"
    raise Problem(
        f"The session of {days[first]:%m/%d/%Y} stands in"
        f" {holder_words(work, first, held[first])}, which was agreed with who pays now{more}.",
        hint=f"Nothing was changed. {first_do} the change begin after {days[last]:%m/%d/%Y}.",
    )


def _charge_again(
    work: Work, charges: Sequence[Charge], guarantor_id: int, reason: str
) -> list[Finding]:
    """Void whole sessions, as a charge shares its session with others, and charge them anew.

    Returns what of payments and adjustments did not fit.
    """
    today = work.today()
    sessions = sorted({one.session_id for one in charges if one.session_id is not None})
    live = list(
        work.db.scalars(
            select(Charge)
            .where(Charge.session_id.in_(sessions), Charge.voided_on.is_(None))
            .order_by(Charge.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    ages = debt_ages(work, sessions)
    recorded = _recorded(work, [charge.id for charge in live])
    revenue = _revenue(work, [charge.id for charge in live])
    drafts = [
        ChargeDraft(
            session_id=charge.session_id,
            patient_id=charge.patient_id,
            guarantor_id=guarantor_id,
            provider_id=charge.provider_id,
            payer_id=charge.payer_id,
            service_day=charge.service_day,
            on=max(today, charge.service_day),
            facts=ChargeFacts(
                charge.position,
                charge.service_id,
                charge.code,
                charge.modifiers,
                charge.units,
                charge.rate.cents,
                charge.amount.cents,
                charge.patient_share.cents,
                charge.insurance_share.cents,
                revenue[charge.id],
            ),
            recorded=recorded.get(charge.id, Recorded()),
            since=ages.since(charge.session_id, charge.position, charge.payer_id),
        )
        for charge in live
    ]
    days = {one.session_id: f"Session of {one.service_day:%m/%d/%Y}" for one in live}
    where = {session_id: text for session_id, text in days.items() if session_id is not None}
    carried = standing_work(work, sessions)
    void_charges(work, sessions, on=today, reason=reason, batch_id=None)
    record_charges(work, drafts, recorded_on=today)
    told = carry_over(work, carried, on=today, batch_id=None, where=where)
    follow_charges(work, sessions, reason)
    follow_claims(work, sessions, reason)
    settle(work, on=today)
    return told


def _recorded(work: Work, charge_ids: Sequence[int]) -> dict[int, Recorded]:
    """Return what account 1060 holds for each charge, by part."""
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    for charge_id, part, cents in work.db.execute(
        select(JournalLine.charge_id, JournalLine.part, func.sum(JournalLine.amount))
        .where(
            JournalLine.charge_id.in_(charge_ids),
            JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
            JournalLine.payment_id.is_(None),
        )
        .group_by(JournalLine.charge_id, JournalLine.part)
    ):
        sums[charge_id or 0][part] = cents.cents
    return {
        charge_id: Recorded(
            parts.get(Part.PATIENT_PAID, 0),
            parts.get(Part.INSURANCE_PAID, 0),
            parts.get(Part.WRITE_OFF, 0),
        )
        for charge_id, parts in sums.items()
    }


def _revenue(work: Work, charge_ids: Sequence[int]) -> dict[int, str]:
    """Return the revenue account that each charge was booked to: the credit of its entry."""
    return {
        charge_id or 0: account
        for charge_id, account in work.db.execute(
            select(JournalLine.charge_id, JournalLine.account)
            .where(
                JournalLine.charge_id.in_(charge_ids),
                JournalLine.part == Part.CHARGE,
                JournalLine.account.startswith("4"),
            )
            .order_by(JournalLine.id)
        )
    }


def _checked(fields: GuarantorFields) -> dict[str, object]:
    return {
        **values_of(fields),
        "name": text_of(fields.name, "the name", required=True),
        "address1": text_of(fields.address1, "the address"),
        "address2": text_of(fields.address2, "the second line of the address"),
        "city": text_of(fields.city, "the city"),
        "state": state_of(fields.state),
        "zip_code": zip_of(fields.zip_code),
        "phone": text_of(fields.phone, "the phone number"),
        "email": email_of(fields.email),
    }


def _rows(work: Work, rows: Sequence[Guarantor]) -> tuple[GuarantorRow, ...]:
    paid_for: dict[int, list[str]] = defaultdict(list)
    for guarantor_id, name in work.db.execute(
        select(Patient.guarantor_id, Patient.name)
        .where(Patient.guarantor_id.in_([row.id for row in rows]), Patient.withdrawn.is_(False))
        .order_by(Patient.sort_name, Patient.id)
    ):
        paid_for[guarantor_id].append(name)
    names = GuarantorFields.__dataclass_fields__
    return tuple(
        GuarantorRow(
            id=row.id,
            number=row.number,
            fields=GuarantorFields(**{name: getattr(row, name) for name in names}),
            patients=tuple(paid_for[row.id]),
            version=row.version,
        )
        for row in rows
    )
