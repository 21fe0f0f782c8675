"""Statements as they leave the office: read back with pdfium, letter by letter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.models.values import ZERO, Money
from fscdesk.services.errors import Severity
from fscdesk.services.printing.statement import (
    Letterhead,
    StatementAges,
    StatementDoc,
    StatementLine,
    StatementSection,
    print_statements,
    statement_pdf,
    statements_pdf,
)
from tests.support.pdf import letters, page_sizes, page_texts, picture
from tests.support.statements import LETTERHEAD, a_section, a_statement

INCH = 72.0
WINDOW = (0.75 * INCH, 2.0 * INCH, 5.4 * INCH, 3.67 * INCH)

LONG = "Bartholomew Featherstonehaugh-Cholmondeley " * 5
LONG_LETTERHEAD = Letterhead(
    "The Fictional Springs Counseling and Wellness Association of Greater Sampleville County",
    tuple(f"Line {n} of an address that goes on for quite a while, as some do" for n in range(9)),
    "(555) 010-0100",
    "somebody.with.a.very.long.mailbox.name@springs.example.invalid",
)


def packed(text: str) -> str:
    """Letters alone: where a line is broken does not matter."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("doc", "letterhead"),
    [
        (a_statement(), LETTERHEAD),
        (a_statement(a_section(80)), LETTERHEAD),
        (a_statement(a_section(4)), LONG_LETTERHEAD),
        (a_statement(name=LONG, address=("1 Nowhere Lane",) * 7), LONG_LETTERHEAD),
        (a_statement(message="The office is closed. " * 90, instructions=LONG), LETTERHEAD),
        (a_statement(due=Money(-2_500)), LETTERHEAD),
        (a_statement(number="9" * 90, account="8" * 90, note=LONG), LETTERHEAD),
    ],
    ids=["plain", "three-pages", "letterhead", "long", "texts", "credit", "numbers"],
)
def test_only_the_recipient_shows_in_the_window(doc: StatementDoc, letterhead: Letterhead) -> None:
    pdf = statement_pdf(doc, letterhead)
    left, top, right, bottom = WINDOW
    inside = [
        each
        for each in letters(pdf)
        if each.right > left and each.left < right and each.bottom > top and each.top < bottom
    ]
    shown = packed("".join(each.letter for each in inside)).replace(",", "")
    recipient = packed(doc.recipient_name + "".join(doc.recipient_address))
    assert shown == recipient.replace(",", "")
    # Nothing else leaves ink there either, such as a line or a panel.
    ink_left, ink_right = min(each.left for each in inside), max(each.right for each in inside)
    ink_top, ink_bottom = min(each.top for each in inside), max(each.bottom for each in inside)
    image = picture(pdf)
    image.paste(
        255,
        (
            int(ink_left * 2) - 2,
            int(ink_top * 2) - 2,
            int(ink_right * 2) + 3,
            int(ink_bottom * 2) + 3,
        ),
    )
    window = image.crop(tuple(int(edge * 2) for edge in WINDOW))
    assert window.getextrema() == (255, 255)


def test_recipient_stands_where_the_window_is() -> None:
    found = letters(
        statement_pdf(a_statement(name="HHH", address=("HHH", "HHH", "HHH")), LETTERHEAD)
    )
    recipient = [each for each in found if each.letter == "H" and each.top < 3.67 * INCH]
    lines = sorted({round(each.bottom, 1) for each in recipient})
    assert lines == pytest.approx([187.2, 199.7, 212.2, 224.7], abs=0.2)
    assert min(each.left for each in recipient) == pytest.approx(0.95 * INCH, abs=1.2)


def test_five_lines_of_address_are_joined_and_none_is_lost() -> None:
    address = ("c/o Quill", "Building 7", "Room 3", "1 Nowhere Lane", "Sampleville, NJ 07002")
    page = page_texts(statement_pdf(a_statement(address=address), LETTERHEAD))[0]
    assert "c/o Quill, Building 7, Room 3" in page or "Building 7, Room 3" in page
    assert "\nSampleville, NJ 07002" in page  # the line that the post office reads
    for part in address:
        assert part in page


@pytest.mark.parametrize(
    "name", ["<b>", "A<B", "&amp;", "</para>", "(a) \\(b", "José “Pepe” Ficción"]
)
def test_name_prints_as_itself(name: str) -> None:
    printed = print_statements([a_statement(name=name)], LETTERHEAD)
    page = page_texts(printed.pdf)[0]
    assert page.count(name) == 2  # in the window and on the slip
    assert not printed.findings


