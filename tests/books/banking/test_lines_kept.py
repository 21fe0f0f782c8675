"""Lines of a file that only may be known: kept and told; and days that cannot be: left out."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.bank import BankLine, BankStatement
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.matching import proposals
from fscdesk.services.banking.statement_plan import AppliedStatement, StatementPlan
from fscdesk.services.banking.statements import apply_statement, plan_statement, undo_statement
from fscdesk.services.banking.typed_lines import take_back_line, type_line
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.payments import verify

HEADING = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"


def ofx(*facts: tuple[str, str, str, str], ends: str = "", begins: str = "") -> bytes:
    """Write lines with their ids; ``ends`` is the balance, ``begins`` the first day told."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{bank_id}<NAME>{words}"
        "</STMTTRN>"
        for day, amount, bank_id, words in facts
    )
    balance = f"<LEDGERBAL><BALAMT>{ends}<DTASOF>20260331</LEDGERBAL>" if ends else ""
    first = f"<DTSTART>{begins}" if begins else ""
    return (
        "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>0000001234</BANKACCTFROM>"
        f"<BANKTRANLIST>{first}{lines}</BANKTRANLIST>{balance}</STMTRS></OFX>"
    ).encode()


def chase(*rows: str) -> bytes:
    return (HEADING + "".join(f"{row}\n" for row in reversed(rows))).encode()


def wells(*rows: tuple[str, str, str]) -> bytes:
    return "".join(f'"{day}","{amount}","*","","{words}"\n' for day, amount, words in rows).encode()


def look(books: Office, name: str, data: bytes) -> StatementPlan:
    return books.read(lambda work: plan_statement(work, name, data))


def read(books: Office, name: str, data: bytes) -> AppliedStatement:
    return books.write(lambda work: apply_statement(work, name, data)).value


def verdicts(plan: StatementPlan) -> list[str]:
    return [one.verdict.value for one in plan.lines]


def told(plan: StatementPlan) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in plan.findings]


def stored(books: Office) -> list[tuple[str, str, int]]:
    """Return day, amount and occurrence of the lines that stand."""
    rows = (
        select(BankLine.on, BankLine.amount, BankLine.occurrence)
        .where(BankLine.live.is_(True))
        .order_by(BankLine.on, BankLine.key, BankLine.occurrence)
    )
    found = books.read(lambda work: work.db.execute(rows).all())
    return [(f"{row.on:%m/%d}", str(row.amount), row.occurrence) for row in found]


def statements(books: Office) -> list[BankStatement]:
    rows = select(BankStatement).order_by(BankStatement.id)
    return list(books.read(lambda work: work.db.scalars(rows).all()))


ONE = ("20260315", "20.00", "A1", "MOBILE DEPOSIT")
SECOND = ("20260315", "20.00", "B2", "MOBILE DEPOSIT")


def test_an_equal_line_with_another_id_is_a_second_one(books: Office) -> None:
    read(books, "a.ofx", ofx(ONE))
    data = ofx(SECOND, ("20260316", "1.00", "B3", "INTEREST"))
    plan = look(books, "b.ofx", data)
    assert verdicts(plan) == ["new", "new"]
    assert told(plan) == [("bank-maybe-known", "position 1")]
    assert plan.findings[0].message == (
        "MOBILE DEPOSIT of 20.00 of 03/15/2026 may be the line that came with BST-2026-00001, with"
        " another id: both are kept. Look whether the bank has both."
    )
    done = read(books, "b.ofx", data)
    assert stored(books) == [
        ("03/15", "20.00", 1),
        ("03/15", "20.00", 2),
        ("03/16", "1.00", 1),
    ]
    assert done.statement_id is not None
    ident = done.statement_id
    books.write(lambda work: undo_statement(work, ident))
    assert stored(books) == [("03/15", "20.00", 1)]


def test_the_day_read_again_with_both_ids_is_no_doubt(books: Office) -> None:
    read(books, "a.ofx", ofx(ONE))
    for first, second in ((ONE, SECOND), (SECOND, ONE)):
        plan = look(books, "b.ofx", ofx(first, second))
        assert (plan.created, plan.unchanged, plan.findings) == (1, 1, ())
    read(books, "b.ofx", ofx(SECOND, ONE))
    assert look(books, "c.ofx", ofx(ONE, SECOND)).created == 0
    csv = chase(*["CREDIT,03/15/2026,MOBILE DEPOSIT,20.00,X,,,"] * 3)
    assert verdicts(look(books, "c.csv", csv)) == ["unchanged", "unchanged", "new"]


def test_longer_words_of_another_layout_are_no_cut_text(books: Office) -> None:
    read(books, "a.ofx", ofx(ONE))
    longer = ("03/15/2026", "20.00", "MOBILE DEPOSIT REF 777 SECOND ONE")
    plan = look(books, "wf.csv", wells(longer))
    assert (verdicts(plan), told(plan)) == (["new"], [("bank-maybe-known", "position 1")])
    assert "with other words: both are kept" in plan.findings[0].message
    both = look(books, "wf.csv", wells(("03/15/2026", "20.00", "MOBILE DEPOSIT"), longer))
    assert (verdicts(both), both.findings) == (["unchanged", "new"], ())


def test_an_occurrence_that_was_taken_back_is_not_given_twice(books: Office) -> None:
    row = "CREDIT,03/15/2026,DEPOSIT,20.00,X,,,"
    read(books, "a.csv", chase(row))
    second = read(books, "b.csv", chase(row, row)).statement_id
    assert second is not None
    read(books, "c.csv", chase(row, row, row))
    books.write(lambda work: undo_statement(work, second))
    read(books, "d.csv", chase(row, row, row))
    assert [one[2] for one in stored(books)] == [1, 3, 4]


