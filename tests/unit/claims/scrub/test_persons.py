from __future__ import annotations

from datetime import timedelta

import pytest

from fscdesk.models.claim import Severity
from tests.support.claim_contents import DAY, TODAY, a_coverage, alma, clean, found, only


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"last_name": "Anyone2"}, "last name Anyone2 has a digit"),
        ({"first_name": "4lma"}, "first name 4lma has a digit"),
        ({"middle_name": "X1"}, "middle name X1 has a digit"),
        ({"last_name": "Anyone Jr"}, "ends with Jr"),
        ({"last_name": "Anyone, SR."}, "ends with SR"),
        ({"last_name": "Anyone III"}, "ends with III"),
    ],
)
def test_patient_name(facts: dict[str, str], said: str) -> None:
    one = only("patient-name", clean(patient=alma(**facts)))
    assert said in one.message
    assert (one.severity, one.field) == (Severity.WARNS, "patient_name")
    other = only(
        "patient-name", clean(coverage=a_coverage(relationship="child", subscriber=alma(**facts)))
    )
    assert other.field == "subscriber_name"
    assert "subscriber" in other.message


@pytest.mark.parametrize("last", ["Jr", "Sri", "Van Iii-Sample", "O'Anyone", "Sr Anyone"])
def test_a_name_may_look_like_a_suffix(last: str) -> None:
    assert not found(clean(patient=alma(last_name=last)))


def test_birth_and_sex() -> None:
    for born, said in (
        (None, "no birth date"),
        (TODAY + timedelta(days=1), "has not come yet"),
        (DAY + timedelta(days=1), f"after the first service, {DAY:%m/%d/%Y}"),
    ):
        one = only("birth-and-sex", clean(patient=alma(birth_date=born)))
        assert said in one.message
        assert (one.severity, one.field) == (Severity.STOPS, "birth_date")
    for sex in ("", "X", "m", "MF"):
        one = only("birth-and-sex", clean(patient=alma(sex=sex)))
        assert one.field == "sex"
        assert "M, F or U" in one.hint
    for sex in "MFU":
        assert not found(clean(patient=alma(sex=sex, birth_date=DAY)))


def test_subscriber() -> None:
    nobody = alma(first_name="", last_name="")
    one = only("subscriber", clean(coverage=a_coverage(relationship="spouse", subscriber=nobody)))
    assert (one.severity, one.field) == (Severity.STOPS, "subscriber_name")
    assert "as spouse of somebody whose first and last name is missing" in one.message
    one = only("subscriber", clean(coverage=a_coverage(relationship="cousin")))
    assert one.field == "relationship"
    assert "cousin" in one.message
    assert only("subscriber", clean(patient=alma(last_name=" "))).field == "patient_name"
    for relationship in ("spouse", "child", "other"):
        assert not found(clean(coverage=a_coverage(relationship=relationship)))
    assert not found(clean(coverage=a_coverage(subscriber=nobody))), "self: the client is meant"
