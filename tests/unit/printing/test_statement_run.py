"""A run of thousands: no page may hold a word of somebody else's account."""

from __future__ import annotations

import random
import re
import time

from fscdesk.models.values import Money
from fscdesk.services.printing.statement import StatementDoc, print_statements, statement_pdf
from tests.support.pdf import page_texts
from tests.support.statements import LETTERHEAD, a_section, a_statement

COUNT = 3_000
TOKEN = re.compile(r"K\d{5}K")


def marked(chance: random.Random, token: str) -> StatementDoc:
    """A statement on which every text that can be told holds the account's token."""
    sizes = chance.choice(([3], [9], [0], [4, 3], [14], [40]))
    headings = [f"Patient {n} {token}" for n in range(len(sizes))]
    sections = [
        a_section(size, heading, f"Session {token}")
        for size, heading in zip(sizes, headings, strict=True)
    ]
    return a_statement(
        *sections,
        number=f"S{token}",
        account=token,
        name=f"Name {token}",
        address=(f"{token} Nowhere Lane", f"Sampleville {token}"),
        due=chance.choice((Money(5_500), Money(0), Money(-100))),
        note=f"Note {token}",
        message=f"Message {token}",
        instructions=f"How {token}",
    )


def test_recipients_pages_hold_only_their_own_account() -> None:
    chance = random.Random(20260401)
    tokens = [f"K{number:05d}K" for number in range(COUNT)]
    docs = [marked(chance, token) for token in tokens]
    printed = print_statements(docs, LETTERHEAD)
    pages = page_texts(printed.pdf)
    assert len(printed.pages) == COUNT
    assert len(pages) == sum(printed.pages)
    at = 0
    for token, count in zip(tokens, printed.pages, strict=True):
        for number in range(count):
            page = pages[at + number]
            assert set(TOKEN.findall(page)) == {token}
            assert f"Page {number + 1} of {count}" in page
        assert f"Name {token}" in pages[at]
        at += count


def test_file_of_one_is_the_same_as_the_pages_in_a_run() -> None:
    chance = random.Random(7)
    docs = [marked(chance, f"K{number:05d}K") for number in range(20)]
    printed = print_statements(docs, LETTERHEAD)
    pages, at = page_texts(printed.pdf), 0
    for doc, count in zip(docs, printed.pages, strict=True):
        assert page_texts(statement_pdf(doc, LETTERHEAD)) == pages[at : at + count]
        at += count


def test_run_is_drawn_in_a_second_or_two() -> None:
    """A guard against something quadratic; the exact measure is bench/statements.py."""
    docs = [a_statement(a_section(25), number=f"N{number}") for number in range(200)]
    began = time.perf_counter()
    print_statements(docs, LETTERHEAD)
    few = time.perf_counter() - began
    began = time.perf_counter()
    print_statements(docs * 5, LETTERHEAD)
    assert time.perf_counter() - began < max(15 * few, 2.0)
