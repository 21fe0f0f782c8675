"""Changes of a claim before it goes: what differs is kept, what cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fscdesk.models.claim import ClaimChange, ClaimStatus, Frequency
from fscdesk.models.claim_rule import Referral
from fscdesk.services.claims.editing import (
    ClaimEdits,
    LineEdits,
    edit_claim,
    edits_of,
    hold_claim,
    release_claim,
)
from fscdesk.services.claims.lifecycle import ClaimMove, move_claims
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.claim_acts import version_of
from tests.support.claims import (
    add_authorization,
    add_claim_desk,
    add_policy,
    claim_of,
    the_claim,
)
from tests.support.fail_at import whole_books


def edits(books: Office, claim_id: int) -> ClaimEdits:
    """Return a claim's own fields."""
    return books.read(lambda work: edits_of(work, claim_id))


def save(books: Office, claim_id: int, new: ClaimEdits) -> bool:
    """Save a claim's own fields, as somebody who has just looked at it."""
    seen = version_of(books, claim_id)
    return books.write(lambda work: edit_claim(work, claim_id, new, expected_version=seen)).value


def changes(books: Office, claim_id: int) -> list[tuple[str, int | None, str, str]]:
    """Return what was kept of changes: field, line, old, new."""

    def look(work: Work) -> list[tuple[str, int | None, str, str]]:
        rows = work.db.scalars(
            select(ClaimChange)
            .where(ClaimChange.claim_id == claim_id, ClaimChange.source == "")
            .order_by(ClaimChange.id)
        )
        return [(row.field, row.line, row.old, row.new) for row in rows]

    return books.read(look)


def test_each_field_that_differs_is_kept_with_old_and_new(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    claim_id = claim_of(books, desk=desk, sessions=2)
    granted = books.write(lambda work: add_authorization(work, desk.alma, desk.payer, 5)).value
    now = edits(books, claim_id)
    first, second = now.lines
    new = replace(
        now.with_line(first, modifiers=("95", "ho"), pointers=(2, 1)),
        rendering_id=desk.testa,
        supervising_id=desk.mock,
        location_id=desk.video,
        authorization_id=granted,
        place_of_service="10",
        note="  By   video ",
        diagnoses=("f41.1", "F329"),
    )
    assert save(books, claim_id, new)
    kept = edits(books, claim_id)
    assert kept == replace(
        new.with_line(first, modifiers=("95", "HO")),
        note="By video",
        diagnoses=("F41.1", "F32.9"),
    )
    assert kept.lines[second] == now.lines[second]
    assert changes(books, claim_id) == [
        ("rendering_id", None, "Mockley O’Sample", "Testa Fernsample"),
        ("supervising_id", None, "", "Mockley O’Sample"),
        ("location_id", None, "Main office", "Video"),
        ("authorization_id", None, "", "AUTH-1"),
        ("place_of_service", None, "11", "10"),
        ("note", None, "", "By video"),
        ("diagnoses", None, "F41.1", "F41.1, F32.9"),
        ("modifiers", 1, "", "95 HO"),
        ("pointers", 1, "1", "2 1"),
    ]
    assert not save(books, claim_id, kept)
    assert len(changes(books, claim_id)) == 9


def test_who_changes_only_a_line_still_meets_the_other_desk(books: Office) -> None:
    claim_id = claim_of(books)
    now = edits(books, claim_id)
    (line,) = now.lines
    seen = version_of(books, claim_id)
    new = now.with_line(line, modifiers=("95",))
    books.write(lambda work: edit_claim(work, claim_id, new, expected_version=seen))
    assert version_of(books, claim_id) > seen
    other = replace(now, note="Mine")
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: edit_claim(work, claim_id, other, expected_version=seen))
    assert edits(books, claim_id) == new


def test_a_change_is_checked_at_once(books: Office) -> None:
    claim_id = claim_of(books)
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED
    now = edits(books, claim_id)
    save(books, claim_id, replace(now, diagnoses=(), lines=now.lines))
    stopped = the_claim(books, claim_id)
    assert (stopped.status, stopped.stops > 0) == (ClaimStatus.DRAFT, True)
    save(books, claim_id, now)
    assert the_claim(books, claim_id).status is ClaimStatus.SCRUBBED


def test_a_rejected_claim_can_be_changed_and_stays_rejected(books: Office) -> None:
    claim_id = claim_of(books, status=ClaimStatus.REJECTED)
    assert save(books, claim_id, replace(edits(books, claim_id), note="Second try"))
    assert the_claim(books, claim_id).status is ClaimStatus.REJECTED


@pytest.mark.parametrize(
    "status",
    [one for one in ClaimStatus if one not in ("draft", "scrubbed", "rejected")],
)
def test_what_a_payer_has_is_not_changed(books: Office, status: ClaimStatus) -> None:
    claim_id = claim_of(books, status=status)
    new = replace(edits(books, claim_id), note="Too late")
    before = books.read(whole_books)
    with pytest.raises(Problem, match=f"is {status.value.replace('_', ' ')}"):
        save(books, claim_id, new)
    assert books.read(whole_books) == before


