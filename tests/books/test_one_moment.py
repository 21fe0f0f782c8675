"""What one question reads is of one moment, whatever another desk saves meanwhile."""

from __future__ import annotations

from fscdesk.models.values import Money
from fscdesk.services.ledger.balances import balance
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.reports.trial_balance import trial_balance
from fscdesk.services.work import Work
from tests.support.books_kept import entry
from tests.support.second_person import clerk


def test_a_question_of_two_queries_adds_up(books: Office) -> None:
    other = clerk(books)

    def post(work: Work) -> int:
        return entry(work, work.today(), "1000", "3000", 20_00)

    def ask(work: Work) -> tuple[Money, Money]:
        before = balance(work, "1000")
        other.write(post)
        return before, balance(work, "3000")

    assert books.read(ask) == (Money(), Money())
    assert books.read(lambda work: balance(work, "1000")) == Money(20_00)


def test_checks_and_reports_are_right_while_another_desk_posts(books: Office) -> None:
    other = clerk(books)

    def ask(work: Work) -> tuple[bool, bool]:
        work.db.connection()
        balance(work, "1000")
        other.write(lambda work: entry(work, work.today(), "1000", "3000", 20_00))
        report = trial_balance(work, work.today())
        other.write(lambda work: entry(work, work.today(), "1000", "3000", 30_00))
        return report.ties and not report.rows, run_checks(work).ok

    assert books.read(ask) == (True, True)
