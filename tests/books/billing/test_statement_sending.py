"""What becomes of statements: unsent, sent, reworded, dropped, undone; who may, who was first."""

from __future__ import annotations

import email
from collections.abc import Callable
from datetime import date
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.document import Sending, SentBy
from fscdesk.models.patient import Guarantor, SendBy
from fscdesk.models.practice import Practice
from fscdesk.models.values import Money
from fscdesk.services.billing.statement_files import write_statements
from fscdesk.services.billing.statement_runs import run_of
from fscdesk.services.billing.statement_sending import (
    UnsentRow,
    drop,
    mark_sent,
    mark_unsent,
    reword,
    undo_run,
    unsent,
    write_statement_emails,
)
from fscdesk.services.billing.statements import (
    Made,
    RunFilters,
    StatementPlan,
    make_statements,
    plan_statements,
    statement_docs,
    statement_pdf_of,
)
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.patients.account import account_header
from fscdesk.services.payments.applying import Application
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.fail_at import assert_all_or_nothing, whole_books
from tests.support.payments import Till, pay, received, verify
from tests.support.pdf import page_texts
from tests.support.second_person import at_once, manager, refusals, winners, without

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 12)


@pytest.fixture
def run(books: Office, till: Till) -> Made:
    """A run as of March with a statement for each of two guarantors."""
    assert till
    return make(books, MARCH)


def make(books: Office, as_of: date) -> Made:
    found = books.read(lambda work: plan_statements(work, as_of=as_of))
    return books.write(lambda work: make_statements(work, found)).value


def waiting(books: Office, run_id: int | None = None) -> tuple[UnsentRow, ...]:
    return books.read(lambda work: unsent(work, run_id))


def sent(books: Office, *ids: int) -> int:
    return books.write(
        lambda work: mark_sent(work, ids, how=SentBy.PRINT, destination="Office printer")
    ).value


def test_what_was_made_waits_until_it_is_sent_and_the_log_keeps_it(
    books: Office, till: Till, run: Made
) -> None:
    first, second = run.statements
    assert [(one.number, one.amount, one.paid_since) for one in waiting(books)] == [
        (first.number, first.amount, Money()),
        (second.number, second.amount, Money()),
    ]
    row = books.read(lambda work: run_of(work, run.run_id))
    assert row is not None
    assert (row.unsent, row.undone) == (2, False)
    assert sent(books, first.id) == 1
    assert [one.id for one in waiting(books, run.run_id)] == [second.id]
    (line,) = books.read(lambda work: list(work.db.scalars(select(Sending))))
    assert (line.statement_id, line.sha256, line.destination) == (
        first.id,
        first.sha256,
        "Office printer",
    )
    with pytest.raises(ChangedElsewhere, match="was sent before"):
        sent(books, first.id, second.id)
    assert len(waiting(books)) == 1
    books.write(lambda work: mark_unsent(work, [first.id], reason="paper jam"))
    assert len(waiting(books)) == 2
    with pytest.raises(ChangedElsewhere, match="was not sent"):
        books.write(lambda work: mark_unsent(work, [first.id], reason="again"))


def test_an_undone_run_counts_as_never_sent(books: Office, till: Till, run: Made) -> None:
    before = books.read(lambda work: statement_docs(work, april(work)))
    assert {doc.sections[0].previous_balance.cents for doc in before} != {0}
    assert books.write(lambda work: undo_run(work, run.run_id, reason="wrong day")).value == 2
    assert waiting(books) == ()
    after = books.read(lambda work: plan_statements(work, as_of=MARCH))
    assert [one.last for one in after.recipients] == [None, None]
    again = make(books, MARCH)
    assert [one.amount for one in again.statements] == [one.amount for one in run.statements]
    assert again.statements[0].number != run.statements[0].number
    docs = books.read(lambda work: statement_docs(work, after))
    assert {doc.period_from for doc in docs} == {date(2026, 3, 1)}
    head = books.read(lambda work: account_header(work, till.alma))
    assert head.last_statement in {one.number for one in again.statements}
    row = books.read(lambda work: run_of(work, run.run_id))
    assert row is not None
    assert (row.unsent, row.undone) == (0, True)
    # The pages of an undone run are kept, and print again.
    assert books.read(lambda work: statement_pdf_of(work, run.statements[0].id))
    verify(books)


