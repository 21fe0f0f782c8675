"""The papers of an account: documents and statements together, and how each went out last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Patient
from fscdesk.services.billing.documents_sent import PaperRow, papers_of, sendings_of
from fscdesk.services.billing.estimate_pages import keep_estimate
from fscdesk.services.billing.estimates import NewEstimate, NewLine, make_estimate
from fscdesk.services.billing.sendings import SentBy, log_sending
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.clock import Clock
from tests.support.plans import TODAY, Family, open_family
from tests.support.second_person import without


@pytest.fixture
def family(books: Office) -> Family:
    return books.write(open_family).value


def papers(books: Office, family: Family, patient: int) -> tuple[PaperRow, ...]:
    return books.read(lambda work: papers_of(work, patient_id=patient, guarantor_id=family.rowan))


def paper(books: Office, family: Family) -> tuple[int, int]:
    """Keep an estimate for Iris, and a statement for Rowan; return the two ids."""

    def act(work: Work) -> tuple[int, int]:
        work.db.get_one(Patient, family.iris).birth_date = TODAY - timedelta(days=4000)
        charge = work.db.get_one(Charge, family.charges[0])
        lines = (NewLine(charge.service_id, 4),)
        estimate = make_estimate(work, NewEstimate(family.iris, lines, charge.provider_id))
        document = keep_estimate(work, estimate).id
        run = make_statements(work, plan_statements(work, as_of=TODAY))
        mine = next(one.id for one in run.statements if one.guarantor_id == family.rowan)
        return document, mine

    return books.write(act).value


def test_documents_and_statements_with_their_last_line(
    books: Office, family: Family, clock: Clock
) -> None:
    document, statement = paper(books, family)
    found = {row.kind: row for row in papers(books, family, family.iris)}
    assert {kind: (row.times, row.last) for kind, row in found.items()} == {
        "estimate": (0, None),
        "statement": (0, None),
    }
    assert found["statement"].id == -statement
    for how, where in ((SentBy.PRINT, "Front desk"), (SentBy.FILE, "Post")):
        clock.forward(hours=1)
        books.write(
            lambda work, how=how, where=where: log_sending(  # type: ignore[misc]
                work, how, statement_id=statement, destination=where
            )
        )
    books.write(lambda work: log_sending(work, SentBy.PRINT, document_id=document))
    found = {row.kind: row for row in papers(books, family, family.iris)}
    stated = found["statement"]
    assert stated.last is not None
    assert (stated.times, stated.last.how, stated.last.where) == (2, SentBy.FILE, "Post")
    assert stated.last.at == clock()
    assert found["estimate"].times == 1
    lines = books.read(lambda work: sendings_of(work, stated))
    assert [one.how for one in lines] == [SentBy.FILE, SentBy.PRINT]


def test_what_names_another_client_is_left_out(books: Office, family: Family) -> None:
    paper(books, family)
    assert [row.kind for row in papers(books, family, family.finn)] == ["statement"]


def test_statements_are_for_who_may_look_at_them(books: Office, family: Family) -> None:
    paper(books, family)
    desk = without(books, Right.MAKE_STATEMENTS)
    assert [row.kind for row in papers(desk, family, family.iris)] == ["estimate"]
