"""Names are split as claims spell them, and a guess never invents or loses a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.claims.names import SpelledName, spelled


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Alma Anyone", SpelledName("Anyone", "Alma")),
        (
            'Mary Ann "Polly" Q. Fakerson Jr.',
            SpelledName("Fakerson", "Mary", "Ann Q.", "Jr"),
        ),
        ("Fakerson, Mary Ann", SpelledName("Fakerson", "Mary", "Ann")),
        ("Fakerson III, Quill", SpelledName("Fakerson", "Quill", "", "III")),
        ("Fakerson, Jr., Mary", SpelledName("Fakerson", "Mary", "", "Jr")),
        ("Testa Fernsample, LPC", SpelledName("Fernsample", "Testa")),
        ("Dr. Ludwig van der Muster, PsyD", SpelledName("van der Muster", "Ludwig")),
        ("Mockley O’Sample", SpelledName("O’Sample", "Mockley")),
        ("Wren Do", SpelledName("Do", "Wren")),
        ("Do, Wren", SpelledName("Do", "Wren")),
        ("WREN MA", SpelledName("MA", "WREN")),
        ("Wren Ma, MA", SpelledName("Ma", "Wren")),
        ("Oneword", SpelledName("Oneword", "")),
        ("Jr", SpelledName("Jr", "")),
        ("", SpelledName("", "")),
    ],
)
def test_a_name_is_read_as_people_write_it(name: str, parts: SpelledName) -> None:
    assert spelled(name) == parts


def test_what_was_typed_apart_goes_before_any_guess() -> None:
    assert spelled("Bob Fakerson", "Robert", "Fakerson de Sample") == SpelledName(
        "Fakerson de Sample", "Robert"
    )
    assert spelled("Bob Fakerson", "Robert", "Fakerson Jr") == SpelledName(
        "Fakerson", "Robert", "", "Jr"
    )
    assert spelled("Bob Fakerson Jr", "Robert", "") == SpelledName("Fakerson", "Robert", "", "Jr")


WORD = st.sampled_from(("Alma", "Ben", "Quill", "Fakerson", "Anyone", "Sample", "van", "de"))


@given(st.lists(WORD, min_size=1, max_size=6))
def test_every_word_is_in_one_part(words: list[str]) -> None:
    found = spelled(" ".join(words))
    assert sorted(f"{found.first} {found.middle} {found.last}".split()) == sorted(words)
    assert found.last


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=12))
def test_no_name_is_refused(name: str, first: str, last: str) -> None:
    spelled(name, first, last)
