"""Reports on paper, read back with pdfium."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.printing.report import MOST_LINES, report_pdf
from fscdesk.services.table_report import Cell, ReportColumn
from tests.support.pdf import letters, page_sizes, page_texts
from tests.support.reports import COLUMNS, ROWS, a_report


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_page_says_what_it_is() -> None:
    page = flat(page_texts(report_pdf(a_report()))[0])
    assert page.startswith("Open balances As of 03/31/2026 · Payer: FICTA · Age by service date")
    assert "Day Client Owed Share Visits" in page
    assert "03/04/2026 Quill Fakerson 1,234.50 5.1 % 7" in page
    assert "José “Pepe” Ficción −10.00 12.5 % 0" in page
    assert "Total 1,224.50 7" in page
    assert "Ties to the general ledger." in page
    assert "Printed by Dana Kestrel, 04/01/2026 08:15 Page 1 of 1" in page


def test_long_report_has_its_header_on_each_page_and_totals_at_the_end() -> None:
    rows = [(date(2026, 3, 1), f"Client {n:04d}", Money(n), None, n) for n in range(200)]
    pages = page_texts(report_pdf(a_report(rows)))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert flat(page).startswith("Open balances")
        assert "Client Owed Share Visits" in flat(page)
        assert f"Page {number} of {len(pages)}" in page
        assert ("Total" in page) == (number == len(pages))
    found = re.findall(r"Client (\d{4})", "\n".join(pages))
    assert found == [f"{n:04d}" for n in range(200)]


def test_amounts_are_set_right() -> None:
    columns = (ReportColumn("t", "What"), ReportColumn("m", "Owed", "money"))
    rows = [("x", Money(11_111)), ("y", Money(-911_111)), ("z", Money(1))]
    found = letters(report_pdf(a_report(rows, columns)))
    tops = {each.letter: each.top for each in found if each.letter in "xyz" and each.left < 60}
    ends = [
        max(each.right for each in found if abs(each.top - tops[name]) < 4 and each.letter == "1")
        for name in "xyz"
    ]
    assert max(ends) - min(ends) < 0.1
    assert ends[0] > 560


def test_wide_report_lies_across() -> None:
    assert page_sizes(report_pdf(a_report()))[0] == (612.0, 792.0)
    columns = tuple(ReportColumn(f"c{n}", f"Column {n}", "money", total=True) for n in range(12))
    rows = [tuple(Money(12_345_600 + n) for n in range(12))] * 3
    pdf = report_pdf(a_report(rows, columns))
    assert page_sizes(pdf)[0] == (792.0, 612.0)
    assert max(each.right for each in letters(pdf)) < 792 - 40


def test_names_with_markup_print_as_themselves() -> None:
    name = "A<B & </para> <b>bold</b> <img src='/x.png'>"
    page = flat(page_texts(report_pdf(a_report([(None, name, None, None, None)])))[0])
    assert name in page


def test_empty_report_says_so() -> None:
    assert "Nothing matches these filters." in page_texts(report_pdf(a_report([])))[0]


def test_long_text_wraps_and_endless_text_ends_visibly() -> None:
    words = " ".join(f"w{n:03d}" for n in range(60))
    page = page_texts(report_pdf(a_report([(None, words, None, None, None)])))[0]
    assert re.findall(r"w\d{3}", page) == words.split()
    endless = "endless " * (MOST_LINES * 40)
    pages = page_texts(report_pdf(a_report([(None, endless, None, None, None)])))
    assert len(pages) == 1
    assert "…" in pages[0]


def test_same_report_gives_the_same_bytes() -> None:
    assert report_pdf(a_report()) == report_pdf(a_report())


def test_filters_and_notes_of_any_length_stay_on_the_page() -> None:
    report = replace(
        a_report(ROWS * 12),
        filters=tuple(f"Filter {n}: a choice with many words" for n in range(40)),
        notes=("A note that is long. " * 40,),
    )
    pdf = report_pdf(report)
    for number in range(len(page_texts(pdf))):
        foot = [each for each in letters(pdf, number) if each.top > 740]
        assert "".join(each.letter for each in foot).startswith("PrintedbyDanaKestrel")


@settings(max_examples=40, deadline=None)
@given(
    wide=st.integers(1, 30),
    rows=st.lists(st.integers(-(10**12), 10**12), max_size=30),
    words=st.text(alphabet="ab<&李 ", max_size=60),
)
def test_any_shape_can_be_printed_within_the_page(wide: int, rows: list[int], words: str) -> None:
    columns = (
        ReportColumn("t", "What"),
        *(ReportColumn(f"c{n}", f"Amount {n}", "money", total=True) for n in range(wide)),
    )
    table: list[tuple[Cell, ...]] = [
        (words, *(Money(cents) for _ in range(wide))) for cents in rows
    ]
    pdf = report_pdf(a_report(table, columns))
    across, high = page_sizes(pdf)[0]
    for number in range(len(page_sizes(pdf))):
        found = letters(pdf, number)
        assert max(each.right for each in found) <= across - 42
        assert max(each.bottom for each in found) <= high - 27
        body = [each for each in found if each.bottom < high - 45]
        assert max(each.bottom for each in body) <= high - 50


def test_columns_are_those_of_the_report() -> None:
    report = a_report()
    assert [column.title for column in report.columns] == [column.title for column in COLUMNS]
