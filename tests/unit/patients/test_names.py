"""Names as they are compared, searched and sorted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.patients.names import alias_key, fold, sort_name, without_nickname


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Quill Fakerson", "quill fakerson"),
        ("QUILL  FAKERSON ", "quill fakerson"),
        ("Quill\u00a0Fakerson", "quill fakerson"),
        ("Quill\u200b Fakerson\ufeff", "quill fakerson"),
        ("Mockley O'Sample", "mockley osample"),
        ("Mockley O\u2019Sample", "mockley osample"),
        ('Roberta "Bobbie" Dummydata', "roberta bobbie dummydata"),
        ("Roberta “Bobbie” Dummydata", "roberta bobbie dummydata"),
        ("José Ficción", "josé ficción"),
        ("Jose\u0301 Ficcio\u0301n", "josé ficción"),
        ("Groß", "gross"),
        ("\ufb01ne", "fine"),
    ],
)
def test_an_alias_key_keeps_what_tells_people_apart(text: str, key: str) -> None:
    assert alias_key(text) == key


def test_accents_tell_aliases_apart_but_not_searches() -> None:
    assert alias_key("José") != alias_key("Jose")
    assert fold("José Ficción") == fold("JOSE FICCION") == "jose ficcion"
    assert fold("Ümit Ångström") == "umit angstrom"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ('Roberta "Bobbie" Dummydata', "Roberta Dummydata"),
        ("José “Pepe” Ficción", "José Ficción"),
        ("Mockley O'Sample", "Mockley O'Sample"),
        ('"Bobbie"', ""),
    ],
)
def test_a_nickname_is_the_quoted_part(name: str, plain: str) -> None:
    assert without_nickname(name) == plain


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Quill Fakerson", "fakerson, quill"),
        ("Placebo Quentin Q. Standin", "standin, placebo quentin q."),
        ('Roberta "Bobbie" Dummydata', "dummydata, roberta"),
        ("Nonesuch, JR, of Nowhere Maxim", "nonesuch, jr, of nowhere maxim"),
        ("Ann Fake & Bob Fake", "fake, ann & bob fake"),
        ("Z.", "z."),
        ('"Bobbie"', "bobbie"),
    ],
)
def test_a_list_of_names_is_sorted_by_the_last_word(name: str, key: str) -> None:
    assert sort_name(name) == key


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert alias_key(alias_key(text)) == alias_key(text)
    assert fold(fold(text)) == fold(text)
    assert fold(alias_key(text)) == fold(text)
