"""The list of claims: its views, its chips, its order, its words, its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest

from fscdesk.models.claim import Appeal, Claim, ClaimStatus, Frequency
from fscdesk.models.values import Money
from fscdesk.services.claims.claim_filters import NOBODY, ClaimFilter
from fscdesk.services.claims.clocks import Band, ClockKind
from fscdesk.services.claims.listing import (
    SORTS,
    VIEWS,
    ClaimRow,
    claim_counts,
    claim_id_of,
    claim_row,
    claims_of_session,
    ids_of_claims,
    page_of_claims,
    rows_of_claims,
)
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.claim_acts import TODAY, version_of
from tests.support.claims import DAY, add_claim_desk, build, ready
from tests.support.databases import Databases
from tests.support.shared_books import opened_books
from tests.support.tracker import Tracker, track

BY_DAY = Span(0, 100, "day")


@pytest.fixture
def tracker(books: Office) -> Tracker:
    """A claim in each status, and one that is held, for a test that changes them."""
    return track(books)


@pytest.fixture(scope="module")
def tracked(databases: Databases) -> Iterator[tuple[Office, Tracker]]:
    """The same, filled once for those that only look at it."""
    with opened_books(databases) as office:
        yield office, track(office)


def found(books: Office, **asked: object) -> list[int]:
    """Return the ids of a filter's first page, by day."""
    wanted = ClaimFilter(**asked)  # type: ignore[arg-type]
    return [row.id for row in books.read(lambda work: page_of_claims(work, wanted, BY_DAY)).rows]


def change(books: Office, claim_id: int, **facts: object) -> None:
    """Set columns of a claim."""

    def act(work: Work) -> None:
        claim = work.db.get_one(Claim, claim_id)
        for name, value in facts.items():
            setattr(claim, name, value)

    books.write(act)


def row_of(books: Office, claim_id: int) -> ClaimRow:
    """Return a claim as the list shows it."""
    return books.read(lambda work: claim_row(work, claim_id))


def test_each_view_has_its_statuses(tracked: tuple[Office, Tracker]) -> None:
    books, tracker = tracked
    ids = tracker.ids
    views = {
        "held": {ids[ClaimStatus.DRAFT]},
        "ready": {ids[ClaimStatus.SCRUBBED]},
        "sent": {ids[ClaimStatus.SUBMITTED], ids[ClaimStatus.ACKNOWLEDGED]},
        "rejected": {ids[ClaimStatus.REJECTED]},
        "pending": {ids[ClaimStatus.ACCEPTED], ids[ClaimStatus.PENDING]},
        "denied": {ids[ClaimStatus.DENIED]},
        "appeals": {ids[ClaimStatus.APPEALING]},
        "paid": {ids[ClaimStatus.PAID], ids[ClaimStatus.PARTIALLY_PAID]},
        "silent": set(),
        "mine": set(),
        "follow_up": set(),
        "all": set(ids.values()),
    }
    assert set(views) == set(VIEWS)
    for view, wanted in views.items():
        assert set(found(books, view=view)) == wanted, view
    counts = books.read(claim_counts)
    assert counts == {view: len(wanted) for view, wanted in views.items()}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"held_for": "Ask the payer"}, "Ask the payer"),
        ({"wait_for": "The primary has not answered"}, "The primary has not answered"),
        ({"outdated": "A charge was taken back"}, "A charge was taken back"),
        ({"crossed_over": True}, "The earlier payer has forwarded it"),
    ],
)
def test_what_keeps_a_clean_claim_back_is_held_with_its_reason(
    books: Office, tracker: Tracker, facts: dict[str, object], why: str
) -> None:
    clean = tracker.ids[ClaimStatus.SCRUBBED]
    assert row_of(books, clean).ready
    change(books, clean, **facts)
    row = row_of(books, clean)
    assert (row.why_held, row.ready) == (why, False)
    assert clean in found(books, view="held")
    assert clean not in found(books, view="ready")


def test_a_claim_with_a_fault_says_the_first_finding(books: Office) -> None:
    desk = books.write(add_claim_desk).value

    def forget(work: Work) -> None:
        from fscdesk.models.coverage import Policy

        work.db.get_one(Policy, desk.policy).member_id = ""

    books.write(forget)
    books.write(lambda work: ready(work, desk))
    (claim_id,) = build(books)
    row = row_of(books, claim_id)
    assert row.status is ClaimStatus.DRAFT
    assert row.stops == 1
    assert row.why_held
    assert found(books, view="held") == [claim_id]


def test_a_row_says_what_the_claim_is(tracked: tuple[Office, Tracker]) -> None:
    books, tracker = tracked
    row = row_of(books, tracker.ids[ClaimStatus.DRAFT])
    assert (row.patient, row.payer, row.clinician) == (
        "Alma Anyone",
        "Imaginary Blue",
        "Mockley O’Sample",
    )
    assert (row.codes, row.lines, row.total) == (("90837",), 1, Money(160_00))
    assert row.insurance_open == Money(130_00)
    assert (row.first_day, row.last_day, row.rank) == (DAY, DAY, 1)
    assert row.frequency is Frequency.ORIGINAL
    assert row.why_held == "Ask first"
    assert (row.days_sent, row.silent) == (None, "")
    assert row.deadline is not None
    assert (row.deadline.what, row.deadline.due_on) == (
        ClockKind.FILE,
        DAY + timedelta(days=180),
    )


