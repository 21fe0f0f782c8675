"""A fault is mended where it comes from, once, for every claim that waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fscdesk.models.claim import Claim, ClaimChange, ClaimStatus
from fscdesk.models.claim_rule import Supervision
from fscdesk.models.coverage import Policy, Relationship
from fscdesk.models.patient import Patient
from fscdesk.models.payer import Payer
from fscdesk.models.practice import Practice
from fscdesk.models.provider import Provider
from fscdesk.services.claims.assembling import content_of
from fscdesk.services.claims.content import Address
from fscdesk.services.claims.mending import Mended, is_mendable, mend_source, source_of
from fscdesk.services.claims.sources import FIELDS
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Work
from tests.support.claims import DAY, ClaimDesk, add_claim_desk, build, claim_of, ready, the_claim
from tests.support.fail_at import whole_books
from tests.support.second_person import without


def mend(books: Office, claim_id: int, field: str, value: Any) -> Mended:
    """Mend a field as somebody who has just looked at its source."""
    source = books.read(lambda work: source_of(work, claim_id, field))
    return books.write(
        lambda work: mend_source(work, claim_id, field, value, expected_version=source.version)
    ).value


def three_claims(books: Office, desk: ClaimDesk) -> tuple[int, int, int]:
    """Two of Alma's with different clinicians, and one of Ben's with Testa."""

    def sit(work: Work) -> list[int]:
        return [
            ready(work, desk, provider=desk.mock),
            ready(work, desk, provider=desk.testa, day=DAY + timedelta(days=1)),
            ready(work, desk, patient=desk.ben, provider=desk.testa),
        ]

    made = books.write(sit).value
    return tuple(build(books, [one])[0] for one in made)  # type: ignore[return-value]


def test_a_member_id_is_mended_on_the_policy_for_all_that_waits(books: Office) -> None:
    desk = books.write(add_claim_desk).value

    def forget(work: Work) -> None:
        work.db.get_one(Policy, desk.policy).member_id = ""

    books.write(forget)
    first, second, bens = three_claims(books, desk)
    assert the_claim(books, first).status is ClaimStatus.DRAFT
    source = books.read(lambda work: source_of(work, first, "member_id"))
    assert (source.noun, source.id, source.words, source.value, source.may) == (
        "policy",
        desk.policy,
        "the client's policy",
        "",
        True,
    )
    done = mend(books, first, "member_id", " xyz000000009 ")
    assert done == Mended("the client's policy", (first, second))
    for one in (first, second):
        assert the_claim(books, one).status is ClaimStatus.SCRUBBED
    content = books.read(lambda work: content_of(work, second))
    assert content.coverage is not None
    assert content.coverage.member_id == "XYZ000000009"

    def kept(work: Work) -> list[tuple[int, str, str, str, str]]:
        rows = work.db.scalars(select(ClaimChange).order_by(ClaimChange.id))
        return [(row.claim_id, row.field, row.old, row.new, row.source) for row in rows]

    assert books.read(kept) == [
        (one, "member_id", "", "XYZ000000009", "the client's policy") for one in (first, second)
    ]
    assert the_claim(books, bens).version == 2  # built and checked, and never touched since


def test_what_was_sent_does_not_follow(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    first, second, _bens = three_claims(books, desk)

    def send(work: Work) -> None:
        work.db.get_one(Claim, second).status = ClaimStatus.SUBMITTED

    books.write(send)
    assert mend(books, first, "sex", "M").claims == (first,)
    source = books.read(lambda work: source_of(work, second, "sex"))
    with pytest.raises(Problem, match="was sent"):
        books.write(
            lambda work: mend_source(work, second, "sex", "F", expected_version=source.version)
        )


HOME = Address("1 New Street", "Apt 2", "Sampleville", "nj", "070021234")
CASES: dict[str, tuple[Any, Callable[[Work, ClaimDesk], object], object]] = {
    "group_number": ("G7", lambda w, d: w.db.get_one(Policy, d.policy).group_number, "G7"),
    "relationship": (
        "spouse",
        lambda w, d: w.db.get_one(Policy, d.policy).relationship,
        Relationship.SPOUSE,
    ),
    "subscriber_name": (
        ("Bert", "Anyone"),
        lambda w, d: w.db.get_one(Policy, d.policy).subscriber_last,
        "Anyone",
    ),
    "subscriber_birth": (
        date(1979, 1, 1),
        lambda w, d: w.db.get_one(Policy, d.policy).subscriber_birth,
        date(1979, 1, 1),
    ),
    "subscriber_sex": ("m", lambda w, d: w.db.get_one(Policy, d.policy).subscriber_sex, "M"),
    "subscriber_address": (
        HOME,
        lambda w, d: w.db.get_one(Policy, d.policy).subscriber_address1,
        "1 New Street, Apt 2",
    ),
    "patient_name": (
        ("Alma Maria", "Anyone"),
        lambda w, d: w.db.get_one(Patient, d.alma).first_name,
        "Alma Maria",
    ),
    "birth_date": (
        date(1981, 5, 1),
        lambda w, d: w.db.get_one(Patient, d.alma).birth_date,
        date(1981, 5, 1),
    ),
    "sex": ("u", lambda w, d: w.db.get_one(Patient, d.alma).sex, "U"),
    "patient_address": (
        HOME,
        lambda w, d: w.db.get_one(Patient, d.alma).zip_code,
        "07002-1234",
    ),
    "rendering_npi": (
        "1992999825",
        lambda w, d: w.db.get_one(Provider, d.mock).npi,
        "1992999825",
    ),
    "rendering_taxonomy": (
        "1041c0700x",
        lambda w, d: w.db.get_one(Provider, d.mock).taxonomy,
        "1041C0700X",
    ),
    "release": ("no", lambda w, d: w.db.get_one(Policy, d.policy).release_signed, False),
    "benefits_assigned": (
        "no",
        lambda w, d: w.db.get_one(Policy, d.policy).benefits_assigned,
        False,
    ),
    "assignment": ("no", lambda w, d: w.db.get_one(Payer, d.payer).accepts_assignment, False),
    "payer_id": ("77777", lambda w, d: w.db.get_one(Payer, d.payer).payer_code, "77777"),
    "payer_address": (HOME, lambda w, d: w.db.get_one(Payer, d.payer).address2, "Apt 2"),
    "billing_npi": ("1992999825", lambda w, _d: w.db.get_one(Practice, 1).npi, "1992999825"),
    "billing_taxonomy": (
        "1041C0700X",
        lambda w, _d: w.db.get_one(Practice, 1).taxonomy,
        "1041C0700X",
    ),
    "tax_id": ("98 7654321", lambda w, _d: w.db.get_one(Practice, 1).tax_id, "98-7654321"),
    "billing_address": (HOME, lambda w, _d: w.db.get_one(Practice, 1).state, "NJ"),
}


@pytest.mark.parametrize("field", CASES)
def test_each_field_goes_to_its_record(books: Office, field: str) -> None:
    desk = books.write(add_claim_desk).value
    first, second, bens = three_claims(books, desk)
    value, look, kept = CASES[field]
    done = mend(books, first, field, value)
    assert books.read(lambda work: look(work, desk)) == kept
    reach = {"policy": (first, second), "patient": (first, second), "provider": (first,)}
    noun = FIELDS[field].kind.noun
    assert done.claims == reach.get(noun, (first, second, bens))
    assert mend(books, first, field, value).claims == ()  # nothing differs any more


def test_every_field_of_a_source_has_been_tried() -> None:
    assert set(FIELDS) == {*CASES, "member_id", "supervising_npi"}
    assert all(is_mendable(one) for one in (*FIELDS, "supervising"))
    assert not is_mendable("line_modifiers")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("member_id", "", "member id is missing"),
        ("member_id", "X" * 25, "25 letters; 24 fit"),
        ("relationship", "cousin", "cousin is nothing"),
        ("birth_date", "1.1.1980", "not a day"),
        ("birth_date", date(2026, 3, 3), "after the service"),
        ("sex", "X", "cannot stand on a claim"),
        ("sex", "", "sex is missing"),
        ("release", "perhaps", "neither yes nor no"),
        ("rendering_npi", "1234567890", "check digit"),
        ("rendering_npi", "", "NPI is missing"),
        ("patient_name", "Alma", "a first and a last"),
        ("patient_name", ("Alma", ""), "last name is missing"),
        ("patient_address", "here", "not an address"),
        ("patient_address", Address("1 Street", "", "Town", "Jersey", "07001"), "not a state"),
        ("line_modifiers", "95", "the claim's own"),
        ("supervising_npi", "1992999825", "nothing from the supervisor's record"),
    ],
)
def test_what_cannot_be_is_refused(books: Office, field: str, value: Any, says: str) -> None:
    claim_id = claim_of(books)
    before = books.read(whole_books)
    with pytest.raises(Problem, match=says) as refused:
        mend(books, claim_id, field, value)
    assert refused.value.hint
    assert books.read(whole_books) == before


def test_who_saw_the_record_before_it_changed_is_told(books: Office) -> None:
    claim_id = claim_of(books)
    mend(books, claim_id, "member_id", "XYZ000000001")
    with pytest.raises(ChangedElsewhere, match="the client's policy"):
        books.write(
            lambda work: mend_source(
                work, claim_id, "member_id", "XYZ000000002", expected_version=1
            )
        )


def test_a_record_needs_its_own_right(books: Office) -> None:
    claim_id = claim_of(books)
    desk = without(books, Right.CHANGE_SETUP, Right.EDIT_PATIENTS)
    for field, value in (("member_id", "X1"), ("rendering_npi", "1992999825")):
        assert not desk.read(lambda work, f=field: source_of(work, claim_id, f)).may  # type: ignore[misc]
        with pytest.raises(Problem, match="You may not change"):
            desk.write(
                lambda work, f=field, v=value: mend_source(  # type: ignore[misc]
                    work, claim_id, f, v, expected_version=1
                )
            )


def test_a_supervisor_is_put_on_record_and_on_every_claim_without_one(books: Office) -> None:
    desk = books.write(add_claim_desk).value
    first, second, bens = three_claims(books, desk)
    source = books.read(lambda work: source_of(work, second, "supervising"))
    assert (source.id, source.value) == (desk.testa, "")
    done = mend(books, second, "supervising", desk.mock)
    assert done.claims == (second, bens)
    assert the_claim(books, bens).supervising_id == desk.mock
    assert the_claim(books, first).supervising_id is None
    usual = books.read(lambda work: work.db.get_one(Provider, desk.testa).supervisor_id)
    assert usual == desk.mock
    with pytest.raises(Problem, match="Nobody supervises himself"):
        mend(books, second, "supervising", desk.testa)
    assert mend(books, second, "supervising_npi", "1992999825").claims == (first, second, bens)


def test_another_supervisor_holds_from_the_claims_day_on(books: Office) -> None:
    desk = books.write(add_claim_desk).value

    def usual(work: Work) -> int:
        other = Provider(name="Third Fictional", npi="1992999825", taxonomy="101YM0800X")
        work.db.add(other)
        work.db.flush()
        work.db.get_one(Provider, desk.testa).supervisor_id = desk.mock
        return other.id

    third = books.write(usual).value
    session = books.write(lambda work: ready(work, desk, provider=desk.testa)).value
    (claim_id,) = build(books, [session])
    mend(books, claim_id, "supervising", third)

    def look(work: Work) -> None:
        assert work.db.get_one(Provider, desk.testa).supervisor_id == desk.mock
        assert work.db.get_one(Claim, claim_id).supervising_id == third
        (one,) = work.db.scalars(select(Supervision))
        assert (one.supervisor_id, one.valid_from, one.valid_to) == (third, DAY, None)

    books.read(look)
