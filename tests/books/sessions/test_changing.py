"""What is done at the desk to several sessions at once, and taken back; on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from fscdesk.models.session import Attendance, BillingStatus, Session
from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.ledger.checks import run_checks
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.sessions.changing import (
    Changed,
    check_before_billing,
    foresee,
    needs_reason,
    recent_reasons,
    set_attendance,
    set_status,
    take_back,
    usual_steps,
)
from fscdesk.services.sessions.lifecycle import change_billing_status
from fscdesk.services.sessions.placing import (
    client_names,
    client_of,
    clients_in,
    import_names,
    imports_in,
    place_in_list,
)
from fscdesk.services.sessions.queries import SORTS, SessionFilter, page_of_sessions
from fscdesk.services.work import Work
from tests.support.people import (
    SPRING,
    add_batch,
    add_patient,
    add_payer,
    add_provider,
    add_session,
)

EVERYTHING = SessionFilter()


@dataclass(frozen=True)
class Practice:
    """Books with sessions in three statuses."""

    books: Office
    documented: int
    submitted: int
    paid: int

    def statuses(self) -> dict[int, tuple[str, str]]:
        def read(work: Work) -> dict[int, tuple[str, str]]:
            found = work.db.query(Session).order_by(Session.id)
            return {one.id: (str(one.billing_status), str(one.attendance)) for one in found}

        return self.books.read(read)


@pytest.fixture
def practice_of_three(books: Office) -> Practice:
    def fill(work: Work) -> tuple[int, int, int]:
        testa = add_provider(work, "Testa Fernsample")
        blue = add_payer(work, "Imaginary Blue Plan of Nowhere", "Imaginary Blue")
        quill = add_patient(work, "Quill Fakerson", "1001")
        zebra = add_patient(work, "Zebra Testcase", "1002")
        batch = add_batch(work, "appointments_2026-03.csv")
        week = timedelta(days=7)
        return (
            add_session(work, zebra, testa, share=13000),
            add_session(
                work,
                quill,
                testa,
                day=SPRING + week,
                payer=blue,
                insurance=13000,
                share=3000,
                status=BillingStatus.SUBMITTED,
                batch=batch,
            ),
            add_session(
                work,
                quill,
                testa,
                day=SPRING + 2 * week,
                payer=blue,
                insurance=13000,
                insurance_paid=13000,
                status=BillingStatus.PAID,
                batch=batch,
            ),
        )

    return Practice(books, *books.write(fill).value)


def test_the_way_back_is_the_opposite_act(practice_of_three: Practice) -> None:
    here = practice_of_three
    before = here.statuses()
    seen = {here.documented: "documented", here.submitted: "submitted"}
    done = here.books.write(
        lambda work: set_status(work, seen, "denied", reason="Wrong payer")
    ).value
    assert done == Changed(
        "billing",
        ((here.documented, "documented", "denied"), (here.submitted, "submitted", "denied")),
    )
    assert here.books.write(lambda work: take_back(work, done)).value == 2
    assert here.statuses() == before
    with pytest.raises(ChangedElsewhere):
        here.books.write(lambda work: take_back(work, done))


def test_all_or_none_are_changed(practice_of_three: Practice) -> None:
    here = practice_of_three
    before = here.statuses()
    seen = {here.paid: "paid", here.submitted: "submitted"}
    with pytest.raises(Problem, match="not the usual next step"):
        here.books.write(lambda work: set_status(work, seen, "approved"))
    with pytest.raises(Problem, match="still has"):
        here.books.write(lambda work: set_status(work, seen, "paid", reason="Because"))
    stale = {here.submitted: "pending"}
    with pytest.raises(ChangedElsewhere, match="in the meantime"):
        here.books.write(lambda work: set_status(work, stale, "approved", reason="Because"))
    assert here.statuses() == before


def test_the_check_before_billing_can_be_taken_back(practice_of_three: Practice) -> None:
    here = practice_of_three
    before = here.statuses()
    ids = [here.documented, here.submitted, here.paid]
    result, done = here.books.write(lambda work: check_before_billing(work, ids)).value
    assert result.sentence() == "3 sessions checked: 1 now ready to bill, 2 billed or ready before."
    assert done.changes == ((here.documented, "documented", "ready_to_bill"),)
    here.books.write(lambda work: take_back(work, done))
    assert here.statuses() == before


@pytest.mark.parametrize("new", ["no_show", "late_cancelled", "cancelled"])
def test_attendance_does_what_was_foreseen_and_comes_back(
    practice_of_three: Practice, new: str
) -> None:
    here = practice_of_three
    ids, failing = [here.documented], _failing(here)
    outlook = here.books.read(lambda work: foresee(work, ids, new))
    assert (outlook.changing, outlook.before, outlook.refusal) == (1, Money(13000), "")
    done = here.books.write(
        lambda work: set_attendance(work, {here.documented: "completed"}, new)
    ).value
    assert _owed(here, here.documented) == (outlook.payer, outlook.client) == (ZERO, ZERO)
    here.books.write(lambda work: take_back(work, done))
    assert _owed(here, here.documented) == (ZERO, Money(13000))
    assert _failing(here) == failing


def test_what_would_be_refused_is_foreseen(practice_of_three: Practice) -> None:
    here = practice_of_three
    outlook = here.books.read(lambda work: foresee(work, [here.paid], "no_show"))
    assert outlook.refusal.startswith("Money was received for the session of Quill Fakerson")
    with pytest.raises(Problem, match="Money was received"):
        here.books.write(lambda work: set_attendance(work, {here.paid: "completed"}, "no_show"))
    same = here.books.read(lambda work: foresee(work, [here.paid], "completed"))
    assert (same.changing, same.refusal) == (0, "")


def test_reasons_that_people_gave_come_back_newest_first(practice_of_three: Practice) -> None:
    here = practice_of_three

    def change(new: BillingStatus, reason: str) -> None:
        here.books.write(
            lambda work: change_billing_status(work, [here.submitted], new, reason=reason)
        )

    for new, reason in (
        (BillingStatus.DENIED, "Wrong payer"),
        (BillingStatus.APPEALING, "Sent again"),
        (BillingStatus.DENIED, "Wrong payer"),
        (BillingStatus.READY_TO_BILL, ""),
    ):
        change(new, reason)
    done = here.books.write(
        lambda work: set_status(work, {here.submitted: "ready_to_bill"}, "documented")
    ).value
    here.books.write(lambda work: take_back(work, done))
    here.books.write(lambda work: check_before_billing(work, [here.documented]))
    reasons = here.books.read(lambda work: recent_reasons(work, "billing"))
    assert reasons == ("Wrong payer", "Sent again")
    assert here.books.read(lambda work: recent_reasons(work, "attendance")) == ()
    assert here.books.read(lambda work: recent_reasons(work, "billing", 1)) == ("Wrong payer",)


def test_leaving_the_ladder_needs_a_reason() -> None:
    assert usual_steps("documented") == ("ready_to_bill", "completed")
    assert not needs_reason(["documented", "submitted", "ready_to_bill"], "ready_to_bill")
    assert needs_reason(["documented", "completed"], "ready_to_bill")
    assert not needs_reason([], "paid")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_a_session_is_found_where_it_stands(
    practice_of_three: Practice, sort: str, descending: bool
) -> None:
    here = practice_of_three

    def look(work: Work) -> None:
        page = page_of_sessions(work, EVERYTHING, Span(0, 10, sort, descending))
        for place, row in enumerate(page.rows):
            found = place_in_list(work, EVERYTHING, row.id, sort, descending=descending)
            assert found == place
        narrow = SessionFilter(from_day=date(2027, 1, 1))
        assert place_in_list(work, narrow, here.paid, sort, descending=descending) is None

    here.books.read(look)


def test_chips_know_clients_and_imports_by_name(practice_of_three: Practice) -> None:
    here = practice_of_three

    def look(work: Work) -> None:
        assert [(one.word, one.count) for one in clients_in(work, EVERYTHING)] == [
            ("Quill Fakerson", 2),
            ("Zebra Testcase", 1),
        ]
        assert [(one.word, one.count) for one in imports_in(work, EVERYTHING)] == [
            ("appointments_2026-03.csv", 2)
        ]
        nothing = SessionFilter(text="nobody")
        assert clients_in(work, nothing) == imports_in(work, nothing) == ()
        client = client_of(work, here.paid)
        assert client is not None
        assert client_names(work, [client, 999]) == {client: "Quill Fakerson"}
        assert client_of(work, 999) is None
        (batch,) = imports_in(work, EVERYTHING)
        assert import_names(work, [int(batch.value)]) == {int(batch.value): batch.word}

    here.books.read(look)


def _failing(here: Practice) -> list[str]:
    """Checks that fail: before anything is done, only what the builders leave out."""
    return [check.name for check in here.books.read(run_checks).checks if not check.ok]


def _owed(here: Practice, session_id: int) -> tuple[Money, Money]:
    def read(work: Work) -> tuple[Money, Money]:
        session = work.db.get_one(Session, session_id)
        assert session.attendance in Attendance
        return session.insurance_balance, session.patient_balance

    return here.books.read(read)