def test_name_of_200_letters_is_whole() -> None:
    name = "".join(chr(ord("A") + n % 26) for n in range(200))
    printed = print_statements([a_statement(name=name)], LETTERHEAD)
    assert name in packed(page_texts(printed.pdf)[0])


def test_what_cannot_fit_is_cut_visibly_and_reported() -> None:
    printed = print_statements([a_statement(name="Endless " * 400)], LETTERHEAD)
    assert "…" in page_texts(printed.pdf)[0]
    assert {finding.code for finding in printed.findings} == {"statement-text-cut"}
    assert "recipient’s address" in printed.findings[0].message


def test_letters_that_the_font_lacks_are_boxes_and_findings() -> None:
    printed = print_statements([a_statement(name="Żółć 李 Ficción")], LETTERHEAD)
    (finding,) = printed.findings
    assert finding.code == "statement-letters-missing"
    assert finding.where == "ST-2026-00014"
    assert "李" in finding.message
    assert "Żółć □ Ficción" in page_texts(printed.pdf)[0]


def test_decomposed_letters_are_composed_and_unseen_ones_dropped() -> None:
    printed = print_statements([a_statement(name="Jose\u0301\u200b Fic\u202etive")], LETTERHEAD)
    assert "José Fictive" in page_texts(printed.pdf)[0]
    assert not printed.findings


def test_letterhead_is_checked_too() -> None:
    printed = print_statements([], replace(LETTERHEAD, name="Springs 李"))
    assert [finding.code for finding in printed.findings] == ["letterhead-letters-missing"]
    many = print_statements([], replace(LETTERHEAD, address=("Nowhere " * 60,) * 20))
    assert [finding.code for finding in many.findings] == ["letterhead-text-cut"]


def test_credit_is_not_asked_for() -> None:
    doc = a_statement(StatementSection((), Money(-2_500)))
    page = page_texts(statement_pdf(doc, LETTERHEAD))[0]
    assert "Credit balance,\nnothing to pay" in page
    assert "$" not in page
    assert "Payment slip" not in page
    assert "No activity in this period" in page


def test_nothing_due_says_so() -> None:
    page = page_texts(statement_pdf(a_statement(a_section(0)), LETTERHEAD))[0]
    assert "$0.00" in page
    assert "nothing to pay" in page
    assert "Payment slip" not in page


def test_amount_due_and_day_are_above_and_on_the_slip() -> None:
    doc = a_statement(due=Money(123_456))
    page = page_texts(statement_pdf(doc, LETTERHEAD))[0]
    assert page.count("$1,234.56") == 2
    assert page.count("05/01/2026") == 2
    assert "Account 1003, statement ST-2026-00014" in page
    assert page.count("200 Nowhere Avenue, Suite 4") == 2


def test_pages_after_the_first_begin_with_the_account() -> None:
    doc = a_statement(
        a_section(14, "Quill Fakerson"), a_section(45, "Minna Placeholder"), name="Pay Er"
    )
    pages = page_texts(statement_pdf(doc, LETTERHEAD))
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of 3" in page
        if number > 1:
            assert page.startswith("Account 1003 Statement ST-2026-00014")
            assert "Pay Er" not in page
            assert "Payment slip" not in page
    assert "Continued on page 2" in pages[0]
    assert "What, for Minna Placeholder" in pages[2]


def test_each_patient_has_sums_and_all_together_too() -> None:
    doc = a_statement(a_section(2, "Quill Fakerson"), a_section(3, "Minna Placeholder"))
    page = "\n".join(page_texts(statement_pdf(doc, LETTERHEAD)))
    lines = [re.sub(r"\s+", " ", line) for line in page.split("\n")]
    assert "Quill Fakerson, March 95.00 −40.00 0.00 55.00" in lines
    assert "Minna Placeholder, March 190.00 −40.00 0.00 150.00" in lines
    assert "Together 285.00 −80.00 0.00 205.00" in lines


def test_one_patient_needs_no_heading() -> None:
    page = page_texts(statement_pdf(a_statement(a_section(2, "Quill Fakerson")), LETTERHEAD))[0]
    assert "Quill" not in page
    assert "Your account in March" in page


def test_part_of_a_month_is_not_called_the_month() -> None:
    doc = a_statement(period=(date(2026, 3, 2), date(2026, 3, 31)))
    page = page_texts(statement_pdf(doc, LETTERHEAD))[0]
    assert "Your account\n" in page
    assert "This period" in page
    assert "March" not in page


