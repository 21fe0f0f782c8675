"""What comes over the counter: checks, credits of each kind, and what the bank sends back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from fscdesk.models.payment import Credit, CreditKind, Payment, PaymentMethod
from fscdesk.models.values import ZERO, Money
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.scene import Account, Scene, owed, take_check
from fscdesk.services.payments import refunding, transferring
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.remittances import bouncing
from fscdesk.services.work import Work

_GRACE: Final = timedelta(days=10)
_PAYING: Final = {
    Story.CHECKS: 999,
    Story.SLIDING_FEE: 999,
    Story.PLAN_DONE: 99,
    Story.PLAN_KEPT: 74,
    Story.PLAN_LATE: 74,
    Story.INVOICE_LATE: 71,
    Story.INVOICES: 49,
}
"""Who pays by check at the first of each month, from so many days before today on."""


def checks_of_the_month(scene: Scene) -> None:
    """Post the checks that come at the first of the month, each over all that is owed."""
    family = scene.accounts(Story.FAMILY)
    if family:
        _pay_all(scene, family)
    for story, since in _PAYING.items():
        for account in scene.accounts(story):
            if scene.clerk(lambda work: work.today()) >= scene.day(since):
                _pay_all(scene, [account])


def _pay_all(scene: Scene, accounts: list[Account]) -> None:
    number = scene.check_number()
    ids = [one.patient_id for one in accounts]

    def act(work: Work) -> None:
        charges = owed(work, ids, until=work.today() - _GRACE)
        mine = [one for one in charges if one.guarantor_id == accounts[0].guarantor_id]
        if mine:
            take_check(work, accounts[0], mine, number)

    scene.clerk(act)


def retainer(scene: Scene) -> None:
    """Take a retainer that stays until the client leaves."""
    account = scene.first(Story.SLIDING_FEE)
    if account is None:
        return
    rest = Rest(CreditKind.RETAINER, account.patient_id, "Kept until the last session")
    number = scene.check_number()
    scene.clerk(lambda work: take_check(work, account, (), number, over=150_00, rest=rest))


def prepayment(scene: Scene) -> None:
    """Take money for sessions to come, by card."""
    account = scene.first(Story.ADJUSTED, Story.PLAN_DONE)
    if account is None:
        return
    new = NewPayment(
        Money(180_00),
        PaymentMethod.CARD,
        scene.day(20),
        guarantor_id=account.guarantor_id,
        reference="ending 0000",
        rest=Rest(CreditKind.PREPAYMENT, account.patient_id, "Three sessions ahead"),
    )
    scene.clerk(lambda work: receive(work, new))


def small_refund(scene: Scene) -> None:
    """Give a small part of the prepayment back: nobody has to approve that."""
    account = scene.first(Story.ADJUSTED, Story.PLAN_DONE)
    if account is None:
        return
    credit = scene.office.read(lambda work: _credit(work, account, CreditKind.PREPAYMENT))
    if credit is not None and credit.balance >= Money(40_00):
        new = refunding.NewRefund(credit.id, Money(40_00), "Comes every second week from now")
        asked = scene.clerk(lambda work: refunding.request_refund(work, new))
        scene.clerk(
            lambda work: refunding.pay_refund(
                work,
                asked.refund_id,
                on=work.today(),
                reference="ending 0000",
                expected_version=asked.version,
            )
        )


def overpayment(scene: Scene) -> None:
    """Take a check that is far too large."""
    account = scene.first(Story.OVERPAID, Story.SLIDING_FEE)
    if account is None:
        return
    number = scene.check_number()
    scene.clerk(
        lambda work: take_check(
            work, account, owed(work, [account.patient_id])[:4], number, over=165_00
        )
    )


def ask_refund(scene: Scene) -> None:
    """Ask for the refund of what was too much; a second person has to approve it."""
    account = scene.first(Story.OVERPAID, Story.SLIDING_FEE)
    if account is None:
        return
    credit = scene.office.read(lambda work: _credit(work, account, CreditKind.OVERPAYMENT))
    if credit is not None and credit.balance > ZERO:
        new = refunding.NewRefund(credit.id, credit.balance, "Paid the old balance twice")
        scene.clerk(lambda work: refunding.request_refund(work, new))


def siblings(scene: Scene) -> None:
    """Take one check over two children with 60.00 too much, and move half of it to the other."""
    family = scene.accounts(Story.FAMILY)
    if len(family) < 2:
        return
    number = scene.check_number()

    def act(work: Work) -> None:
        charges = owed(work, [one.patient_id for one in family])
        mine = [one for one in charges if one.guarantor_id == family[0].guarantor_id]
        taken = take_check(work, family[0], mine, number, over=60_00)
        transferring.transfer(
            work,
            taken.credit_id,
            amount=Money(30_00),
            to_patient=family[1].patient_id,
            reason="Half of it is for the brother, says the mother",
            on=work.today(),
        )

    scene.clerk(act)


def check_to_bounce(scene: Scene) -> None:
    """Take the check that the bank will send back."""
    account = scene.first(Story.BOUNCED, Story.PLAN_DONE)
    if account is None:
        return
    number = scene.check_number()

    def act(work: Work) -> None:
        charges = owed(work, [account.patient_id])
        if charges:
            take_check(work, account, charges, number)

    scene.clerk(act)


def bounce(scene: Scene) -> None:
    """Record that the bank sent a check back, and charge the fee."""
    account = scene.first(Story.BOUNCED, Story.PLAN_DONE)
    if account is None:
        return

    def act(work: Work) -> None:
        payment = work.db.scalars(
            select(Payment)
            .where(
                Payment.guarantor_id == account.guarantor_id,
                Payment.method == PaymentMethod.CHECK,
            )
            .order_by(Payment.id.desc())
        ).first()
        if payment is not None:
            bouncing.bounce(
                work,
                payment.id,
                on=work.today(),
                reason="Insufficient funds",
                expected_version=payment.version,
                fee=Money(25_00),
            )

    scene.clerk(act)


def _credit(work: Work, account: Account, kind: CreditKind) -> Credit | None:
    found = select(Credit).where(
        Credit.patient_id == account.patient_id, Credit.kind == kind, Credit.balance > ZERO
    )
    return work.db.scalars(found.order_by(Credit.id.desc())).first()
