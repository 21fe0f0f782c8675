"""Text on a CMS-1500: basic letters only, each kind of field with its own punctuation."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.services.printing.cms1500_grid import FieldKind
from fscdesk.services.printing.cms1500_letters import claim_letters, lost_letters


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("12.5 Main St., Apt. #4-B", FieldKind.WORDS, "12 5 MAIN ST APT 4 B"),
        ("$1,000", FieldKind.WORDS, "1 000"),
        ("F43.10", FieldKind.CODE, "F4310"),
        ("07002-0001", FieldKind.ZIP, "07002-0001"),
        ("070020001", FieldKind.ZIP, "07002-0001"),
        ("07002", FieldKind.ZIP, "07002"),
        ("Sampleville, NJ 07002-0001", FieldKind.WORDS, "SAMPLEVILLE NJ 07002-0001"),
        ("Sampleville 55555-0001 West", FieldKind.WORDS, "SAMPLEVILLE 55555 0001 WEST"),
        ("abc 12-3", FieldKind.CODE, "ABC123"),
        ("00-0000000", FieldKind.DIGITS, "000000000"),
        ("UN1.5   a.b. ", FieldKind.NOTES, "UN1.5   AB"),
        (" , Quill", FieldKind.NAME, "QUILL"),
        ("tab\there\u00a0now", FieldKind.WORDS, "TAB HERE NOW"),
    ],
)
def test_text_becomes_what_its_kind_of_field_takes(text: str, kind: FieldKind, shown: str) -> None:
    assert claim_letters(text, kind) == shown


@given(st.text(max_size=60), st.sampled_from(FieldKind))
def test_only_basic_letters_reach_the_form(text: str, kind: FieldKind) -> None:
    shown = claim_letters(text, kind)
    assert set(shown) <= set(string.ascii_uppercase + string.digits + " &'()/+,.")
    assert shown == shown.strip()
    assert not lost_letters(shown)


@pytest.mark.parametrize(
    ("text", "lost"),
    [("Zoë Łukasz-O’Hara", ""), ("李 Quill 李 عمر", "李عمر"), ("№ – “so”", ""), ("Зоя", "Зоя")],
)
def test_letters_without_a_basic_form_are_named_once(text: str, lost: str) -> None:
    assert lost_letters(text) == lost
