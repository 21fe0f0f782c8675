"""What is owed less, and who decided it: adjustments of each kind, what waits, a payer's letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.charge import Charge
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.sliding_fees import (
    SlidingFeeFields,
    add_sliding_fee,
    sliding_discount,
)
from fscdesk.services.billing.write_off_plan import plan_write_offs
from fscdesk.services.billing.write_off_runs import ask_run
from fscdesk.services.demo import cast
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.desk import session_of
from fscdesk.services.demo.scene import Account, Scene, owed
from fscdesk.services.payments.approving import approve
from fscdesk.services.payments.receiving import NewPayment
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work

NO_AUTHORIZATION = "197"
_TOO_MUCH = 12_50
_KINDS = (
    (AdjustmentKind.DISCOUNT, 5_00, "Pays on the day of the session"),
    (AdjustmentKind.COURTESY, 10_00, "The room was changed in the middle of the session"),
    (AdjustmentKind.CORRECTION, 1_00, "Typed wrong on the paper form"),
    (AdjustmentKind.SMALL_BALANCE, 3_00, "Less than the letter would cost"),
    (AdjustmentKind.TO_PAYER, 4_00, "The payer says that the copay is smaller"),
)


def adjustments(scene: Scene) -> None:
    """Adjust in each way in which an office does; the manager approves what needs two."""
    account = scene.first(Story.ADJUSTED, Story.FAMILY)
    if account is None:
        return

    def act(work: Work) -> int | None:
        charges = [one for one in owed(work, [account.patient_id]) if one.payer_id is not None]
        wanted = list(_each_kind(charges))
        return adjust(work, wanted).request_id if wanted else None

    _approve(scene, scene.owner(act))


def _each_kind(charges: Sequence[Charge]) -> Iterator[NewAdjustment]:
    """Yield an adjustment of each kind, one charge after the other, as far as there is room."""
    left = {one.id: one.patient_balance.cents for one in charges}
    for at, (kind, cents, reason) in enumerate(_KINDS):
        order = [*charges[at % len(charges) :], *charges] if charges else []
        fits = next((one for one in order if left[one.id] >= cents), None)
        if fits is not None:
            left[fits.id] -= cents
            yield NewAdjustment(fits.id, kind, Money(cents), reason)


def sliding_fee(scene: Scene) -> None:
    """Grant a sliding fee on proof, and the discounts that it gives."""
    account = scene.first(Story.SLIDING_FEE)
    if account is None:
        return
    fields = SlidingFeeFields(
        60, scene.day(90), scene.season.today + timedelta(days=45), "Two pay slips, seen"
    )

    def act(work: Work) -> int | None:
        add_sliding_fee(work, account.patient_id, fields)
        open_now = [one.id for one in owed(work, [account.patient_id])]
        proposal = sliding_discount(work, open_now)
        return adjust(work, proposal.adjustments).request_id if proposal.adjustments else None

    _approve(scene, scene.clerk(act))


def bad_debt(scene: Scene) -> None:
    """Write the oldest session of somebody who moved away off; the manager approves it."""
    account = scene.first(Story.BAD_DEBT)
    if account is None:
        return
    _approve(scene, scene.clerk(lambda work: _write_off(work, account, slice(0, 1))))


def ask_bad_debt(scene: Scene) -> None:
    """Ask to write the rest off as well: it waits."""
    account = scene.first(Story.BAD_DEBT)
    if account is None:
        return
    scene.clerk(lambda work: _write_off(work, account, slice(0, None)))


def small_balances(scene: Scene) -> None:
    """Write off what is too small for a letter, listed first; another person approves the run."""

    def act(work: Work) -> int | None:
        plan = plan_write_offs(work)
        if not plan.candidates:
            return None
        return ask_run(work, plan, reason="Small balances of the quarter").request_id

    _approve(scene, scene.clerk(act))


def credit_memo(scene: Scene) -> None:
    """Give a client a credit, approved by the manager."""
    account = scene.first(Story.INVOICES, Story.FAMILY)
    if account is None:
        return
    new = NewMemo(account.patient_id, Money(15_00), "Waited an hour for the session")
    _approve(scene, scene.clerk(lambda work: issue(work, new)).request_id)


def letter_of_a_payer(scene: Scene) -> None:
    """Type a payer's EOB: a check over several clients, a deductible, a denial, 12.50 too much."""
    papers = [one for one in scene.diary if one.on_paper]

    def act(work: Work) -> None:
        charges = [
            charge
            for one in papers
            if (session := session_of(work, one)) is not None
            for charge in _insured(work, session.id)
        ]
        if not charges:
            return
        payer_id = charges[0].payer_id
        lines = list(
            _answers([one for one in charges if one.payer_id == payer_id], papers[0].payer)
        )
        total = sum((line.paid for line in lines), ZERO) + Money(_TOO_MUCH)
        new = NewPayment(
            total,
            PaymentMethod.CHECK,
            work.today(),
            payer_id=payer_id,
            reference="0000774410",
            check_on=work.today() - timedelta(days=4),
        )
        post_eob(work, new, lines, keep_rest=True)

    scene.clerk(act)


def _insured(work: Work, session_id: int) -> list[Charge]:
    found = select(Charge).where(
        Charge.session_id == session_id,
        Charge.insurance_balance > ZERO,
        Charge.voided_on.is_(None),
    )
    return list(work.db.scalars(found.order_by(Charge.position)))


def _answers(charges: list[Charge], payer: int | None) -> Iterator[EobLine]:
    """Yield the payer's answers: the second says deductible, the third denies, the rest pay."""
    assert payer is not None
    for at, charge in enumerate(charges):
        left = charge.insurance_balance
        above = min(left.cents, charge.amount.cents - cast.allowed(payer, charge.amount.cents))
        covered = left - Money(above)
        if at == 2 or not covered:
            yield EobLine(charge.id, denied=NO_AUTHORIZATION)
        elif at == 1:
            yield EobLine(charge.id, contractual=Money(above), patient=covered)
        else:
            yield EobLine(charge.id, paid=covered, contractual=Money(above))


def _write_off(work: Work, account: Account, which: slice) -> int | None:
    charges = owed(work, [account.patient_id])[which]
    wanted = [
        NewAdjustment(
            one.id, AdjustmentKind.BAD_DEBT, one.patient_balance, "Moved away, letters came back"
        )
        for one in charges
    ]
    return adjust(work, wanted).request_id if wanted else None


def _approve(scene: Scene, request_id: int | None) -> None:
    if request_id is not None:
        scene.manager(lambda work: approve(work, request_id, expected_version=1))
