"""Applies credits to charges, and takes applications back.

An application is one entry of one charge, so that each can be reversed alone: Dr the credit,
Cr the charge's receivable. Where SimplePractice has called the amount paid already, the
receivable is closed and account 1060 stands open instead: the application closes that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fscdesk.models.charge import Charge, Side
from fscdesk.models.ledger import EntryKind, JournalEntry, JournalLine, Part
from fscdesk.models.payment import Credit, Payment
from fscdesk.models.values import Money
from fscdesk.services.billing.payers_of import payers_of
from fscdesk.services.claim_answers import LineAnswer, claimed, note_answers, take_answers_back
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.id_sets import among
from fscdesk.services.ledger import credits as crediting
from fscdesk.services.ledger.accounts import (
    INSURANCE_RECEIVABLE,
    PATIENT_RECEIVABLE,
    RECORDED_IN_SIMPLEPRACTICE,
)
from fscdesk.services.ledger.chains import standing
from fscdesk.services.ledger.charge_locks import lock_live_charges, open_of
from fscdesk.services.ledger.posting import About, Draft, Leg, post_all, reverse_all
from fscdesk.services.payments.following import follow_reversed
from fscdesk.services.payments.policies import OverApplying, over_applying
from fscdesk.services.settled_claims import follow_money
from fscdesk.services.work import Topic, Work

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Application:
    """What of a payment pays which side of which charge.

    ``recorded`` closes what SimplePractice has called paid (account 1060) instead of the
    receivable, which is closed already. ``on`` is the day in the books, where it is not that of
    the others.
    """

    charge_id: int
    amount: Money
    side: Side = Side.PATIENT
    recorded: bool = False
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """The entries of the applications, in their order, and what was remarked on the way."""

    entry_ids: tuple[int, ...]
    findings: tuple[Finding, ...] = ()


def apply(work: Work, credit: Credit, applications: Sequence[Application], *, on: date) -> Applied:
    """Apply a credit to charges on a day; the caller has asked for the right.

    Raises Problem, and posts nothing, when the credit does not hold that much, when a charge
    is voided or of another payer, or when more is applied than is open and the practice
    blocks that.
    """
    if not applications:
        return Applied(())
    charges = locked_charges(work, [one.charge_id for one in applications])
    findings = _require(work, credit, applications, charges)
    drafts = [_draft(one, charges[one.charge_id], credit, on) for one in applications]
    entry_ids = post_all(work, drafts)
    work.db.expire_all()
    follow_money(work, [one.session_id for one in charges.values()], "Payment applied")
    _let_claims_follow(work, [(credit, one) for one in applications], on)
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS)
    return Applied(tuple(entry_ids), tuple(findings))


def apply_many(
    work: Work,
    found: Sequence[tuple[int, Application]],
    *,
    on: date,
    batch_id: int | None = None,
) -> list[int]:
    """Apply many credits (by id) to charges at once; for matches that are known to fit.

    Raises Problem, and posts nothing, when a credit would be overdrawn or a charge is voided.
    """
    if not found:
        return []
    charges = locked_charges(work, [one.charge_id for _, one in found])
    held = _locked_credits(work, {credit_id for credit_id, _ in found})
    drawn: dict[int, int] = defaultdict(int)
    for credit_id, one in found:
        drawn[credit_id] += one.amount.cents
    if any(cents > held[credit_id].balance.cents for credit_id, cents in drawn.items()):
        raise Problem("More was to be applied than is left.", hint="Nothing was posted.")
    drafts = [_draft(one, charges[one.charge_id], held[credit], on) for credit, one in found]
    sessions = [one.session_id for one in charges.values()]
    entry_ids = post_all(work, drafts, batch_id=batch_id)
    work.db.expire_all()
    follow_money(work, sessions, "Payment applied")
    _let_claims_follow(work, [(held[credit_id], one) for credit_id, one in found], on)
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS)
    return entry_ids


def _let_claims_follow(work: Work, applied: Sequence[tuple[Credit, Application]], on: date) -> None:
    """Note what payers paid as their answer on the claims that asked for it."""
    paid: dict[tuple[int, int | None], list[LineAnswer]] = defaultdict(list)
    for credit, one in applied:
        if credit.payer_id is not None and one.side is Side.INSURANCE:
            paid[credit.payer_id, credit.payment_id].append(LineAnswer(one.charge_id))
    # An import applies thousands, of charges that mostly are on no claim of ours.
    if not claimed(work, [one.charge_id for answers in paid.values() for one in answers]):
        return
    numbers = payment_numbers(work, {payment for _, payment in paid if payment is not None})
    for (payer_id, payment_id), answers in sorted(paid.items(), key=lambda one: one[0][0]):
        source = numbers.get(payment_id or 0, "")
        note_answers(work, payer_id, answers, source=source, day=on)


def _let_claims_go_back(work: Work, entry_ids: Collection[int], on: date) -> None:
    """Take back what applications that were just reversed had answered on claims."""
    charges: dict[int, set[int]] = defaultdict(set)
    for payment_id, charge_id in work.db.execute(
        select(JournalLine.payment_id, JournalLine.charge_id)
        .where(
            among(work, JournalLine.entry_id, entry_ids),
            JournalLine.part == Part.INSURANCE_PAID,
            JournalLine.payment_id.is_not(None),
            JournalLine.charge_id.is_not(None),
        )
        .distinct()
    ):
        charges[payment_id or 0].add(charge_id or 0)
    for payment_id, number in sorted(payment_numbers(work, charges).items()):
        take_answers_back(work, number, day=on, charge_ids=charges[payment_id])


def payment_numbers(work: Work, payment_ids: Collection[int]) -> dict[int, str]:
    """Return the numbers of payments by their ids."""
    if not payment_ids:
        return {}
    rows = work.db.execute(
        select(Payment.id, Payment.number).where(among(work, Payment.id, payment_ids))
    )
    return {row.id: row.number for row in rows}


def _locked_credits(work: Work, credit_ids: Iterable[int]) -> dict[int, Credit]:
    wanted, found = sorted(credit_ids), dict[int, Credit]()
    for start in range(0, len(wanted), CHUNK):
        rows = (
            select(Credit)
            .where(Credit.id.in_(wanted[start : start + CHUNK]))
            .order_by(Credit.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found |= {credit.id: credit for credit in work.db.scalars(rows)}
    return found


def _draft(one: Application, charge: Charge, credit: Credit, on: date) -> Draft:
    return Draft(
        on=max(one.on or on, credit.since, charge.service_day if one.recorded else on),
        kind=EntryKind.APPLIED,
        memo=f"Applied to {charge.code}",
        legs=(
            crediting.leg(credit, one.amount.cents, _part(one.side)),
            Leg(_account(one), -one.amount.cents, _part(one.side)),
        ),
        about=About.of_charge(charge, credit.payment_id),
    )


def applications_of(work: Work, payment_id: int) -> list[int]:
    """Return the entries that stand of what a payment was applied to."""
    found = (
        select(JournalEntry.id)
        .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
        .where(JournalLine.payment_id == payment_id, JournalEntry.kind == EntryKind.APPLIED)
        .distinct()
    )
    return standing(work, work.db.scalars(found))


def unapply(
    work: Work,
    entry_ids: Iterable[int],
    *,
    on: date,
    reason: str,
    batch_id: int | None = None,
) -> list[int]:
    """Take applications back: the money returns to its credit, the charge opens again."""
    taken = standing(work, entry_ids)
    entries = reverse_all(work, taken, on=on, reason=reason, batch_id=batch_id)
    work.db.expire_all()
    follow_reversed(work, entries, on=on, reason=reason)
    _let_claims_go_back(work, taken, on)
    work.touch(Topic.PAYMENTS, Topic.SESSIONS, Topic.PATIENTS)
    return entries


def recorded_open(work: Work, charge_ids: Iterable[int]) -> Mapping[tuple[int, Side], int]:
    """Return the cents that stand open in account 1060, by charge and side; zeros left out.

    What SimplePractice has written off stands on the payer's side until it is settled too,
    but no money arrives for it: it is not counted here.
    """
    sums: dict[tuple[int, Side], int] = defaultdict(int)
    wanted = list(charge_ids)
    for start in range(0, len(wanted), CHUNK):
        for charge_id, part, total in work.db.execute(
            select(JournalLine.charge_id, JournalLine.part, func.sum(JournalLine.amount))
            .where(
                JournalLine.charge_id.in_(wanted[start : start + CHUNK]),
                JournalLine.account == RECORDED_IN_SIMPLEPRACTICE,
                JournalLine.part.in_((Part.PATIENT_PAID, Part.INSURANCE_PAID)),
            )
            .group_by(JournalLine.charge_id, JournalLine.part)
        ):
            side = Side.PATIENT if part is Part.PATIENT_PAID else Side.INSURANCE
            sums[charge_id or 0, side] += total.cents
    return {key: cents for key, cents in sums.items() if cents}


def locked_charges(work: Work, charge_ids: Iterable[int]) -> dict[int, Charge]:
    """Return charges by id, locked; raises Problem for one that is not in the books any more."""
    refusal = "A charge that was to be paid is not in the books any more."
    return lock_live_charges(work, charge_ids, refusal)


def _require(
    work: Work,
    credit: Credit,
    applications: Sequence[Application],
    charges: Mapping[int, Charge],
) -> list[Finding]:
    work.db.refresh(credit, with_for_update=True)
    total = sum(one.amount.cents for one in applications)
    if any(one.amount.cents <= 0 for one in applications):
        raise Problem("An amount to apply must be above zero.", hint="Nothing was posted.")
    if total > credit.balance.cents:
        raise Problem(
            f"{Money(total)} was to be applied, but {credit.balance} is left of this money.",
            hint="Nothing was posted. Lower an amount.",
        )
    findings: list[Finding] = []
    recorded = recorded_open(work, charges)
    asked: dict[tuple[int, Side, bool], int] = defaultdict(int)
    may_pay = {} if credit.payer_id is None else payers_of(work, list(charges))
    for one in applications:
        charge = charges[one.charge_id]
        _require_owner(credit, charge, one.side, may_pay.get(charge.id, ()))
        asked[one.charge_id, one.side, one.recorded] += one.amount.cents
    policy = over_applying(work)
    for (charge_id, side, closes), cents in asked.items():
        charge = charges[charge_id]
        left = recorded.get((charge_id, side), 0) if closes else open_of(charge, side)
        if cents <= left:
            continue
        words = (
            f"{Money(cents)} is more than the {Money(max(left, 0))} that is open for"
            f" {charge.code} of {charge.service_day:%m/%d/%Y}"
        )
        if closes or policy is OverApplying.BLOCK:
            raise Problem(
                f"{words}.",
                hint="Nothing was posted. Lower the amount; what is over stays as a credit.",
            )
        if policy is OverApplying.WARN:
            findings.append(
                Finding("over-applied", f"{words}.", f"charge {charge_id}", Severity.WARNING)
            )
    return findings


def _require_owner(credit: Credit, charge: Charge, side: Side, may_pay: Collection[int]) -> None:
    if credit.payer_id is None and side is Side.INSURANCE:
        raise Problem(
            f"{charge.code} of {charge.service_day:%m/%d/%Y} is the payer's share.",
            hint="Nothing was posted. Move it to the client first, with the reason.",
        )
    if credit.payer_id is not None and side is Side.PATIENT:
        raise Problem(
            f"{charge.code} of {charge.service_day:%m/%d/%Y} is the client's share.",
            hint="Nothing was posted. A payer's money pays the payer's share.",
        )
    if credit.payer_id is not None and credit.payer_id not in may_pay:
        raise Problem(
            f"{charge.code} of {charge.service_day:%m/%d/%Y} is another payer's.",
            hint="Nothing was posted. Look at who paid; a second payer is typed in as a policy"
            " of the client first.",
        )


def _account(one: Application) -> str:
    if one.recorded:
        return RECORDED_IN_SIMPLEPRACTICE
    return PATIENT_RECEIVABLE if one.side is Side.PATIENT else INSURANCE_RECEIVABLE


def _part(side: Side) -> Part:
    return Part.PATIENT_PAID if side is Side.PATIENT else Part.INSURANCE_PAID