def test_a_line_that_came_twice_is_taken_out_for_good(books: Office) -> None:
    read(books, "a.ofx", ofx(ONE))
    second = ofx(SECOND, ("20260316", "1.00", "B3", "INTEREST"))
    read(books, "b.ofx", second)
    lines = books.read(lambda work: work.db.scalars(select(BankLine).order_by(BankLine.id)).all())
    books.write(lambda work: take_back_line(work, lines[1].id))
    assert [(one.read, one.created, one.skipped) for one in statements(books)] == [
        (1, 1, 0),
        (2, 1, 1),
    ]
    for _ in range(2):
        again = look(books, "c.ofx", second)
        assert verdicts(again) == ["skipped", "unchanged"]
        assert again.lines[0].reason == "It was taken out of BST-2026-00002 by a person"
        assert again.findings == ()
        read(books, "c.ofx", second)
    with pytest.raises(Problem, match="taken out already"):
        books.write(lambda work: take_back_line(work, lines[1].id))
    with pytest.raises(Problem, match="came with BST-2026-00001") as refused:
        books.write(lambda work: take_back_line(work, lines[0].id))
    assert "unless another one of its day and amount is there too" in refused.value.hint
    books.write(lambda work: undo_statement(work, 2))
    assert look(books, "b.ofx", second).created == 2


TWIN = ("20260317", "5.00", "SAME", "DEPOSIT")


def test_two_equal_lines_with_one_id_are_both_kept_and_told(books: Office) -> None:
    plan = look(books, "a.ofx", ofx(TWIN, TWIN))
    assert (verdicts(plan), told(plan)) == (["new", "new"], [("bank-id-twice", "position 2")])
    assert plan.findings[0].message == (
        "The bank's id SAME of 5.00 of 03/17/2026 stands in position 1 too: both are kept. Look"
        " whether the bank has both."
    )
    read(books, "a.ofx", ofx(TWIN, TWIN))
    again = look(books, "b.ofx", ofx(TWIN, TWIN, ("20260318", "1.00", "N", "X")))
    assert (verdicts(again), again.findings) == (["unchanged", "unchanged", "new"], ())


@pytest.mark.parametrize(("ends", "kept"), [("110.00", 2), ("105.00", 1), ("104.00", 2)])
def test_the_balance_shows_a_copy(books: Office, ends: str, kept: int) -> None:
    read(books, "a.ofx", ofx(("20260316", "100.00", "P", "FIRST"), ends="100.00"))
    plan = look(books, "b.ofx", ofx(TWIN, TWIN, ends=ends))
    assert plan.created == kept
    if kept == 1:
        assert verdicts(plan) == ["new", "skipped"]
        assert plan.findings == ()
        assert plan.lines[1].reason == (
            "The bank's id SAME stands in position 1 too, and the balance counts it once"
        )
    else:
        assert ("bank-id-twice", "position 2") in told(plan)
    read(books, "b.ofx", ofx(TWIN, TWIN, ends=ends))
    assert look(books, "c.ofx", ofx(TWIN, TWIN, ends=ends)).created == 0


def test_one_id_for_all_lines_hides_none(books: Office) -> None:
    zero = [("20260317", "5.00", "0", words) for words in ("ONE", "TWO", "THREE")]
    read(books, "a.ofx", ofx(zero[0]))
    plan = look(books, "b.ofx", ofx(zero[1], zero[2]))
    assert verdicts(plan) == ["new", "new"]


@pytest.mark.parametrize("day", ["99991231", "20291231", "20260418", "18000101", "00010101"])
def test_a_day_that_cannot_be_is_told_and_left_out(books: Office, day: str) -> None:
    data = ofx((day, "9.00", "A", "SLIP"), ("20260315", "1.00", "B", "REAL"), begins=day)
    plan = look(books, "a.ofx", data)
    assert (plan.read, plan.created) == (1, 1)
    assert (plan.first_day, plan.last_day) == (plan.lines[0].line.on, plan.lines[0].line.on)
    (said,) = plan.findings
    assert (said.code, said.where, said.severity) == ("bank-day", "transaction 1", "error")
    assert said.message == (
        f"{day[4:6]}/{day[6:]}/{day[:4]} cannot be the day of a line of the bank; 9.00 of it is"
        " left out."
    )
    read(books, "a.ofx", data)
    account = books.read(account_named)
    (left,) = books.read(lambda work: proposals(work, account))
    assert left.lines[0].amount == Money(1_00)
    verify(books)


def test_the_next_business_day_may_be_told_already(books: Office) -> None:
    plan = look(books, "a.ofx", ofx(("20260417", "9.00", "A", "MONDAY")))
    assert (plan.created, plan.findings) == (1, ())


def test_csv_has_the_same_days(books: Office) -> None:
    rows = ("CREDIT,03/15/2026,REAL,1.00,X,,,", "CREDIT,05/01/2026,SLIP,9.00,X,,,")
    plan = look(books, "a.csv", chase(*rows))
    assert (plan.created, told(plan)) == (1, [("bank-day", "line 2")])
    assert plan.last_day == plan.lines[0].line.on


def test_a_file_of_such_days_alone_adds_nothing(books: Office) -> None:
    done = read(books, "a.ofx", ofx(("99991231", "9.00", "A", "SLIP")))
    assert (done.statement_id, done.plan.read) == (None, 0)
    assert (done.plan.first_day, done.plan.last_day) == (None, None)


def test_a_typed_line_has_the_same_first_day(books: Office) -> None:
    def typed(work: Work) -> None:
        account = account_named(work)
        type_line(work, account, on=date(1989, 12, 31), amount=Money(1), words="DEPOSIT")

    with pytest.raises(Problem, match="12/31/1989 has not come, or cannot be meant"):
        books.write(typed)
