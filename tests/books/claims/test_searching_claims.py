"""Ctrl+K finds claims by our number, with or without dashes, and by the payer's."""

from __future__ import annotations

import pytest

from fscdesk.models.claim import Claim
from fscdesk.services.claims.numbered import claims_numbered
from fscdesk.services.office import Office
from fscdesk.services.searching import find_anything
from fscdesk.services.work import Work
from tests.support.claims import add_claim_desk, build, claim_of, ready


@pytest.mark.parametrize(
    "typed",
    ["CLM-2026-00001", "clm-2026-0", "CLM202600001", "clm2026", "1", "00001", "99700222", "997"],
)
def test_a_number_finds_the_claim_first(books: Office, typed: str) -> None:
    claim_id = claim_of(books)

    def number(work: Work) -> None:
        work.db.get_one(Claim, claim_id).payer_number = "99700222A"

    books.write(number)
    found = books.read(lambda work: find_anything(work, typed))
    assert found[0].title == "CLM-2026-00001, Alma Anyone"
    assert found[0].detail == "Imaginary Blue, their 99700222A, 160.00, scrubbed"
    assert (found[0].kind, found[0].place, found[0].what) == (
        "claim",
        "claim",
        {"claim": claim_id},
    )


@pytest.mark.parametrize(
    "typed", ["2", "CLM-2025", "alma", "CLM-2026-00001 alma", "99", "3/2", "160.00", "%", "x_1"]
)
def test_what_is_no_number_of_a_claim_finds_none(books: Office, typed: str) -> None:
    claim_of(books)
    assert books.read(lambda work: claims_numbered(work, typed, 3)) == ()
    found = books.read(lambda work: find_anything(work, typed))
    assert all(one.kind != "claim" for one in found)


def test_the_newest_come_first_and_no_more_than_asked(books: Office) -> None:
    desk = books.write(add_claim_desk).value

    def sit(work: Work) -> list[int]:
        return [ready(work, desk, minute=minute) for minute in (500, 600, 700)]

    made = [build(books, [session])[0] for session in books.write(sit).value]
    found = books.read(lambda work: claims_numbered(work, "CLM-2026", 2))
    assert found == tuple(reversed(made))[:2]
