"""Totals of SimplePractice are compared with ours, and every difference has a reason in words."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.errors import Severity
from fscdesk.services.importing.report_applying import import_report
from fscdesk.services.importing.undoing import undo_import
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, receive
from fscdesk.services.reports.simplepractice_comparison import (
    ComparisonFilter,
    all_lines,
    compared_reports,
    page_of_comparison,
)
from fscdesk.services.work import Work
from tests.support.cli import run_cli
from tests.support.fail_at import assert_all_or_nothing
from tests.support.report_files import line
from tests.support.report_imports import (
    ask,
    bring_in,
    counts,
    proves,
    sample,
    sessions_of,
    small,
    take_back,
)

OUTSTANDING, AGING = "sp_outstanding", "sp_ins_aging"
LEDGER = "SELECT count(*) FROM journal_entry"


def paid_here(books: Office, cents: int) -> None:
    """Nova pays part of what she owes, here, and SimplePractice does not know."""

    def act(work: Work) -> None:
        charge = work.db.scalars(
            select(Charge)
            .join(Patient, Patient.id == Charge.patient_id)
            .where(Patient.name == "Nova Newclient", Charge.voided_on.is_(None))
        ).one()
        receive(
            work,
            NewPayment(
                Money(cents),
                PaymentMethod.CHECK,
                work.today(),
                guarantor_id=charge.guarantor_id,
                applications=(Application(charge.id, Money(cents)),),
            ),
        )

    books.write(act)


def test_the_samples_agree_with_march_to_the_cent_and_write_nothing(books: Office) -> None:
    sessions_of(books)
    entries = ask(books, LEDGER)
    assert counts(bring_in(books, sample(OUTSTANDING)).plan) == (7, 0, 0, 7, 0)
    assert counts(bring_in(books, sample(AGING)).plan) == (4, 0, 0, 4, 0)
    assert ask(books, LEDGER) == entries
    clients, payers = books.read(compared_reports)
    assert (clients.report, clients.lines, clients.differing) == ("Outstanding balances", 7, 0)
    assert (clients.theirs, clients.ours) == (Money(50300), Money(50300))
    assert (payers.report, payers.lines, payers.differing) == ("Insurance aging", 12, 0)
    assert payers.difference == Money()


def test_a_difference_says_how_much_and_that_the_export_is_older(
    books: Office, tmp_path: Path
) -> None:
    sessions_of(books)
    row = line(OUTSTANDING, ClientBalance="202.00")
    applied = bring_in(books, small(tmp_path, OUTSTANDING, row))
    assert applied.plan.rows[0].reason.startswith("Differs by 12.00: The appointment report")
    warned = [one for one in applied.plan.findings if one.severity is Severity.WARNING]
    assert [one.code for one in warned] == ["balance-differs", "not-listed"]
    (report,) = books.read(compared_reports)
    assert (report.lines, report.differing) == (7, 7), "six who owe here are not in this report"
    lines = books.read(lambda work: all_lines(work, report.batch_id, differing=True))
    assert [one.line for one in lines] == [2, 0, 0, 0, 0, 0, 0]
    assert lines[1].reason.startswith("The report does not list it")
    wanted = ComparisonFilter(report.batch_id, differing=True, text="dee")
    page = books.read(lambda work: page_of_comparison(work, wanted, Span(0, 10, "difference")))
    assert (page.total, page.rows[0].who, page.rows[0].difference) == (
        1,
        "Dee O'Example",
        Money(1200),
    )


def test_what_was_paid_here_only_is_the_reason(books: Office) -> None:
    sessions_of(books)
    paid_here(books, 1000)
    plan = bring_in(books, sample(OUTSTANDING)).plan
    (said,) = [row.reason for row in plan.rows if row.client == "Nova Newclient"]
    assert said == "Differs by 10.00: 10.00 was paid here that SimplePractice does not know"
    done = books.read(compared_reports)
    assert (done[0].differing, done[0].difference) == (1, Money(1000))


def test_who_is_not_here_is_skipped_and_named(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    stranger = line(OUTSTANDING, Client="Nobody Known")
    plan = bring_in(books, small(tmp_path, OUTSTANDING, line(OUTSTANDING), stranger)).plan
    assert counts(plan) == (2, 0, 0, 1, 1)
    assert plan.rows[1].reason == "Its client is not in the books"


def test_the_command_tells_it(practice: str, books: Office) -> None:
    sessions_of(books)
    bring_in(books, sample(AGING))
    done = run_cli("report", "comparison", "--practice", practice)
    assert done.status == 0
    assert "12 lines, 0 differ" in done.out


def test_it_is_taken_back(books: Office) -> None:
    sessions_of(books)
    applied = bring_in(books, sample(OUTSTANDING))
    take_back(books, applied)
    assert books.read(compared_reports) == ()
    assert ask(books, "SELECT count(*) FROM comparison") == [(0,)]
    assert counts(bring_in(books, sample(OUTSTANDING)).plan) == (7, 0, 0, 7, 0)
    proves(books)


def test_all_of_it_or_nothing(books: Office, tmp_path: Path) -> None:
    sessions_of(books)
    file = small(tmp_path, AGING, line(AGING))
    done = assert_all_or_nothing(books, lambda work: import_report(work, file)).value
    batch_id = int(done.batch_id or 0)
    assert_all_or_nothing(books, lambda work: undo_import(work, batch_id))
    proves(books)