def test_adjusted_column_stands_only_where_something_was_adjusted() -> None:
    line = StatementLine(date(2026, 3, 2), "Courtesy", Money(-500), adjusted=Money(-500))
    with_it = statement_pdf(a_statement(StatementSection((line,)), due=ZERO), LETTERHEAD)
    assert "Adjusted" in page_texts(with_it)[0]
    assert "−5.00" in page_texts(with_it)[0]
    assert "Adjusted" not in page_texts(statement_pdf(a_statement(), LETTERHEAD))[0]


def test_columns_do_not_run_into_each_other() -> None:
    huge = Money(10**12)
    line = StatementLine(date(2026, 3, 2), "W" * 17, huge, huge, -huge, -huge, huge)
    pdf = statement_pdf(a_statement(StatementSection((line,))), LETTERHEAD)
    row = [each for each in letters(pdf) if 332 < each.top < 345]
    assert len(row) == len("03/02/2026") + 17 + 5 * len("10,000,000,000.00") + len("−−")
    for one, two in pairwise(sorted(row, key=lambda each: each.left)):
        assert two.left > one.right - 0.6  # nothing is drawn over anything


def test_ages_have_five_buckets_credits_and_what_is_due() -> None:
    owed = (Money(100), Money(200), Money(300), Money(400), Money(500))
    doc = a_statement(ages=StatementAges(owed, Money(50), Money(1_450)))
    page = page_texts(statement_pdf(doc, LETTERHEAD))[0]
    for text in ("0 to 30 days", "31 to 60", "61 to 90", "91 to 120", "Over 120", "Due now"):
        assert text in page
    assert "Not yet applied" in page
    assert "−0.50" in page
    without = page_texts(statement_pdf(a_statement(), LETTERHEAD))[0]
    assert "Not yet applied" not in without


def test_balances_that_do_not_follow_are_found() -> None:
    lines = a_section(3).lines
    wrong = replace(lines[2], balance=Money(1))
    doc = a_statement(StatementSection((*lines[:2], wrong)), ages=StatementAges(due_now=Money(1)))
    findings = print_statements([doc], LETTERHEAD).findings
    assert [finding.code for finding in findings] == ["statement-does-not-add-up"] * 2
    assert all(finding.severity is Severity.ERROR for finding in findings)
    assert "Session 002." in findings[0].message
    assert not print_statements([a_statement()], LETTERHEAD).findings


def test_same_statement_gives_the_same_bytes() -> None:
    docs = [a_statement(), a_statement(a_section(60), number="ST-2")]
    assert statements_pdf(docs, LETTERHEAD) == statements_pdf(docs, LETTERHEAD)


def test_fonts_are_embedded_and_the_paper_is_letter() -> None:
    pdf = statement_pdf(a_statement(), LETTERHEAD)
    assert pdf.count(b"/FontFile2") == 3
    assert b"Helvetica" not in pdf
    assert b"ASCII85" not in pdf
    assert page_sizes(statement_pdf(a_statement(a_section(2)), LETTERHEAD)) == [(612.0, 792.0)]


def test_back_of_a_page_is_never_another_persons() -> None:
    docs = [a_statement(a_section(rows), number=f"N{rows}") for rows in (2, 20, 60, 3)]
    printed = print_statements(docs, LETTERHEAD, two_sided=True)
    assert printed.pages == (2, 2, 4, 2)
    pages = page_texts(printed.pdf)
    assert len(pages) == sum(printed.pages)
    starts = [0, 2, 4, 8]
    assert all("Page 1 of" in pages[start] for start in starts)
    assert pages[1] == pages[7] == pages[9] == ""


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.integers(0, 70), min_size=1, max_size=3),
    long=st.booleans(),
    due=st.integers(-1, 1),
    message=st.integers(0, 20),
)
def test_every_row_is_printed_once_and_in_order(
    rows: list[int], long: bool, due: int, message: int
) -> None:
    what = "A service with a name that needs more than one line of the column" if long else "S"
    sections = [a_section(count, f"Patient {n}", what) for n, count in enumerate(rows)]
    doc = a_statement(*sections, due=Money(due), message="The office is closed. " * message)
    printed = print_statements([doc], LETTERHEAD)
    text = "\n".join(page_texts(printed.pdf))
    expected = [f"{row:03d}" for count in rows for row in range(count)]
    assert re.findall(r" (\d{3})\.(?!\d)", text.replace("\n", " ")) == expected
    assert f"Page {printed.pages[0]} of {printed.pages[0]}" in text
    for number in range(printed.pages[0]):
        bottom = max(each.bottom for each in letters(printed.pdf, number))
        assert bottom < 770
        if number == 0 and due > 0:  # nothing runs into the slip
            below = [each for each in letters(printed.pdf) if 581 < each.top < 597.6]
            above = "".join(each.letter for each in below)
            assert above == "Returnthispartwithyourpayment"