def _line(**values: object) -> Callable[[ClaimEdits], ClaimEdits]:
    return lambda now: now.with_line(next(iter(now.lines)), **values)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda now: replace(now, place_of_service="1"), "1 is not a place of service"),
        (lambda now: replace(now, place_of_service="AB"), "AB is not a place of service"),
        (lambda now: replace(now, diagnoses=("41.1",)), "41.1 is not an ICD-10 code"),
        (lambda now: replace(now, diagnoses=("F41.1", "F411")), "each once"),
        (
            lambda now: replace(now, diagnoses=tuple(f"F10.{one}" for one in range(13))),
            "up to 12 diagnoses",
        ),
        (lambda now: replace(now, note="x" * 81), "81 letters; 80 fit"),
        (lambda now: replace(now, frequency=Frequency.REPLACEMENT), "payer's number"),
        (lambda now: replace(now, rendering_id=999), "rendering provider is not in the books"),
        (lambda now: replace(now, location_id=999), "location is not in the books"),
        (_line(modifiers=("9",)), "9 is not a modifier"),
        (_line(modifiers=("95", "95")), "each once"),
        (_line(modifiers=("95", "HO", "GT", "93", "59")), "up to 4 modifiers"),
        (_line(pointers=()), "points to one or more"),
        (_line(pointers=(2,)), "points to one or more"),
        (_line(pointers=(1, 1)), "points to one or more"),
        (_line(place_of_service="x"), "x is not a place of service"),
    ],
)
def test_what_cannot_stand_on_a_claim_is_refused(
    books: Office, wrong: Callable[[ClaimEdits], ClaimEdits], says: str
) -> None:
    claim_id = claim_of(books)
    new = wrong(edits(books, claim_id))
    before = books.read(whole_books)
    with pytest.raises(Problem, match=says) as refused:
        save(books, claim_id, new)
    assert refused.value.hint
    assert books.read(whole_books) == before


def test_a_line_points_to_four_diagnoses_at_most(books: Office) -> None:
    claim_id = claim_of(books)
    five = ("F41.1", "F32.9", "F43.10", "F43.21", "F60.3")
    now = replace(edits(books, claim_id), diagnoses=five)
    (line,) = now.lines
    assert save(books, claim_id, now.with_line(line, pointers=(1, 2, 3, 5)))
    with pytest.raises(Problem, match="up to 4 diagnoses"):
        save(books, claim_id, now.with_line(line, pointers=(1, 2, 3, 4, 5)))


def test_a_line_of_another_claim_is_refused(books: Office) -> None:
    claim_id = claim_of(books)
    now = edits(books, claim_id)
    with pytest.raises(ChangedElsewhere):
        save(books, claim_id, replace(now, lines={}))
    with pytest.raises(ChangedElsewhere):
        save(books, claim_id, replace(now, lines={**now.lines, 999: LineEdits()}))


def test_what_is_another_clients_cannot_be_named(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    claim_id = claim_of(books, desk=desk)

    def others(work: Work) -> tuple[int, int, int]:
        add_policy(work, desk.alma, desk.next_payer, "Z1", rank=2)
        referral = Referral(patient_id=desk.ben, last_name="Referrer", valid_from=date(2026, 1, 1))
        work.db.add(referral)
        work.db.flush()
        return (
            add_authorization(work, desk.ben, desk.payer, 5, number="A-1"),
            add_authorization(work, desk.alma, desk.next_payer, 5, number="A-2"),
            referral.id,
        )

    bens, of_next, referral = books.write(others).value
    now = edits(books, claim_id)
    for wrong in (
        replace(now, authorization_id=bens),
        replace(now, authorization_id=of_next),
        replace(now, referral_id=referral),
    ):
        with pytest.raises(Problem, match="another client's, or another payer's"):
            save(books, claim_id, wrong)


def test_a_claim_is_held_and_released(books: Office) -> None:
    claim_id = claim_of(books)
    seen = version_of(books, claim_id)
    with pytest.raises(Problem, match="reason is missing"):
        books.write(lambda work: hold_claim(work, claim_id, " ", expected_version=seen))
    books.write(lambda work: hold_claim(work, claim_id, "Ask Alma", expected_version=seen))
    held = the_claim(books, claim_id)
    assert (held.held_for, held.status) == ("Ask Alma", ClaimStatus.DRAFT)
    books.write(lambda work: release_claim(work, claim_id, expected_version=held.version))
    free = the_claim(books, claim_id)
    assert (free.held_for, free.status) == ("", ClaimStatus.SCRUBBED)
    assert changes(books, claim_id) == [
        ("held_for", None, "", "Ask Alma"),
        ("held_for", None, "Ask Alma", ""),
    ]
    with pytest.raises(Problem, match="is not held"):
        books.write(lambda work: release_claim(work, claim_id, expected_version=free.version))


def test_what_is_sent_cannot_be_held(books: Office) -> None:
    claim_id = claim_of(books)
    books.write(lambda work: move_claims(work, [ClaimMove(claim_id, ClaimStatus.PAID, "x")]))
    seen = version_of(books, claim_id)
    with pytest.raises(Problem, match="is paid"):
        books.write(lambda work: hold_claim(work, claim_id, "Late", expected_version=seen))


def test_a_claim_that_is_not_there_is_told(books: Office) -> None:
    with pytest.raises(ChangedElsewhere):
        books.read(lambda work: edits_of(work, 99))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: edit_claim(work, 99, ClaimEdits(1), expected_version=1))
