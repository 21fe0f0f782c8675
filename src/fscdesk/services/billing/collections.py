"""Hands accounts to a collection agency: a case for each guarantor, and one file for the agency.

What is handed over leaves the client's balance (Dr 1130 / Cr 1100, one entry for each charge), so
that statements do not ask for it while the agency does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.collection import Agency, CaseStatus, CollectionCase, CollectionItem
from fscdesk.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.values import ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.collection_holds import HOLD_WORDS, holds_of
from fscdesk.services.billing.collection_plan import (
    CollectionPlan,
    plan_collections,
    same_again,
)
from fscdesk.services.billing.hand_off import hand_off_of, keep_hand_off
from fscdesk.services.billing.invoices import mark_invoice
from fscdesk.services.billing.open_charges import locked_charges
from fscdesk.services.editing import key_of, locked
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.ledger.accounts import AT_AGENCY, PATIENT_RECEIVABLE
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

SERIES = "COL"
_NOTHING = "Nothing was handed over."


@dataclass(frozen=True, slots=True)
class NewPlacement:
    """What is handed to which agency: whole accounts of the threshold list, or given charges.

    Given charges need no age. ``on`` None is today. ``digest`` is that of the list that the
    person saw; ``request_key`` makes a repeated command harmless.
    """

    agency_id: int
    guarantor_ids: tuple[int, ...] = ()
    charge_ids: tuple[int, ...] = ()
    on: date | None = None
    digest: str | None = None
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """A case that was made."""

    case_id: int
    number: str
    guarantor_id: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Placed:
    """What was handed over, and the document that holds the agency's file."""

    cases: tuple[PlacedCase, ...]
    document_id: int
    amount: Money
    repeated: bool = False


def place(work: Work, new: NewPlacement) -> Placed:
    """Hand accounts or charges to an agency: cases, entries and the file, all or nothing.

    Raises Problem, with nothing changed, for an account that the list leaves out, for a charge
    that something holds, and for an agency that is not active; ChangedElsewhere when the list
    is not what the person saw.
    """
    require(work, Right.MANAGE_COLLECTIONS, "hand accounts to a collection agency")
    agency = locked(work, Agency, new.agency_id, "this agency")  # one hand-off at a time
    repeated = _placed_before(work, new)
    if repeated is not None:
        return repeated
    if not agency.active:
        raise Problem(f"{agency.name} is not used any more.", hint=f"{_NOTHING} Choose another.")
    on = new.on or work.today()
    if on > work.today():
        raise Problem(f"{on:%m/%d/%Y} has not come yet.", hint=_NOTHING)
    charges = _chosen(work, new)
    _require_possible(work, charges, on)
    by_guarantor: dict[int, list[Charge]] = defaultdict(list)
    for charge in charges:
        by_guarantor[charge.guarantor_id].append(charge)
    batch = new.request_key
    cases = []
    for guarantor_id in sorted(by_guarantor):
        case = _case(work, agency, guarantor_id, by_guarantor[guarantor_id], on)
        batch = case.request_key = batch or case.number
        _hand_over(work, case, by_guarantor[guarantor_id])
        cases.append(case)
    mark_bills(work, [one.id for one in charges], InvoiceStatus.COLLECTIONS)
    document_id = keep_hand_off(work, [case.id for case in cases])
    work.db.expire_all()
    work.touch(Topic.COLLECTIONS, Topic.PATIENTS, Topic.LEDGER)
    return _placed([work.db.get_one(CollectionCase, case.id) for case in cases], document_id)


def mark_bills(work: Work, charge_ids: Collection[int], status: InvoiceStatus) -> None:
    """Mark the bills on which these charges stand as handed over, or as sent again."""
    found = work.db.scalars(
        select(Invoice.id)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .where(
            among(work, InvoiceLine.live, charge_ids),
            Invoice.status.in_(
                (InvoiceStatus.SENT, InvoiceStatus.VIEWED, InvoiceStatus.COLLECTIONS)
            ),
        )
        .distinct()
        .order_by(Invoice.id)
    )
    for invoice_id in list(found):
        mark_invoice(work, invoice_id, status)


def _placed_before(work: Work, new: NewPlacement) -> Placed | None:
    if key_of(new.request_key) is None:
        return None
    cases = list(
        work.db.scalars(
            select(CollectionCase)
            .where(CollectionCase.request_key == new.request_key)
            .order_by(CollectionCase.id)
        )
    )
    if not cases:
        return None
    if any(case.agency_id != new.agency_id for case in cases):
        raise Problem(
            f"Case {cases[0].number} was placed under the same key with another agency.",
            hint=f"{_NOTHING} Choose the accounts anew.",
        )
    return _placed(cases, hand_off_of(work, cases[0].id).id, repeated=True)


