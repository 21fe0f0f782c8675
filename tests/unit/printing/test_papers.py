"""What holds for each paper of patient billing: its window, its edges, its names, its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fscdesk.services.printing.boxes import lost_letters
from fscdesk.services.printing.credit_memo import credit_memo
from fscdesk.services.printing.estimate import estimate
from fscdesk.services.printing.explanation import explanation
from fscdesk.services.printing.invoice import InvoiceStyle, invoice
from fscdesk.services.printing.parties import Clinician, Letterhead, Recipient
from fscdesk.services.printing.plan_agreement import plan_agreement
from fscdesk.services.printing.receipt import receipt
from fscdesk.services.printing.reminder import reminder
from fscdesk.services.printing.superbill import superbill
from tests.support.papers import (
    RECIPIENT,
    a_credit_memo,
    a_plan,
    a_receipt,
    a_reminder,
    a_superbill,
    an_estimate,
    an_explanation,
    an_invoice,
    flat,
)
from tests.support.pdf import letters, page_sizes, page_texts

INCH = 72.0
WINDOW = (0.75 * INCH, 2.0 * INCH, 5.4 * INCH, 3.67 * INCH)
LONG = "Bartholomew Featherstonehaugh-Cholmondeley " * 3
LONG_LETTERHEAD = Letterhead(
    "The Fictional Springs Counseling and Wellness Association of Greater Sampleville County",
    tuple(f"Line {n} of an address that goes on for quite a while, as some do" for n in range(9)),
    "(555) 010-0100",
    "somebody.with.a.very.long.mailbox.name@springs.example.invalid",
)
HARD = Recipient(LONG, ("1 Nowhere Lane",) * 7)

Draw = Callable[[Any], bytes]
PAPERS: dict[str, tuple[Draw, Callable[..., Any], str]] = {
    "receipt": (receipt, a_receipt, "payer"),
    "invoice": (invoice, an_invoice, "bill_to"),
    "superbill": (superbill, a_superbill, "patient"),
    "plan": (plan_agreement, a_plan, "debtor"),
    "explanation": (explanation, an_explanation, "recipient"),
    "memo": (credit_memo, a_credit_memo, "recipient"),
    "estimate": (estimate, an_estimate, "patient"),
    "reminder": (reminder, a_reminder, "recipient"),
}
each_paper = pytest.mark.parametrize("paper", list(PAPERS))


def drawn(paper: str, *rows: int, to: Recipient = RECIPIENT, **changes: object) -> bytes:
    draw, build, field = PAPERS[paper]
    return draw(replace(build(*rows), **{field: to, **changes}))


def packed(text: str) -> str:
    return "".join(text.split())


@each_paper
@pytest.mark.parametrize("to", [RECIPIENT, HARD], ids=["usual", "hard"])
def test_only_the_recipient_shows_in_the_window(paper: str, to: Recipient) -> None:
    pdf = drawn(paper, to=to, letterhead=LONG_LETTERHEAD)
    left, top, right, bottom = WINDOW
    inside = [
        each.letter
        for each in letters(pdf)
        if each.right > left and each.left < right and each.bottom > top and each.top < bottom
    ]
    expected = packed(to.name + "".join(to.address)).replace(",", "")
    assert "".join(inside).replace(",", "") == expected


@each_paper
@pytest.mark.parametrize("name", ["<b>", "A<B", "&amp;", "</para>", "(a) \\(b", "José “Pepe” Ż"])
def test_name_prints_as_itself(paper: str, name: str) -> None:
    page = page_texts(drawn(paper, to=Recipient(name, RECIPIENT.address)))[0]
    assert f"{name}\n{RECIPIENT.address[0]}" in page


@each_paper
def test_long_names_stay_whole_and_within_the_margins(paper: str) -> None:
    pdf = drawn(paper, to=HARD, letterhead=LONG_LETTERHEAD)
    assert packed(LONG) in packed(page_texts(pdf)[0])
    for number in range(len(page_sizes(pdf))):
        found = letters(pdf, number)
        assert min(each.left for each in found) > 40
        assert max(each.right for each in found) < 612 - 40
        assert max(each.bottom for each in found) < 770


@each_paper
def test_endless_name_is_cut_visibly(paper: str) -> None:
    assert "…" in page_texts(drawn(paper, to=Recipient("Endless " * 400)))[0]


@each_paper
def test_many_rows_make_pages_with_numbers_and_without_names(paper: str) -> None:
    pdf = drawn(paper, 30 if paper == "plan" else 90)
    pages = page_texts(pdf)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("Continued on page" in page) == (number < len(pages))
        if number > 1:
            first = page.split("\n")[0]
            assert first.startswith("Account 1003 ")
            assert RECIPIENT.name not in first
    for number in range(len(pages)):
        foot = [each for each in letters(pdf, number) if each.top > 753]
        assert packed("".join(each.letter for each in foot)).startswith("FictionalSprings")


@pytest.mark.parametrize("paper", sorted(PAPERS.keys() - {"plan", "reminder"}))
def test_rows_are_printed_once_and_in_order(paper: str) -> None:
    text = flat(drawn(paper, 60))
    found = re.findall(r" (\d{3})[.:](?!\d)", text)
    assert found == [f"{n:03d}" for n in range(60)]


@each_paper
def test_same_document_gives_the_same_bytes(paper: str) -> None:
    assert drawn(paper, 25) == drawn(paper, 25)


@each_paper
def test_fonts_are_embedded_and_the_paper_is_letter(paper: str) -> None:
    pdf = drawn(paper)
    assert b"Helvetica" not in pdf
    assert set(page_sizes(pdf)) == {(612.0, 792.0)}


@each_paper
def test_letters_that_the_font_lacks_are_boxes_and_named(paper: str) -> None:
    _, build, field = PAPERS[paper]
    to = Recipient("Żółć 李 Ficción عمر", ("李 Lane",))
    assert "Żółć □ Ficción □□□" in page_texts(drawn(paper, to=to))[0]
    assert lost_letters(replace(build(), **{field: to})) == "李عمر"
    assert lost_letters(build()) == ""


def test_nothing_runs_into_the_slip() -> None:
    for rows in range(1, 40):
        for style in InvoiceStyle:
            pdf = invoice(an_invoice(rows, style=style, clinicians=("A", "B")))
            above = [each for each in letters(pdf) if 581 < each.top < 597.6]
            assert "".join(each.letter for each in above) == "Returnthispartwithyourpayment"


def test_clinician_of_any_length_stays_whole() -> None:
    clinician = Clinician(LONG, "LCSW", "0000000000", "44SC00000000, NJ")
    for pdf in (
        superbill(a_superbill(clinician=clinician)),
        estimate(an_estimate(clinician=clinician)),
    ):
        assert packed(LONG) in packed(flat(pdf))
