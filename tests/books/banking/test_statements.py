"""Reading bank statements: added once whatever overlaps, taken back whole, two desks at once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankLine, BankStatement, StatementStatus
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import (
    BankAccountDraft,
    account_named,
    bank_accounts,
    save_bank_account,
)
from fscdesk.services.banking.statement_plan import AppliedStatement, StatementPlan
from fscdesk.services.banking.statements import apply_statement, plan_statement, undo_statement
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from tests.support.fail_at import assert_all_or_nothing
from tests.support.second_person import at_once, clerk
from tests.support.shared import samples

HEADING = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
ONE = "CREDIT,03/04/2026,FICTA CLAIM PAYMENT,57.50,ACH,,,\n"
TWO = "CREDIT,03/04/2026,DEPOSIT,20.00,DEPOSIT,,,\n"
FEE = "DEBIT,03/31/2026,MONTHLY SERVICE FEE,-15.00,FEE,,,\n"


def chase(*rows: str) -> bytes:
    return (HEADING + "".join(reversed(rows))).encode()


def ofx(*facts: tuple[str, str, str, str], account: str = "0000001234") -> bytes:
    lines = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{bank_id}<NAME>{words}"
        "</STMTTRN>"
        for day, amount, bank_id, words in facts
    )
    return (
        f"OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>{account}</BANKACCTFROM>"
        f"<BANKTRANLIST>{lines}</BANKTRANLIST></STMTRS></OFX>"
    ).encode()


def look(books: Office, data: bytes, name: str = "march.csv") -> StatementPlan:
    return books.read(lambda work: plan_statement(work, name, data))


def read(books: Office, data: bytes, name: str = "march.csv") -> AppliedStatement:
    return books.write(lambda work: apply_statement(work, name, data)).value


def stored(books: Office) -> list[tuple[str, str]]:
    rows = books.read(
        lambda work: work.db.execute(
            select(BankLine.on, BankLine.amount, BankLine.words)
            .where(BankLine.live.is_(True))
            .order_by(BankLine.on, BankLine.id)
        ).all()
    )
    return [(str(row.amount), row.words) for row in rows]


def counts(plan: StatementPlan) -> tuple[int, int, int, int]:
    return plan.read, plan.created, plan.unchanged, plan.skipped


def test_a_new_practice_has_its_operating_account(books: Office) -> None:
    (account,) = books.read(bank_accounts)
    assert (account.name, account.account, account.is_default) == (
        "Operating account",
        "1000",
        True,
    )
    assert books.read(account_named) == account.id


def test_the_plan_is_what_is_applied(books: Office) -> None:
    data = chase(ONE, TWO, FEE)
    plan = look(books, data)
    assert counts(plan) == (3, 3, 0, 0)
    assert (plan.credits, plan.debits) == (Money(7750), Money(-1500))
    assert stored(books) == []
    done = read(books, data)
    assert done.number == "BST-2026-00001"
    assert done.plan.lines == plan.lines
    assert stored(books) == [
        ("57.50", "FICTA CLAIM PAYMENT"),
        ("20.00", "DEPOSIT"),
        ("-15.00", "MONTHLY SERVICE FEE"),
    ]


def test_overlapping_files_add_nothing_twice(books: Office) -> None:
    read(books, chase(ONE, TWO))
    again = look(books, chase(TWO, FEE))
    assert counts(again) == (2, 1, 1, 0)
    read(books, chase(TWO, FEE))
    assert len(stored(books)) == 3
    same = read(books, chase(TWO, FEE))
    assert (same.statement_id, counts(same.plan)) == (None, (2, 0, 2, 0))
    assert (same.plan.duplicate_of or "").startswith("BST-2026-00002, read on ")


def test_two_equal_lines_of_one_file_are_both_kept(books: Office) -> None:
    read(books, chase(TWO, TWO))
    assert stored(books) == [("20.00", "DEPOSIT")] * 2
    third = read(books, chase(TWO, TWO, TWO))
    assert counts(third.plan) == (3, 1, 2, 0)
    assert stored(books) == [("20.00", "DEPOSIT")] * 3


def test_the_sample_month_in_both_formats_is_one_month(books: Office) -> None:
    first = samples() / "bank_chase_checking_2026-03.csv"
    second = samples() / "bank_sample_2026-03.ofx"
    assert counts(read(books, first.read_bytes(), first.name).plan) == (30, 30, 0, 0)
    other = read(books, second.read_bytes(), second.name)
    assert (other.statement_id, counts(other.plan)) == (None, (30, 0, 30, 0))
    assert len(stored(books)) == 30


def test_words_that_another_layout_cuts_are_known(books: Office) -> None:
    whole = "FICTA CLAIM PAYMENT 0403 TRN*1*7700*99901"
    read(books, ofx(("20260304", "57.50", "a", whole[:32])))
    plan = look(books, chase(ONE.replace("FICTA CLAIM PAYMENT", whole), TWO))
    assert counts(plan) == (2, 1, 1, 0)
    assert [one.code for one in plan.findings] == []
    assert [one.reason for one in plan.lines if one.reason] == [
        "Known from BST-2026-00001, where its words are cut"
    ]


def test_the_banks_id_is_the_line_where_the_words_changed(books: Office) -> None:
    read(books, ofx(("20260304", "57.50", "a", "PENDING SOMETHING")), "a.ofx")
    plan = look(books, ofx(("20260304", "57.50", "a", "FICTA CLAIM PAYMENT")), "b.ofx")
    assert counts(plan) == (1, 0, 1, 0)


def test_an_id_that_the_bank_gives_again_is_told_and_kept(books: Office) -> None:
    read(books, ofx(("20260304", "57.50", "a", "ONE"), ("20260305", "1.00", "b", "X")), "a.ofx")
    plan = look(books, ofx(("20260305", "80.00", "a", "OTHER")), "b.ofx")
    assert counts(plan) == (1, 1, 0, 0)


def test_the_account_learns_its_number_and_refuses_anothers(books: Office) -> None:
    read(books, ofx(("20260304", "57.50", "a", "ONE")), "a.ofx")
    (account,) = books.read(bank_accounts)
    assert account.ending == "1234"
    other = ofx(("20260304", "9.00", "z", "ONE"), account="0000009999")
    with pytest.raises(Problem, match="another account than Operating account") as refused:
        books.read(lambda work: plan_statement(work, "b.ofx", other, account_id=account.id))
    assert "Choose the account" in refused.value.hint
    saved = books.write(
        lambda work: save_bank_account(work, BankAccountDraft("Savings", number="0000009999"))
    ).value
    assert look(books, other, "b.ofx").account_id == saved
    with pytest.raises(Problem, match="a statement of Savings"):
        books.read(lambda work: plan_statement(work, "b.ofx", other, account_id=account.id))


def test_a_second_account_is_an_account_of_the_chart(books: Office) -> None:
    books.write(lambda work: save_bank_account(work, BankAccountDraft("Savings", number="55 5777")))
    assert [one.account for one in books.read(bank_accounts)] == ["1000", "1001"]
    with pytest.raises(Problem, match="There is a bank account “savings” already"):
        books.write(lambda work: save_bank_account(work, BankAccountDraft("savings")))
    assert books.read(lambda work: account_named(work, "5777")) == books.read(bank_accounts)[1].id
    with pytest.raises(Problem, match="“Payroll” is not one of the bank accounts"):
        books.read(lambda work: account_named(work, "Payroll"))


def test_lines_before_the_first_day_are_left_out(books: Office) -> None:
    (account,) = books.read(bank_accounts)
    draft = BankAccountDraft("Operating account", starts_on=date(2026, 3, 5), is_default=True)
    books.write(
        lambda work: save_bank_account(
            work, draft, account_id=account.id, expected_version=account.version
        )
    )
    plan = look(books, chase(ONE, FEE))
    assert counts(plan) == (2, 1, 0, 1)
    assert "03/05/2026" in plan.lines[0].reason
    with pytest.raises(ChangedElsewhere):
        books.write(
            lambda work: save_bank_account(
                work, draft, account_id=account.id, expected_version=account.version - 1
            )
        )


def test_days_that_no_statement_covers_are_told(books: Office) -> None:
    read(books, chase(ONE))
    assert look(books, chase(ONE)).findings == ()
    (gap,) = look(books, chase(FEE)).findings
    assert "between 03/04/2026 and 03/31/2026" in gap.message


def test_a_balance_that_does_not_go_on_is_told_with_both_amounts(books: Office) -> None:
    read(books, chase("CREDIT,03/31/2026,ONE,10.00,ACH,980.00,,\n"))
    april = "CREDIT,04/01/2026,TWO,10.00,ACH,{},,\n"
    assert look(books, chase(april.format("990.00"))).findings == ()
    (told,) = look(books, chase(april.format("5010.00"))).findings
    assert told.message == (
        "BST-2026-00001 ended with 980.00 on 03/31/2026; this statement begins with 5,000.00."
        " Lines between them are missing."
    )


def test_an_ofx_balance_is_compared_with_the_statement_before(books: Office) -> None:
    balance = "</BANKTRANLIST><LEDGERBAL><BALAMT>{}<DTASOF>20260402</LEDGERBAL>"

    def ends(amount: str, *facts: tuple[str, str, str, str]) -> bytes:
        text = ofx(*facts).decode()
        return text.replace("</BANKTRANLIST>", balance.format(amount)).encode()

    old, new = ("20260331", "10.00", "a", "ONE"), ("20260402", "-3.00", "b", "TWO")
    read(books, ends("980.00", old), "march.ofx")
    assert look(books, ends("977.00", old, new), "april.ofx").findings == ()
    (told,) = look(books, ends("970.00", old, new), "april.ofx").findings
    assert told.code == "bank-closing"
    assert "with the -3.00 that came since that is 977.00" in told.message
    assert "This statement ends with 970.00" in told.message
    # What is read in between counts as well.
    read(books, ends("977.00", old, new), "april.ofx")
    late = ("20260405", "1.00", "c", "THREE")
    assert look(books, ends("978.00", new, late), "later.ofx").findings == ()


def test_a_statement_is_taken_back_and_read_again(books: Office) -> None:
    done = read(books, chase(ONE, TWO))
    assert done.statement_id is not None
    ident = done.statement_id
    assert books.write(lambda work: undo_statement(work, ident)).value == 2
    assert stored(books) == []
    with pytest.raises(Problem, match="taken back already"):
        books.write(lambda work: undo_statement(work, ident))
    again = read(books, chase(ONE, TWO))
    assert counts(again.plan) == (2, 2, 0, 0)
    status = books.read(
        lambda work: list(work.db.scalars(select(BankStatement.status).order_by(BankStatement.id)))
    )
    assert status == [StatementStatus.UNDONE, StatementStatus.APPLIED]


def test_two_desks_that_read_one_file_add_it_once(books: Office) -> None:
    data = chase(ONE, TWO, FEE)
    done = at_once(
        (books, lambda work: apply_statement(work, "a.csv", data)),
        (clerk(books), lambda work: apply_statement(work, "b.csv", data)),
    )
    assert sorted(one.plan.created for one in done) == [0, 3]
    assert len(stored(books)) == 3


def test_a_fault_anywhere_leaves_nothing(books: Office) -> None:
    data = chase(ONE, TWO, FEE)
    assert_all_or_nothing(books, lambda work: apply_statement(work, "a.csv", data))