def test_who_waits_long_is_found_by_either_day_of_sending(books: Office, tracker: Tracker) -> None:
    old, new = tracker.ids[ClaimStatus.PENDING], tracker.ids[ClaimStatus.SUBMITTED]
    change(books, old, first_sent_on=date(2026, 1, 1), last_sent_on=date(2026, 4, 1))
    change(books, new, first_sent_on=date(2026, 2, 1), last_sent_on=date(2026, 2, 1))
    paid = tracker.ids[ClaimStatus.PAID]
    change(books, paid, first_sent_on=date(2026, 1, 1), last_sent_on=date(2026, 1, 1))
    assert found(books, silent_days=60) == [new]
    assert found(books, silent_days=60, by_first=True) == [old, new]
    assert found(books, silent_days=70) == [new]
    assert found(books, silent_days=71) == []
    assert row_of(books, new).silent == "high"
    assert row_of(books, new).days_sent == 70
    assert row_of(books, paid).silent == ""


def test_the_order_by_deadline_is_that_of_the_clocks(books: Office, tracker: Tracker) -> None:
    ids = tracker.ids
    change(books, ids[ClaimStatus.DENIED], denied_on=TODAY, answered_on=date(2026, 1, 1))
    change(books, ids[ClaimStatus.PARTIALLY_PAID], denied_on=date(2025, 10, 20))
    change(books, ids[ClaimStatus.APPEALING], denied_on=date(2026, 3, 1))
    change(
        books,
        ids[ClaimStatus.SCRUBBED],
        frequency=Frequency.REPLACEMENT,
        replaces_id=ids[ClaimStatus.DENIED],
    )

    def appeal(work: Work) -> None:
        for level, due in ((1, date(2026, 4, 20)), (2, date(2026, 4, 15))):
            work.db.add(
                Appeal(
                    claim_id=ids[ClaimStatus.APPEALING],
                    level=level,
                    due_on=due,
                    opened_on=TODAY,
                    outcome="" if level == 1 else "lost",
                    staff_id=work.actor.staff_id,
                )
            )

    books.write(appeal)
    span = Span(0, 100, "deadline")
    page = books.read(lambda work: page_of_claims(work, ClaimFilter(), span))
    days = [row.deadline.due_on for row in page.rows if row.deadline is not None]
    assert days == sorted(days)
    assert [row.deadline is None for row in page.rows] == sorted(
        row.deadline is None for row in page.rows
    )
    by_status = {row.status: row.deadline for row in page.rows}
    argued = by_status[ClaimStatus.APPEALING]
    assert argued is not None
    assert argued.due_on == date(2026, 4, 20)
    corrected = by_status[ClaimStatus.SCRUBBED]
    assert corrected is not None
    assert (corrected.what, corrected.due_on) == (ClockKind.CORRECT, date(2026, 6, 30))
    late = by_status[ClaimStatus.PARTIALLY_PAID]
    assert late is not None
    assert (late.due_on, late.band) == (date(2026, 4, 18), Band.DAYS_7)
    # What the filter finds is what the rows say.
    for within in (-30, 0, 6, 8, 60, 100, 200):
        last = TODAY + timedelta(days=within)
        wanted = {
            row.id for row in page.rows if row.deadline is not None and row.deadline.due_on <= last
        }
        assert set(found(books, due_within=within)) == wanted, within


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_of_any_order_hold_each_claim_once(
    tracked: tuple[Office, Tracker],
    sort: str,
    descending: bool,
) -> None:
    books, tracker = tracked
    ids: list[int] = []
    for start in range(0, len(tracker.ids), 5):
        span = Span(start, 5, sort, descending)
        page = books.read(partial(page_of_claims, wanted=ClaimFilter(), span=span))
        assert page.total == len(tracker.ids)
        ids += [row.id for row in page.rows]
    assert sorted(ids) == sorted(tracker.ids.values())


def test_the_sum_counts_no_void_claim(tracked: tuple[Office, Tracker]) -> None:
    books, tracker = tracked
    page = books.read(lambda work: page_of_claims(work, ClaimFilter(), BY_DAY))
    assert page.totals == {"total": Money(160_00 * (len(tracker.ids) - 1))}


@pytest.mark.parametrize(
    "text", ["alma", "imaginary", "mockley", "90837", "CLM-2026-00001", "3/2", "160.00", "alm 9083"]
)
def test_words_find_a_claim(tracked: tuple[Office, Tracker], text: str) -> None:
    books, tracker = tracked
    if text == "alm 9083":
        assert found(books, text=text) == []
        return
    assert tracker.ids[ClaimStatus.DRAFT] in found(books, text=text)


