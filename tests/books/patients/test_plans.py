"""No question about one patient reads through a large table."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

import pytest

from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.patients.account import AccountFilter, page_of_account
from fscdesk.services.patients.guarantors import change_guarantor
from fscdesk.services.patients.queries import PatientFilter, page_of_patients, patient_detail
from fscdesk.services.sessions.queries import session_detail, story
from fscdesk.services.work import Work
from tests.support.people import add_guarantor, add_patient, add_payer, add_provider, add_session
from tests.support.questions import asked_of, plans

LARGE = re.compile(r"SCAN (session|charge|journal_entry|journal_line|import_row)\b(?! USING)")


@pytest.fixture
def some(sqlite_books: Office) -> Office:
    def fill(work: Work) -> None:
        testa, ficta = add_provider(work, "Testa Fernsample"), add_payer(work, "FICTA")
        quill = add_patient(work, "Quill Fakerson", "1001")
        add_guarantor(work, "Pat Parent", "G9")
        add_session(work, quill, testa, payer=ficta, insurance=9000, share=1000, patient_paid=500)

    sqlite_books.write(fill)
    return sqlite_books


def test_everything_about_one_patient_or_session_goes_by_an_index(some: Office) -> None:
    with asked_of(some) as heard:
        some.read(partial(patient_detail, patient_id=1))
        span = Span(0, 10, "day")
        some.read(partial(page_of_account, patient_id=1, wanted=AccountFilter(), span=span))
        some.read(partial(session_detail, session_id=1))
        some.read(partial(story, session_id=1))
    found = plans(some, heard)

    assert len(found) > 15
    assert [plan for plan in found if LARGE.search(plan)] == []


def test_the_list_of_patients_and_a_change_of_guarantor_go_by_an_index(some: Office) -> None:
    with asked_of(some) as heard:
        for sort in ("name", "last"):
            some.read(partial(page_of_patients, wanted=PatientFilter(), span=Span(0, 10, sort)))
        some.write(
            partial(
                change_guarantor,
                patient_id=1,
                guarantor_id=2,
                from_day=date(2026, 1, 1),
                expected_version=1,
            )
        )
    found = plans(some, heard)

    assert [plan for plan in found if LARGE.search(plan)] == []