def april(work: Work) -> StatementPlan:
    """What would be stated next, whoever was stated last."""
    return plan_statements(work, as_of=APRIL, filters=RunFilters(repeat_days=0))


def test_what_was_sent_cannot_be_undone_nor_what_a_later_one_goes_on_from(
    books: Office, till: Till, run: Made
) -> None:
    sent(books, run.statements[1].id)
    with pytest.raises(Problem, match=f"1 of the 2 .*{run.statements[1].number}"):
        books.write(lambda work: undo_run(work, run.run_id, reason="wrong"))
    books.write(lambda work: mark_unsent(work, [run.statements[1].id], reason="no"))
    received(books, pay(till, 30_00, Application(till.copays[0], Money(30_00))))
    later = make(books, APRIL)
    with pytest.raises(Problem, match=f"{later.statements[0].number} was made later"):
        books.write(lambda work: undo_run(work, run.run_id, reason="wrong"))
    books.write(lambda work: undo_run(work, later.run_id, reason="wrong"))
    books.write(lambda work: undo_run(work, run.run_id, reason="wrong"))
    with pytest.raises(ChangedElsewhere, match="was undone before"):
        books.write(lambda work: undo_run(work, run.run_id, reason="wrong"))
    with pytest.raises(ChangedElsewhere, match="was undone"):
        sent(books, run.statements[0].id)
    with pytest.raises(Problem, match="no statement run 99"):
        books.write(lambda work: undo_run(work, 99, reason="wrong"))


def test_one_statement_can_be_dropped(books: Office, till: Till, run: Made) -> None:
    one = run.statements[0]
    books.write(lambda work: drop(work, one.id, reason="was here and paid"))
    assert [row.id for row in waiting(books)] == [run.statements[1].id]
    found = books.read(lambda work: plan_statements(work, as_of=MARCH))
    assert [row.number for row in found.recipients] == [one.account]
    with pytest.raises(ChangedElsewhere, match="was dropped before"):
        books.write(lambda work: drop(work, one.id, reason="twice"))


def test_a_message_is_changed_and_the_figures_stay(books: Office, till: Till, run: Made) -> None:
    one, usual = run.statements[0], waiting(books)[0].message
    digest = books.write(lambda work: reword(work, one.id, "Call Dana.", seen=one.sha256)).value
    assert digest != one.sha256
    text = " ".join(page_texts(books.read(lambda work: statement_pdf_of(work, one.id))))
    assert "Call Dana." in text
    assert f"${one.amount}" in text
    assert one.number in text
    assert waiting(books)[0].message == "Call Dana."
    with pytest.raises(ChangedElsewhere, match="changed statement"):
        books.write(lambda work: reword(work, one.id, "Too late.", seen=one.sha256))
    # The same words give the same page as before.
    books.write(lambda work: reword(work, one.id, usual, seen=digest))
    assert waiting(books)[0].sha256 == one.sha256


def test_words_are_not_put_onto_figures_that_have_moved(
    books: Office, till: Till, run: Made
) -> None:
    mine = next(one for one in run.statements if one.guarantor_id == till.alma_pays)
    part = Application(till.copays[0], Money(30_00))
    received(books, pay(till, 30_00, part, posted_on=MARCH))
    row = next(one for one in waiting(books) if one.id == mine.id)
    assert row.paid_since == Money(30_00)
    with pytest.raises(Problem, match="has moved since it was made"):
        books.write(lambda work: reword(work, mine.id, "Hello.", seen=mine.sha256))


def by_email(books: Office, till: Till) -> None:
    """Alma wants statements by e-mail."""

    def act(work: Work) -> None:
        alma = work.db.get_one(Guarantor, till.alma_pays)
        alma.send_by, alma.email = SendBy.EMAIL, "alma@example.invalid"
        work.db.get_one(Practice, 1).email = "billing@example.invalid"

    books.write(act)


