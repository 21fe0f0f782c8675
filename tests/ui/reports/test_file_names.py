"""What a file with a report is called: by the report and its day, never by who is in it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.services.office import Office
from fscdesk.services.reports.report_catalogue import REPORTS
from fscdesk.services.work import Work
from fscdesk.ui.screens.reports.asking import Shown
from fscdesk.ui.screens.reports.giving_out import name_of
from tests.support.books_kept import keep_books
from tests.support.every_report import every


@pytest.fixture
def people(sqlite_books: Office) -> set[str]:
    """The words of which the names in the books are made."""
    keep_books(sqlite_books)

    def look(work: Work) -> set[str]:
        return {
            part.lower()
            for kind in (Patient, Guarantor, Payer, Provider)
            for name in work.db.scalars(select(kind.name))
            for part in name.split()
            if len(part) > 2
        }

    found = sqlite_books.read(look)
    assert "alma" in found
    return found


def test_no_file_that_a_screen_proposes_says_who_is_in_it(
    sqlite_books: Office, people: set[str]
) -> None:
    """A name on a shared drive is read by everybody who sees the folder."""

    def look(work: Work) -> set[str]:
        return {
            name_of(Shown(one.report.name, one.asked, one.made, work.today()))
            for one in every(work)
        }

    names = sqlite_books.read(look)
    assert {name.rpartition("_")[0].replace("_", "-") for name in names} >= {
        name for name in REPORTS if name != "budget-variance"
    }
    for name in names:
        assert not {part for part in people if part in name.lower()}, name
        assert name.replace("_", "").replace("-", "").isalnum(), name
