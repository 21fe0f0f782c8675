"""The appeal letter: what stands on it, on one page and on several; the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fscdesk.models.values import Money
from fscdesk.services.printing.appeal_letter import AppealedLine, AppealLetterDoc, appeal_letter
from fscdesk.services.printing.parties import Letterhead, Recipient
from tests.support.pdf import page_texts

LETTER = AppealLetterDoc(
    letterhead=Letterhead(
        "Nowhere Springs Counseling",
        ("200 Nowhere Avenue", "Sampleville, NJ 07000"),
        "201-555-0100",
    ),
    number="AP-2026-00001",
    day=date(2026, 4, 12),
    recipient=Recipient("Imaginary Blue", ("1 Invented Plaza", "Sampleville, NJ 07001-0001")),
    claim="CLM-2026-00007",
    payer_claim="ICN-2026-1",
    member="Alma Anyone",
    member_id="XYZ123456789",
    denied_on=date(2026, 4, 1),
    level=1,
    paragraphs=("To the appeals department:\n\nPlease review it.", "It is on file."),
    lines=(AppealedLine(date(2026, 3, 2), "90837 95", "CARC 197", Money(160_00)),),
    total=Money(160_00),
    signed="Dana Kestrel, billing office",
    born_on=date(1980, 5, 1),
    npi="1234567893",
    tax_id="22-1234567",
)


def test_everything_stands_on_one_page() -> None:
    (text,) = page_texts(appeal_letter(LETTER))
    for words in (
        "Appeal",
        "AP-2026-00001",
        "04/12/2026",
        "ICN-2026-1",
        "CLM-2026-00007",
        "04/01/2026",
        "Imaginary Blue",
        "Alma Anyone, born 05/01/1980, member id XYZ123456789",
        "1234567893",
        "22-1234567",
        "To the appeals department:",
        "It is on file.",
        "03/02/2026",
        "90837 95",
        "CARC 197",
        "160.00",
        "Dana Kestrel, billing office",
    ):
        assert words in text, words


def test_the_same_letter_is_the_same_bytes() -> None:
    assert appeal_letter(LETTER) == appeal_letter(LETTER)


def test_a_level_has_its_title() -> None:
    (second,) = page_texts(appeal_letter(replace(LETTER, level=2)))
    (fourth,) = page_texts(appeal_letter(replace(LETTER, level=4)))
    assert "Second appeal" in second
    assert "Appeal, level 4" in fourth


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(LETTER, payer_claim="", member_id="", denied_on=None, number="", signed="")
    bare = replace(bare, born_on=None, npi="", tax_id="")
    (text,) = page_texts(appeal_letter(bare))
    assert "Your claim" not in text
    assert "member id" not in text
    assert "Denied on" not in text
    assert "Our NPI" not in text
    assert "born" not in text


def test_a_long_letter_goes_on_without_a_name_at_the_head_of_the_next_page() -> None:
    many = tuple(replace(LETTER.lines[0], service_day=date(2026, 1, 1 + one)) for one in range(30))
    long = replace(
        LETTER,
        paragraphs=("A reason that is long. " * 200, "And another one. " * 100),
        lines=many,
        total=Money(160_00 * 30),
    )
    pages = page_texts(appeal_letter(long))
    assert len(pages) > 1
    assert "Claim CLM-2026-00007" in pages[1]
    assert "Alma" not in pages[1]
    assert "4,800.00" in pages[-1]


def test_a_preview_says_so() -> None:
    (text,) = page_texts(appeal_letter(replace(LETTER, preview=True)))
    assert "PREVIEW" in text


@pytest.mark.parametrize(
    "wrong",
    [{"total": Money(1)}, {"lines": (), "total": Money()}, {"paragraphs": (" ", "")}],
)
def test_a_letter_that_does_not_add_up_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="appeal letter AP-2026-00001"):
        replace(LETTER, **wrong)  # type: ignore[arg-type]
