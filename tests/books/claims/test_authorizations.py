"""Authorizations: counted when claims go, given back after, warned of in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimLine, ClaimStatus, Frequency
from fscdesk.models.coverage import Authorization, AuthorizationUse, Counts
from fscdesk.services.claims.authorizations import (
    SORTS,
    VIEWS,
    AuthorizationFields,
    AuthorizationFilter,
    AuthorizationRow,
    Warns,
    add_authorization,
    authorizations_of,
    edit_authorization,
    give_back_uses,
    page_of_authorizations,
    quantity_of,
    take_uses,
    too_little_left,
)
from fscdesk.services.claims.correcting import correct_claim, resend_rejected, void_claim
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims, set_claim_status
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.claim_acts import GRANTED, denied_claim, version_of
from tests.support.claims import ClaimDesk, add_claim_desk, build, claim_of, ready
from tests.support.fail_at import whole_books
from tests.support.payments import verify
from tests.support.second_person import at_once, refusals, winners
from tests.support.sent_claims import send, some_claims, with_clearinghouse


def grant(books: Office, desk: ClaimDesk, granted: int, **facts: object) -> int:
    """Add an authorization of Alma with the payer."""
    fields = replace(GRANTED, payer_id=desk.payer, granted=granted, **facts)  # type: ignore[arg-type]
    return books.write(lambda work: add_authorization(work, desk.alma, fields)).value


def row_of(books: Office, desk: ClaimDesk) -> AuthorizationRow:
    """Return Alma's one authorization."""
    (row,) = books.read(lambda work: authorizations_of(work, desk.alma))
    return row


def name_it(books: Office, claim_id: int, authorization: int | None) -> None:
    """Let a claim name an authorization."""

    def act(work: Work) -> None:
        work.db.get_one(Claim, claim_id).authorization_id = authorization

    books.write(act)


def take(books: Office, *claim_ids: int) -> None:
    """Let claims take, as sending them does."""
    books.write(lambda work: take_uses(work, claim_ids))


def move(books: Office, claim_id: int, new: ClaimStatus) -> None:
    """Let an answer move a claim."""
    books.write(lambda work: move_claims(work, [ClaimMove(claim_id, new, "The payer says so")]))


@pytest.mark.parametrize(
    ("codes", "counts", "code", "units", "takes"),
    [
        ((), Counts.VISITS, "90837", 1, 1),
        ((), Counts.VISITS, "90837", 3, 1),
        ((), Counts.UNITS, "90837", 3, 3),
        (("90837",), Counts.VISITS, "90837", 1, 1),
        (("90834",), Counts.VISITS, "90837", 1, 0),
        ((), Counts.VISITS, "90785", 1, 0),
        ((), Counts.UNITS, "90785", 1, 1),
    ],
)
def test_a_service_takes_a_visit_or_its_units(
    codes: tuple[str, ...], counts: Counts, code: str, units: int, takes: int
) -> None:
    assert quantity_of(codes, counts, code, units) == takes


