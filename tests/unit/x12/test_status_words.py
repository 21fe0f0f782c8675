"""The words for claim statuses: ours, and only for codes that exist."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from fscdesk.services.x12 import status_words
from fscdesk.services.x12.status_words import (
    Verdict,
    category_words,
    entity_words,
    in_words,
    is_known_status,
    verdict_of,
)


def published(codeset: str) -> set[str]:
    """The codes of a list as pyx12 carries it."""
    text = (files("pyx12") / "map" / "codes.xml").read_text("utf-8")
    found = next(part for part in text.split("<codeset>") if f"<id>{codeset}</id>" in part)
    return set(re.findall("<code>([^<]+)</code>", found))


def test_every_category_has_a_verdict_and_words() -> None:
    for category in published("claim_status_cat"):
        verdict_of(category)
        assert not category_words(category).startswith("Category"), category


@pytest.mark.parametrize(
    ("categories", "verdict"),
    [
        (("A2", "A5", "a2"), Verdict.ACCEPTED),
        (("A3", "A4", "A6", "A7", "A8"), Verdict.REJECTED),
        (("A0", "A1", "P0", "P1", "P2", "P3", "P4", "P5", "R3", "R17", "RQ"), Verdict.PENDING),
        (("F0", "F1", "F2", "F3", "F3F", "F3N", "F4"), Verdict.FINAL),
        (("E0", "E1", "D0", "Z9", "", "R", "RX"), Verdict.UNKNOWN),
    ],
)
def test_verdicts(categories: tuple[str, ...], verdict: Verdict) -> None:
    assert {verdict_of(category) for category in categories} == {verdict}


def test_the_action_decides_only_where_the_category_is_not_known() -> None:
    assert verdict_of("Z9", "U") is verdict_of("", "u") is Verdict.REJECTED
    assert verdict_of("Z9", "WQ") is Verdict.ACCEPTED
    assert verdict_of("A7", "WQ") is Verdict.REJECTED
    assert verdict_of("A2", "U") is Verdict.ACCEPTED


def test_words_are_kept_for_codes_that_exist() -> None:
    known = published("claim_status")
    newer = {"732", "733", "734", "735", "736", "741", "742", "743", "746"}
    ours = set(status_words._STATUSES)
    assert ours - newer <= known
    assert len(ours) > 150


def test_words_are_short_and_ours() -> None:
    for words in status_words._STATUSES.values():
        assert len(words) <= 60
        assert "entity" not in words.lower()
        assert not words.endswith(".")
    assert all("entity" not in words.lower() for _, words in status_words._CATEGORIES.values())


def test_one_line() -> None:
    assert in_words("A7", "562", "85") == ("Rejected, information is wrong: billing provider: NPI")
    assert in_words("A2", "20") == "Accepted: taken into processing"
    assert in_words("F1", "0065") == "Decided, paid: paid"
    assert in_words("A3", "", "") == "Returned unprocessed"
    assert in_words("Z9", "9999", "ZZ") == "Category Z9: party ZZ: status 9999"
    assert entity_words("") == ""
    assert is_known_status("021")
    assert not is_known_status("9999")
    assert not is_known_status("")