def _chosen(work: Work, new: NewPlacement) -> list[Charge]:
    """Return the charges to hand over, locked, the oldest first."""
    if bool(new.guarantor_ids) == bool(new.charge_ids):
        raise Problem("Nothing was chosen to hand over.", hint="Choose accounts, or charges.")
    wanted: Collection[int] = new.charge_ids
    if new.guarantor_ids:
        wanted = _of_accounts(work, new)
        locked_charges(work, wanted, "to hand over")
        if set(_of_accounts(work, new)) != set(wanted):
            raise ChangedElsewhere(
                "Something was posted to these accounts a moment ago.",
                hint=f"{_NOTHING} Look at the list again.",
            )
    found = locked_charges(work, wanted, "to hand over").values()
    return sorted(found, key=lambda one: (one.service_day, one.id))


def _of_accounts(work: Work, new: NewPlacement) -> list[int]:
    """Return the charges of the chosen accounts, by the threshold list as it is now."""
    if new.digest is None:
        plan: CollectionPlan | None = plan_collections(work, guarantor_ids=new.guarantor_ids)
    else:
        plan = same_again(work, new.digest)
    if plan is None or new.digest not in (None, plan.digest):
        raise ChangedElsewhere(
            "The list is not any more what you looked at.",
            hint=f"{_NOTHING} Look at the list again.",
        )
    by_guarantor = {one.guarantor_id: one for one in plan.accounts}
    reasons = {one.guarantor_id: one for one in plan.left_out}
    wanted: list[int] = []
    for guarantor_id in new.guarantor_ids:
        account = by_guarantor.get(guarantor_id)
        if account is None:
            left = reasons.get(guarantor_id)
            why = "nothing of it is open for that long" if left is None else left.reason
            who = f"account {left.number}" if left else "this account"
            raise Problem(
                f"{who[:1].upper()}{who[1:]} is not handed over: {why[:1].lower()}{why[1:]}.",
                hint=f"{_NOTHING} Take it from the list.",
            )
        wanted += account.to_place
    return wanted


def _require_possible(work: Work, charges: Sequence[Charge], on: date) -> None:
    holds = holds_of(work, charges)
    for charge in charges:
        what = f"{charge.code} of {charge.service_day:%m/%d/%Y}"
        if charge.patient_balance <= ZERO:
            raise Problem(f"Nothing is open for {what}.", hint=_NOTHING)
        hold = holds.get(charge.id)
        if hold is not None:
            words = HOLD_WORDS[hold]
            raise Problem(f"{what} is held: {words[:1].lower()}{words[1:]}.", hint=_NOTHING)
        if charge.last_day is not None and on < charge.last_day:
            raise Problem(
                f"{what} moved on {charge.last_day:%m/%d/%Y}, after {on:%m/%d/%Y}.",
                hint=f"{_NOTHING} Choose a later day.",
            )


def _case(
    work: Work, agency: Agency, guarantor_id: int, charges: Sequence[Charge], on: date
) -> CollectionCase:
    case = CollectionCase(
        number=next_number(work, SERIES, on.year),
        agency_id=agency.id,
        guarantor_id=guarantor_id,
        amount=Money(sum(one.patient_balance.cents for one in charges)),
        commission_points=agency.commission_points,
        placed_on=on,
        status=CaseStatus.PLACED,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(case)
    work.db.flush()
    return case


def _hand_over(work: Work, case: CollectionCase, charges: Sequence[Charge]) -> None:
    amounts = {one.id: one.patient_balance for one in charges}
    drafts = [
        agency_draft(case, charge, amounts[charge.id].cents, case.placed_on, f"Case {case.number}")
        for charge in charges
    ]
    for (charge_id, amount), entry_id in zip(amounts.items(), post_all(work, drafts), strict=True):
        work.db.add(
            CollectionItem(case_id=case.id, charge_id=charge_id, amount=amount, entry_id=entry_id)
        )
    work.db.flush()
    record(
        work,
        "place_case",
        "collection_case",
        case.id,
        number=case.number,
        agency=case.agency_id,
        amount=case.amount.plain(),
        charges=len(charges),
    )


def agency_draft(case: CollectionCase, charge: Charge, cents: int, on: date, memo: str) -> Draft:
    """Return the entry that hands cents of a charge over; negative cents come back."""
    return Draft(
        on=on,
        kind=EntryKind.AGENCY,
        memo=memo,
        legs=(
            Leg(AT_AGENCY, cents, Part.AGENCY),
            Leg(PATIENT_RECEIVABLE, -cents, Part.AGENCY),
        ),
        about=About.of_charge(charge),
        case_id=case.id,
    )


def _placed(cases: Sequence[CollectionCase], document_id: int, *, repeated: bool = False) -> Placed:
    made: Mapping[int, PlacedCase] = {
        case.id: PlacedCase(case.id, case.number, case.guarantor_id, case.amount) for case in cases
    }
    total = Money(sum(one.amount.cents for one in made.values()))
    return Placed(tuple(made.values()), document_id, total, repeated)
