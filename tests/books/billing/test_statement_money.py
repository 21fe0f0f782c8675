"""What payments, returns, refunds, adjustments, fees and agencies say on a statement."""

from __future__ import annotations

from datetime import date

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.payment import CreditKind, PaymentMethod
from fscdesk.models.values import GuarantorId, Money
from fscdesk.services.billing.account_fees import charge_fee
from fscdesk.services.billing.adjusting import adjust
from fscdesk.services.billing.adjustment_rules import NewAdjustment
from fscdesk.services.billing.agencies import AgencyFields, add_agency
from fscdesk.services.billing.collections import NewPlacement, place
from fscdesk.services.billing.credit_memos import NewMemo, issue
from fscdesk.services.billing.limits import WRITE_OFF_ALONE
from fscdesk.services.billing.statements import unnumbered_statement
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Rest
from fscdesk.services.payments.returning import return_payment
from fscdesk.services.payments.transferring import apply_credit, take_back, transfer
from fscdesk.services.printing.statement import StatementDoc
from fscdesk.services.printing.statement_checks import sum_findings
from tests.support.payment_acts import setting, version_of
from tests.support.payments import DAY, Till, pay, received, verify

LATER = date(2026, 4, 11)
APRIL = date(2026, 4, 30)
Line = tuple[str, str, str, str]


def doc(books: Office, guarantor: int, as_of: date = APRIL) -> StatementDoc:
    made = books.read(lambda work: unnumbered_statement(work, GuarantorId(guarantor), as_of=as_of))
    assert list(sum_findings(made)) == []
    return made


def lines(made: StatementDoc) -> list[Line]:
    """Return day, words, what was paid or adjusted or insurance's, and the balance."""
    return [
        (
            f"{line.day:%m/%d}" if line.day else "",
            line.what,
            str(line.paid or line.adjusted or line.insurance or line.charge or ""),
            str(line.balance),
        )
        for section in made.sections
        for line in section.lines
    ]


def test_a_payment_is_one_line_and_says_what_it_paid(books: Office, till: Till) -> None:
    parts = (Application(till.copays[0], Money(30_00)), Application(till.copays[1], Money(12_50)))
    rest = Rest(CreditKind.PREPAYMENT, till.alma)
    received(books, pay(till, 50_00, *parts, rest=rest, reference="1047"))
    made = doc(books, till.alma_pays)
    assert lines(made) == [
        (
            "04/10",
            (
                "Payment by check 1047, thank you: 30.00 for 03/02/2026, 12.50 for 03/09/2026,"
                " 7.50 stays as your credit"
            ),
            "-50.00",
            "10.00",
        )
    ]
    assert (made.ages.credits, made.amount_due) == (Money(7_50), Money(10_00))
    verify(books)


def test_what_somebody_else_paid_names_no_check(books: Office, till: Till) -> None:
    received(books, pay(till, 100_00, Application(till.own, Money(100_00)), reference="1047"))
    assert lines(doc(books, till.ben_pays)) == [
        ("04/10", "Payment, thank you: 100.00 for 03/03/2026", "-100.00", "60.00")
    ]
    # The credit of the one who sent it took in and gave out the same.
    assert lines(doc(books, till.alma_pays)) == []


def test_a_credit_that_is_used_later_is_no_second_payment(books: Office, till: Till) -> None:
    one = received(books, pay(till, 50_00, rest=Rest(patient_id=till.alma)))
    part = Application(till.copays[0], Money(30_00))
    done = books.write(lambda work: apply_credit(work, one.credit_id, [part], on=LATER)).value
    made = doc(books, till.alma_pays)
    assert lines(made) == [
        ("04/10", "Payment by check, thank you: 50.00 stays as your credit", "-50.00", "10.00"),
        ("04/11", "From your credit: 30.00 for 03/02/2026", "", "10.00"),
    ]
    assert made.totals().paid == Money(-50_00)
    books.write(lambda work: take_back(work, done.entry_ids[0], reason="wrong", on=LATER))
    assert len(lines(doc(books, till.alma_pays))) == 1  # taken back on its own day: no news


def test_a_returned_check_opens_what_it_had_paid(books: Office, till: Till) -> None:
    one = received(
        books, pay(till, 30_00, Application(till.copays[0], Money(30_00)), reference="9")
    )
    version = version_of(books, one.payment_id)
    books.write(
        lambda work: return_payment(
            work,
            one.payment_id,
            on=LATER,
            reason="not covered",
            expected_version=version,
            fee=Money(25_00),
        )
    )
    assert lines(doc(books, till.alma_pays)) == [
        ("04/10", "Payment by check 9, thank you: 30.00 for 03/02/2026", "-30.00", "30.00"),
        ("04/11", "Returned payment fee", "25.00", "55.00"),
        (
            "04/11",
            "Payment by check 9 returned by the bank: 30.00 for 03/02/2026 open again",
            "30.00",
            "85.00",
        ),
    ]
    verify(books)


def test_money_moved_between_accounts_stands_on_both(books: Office, till: Till) -> None:
    one = received(books, pay(till, 50_00, rest=Rest(patient_id=till.alma)))
    books.write(
        lambda work: transfer(
            work, one.credit_id, amount=Money(20_00), to_patient=till.ben, reason="kin", on=LATER
        )
    )
    assert lines(doc(books, till.alma_pays))[-1] == (
        *("04/11", "Moved to another account", "20.00", "30.00"),
    )
    assert lines(doc(books, till.ben_pays)) == [
        ("04/11", "Moved from another account", "-20.00", "140.00")
    ]


def test_adjustments_memos_fees_and_agencies_have_their_words(books: Office, till: Till) -> None:
    setting(books, WRITE_OFF_ALONE, "500.00")

    def act(kind: AdjustmentKind, charge: int, cents: int, **facts: str) -> None:
        new = NewAdjustment(charge, kind, Money(cents), "agreed", **facts)  # type: ignore[arg-type]
        books.write(lambda work: adjust(work, new))

    act(AdjustmentKind.COURTESY, till.copays[0], 10_00)
    act(AdjustmentKind.TO_PATIENT, till.copays[1], 20_00, group_code="PR", carc="1")
    books.write(lambda work: issue(work, NewMemo(till.alma, Money(5_00), "sorry")))
    books.write(
        lambda work: charge_fee(
            work,
            patient_id=till.alma,
            guarantor_id=till.alma_pays,
            amount=Money(2_00),
            code="INT",
            on=work.today(),
            memo="interest",
        )
    )
    made = doc(books, till.alma_pays)
    assert lines(made) == [
        ("04/12", "Interest", "2.00", "62.00"),
        ("04/12", "Courtesy adjustment for 03/02/2026", "-10.00", "52.00"),
        ("04/12", "Your insurance leaves this to you for 03/09/2026", "20.00", "72.00"),
        ("04/12", "Credit memo CM-2026-00001", "-5.00", "67.00"),
    ]
    assert made.note == ""  # a fee is with nobody

    agency = books.write(
        lambda work: add_agency(work, AgencyFields("Fictional Recovery", 3000))
    ).value
    books.write(lambda work: place(work, NewPlacement(agency, charge_ids=(till.own,))))
    handed = doc(books, till.ben_pays)
    assert lines(handed) == [
        ("04/12", "Handed to a collection agency for 03/03/2026", "-160.00", "0.00")
    ]
    assert handed.amount_due == Money()
    verify(books)


def test_a_payers_money_is_on_no_statement(books: Office, till: Till) -> None:
    received(books, NewPayment(Money(90_00), PaymentMethod.EFT, DAY, payer_id=till.payer))
    assert lines(doc(books, till.alma_pays)) == []
