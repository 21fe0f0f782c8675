"""Statements as PDF: dataclasses in, bytes out.

    printed = print_statements(docs, letterhead)   # the file, its findings, pages of each
    statement_pdf(doc, letterhead)                 # one recipient's file
    statements_pdf(docs, letterhead)               # one print file for a run

A recipient's pages are drawn from that recipient's document alone; every recipient starts on a
new page, and pages are numbered by recipient. The same documents give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fscdesk.services.errors import Finding
from fscdesk.services.printing.page import Pen
from fscdesk.services.printing.parties import Letterhead
from fscdesk.services.printing.statement_checks import (
    cut_finding,
    letter_findings,
    letterhead_cut,
    letterhead_findings,
    sum_findings,
)
from fscdesk.services.printing.statement_document import (
    StatementAges,
    StatementDoc,
    StatementLine,
    StatementSection,
    StatementTotals,
)
from fscdesk.services.printing.statement_drawing import draw_forms, draw_statement

__all__ = [
    "Letterhead",
    "PrintedStatements",
    "StatementAges",
    "StatementDoc",
    "StatementLine",
    "StatementSection",
    "StatementTotals",
    "print_statements",
    "statement_pdf",
    "statements_pdf",
]


@dataclass(frozen=True, slots=True)
class PrintedStatements:
    """A print file and what to know about it."""

    pdf: bytes
    findings: tuple[Finding, ...]
    """Boxes for letters that the font lacks, texts that were cut, sums that do not add up."""
    pages: tuple[int, ...]
    """How many pages each recipient has, in order, blank backs included."""


def print_statements(
    docs: Iterable[StatementDoc],
    letterhead: Letterhead,
    *,
    title: str = "Statements",
    two_sided: bool = False,
) -> PrintedStatements:
    """Draw statements into one file, in the order given.

    `two_sided` adds a blank page after an odd number of pages, so that on a printer that uses
    both sides nobody's statement is on the back of another person's.
    """
    pen = Pen(title=title, author=letterhead.name)
    findings = list(letterhead_findings(letterhead))
    if not draw_forms(pen, letterhead):
        findings.append(letterhead_cut())
    pages: list[int] = []
    for doc in docs:
        count, cuts = draw_statement(pen, doc, letterhead)
        if two_sided and count % 2:
            pen.end_page()
            count += 1
        pages.append(count)
        findings += (cut_finding(doc, label) for label in cuts)
        findings += letter_findings(doc)
        findings += sum_findings(doc)
    return PrintedStatements(pen.pdf(), tuple(findings), tuple(pages))


def statement_pdf(doc: StatementDoc, letterhead: Letterhead) -> bytes:
    """One recipient's statement, with the number as the file's title."""
    return print_statements((doc,), letterhead, title=f"Statement {doc.number}").pdf


def statements_pdf(docs: Iterable[StatementDoc], letterhead: Letterhead) -> bytes:
    """One print file for many recipients."""
    return print_statements(docs, letterhead).pdf
