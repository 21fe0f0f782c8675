"""Who referred a client: added, changed, ended; the second of two desks is told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.office import Office
from fscdesk.services.patients.referrals import (
    ReferralFields,
    add_referral,
    edit_referral,
    referrals_of,
)
from fscdesk.services.permissions import Right
from fscdesk.services.work import Topic
from tests.support.fail_at import assert_all_or_nothing
from tests.support.people import add_patient
from tests.support.second_person import without

START = date(2026, 1, 5)
NPI = "1245319599"
REED = ReferralFields("DN", "Reedsample", START, first_name="Rhoda", npi=NPI)


def alma(books: Office) -> int:
    return books.write(lambda work: add_patient(work, "Alma Anyone", "1")).value


def test_a_referral_is_added_changed_and_ended_and_the_newest_comes_first(books: Office) -> None:
    patient = alma(books)
    done = books.write(lambda work: add_referral(work, patient, REED))
    assert done.topics >= {Topic.PATIENTS, Topic.CLAIMS}
    later = replace(REED, qualifier="DK", last_name="Latersample", valid_from=date(2026, 3, 1))
    books.write(lambda work: add_referral(work, patient, later))
    rows = books.read(lambda work: referrals_of(work, patient))
    assert [row.name for row in rows] == ["Rhoda Latersample", "Rhoda Reedsample"]
    ended = replace(REED, valid_to=date(2026, 2, 28), npi="")
    books.write(lambda work: edit_referral(work, rows[1], ended))
    assert books.read(lambda work: referrals_of(work, patient))[1].fields == ended


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"qualifier": "XX"}, "who referred, ordered, or supervised"),
        ({"last_name": "  "}, "last name"),
        ({"npi": "1245319598"}, "check digit"),
        ({"valid_to": date(2026, 1, 4)}, "before it begins"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    books: Office, change: dict[str, object], words: str
) -> None:
    patient = alma(books)
    with pytest.raises(Problem, match=words):
        books.write(lambda work: add_referral(work, patient, replace(REED, **change)))  # type: ignore[arg-type]
    assert books.read(lambda work: referrals_of(work, patient)) == ()


def test_the_second_of_two_desks_is_told_and_saves_nothing(books: Office) -> None:
    patient = alma(books)
    books.write(lambda work: add_referral(work, patient, REED))
    (seen,) = books.read(lambda work: referrals_of(work, patient))
    books.write(lambda work: edit_referral(work, seen, replace(REED, first_name="Ruth")))
    with pytest.raises(ChangedElsewhere):
        books.write(lambda work: edit_referral(work, seen, replace(REED, npi="")))
    assert books.read(lambda work: referrals_of(work, patient))[0].name == "Ruth Reedsample"


def test_each_is_saved_whole_or_not_at_all(books: Office) -> None:
    patient = alma(books)
    assert_all_or_nothing(books, lambda work: add_referral(work, patient, REED))
    (seen,) = books.read(lambda work: referrals_of(work, patient))
    ended = replace(REED, valid_to=date(2026, 2, 28))
    assert_all_or_nothing(books, lambda work: edit_referral(work, seen, ended))


def test_who_may_not_change_clients_may_not_change_this(books: Office) -> None:
    patient = alma(books)
    other = without(books, Right.EDIT_PATIENTS)
    with pytest.raises(Problem, match="You may not"):
        other.write(lambda work: add_referral(work, patient, REED))
    assert books.read(lambda work: referrals_of(work, patient)) == ()