def test_words_find_by_the_payers_number_and_the_reason(books: Office, tracker: Tracker) -> None:
    denied = tracker.ids[ClaimStatus.DENIED]
    change(books, denied, payer_number="icn-77a", reason_code="B7")
    assert found(books, text="ICN-77") == [denied]
    assert found(books, text="b7") == [denied]
    assert found(books, text="nobody") == []
    assert found(books, text="alma 3/3") == []
    assert found(books, text="%") == []


def test_chips_narrow(books: Office, tracker: Tracker) -> None:
    desk, ids = tracker.desk, tracker.ids
    assert found(books, payers=(desk.next_payer,)) == []
    assert len(found(books, payers=(desk.payer,))) == len(ids)
    assert found(books, clinicians=(desk.testa,)) == []
    assert found(books, statuses=("denied", "paid")) == [
        ids[ClaimStatus.DENIED],
        ids[ClaimStatus.PAID],
    ]
    assert found(books, frequencies=("7",)) == []
    assert found(books, ranks=(2,)) == []
    assert found(books, patient_id=desk.ben) == []
    assert found(books, from_day=DAY) == [ids[ClaimStatus.DRAFT]]
    assert found(books, to_day=DAY - timedelta(weeks=11)) == [ids[ClaimStatus.VOID]]
    assert len(found(books, assigned=(NOBODY,))) == len(ids)
    change(books, ids[ClaimStatus.PAID], assigned_to=1, reason_code="45")
    change(books, ids[ClaimStatus.DENIED], assigned_to=1, next_action_on=TODAY)
    assert len(found(books, assigned=(NOBODY, 1))) == len(ids)
    assert found(books, assigned=(1,), reason_codes=("45",)) == [ids[ClaimStatus.PAID]]
    assert found(books, view="mine") == [ids[ClaimStatus.DENIED]]
    assert found(books, view="follow_up") == [ids[ClaimStatus.DENIED]]


def test_the_table_part_s_words_become_a_filter() -> None:
    asked = {
        "text": "alma",
        "day": (DAY, None),
        "status": ["paid"],
        "payer": [2],
        "assigned": [0],
        "silent": 30,
        "by_first": True,
        "due": 7,
        "view": "sent",
    }
    assert ClaimFilter.of(asked) == ClaimFilter(
        text="alma",
        from_day=DAY,
        statuses=("paid",),
        payers=(2,),
        assigned=(0,),
        silent_days=30,
        by_first=True,
        due_within=7,
        view="sent",
    )
    with pytest.raises(KeyError):
        ClaimFilter.of({"colour": "red"})


def test_claims_are_found_by_number_and_by_session(tracked: tuple[Office, Tracker]) -> None:
    books, tracker = tracked
    first = tracker.ids[ClaimStatus.DRAFT]
    row = row_of(books, first)
    plain = row.number.replace("-", "").lower()
    assert books.read(lambda work: claim_id_of(work, plain)) == first
    with pytest.raises(Problem, match="There is no claim CLM-9"):
        books.read(lambda work: claim_id_of(work, "CLM-9"))
    with pytest.raises(Problem, match="not in the books"):
        books.read(lambda work: claim_row(work, 999))
    assert [one.id for one in books.read(lambda work: claims_of_session(work, 1))] == [first]
    every = books.read(lambda work: ids_of_claims(work, ClaimFilter()))
    assert every == tuple(found(books))
    assert books.read(lambda work: ids_of_claims(work, ClaimFilter(text="nobody"))) == ()
    wanted = [every[3], every[0], 999]
    rows = books.read(lambda work: rows_of_claims(work, wanted))
    assert [one.id for one in rows] == [every[3], every[0]]
    assert version_of(books, first) == row.version


def test_a_payer_is_silent_thirty_days_after_the_last_sending(
    books: Office, tracker: Tracker
) -> None:
    sent, pending = tracker.ids[ClaimStatus.SUBMITTED], tracker.ids[ClaimStatus.PENDING]
    today = books.read(lambda work: work.today())
    change(books, sent, last_sent_on=today - timedelta(days=30))
    change(books, pending, last_sent_on=today - timedelta(days=29))
    change(books, tracker.ids[ClaimStatus.DENIED], last_sent_on=today - timedelta(days=99))
    assert found(books, view="silent") == [sent]


def test_the_order_by_deadline_knows_the_answer_of_the_payer_before(
    books: Office, tracker: Tracker
) -> None:
    draft, paid = tracker.ids[ClaimStatus.DRAFT], tracker.ids[ClaimStatus.PAID]
    today = books.read(lambda work: work.today())
    before = row_of(books, draft).deadline
    change(books, paid, answered_on=today)
    change(books, draft, primary_id=paid, rank=2)
    after = row_of(books, draft).deadline
    assert before is not None
    assert after is not None
    assert after.due_on == today + (before.due_on - row_of(books, draft).first_day)
    days = (after.due_on - today).days
    assert draft in found(books, due_within=days)
    assert draft not in found(books, due_within=days - 1)