def test_each_email_goes_to_the_one_it_was_made_for(
    books: Office, till: Till, run: Made, tmp_path: Path
) -> None:
    by_email(books, till)
    mine = next(one for one in run.statements if one.guarantor_id == till.alma_pays)
    (made,) = books.write(lambda work: write_statement_emails(work, tmp_path, run.run_id)).value
    letter = email.message_from_bytes(made.path.read_bytes(), policy=default)
    assert letter["To"] == "alma@example.invalid"
    (page,) = letter.iter_attachments()
    pdf = books.read(lambda work: statement_pdf_of(work, mine.id))
    assert page.get_payload(decode=True) == pdf
    assert [one.guarantor_id for one in waiting(books)] == [till.ben_pays]
    assert books.write(lambda work: write_statement_emails(work, tmp_path, run.run_id)).value == ()
    written = books.read(lambda work: write_statements(work, tmp_path, run, emailed=[mine.id]))
    together = " ".join(page_texts(written.print_file.read_bytes()))
    assert mine.number not in together
    assert len(written.pages) == 2


ACTS: dict[str, Callable[[Work, Made], Any]] = {
    "sent": lambda work, run: mark_sent(work, [run.statements[0].id], how=SentBy.PRINT),
    "drop": lambda work, run: drop(work, run.statements[0].id, reason="paid"),
    "undo": lambda work, run: undo_run(work, run.run_id, reason="wrong"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_nothing_is_half_done(books: Office, run: Made, act: Callable[..., Any]) -> None:
    def state(work: Work) -> Any:
        return unsent(work), run_of(work, run.run_id), len(list(work.db.scalars(select(Sending))))

    assert_all_or_nothing(books, lambda work: act(work, run), state)


def test_no_email_file_is_left_by_a_failure(
    books: Office, till: Till, run: Made, tmp_path: Path
) -> None:
    by_email(books, till)

    def everything(work: Work) -> Any:
        return whole_books(work), sorted(one.name for one in tmp_path.iterdir())

    assert_all_or_nothing(
        books, lambda work: write_statement_emails(work, tmp_path, run.run_id), everything
    )
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_two_desks_write_one_email_once(
    books: Office, till: Till, run: Made, tmp_path: Path
) -> None:
    by_email(books, till)
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()

    def act(folder: Path) -> tuple[Office, Callable[[Work], Any]]:
        return books, lambda work: write_statement_emails(work, folder, run.run_id)

    found = at_once(*(act(folder) for folder in folders))
    assert [type(one) for one in refusals(found)] in ([], [ChangedElsewhere])
    assert sorted(len(one) for one in winners(found)) in ([1], [0, 1])
    assert len(list(tmp_path.glob("*/*.eml"))) == 1
    assert books.read(lambda work: len(work.db.scalars(select(Sending)).all())) == 1


def test_a_rewording_is_not_half_done(books: Office, run: Made) -> None:
    one = run.statements[0]
    assert_all_or_nothing(
        books, lambda work: reword(work, one.id, "Call.", seen=one.sha256), unsent
    )


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_two_desks_at_once_do_it_once(books: Office, run: Made, act: Callable[..., Any]) -> None:
    other = manager(books)
    found = at_once((books, lambda work: act(work, run)), (other, lambda work: act(work, run)))
    assert len(winners(found)) == 1
    assert [type(one) for one in refusals(found)] == [ChangedElsewhere]
    verify(books)


def test_undone_and_sent_at_once_is_one_of_both(books: Office, run: Made) -> None:
    other = manager(books)
    found = at_once(
        (books, lambda work: ACTS["undo"](work, run)),
        (other, lambda work: ACTS["sent"](work, run)),
    )
    assert len(winners(found)) == 1, found
    row = books.read(lambda work: run_of(work, run.run_id))
    assert row is not None
    assert row.undone == (len(waiting(books)) == 0)


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_who_may_not_changes_nothing(books: Office, run: Made, act: Callable[..., Any]) -> None:
    other = without(books, Right.MAKE_STATEMENTS)
    with pytest.raises(Problem, match="You may not"):
        other.write(lambda work: act(work, run))
    assert len(waiting(books)) == 2


def test_a_reason_is_needed(books: Office, run: Made) -> None:
    for act in (
        lambda work: undo_run(work, run.run_id, reason="  "),
        lambda work: drop(work, run.statements[0].id, reason=""),
    ):
        with pytest.raises(Problem, match="reason is missing"):
            books.write(act)