def test_sent_claims_take_and_undone_ones_give_back(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    one = grant(books, desk, 5, used_before=1)
    claim_id = claim_of(books, desk=desk, sessions=2)
    name_it(books, claim_id, one)
    assert (row_of(books, desk).left, row_of(books, desk).waiting) == (4, 2)
    take(books, claim_id)
    row = row_of(books, desk)
    assert (row.used, row.left) == (3, 2)
    take(books, claim_id)  # it has taken already
    assert row_of(books, desk).used == 3
    verify(books)
    books.write(lambda work: give_back_uses(work, [claim_id]))
    assert row_of(books, desk).used == 1
    verify(books)


def test_a_rejected_claim_gives_its_visit_back_and_can_go_again_with_the_last_one(
    books: Office,
) -> None:
    desk = with_clearinghouse(books)
    one = grant(books, desk, 1)
    (claim_id,) = some_claims(books, desk)
    name_it(books, claim_id, one)
    send(books)
    assert row_of(books, desk).left == 0
    back = ClaimMove(claim_id, ClaimStatus.REJECTED, "No such member")
    books.write(lambda work: move_claims(work, [back]))
    assert row_of(books, desk).left == 1
    seen = version_of(books, claim_id)
    assert books.write(lambda work: resend_rejected(work, {claim_id: seen})).value == (claim_id,)
    send(books)
    assert row_of(books, desk).left == 0
    verify(books)


def test_a_rejected_correction_leaves_the_visit_with_the_first_claim(books: Office) -> None:
    desk = with_clearinghouse(books)
    one = grant(books, desk, 1)
    (first,) = some_claims(books, desk)
    name_it(books, first, one)
    send(books)

    def deny(work: Work) -> None:
        move_claims(work, [ClaimMove(first, ClaimStatus.DENIED, "CARC 4")])
        work.db.get_one(Claim, first).payer_number = "PAYER-1"

    books.write(deny)
    seen = version_of(books, first)
    again = books.write(lambda work: correct_claim(work, first, expected_version=seen)).value
    send(books)

    def takers() -> list[int]:
        def look(work: Work) -> list[int]:
            lines = select(ClaimLine.claim_id).join(
                AuthorizationUse, AuthorizationUse.claim_line_id == ClaimLine.id
            )
            return list(work.db.scalars(lines))

        return books.read(look)

    assert (row_of(books, desk).used, takers()) == (1, [again])
    move(books, again, ClaimStatus.REJECTED)
    assert (row_of(books, desk).used, takers()) == (1, [first])
    # The payer answers it after all: then it has taken the first one's place, and its visit.
    move(books, again, ClaimStatus.PARTIALLY_PAID)
    assert (row_of(books, desk).used, takers()) == (1, [again])
    verify(books)


def test_a_rejected_claim_that_a_person_calls_accepted_has_its_visit_again(books: Office) -> None:
    desk = with_clearinghouse(books)
    one = grant(books, desk, 1)
    first, second = some_claims(books, desk, 2)
    name_it(books, first, one)
    send(books, [first])
    move(books, first, ClaimStatus.REJECTED)
    assert row_of(books, desk).used == 0
    name_it(books, second, one)
    send(books, [second])
    seen = {first: ClaimStatus.REJECTED}
    books.write(
        lambda work: set_claim_status(work, seen, ClaimStatus.ACCEPTED, reason="The payer has it")
    )
    # The payer counts both, so more is used than it granted.
    assert (row_of(books, desk).used, row_of(books, desk).left) == (2, -1)
    verify(books)


def test_a_claim_that_is_void_gives_back_by_whatever_way(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    one = grant(books, desk, 5)
    claim_id = claim_of(books, desk=desk, status=ClaimStatus.ACCEPTED)
    name_it(books, claim_id, one)
    take(books, claim_id)
    books.write(lambda work: move_claims(work, [ClaimMove(claim_id, ClaimStatus.CLOSED, "x")]))
    assert row_of(books, desk).used == 1
    other = claim_of(books, desk=desk, status=ClaimStatus.ACCEPTED)
    name_it(books, other, one)
    take(books, other)
    assert row_of(books, desk).used == 2
    books.write(lambda work: move_claims(work, [ClaimMove(other, ClaimStatus.VOID, "x")]))
    assert row_of(books, desk).used == 1
    verify(books)


def test_what_replaces_a_claim_takes_in_its_place(books: Office) -> None:
    claim_id = denied_claim(books)
    payer, patient = books.read(
        lambda work: (
            work.db.get_one(Claim, claim_id).payer_id,
            work.db.get_one(Claim, claim_id).patient_id,
        )
    )
    fields = replace(GRANTED, payer_id=payer, granted=1)
    one = books.write(lambda work: add_authorization(work, patient, fields)).value
    name_it(books, claim_id, one)
    take(books, claim_id)
    seen = version_of(books, claim_id)
    new_id = books.write(lambda work: correct_claim(work, claim_id, expected_version=seen)).value

    def send(work: Work) -> None:
        move_claims(
            work,
            [
                ClaimMove(claim_id, ClaimStatus.CLOSED, "Replaced"),
                ClaimMove(new_id, ClaimStatus.SUBMITTED, "Sent"),
            ],
        )
        take_uses(work, [new_id])

    books.write(send)

    def takers(work: Work) -> tuple[int, int]:
        return (
            work.db.get_one(Authorization, one).used,
            len(work.db.scalars(select(AuthorizationUse)).all()),
        )

    assert books.read(takers) == (1, 1)

    def undo(work: Work) -> None:
        moves = [
            ClaimMove(new_id, ClaimStatus.SCRUBBED, "Undone"),
            ClaimMove(claim_id, ClaimStatus.DENIED, "Undone"),
        ]
        move_claims(work, moves)
        give_back_uses(work, [new_id])

    books.write(undo)
    assert books.read(takers) == (1, 1)


def test_what_takes_a_claim_back_takes_nothing(books: Office) -> None:
    claim_id = denied_claim(books)
    seen = version_of(books, claim_id)
    back = books.write(
        lambda work: void_claim(work, claim_id, "Wrong client", expected_version=seen)
    ).value

    def look(work: Work) -> tuple[int, int]:
        claim = work.db.get_one(Claim, back)
        assert claim.frequency is Frequency.VOID
        fields = replace(GRANTED, payer_id=claim.payer_id)
        claim.authorization_id = add_authorization(work, claim.patient_id, fields)
        work.db.flush()
        take_uses(work, [back])
        return work.db.get_one(Authorization, claim.authorization_id).used, 0

    assert books.write(look).value == (0, 0)


def test_more_than_is_left_is_not_taken(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    claim_id = claim_of(books, desk=desk, sessions=2)
    name_it(books, claim_id, grant(books, desk, 1))
    before = books.read(whole_books)
    with pytest.raises(ChangedElsewhere, match="has 0 visits left, and claim"):
        take(books, claim_id)
    assert books.read(whole_books) == before
    found = books.read(lambda work: too_little_left(work, [claim_id]))
    assert found == {claim_id: "Authorization AU-77 has 1 visit left, it takes 2."}


def test_claims_that_go_together_share_what_is_left(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    one = grant(books, desk, 2)
    ids: list[int] = []
    for week in range(3):
        day = date(2026, 3, 2) + timedelta(weeks=week)
        session = books.write(partial(ready, desk=desk, day=day)).value
        ids += build(books, [session])
        name_it(books, ids[-1], one)
    found = books.read(lambda work: too_little_left(work, ids))
    assert list(found) == [ids[2]]
    assert books.read(lambda work: too_little_left(work, ids[1:])) == {}


def test_two_desks_do_not_take_the_last_visit_twice(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    one = grant(books, desk, 1)
    ids: list[int] = []
    for week in range(2):
        day = date(2026, 3, 2) + timedelta(weeks=week)
        session = books.write(partial(ready, desk=desk, day=day)).value
        ids += build(books, [session])
        name_it(books, ids[-1], one)
    outcomes = at_once(
        (books, lambda work: take_uses(work, [ids[0]])),
        (books, lambda work: take_uses(work, [ids[1]])),
    )
    assert len(winners(outcomes)) == 1, outcomes
    assert [isinstance(told, ChangedElsewhere) for told in refusals(outcomes)] == [True]
    assert row_of(books, desk).used == 1


def test_a_day_outside_and_another_code_take_nothing(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    later = grant(books, desk, 5, number="A-1", valid_from=date(2026, 3, 5))
    other = grant(books, desk, 5, number="A-2", codes=("90834",))
    claim_id = claim_of(books, desk=desk)
    for one in (later, other):
        name_it(books, claim_id, one)
        take(books, claim_id)
    rows = books.read(lambda work: authorizations_of(work, desk.alma))
    assert [row.used for row in rows] == [0, 0]


@pytest.mark.parametrize(
    ("granted", "used", "until", "warns", "words"),
    [
        (10, 0, date(2026, 12, 31), None, ""),
        (10, 7, date(2026, 12, 31), None, ""),
        (10, 8, date(2026, 12, 31), Warns.FEW_LEFT, "2 visits left. Ask for more."),
        (10, 9, date(2026, 12, 31), Warns.FEW_LEFT, "1 visit left. Ask for more."),
        (10, 10, date(2026, 12, 31), Warns.USED_UP, "Nothing is left of it."),
        (10, 0, date(2026, 5, 13), None, ""),
        (10, 0, date(2026, 5, 12), Warns.ENDS_SOON, "It ends in 30 days."),
        (10, 0, date(2026, 4, 13), Warns.ENDS_SOON, "It ends in 1 day."),
        (10, 0, date(2026, 4, 12), Warns.ENDS_SOON, "It ends today."),
        (10, 10, date(2026, 4, 11), Warns.ENDED, "It ended on 04/11/2026."),
    ],
)
def test_it_warns_at_two_left_and_a_month_ahead(
    books: Office, granted: int, used: int, until: date, warns: Warns | None, words: str
) -> None:
    desk = books.write(add_claim_desk).value
    grant(books, desk, granted, used_before=used, valid_to=until)
    row = row_of(books, desk)
    assert row.warns is warns
    assert row.warning.startswith(words)
    assert bool(row.warning) == (warns is not None)


def test_lists_narrow_and_sort(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    ids = {
        "good": grant(books, desk, 10, number="B-1"),
        "few": grant(books, desk, 10, number="B-2", used_before=9),
        "used": grant(books, desk, 10, number="B-3", used_before=10),
        "over": grant(books, desk, 10, number="B-4", valid_to=date(2026, 4, 1)),
        "ahead": grant(books, desk, 2, number="B-5", valid_from=date(2026, 5, 1)),
    }

    def found(sort: str = "number", **asked: object) -> set[int]:
        wanted = AuthorizationFilter(**asked)  # type: ignore[arg-type]
        page = books.read(lambda work: page_of_authorizations(work, wanted, Span(0, 50, sort)))
        assert page.total == len(page.rows)
        return {row.id for row in page.rows}

    assert set(VIEWS) == {"current", "asks", "ended", "all"}
    assert found(view="all") == set(ids.values())
    assert found() == {ids["good"], ids["few"], ids["used"], ids["ahead"]}
    assert found(view="asks") == {ids["few"], ids["used"]}
    assert found(view="ended") == {ids["used"], ids["over"]}
    assert found(view="all", text="alma b-2") == {ids["few"]}
    assert found(view="all", text="imaginary") == set(ids.values())
    assert found(view="all", text="ben") == set()
    assert found(view="all", patient_id=desk.ben) == set()
    assert found(view="all", payer_id=desk.next_payer) == set()
    for sort in SORTS:
        assert found(sort, view="all") == set(ids.values())
    on = books.read(
        lambda work: authorizations_of(work, desk.alma, payer_id=desk.payer, on=date(2026, 4, 30))
    )
    assert {row.id for row in on} == {ids["good"], ids["few"], ids["used"]}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"number": ""}, "number is missing"),
        ({"granted": 0}, "0 used of 0 granted"),
        ({"granted": 10_000}, "0 used of 10000 granted"),
        ({"used_before": 11}, "11 used of 10 granted"),
        ({"used_before": -1}, "-1 used of 10"),
        ({"valid_to": date(2025, 12, 31)}, "before it begins on 01/01/2026"),
        ({"codes": ("9083",)}, "9083 is not a code"),
        ({"codes": ("90832", "90834", "90837", "90847", "90846")}, "up to 4 codes"),
        ({"payer_id": 999}, "payer is not in the books"),
    ],
)
def test_what_cannot_be_is_refused(books: Office, wrong: dict[str, object], says: str) -> None:
    desk = books.write(add_claim_desk).value
    fields = replace(GRANTED, **{"payer_id": desk.payer, **wrong})  # type: ignore[arg-type]
    before = books.read(whole_books)
    with pytest.raises(Problem, match=says) as refused:
        books.write(lambda work: add_authorization(work, desk.alma, fields))
    assert refused.value.hint
    assert books.read(whole_books) == before


def test_a_number_is_there_once(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    grant(books, desk, 10)
    with pytest.raises(Problem, match="au-77 is there already"):
        grant(books, desk, 5, number="au-77")


def test_a_change_keeps_what_claims_took(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    one = grant(books, desk, 5, codes=(" 90837", "90834 "))
    claim_id = claim_of(books, desk=desk, sessions=2)
    name_it(books, claim_id, one)
    take(books, claim_id)
    row = row_of(books, desk)
    assert row.fields.codes == ("90837", "90834")

    def edit(fields: AuthorizationFields) -> None:
        seen = row_of(books, desk).version
        books.write(lambda work: edit_authorization(work, one, fields, expected_version=seen))

    edit(replace(row.fields, granted=8, used_before=1))
    after = row_of(books, desk)
    assert (after.used, after.left) == (3, 5)
    with pytest.raises(Problem, match="5 of it are used, and 4 granted"):
        edit(replace(row.fields, granted=4, used_before=3))
    with pytest.raises(Problem, match="Claims were sent under"):
        edit(replace(row.fields, payer_id=desk.next_payer))
    verify(books)
