"""Undo of a claim and of a whole remittance: the books are as before; it can be posted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from fscdesk.models.adjustment import Adjustment, AdjustmentStatus
from fscdesk.models.charge import Charge
from fscdesk.models.ledger import JournalLine
from fscdesk.models.payment import Payment, PaymentStatus
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    RemittanceStatus,
    Unposted,
)
from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.deposits import DepositKind
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.payments.correcting import void_payment
from fscdesk.services.remittances.answered import DecidedClaim, DecidedLine
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.sessions.attending import change_attendance
from fscdesk.services.work import Work
from tests.support.deposits import deposit
from tests.support.fail_at import assert_all_or_nothing
from tests.support.payments import Till, cents, verify
from tests.support.remittances_made import (
    CONTRACT,
    DEDUCTIBLE,
    claim,
    kept,
    line,
    plain,
    posted,
    remittance,
    staying,
)

WHY = "Posted for the wrong payer"


def two_claims(till: Till) -> tuple[object, ...]:
    return (
        claim(1, line(till.copays[0], 91_40, CONTRACT, DEDUCTIBLE)),
        claim(2, line(till.copays[1], 130_00)),
    )


def balances(work: Work) -> dict[str, int]:
    """What every account holds."""
    rows = work.db.execute(
        select(JournalLine.account, func.sum(JournalLine.amount)).group_by(JournalLine.account)
    )
    return {account: total.cents for account, total in rows if total.cents}


def stand(work: Work, till: Till) -> list[object]:
    """How the charges and sessions of the till stand."""
    found: list[object] = []
    for charge_id in till.copays:
        charge = work.db.get_one(Charge, charge_id)
        session = work.db.get_one(Session, charge.session_id)
        found += [charge.insurance_balance, charge.patient_balance, session.billing_status]
    return found


def post_both(books: Office, till: Till) -> int:
    """Post a remittance of two claims, and return its id."""

    def act(work: Work) -> int:
        said = two_claims(till)
        one = kept(work, remittance(till.payer, *said))  # type: ignore[arg-type]
        posted(work, one, [plain(each) for each in said])  # type: ignore[arg-type]
        return one

    return books.write(act).value


def post_again(work: Work, remittance_id: int, till: Till) -> object:
    return posted(work, remittance_id, [plain(each) for each in two_claims(till)])  # type: ignore[arg-type]


def test_a_whole_remittance_is_undone_and_posted_again(books: Office, till: Till) -> None:
    before = books.read(lambda work: (balances(work), stand(work, till)))
    one = post_both(books, till)
    after = books.read(lambda work: (balances(work), stand(work, till)))
    done = books.write(lambda work: undo_remittance(work, one, WHY)).value
    assert (done.claims, done.status, done.unposted) == (2, RemittanceStatus.UNDONE, 2)
    assert books.read(lambda work: (balances(work), stand(work, till))) == before
    verify(books)

    def look(work: Work) -> None:
        row = work.db.get_one(Remittance, one)
        assert work.db.get_one(Payment, row.payment_id).status is PaymentStatus.VOIDED
        assert {each.status for each in work.db.scalars(select(Adjustment))} == {
            AdjustmentStatus.REVERSED
        }
        assert {each.fate for each in work.db.scalars(select(RemittanceLine))} == {Fate.UNPOSTED}

    books.read(look)
    books.write(lambda work: post_again(work, one, till))
    assert books.read(lambda work: (balances(work), stand(work, till))) == after
    verify(books)


def test_one_claim_is_undone_its_money_waits_in_the_fund(books: Office, till: Till) -> None:
    one = post_both(books, till)
    first = books.read(
        lambda work: work.db.scalar(select(RemittanceClaim.id).where(RemittanceClaim.position == 1))
    )
    done = books.write(lambda work: undo_claim(work, first or 0, WHY)).value
    assert (done.claims, done.status, done.unposted) == (1, RemittanceStatus.PARTLY, 1)

    def look(work: Work) -> None:
        again, paid = (work.db.get_one(Charge, each) for each in till.copays)
        assert (again.insurance_balance, again.patient_balance) == (Money(130_00), Money(30_00))
        assert (paid.insurance_balance, paid.patient_balance) == (ZERO, Money(30_00))
        assert cents(work, "2410") == -91_40
        assert cents(work, "4900") == 0

    books.read(look)
    verify(books)
    books.write(lambda work: post_again(work, one, till))
    assert books.read(lambda work: cents(work, "2410")) == 0
    verify(books)
    with pytest.raises(Problem, match=r"REM-2026-00001 was posted on 04/12/2026 by"):
        books.write(lambda work: post_remittance(work, one))


def test_a_denied_session_stands_as_before_when_its_claim_is_undone(
    books: Office, till: Till
) -> None:
    said = claim(1, line(till.copays[0], 0), status="4")
    line_denied = DecidedLine(said.lines[0], Fate.POSTED, denied="CO-97")
    denied = DecidedClaim(said, Fate.POSTED, None, "", (line_denied,))

    def act(work: Work) -> int:
        one = kept(work, remittance(till.payer, said))
        posted(work, one, [denied])
        return one

    before = books.read(lambda work: stand(work, till))
    one = books.write(act).value

    def session(work: Work) -> BillingStatus:
        charge = work.db.get_one(Charge, till.copays[0])
        assert charge.insurance_balance == Money(130_00)
        assert charge.patient_balance == Money(30_00)
        return work.db.get_one(Session, charge.session_id).billing_status

    assert books.read(session) is BillingStatus.DENIED
    verify(books)
    books.write(lambda work: undo_remittance(work, one, WHY))
    assert books.read(lambda work: stand(work, till)) == before
    verify(books)


def reversal_of(work: Work, till: Till, *, paid: int = 91_40) -> tuple[int, DecidedClaim]:
    """A remittance that takes the first claim back and gives 200.00 for nothing of ours."""
    back = claim(
        1,
        replace(line(till.copays[0], -paid, charge=-160_00)),
        status="22",
    )
    money = claim(2, line(None, 200_00))
    one = kept(work, remittance(till.payer, back, money, trace="EFT0002"))
    original = work.db.scalars(
        select(RemittanceLine).where(RemittanceLine.charge_id == till.copays[0])
    ).first()
    made = work.db.scalars(
        select(Adjustment.id).where(Adjustment.status == AdjustmentStatus.POSTED)
    ).all()
    difference = paid - 91_40
    decided_line = DecidedLine(
        back.lines[0],
        Fate.POSTED,
        paid=-paid,
        to_open=-paid,
        reverses_id=original.id if original else None,
        undo=tuple(made),
        difference=difference,
    )
    return one, DecidedClaim(back, Fate.POSTED, None, "", (decided_line,))


def post_reversal(work: Work, till: Till, paid: int = 91_40) -> int:
    one, back = reversal_of(work, till, paid=paid)
    money = claim(2, line(None, 200_00))
    posted(work, one, [back, staying(money, Unposted.NOT_OURS)])
    return one


def test_a_reversal_opens_the_claim_again_and_its_undo_restores_it(
    books: Office, till: Till
) -> None:
    first = post_both(books, till)
    after_first = books.read(lambda work: (balances(work), stand(work, till)))
    back = books.write(lambda work: post_reversal(work, till)).value

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        assert (charge.insurance_balance, charge.patient_balance) == (Money(130_00), Money(30_00))
        # The transfer brought 108.60; the 91.40 that were taken back are in the fund beside it.
        assert cents(work, "2410") == -200_00
        assert cents(work, "4900") == 0

    books.read(look)
    verify(books)
    with pytest.raises(Problem, match=r"REM-2026-00002 takes this back \(claim 1\)"):
        books.write(lambda work: undo_remittance(work, first, WHY))
    books.write(lambda work: undo_remittance(work, back, WHY))
    assert books.read(lambda work: (balances(work), stand(work, till))) == after_first
    verify(books)
    books.write(lambda work: undo_remittance(work, first, WHY))
    verify(books)


def test_what_is_taken_back_beyond_what_was_paid_is_a_correction_of_its_own(
    books: Office, till: Till
) -> None:
    post_both(books, till)
    back = books.write(lambda work: post_reversal(work, till, paid=95_00)).value

    def look(work: Work) -> None:
        charge = work.db.get_one(Charge, till.copays[0])
        assert (charge.insurance_balance, charge.patient_balance) == (Money(130_00), Money(30_00))
        assert cents(work, "4910") == 3_60

    books.read(look)
    verify(books)
    books.write(lambda work: undo_remittance(work, back, WHY))
    assert books.read(lambda work: cents(work, "4910")) == 0
    verify(books)


def test_undo_is_refused_where_money_was_deposited_and_the_payment_is_no_way_round(
    books: Office, till: Till
) -> None:
    one = post_both(books, till)

    def payment(work: Work) -> Payment:
        row = work.db.get_one(Remittance, one)
        return work.db.get_one(Payment, row.payment_id)

    def void(work: Work) -> None:
        paid = payment(work)
        void_payment(work, paid.id, reason=WHY, expected_version=paid.version)

    with pytest.raises(Problem, match="is the money of remittance REM-2026-00001"):
        books.write(void)

    paid = books.read(lambda work: payment(work).id)
    deposit(books, paid, kind=DepositKind.EFT, on=date(2026, 4, 12))
    with pytest.raises(Problem, match=r"was deposited on 04/12/2026 \(DEP-2026-00001\)"):
        books.write(lambda work: undo_remittance(work, one, WHY))
    verify(books)


def test_undo_is_all_or_nothing_and_the_second_of_two_is_told(books: Office, till: Till) -> None:
    one = post_both(books, till)
    version = books.read(lambda work: work.db.get_one(Remittance, one).version)
    assert_all_or_nothing(books, lambda work: undo_remittance(work, one, WHY))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: undo_remittance(work, one, WHY, expected_version=version))
    with pytest.raises(Problem, match="is not posted"):
        books.write(lambda work: undo_remittance(work, one, WHY))


def cancel(books: Office, charge_id: int) -> None:
    """Say that the session of a charge was cancelled: the charge is taken back."""

    def act(work: Work) -> None:
        session_id = work.db.get_one(Charge, charge_id).session_id
        change_attendance(work, [session_id or 0], Attendance.CANCELLED)

    books.write(act)


def adjusted(books: Office) -> list[tuple[str, AdjustmentStatus]]:
    """Which adjustments there are, and whether they stand."""

    def look(work: Work) -> list[tuple[str, AdjustmentStatus]]:
        rows = work.db.scalars(select(Adjustment).order_by(Adjustment.id))
        return [(one.kind.value, one.status) for one in rows]

    return books.read(look)


def test_a_charge_is_not_voided_while_an_answer_stands_on_it(books: Office, till: Till) -> None:
    one = post_both(books, till)
    with pytest.raises(Problem, match="Payments or adjustments stand on the session"):
        cancel(books, till.copays[0])
    books.write(lambda work: undo_remittance(work, one, WHY))
    cancel(books, till.copays[0])
    verify(books)


def test_undo_of_a_take_back_puts_no_adjustment_on_a_charge_that_was_voided_since(
    books: Office, till: Till
) -> None:
    post_both(books, till)
    back = books.write(lambda work: post_reversal(work, till)).value
    cancel(books, till.copays[0])
    gone = [("contractual", AdjustmentStatus.REVERSED), ("to_patient", AdjustmentStatus.REVERSED)]
    assert adjusted(books) == gone
    verify(books)
    books.write(lambda work: undo_remittance(work, back, WHY))
    assert adjusted(books) == gone
    verify(books)

    def look(work: Work) -> tuple[Money, Money]:
        charge = work.db.get_one(Charge, till.copays[0])
        return charge.insurance_balance, charge.patient_balance

    assert books.read(look) == (ZERO, ZERO)
