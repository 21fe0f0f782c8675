from __future__ import annotations

from dataclasses import replace

import pytest

from fscdesk.models.claim import Severity
from fscdesk.services.claims.content import ClaimContent
from tests.support.claim_contents import HOME, a_line, alma, clean, found, only


def _with(*modifiers: str, place: str = "10", own: str = "") -> ClaimContent:
    line = a_line(modifiers=modifiers, place_of_service=own)
    return clean(place_of_service=place, lines=(line,))


def test_telehealth_modifiers() -> None:
    for video in ("95", "GT"):
        one = only("telehealth-modifiers", _with("93", video))
        assert (one.severity, one.field, one.line) == (Severity.WARNS, "line_modifiers", 1)
        assert f"has 93, which says sound only, and {video}" in one.message
    for place in ("02", "10"):
        for modifiers in ((), ("95",), ("93",), ("GT",), ("HO", "95")):
            assert not found(_with(*modifiers, place=place)), "what a payer wants is a claim rule's"


def test_telehealth_place() -> None:
    for modifier in ("95", "93", "GT"):
        one = only("telehealth-place", _with(modifier, place="11"))
        assert (one.severity, one.field, one.line) == (Severity.WARNS, "line_place_of_service", 1)
        assert only("telehealth-place", _with(modifier, place="10", own="11"))
        assert not found(_with(modifier, place="11", own="10"))
        assert not found(_with(modifier, place="53"))


def _seen(state: str, licence: str, place: str = "10") -> ClaimContent:
    content = clean(place_of_service=place, patient=alma(address=replace(HOME, state=state)))
    return replace(content, rendering=replace(content.rendering, licence=licence))


def test_licence() -> None:
    one = only("licence", _seen("PA", "NJ 35SI00000"))
    assert (one.severity, one.field) == (Severity.TELLS, "rendering")
    assert "lives in PA" in one.message
    assert "Mockley O'Sample says NJ 35SI00000" in one.message
    assert "says NJ." in only("licence", _seen("PA", "35SI00000")).message, "the practice's state"
    by_sound = replace(_seen("PA", "NJ 1", place="12"), lines=(a_line(modifiers=("93",)),))
    assert only("licence", by_sound)


@pytest.mark.parametrize(
    ("state", "licence", "place"),
    [
        ("PA", "NJ 1", "11"),
        ("NJ", "35SI00000", "10"),
        ("PA", "NJ-1, PA-2", "02"),
        ("pa", "PA 7", "10"),
        ("NJ", "", "10"),
    ],
)
def test_no_licence_is_asked_for(state: str, licence: str, place: str) -> None:
    assert not found(_seen(state, licence, place))
