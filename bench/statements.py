"""1,000 statements with 25 rows each in one file, beside the same text on a bare canvas.

The limit is drawn in the same run: each string that a statement shows, at its place, in the same
embedded font, with nothing but `setFont`, `drawString` and `drawRightString`. Ours has to lay out,
draw rules and panels, and check every statement as well.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from bench.measure import Measure, compared
from fscdesk.models.values import ZERO, Money
from fscdesk.services.printing.page import Pen
from fscdesk.services.printing.statement import (
    Letterhead,
    StatementAges,
    StatementDoc,
    StatementLine,
    StatementSection,
    statements_pdf,
)

COUNT, ROWS = 1_000, 25
LIMIT = 2.0
"""How many times the bare canvas's time ours may take (DESIGN.md section 12)."""

LETTERHEAD = Letterhead(
    "Fictional Springs Counseling",
    ("200 Nowhere Avenue, Suite 4", "Sampleville, NJ 07000"),
    "(555) 010-0100",
    "billing@springs.example.invalid",
    "Monday to Friday, 9 to 4",
)
GIVEN = ("Quill", "Minna", "Roberta", "José", "Sample", "Nonesuch", "Zoë", "Imogen")
FAMILY = ("Fakerson", "Placeholder", "Ficción", "McSampleface", "Example", "Dummy", "Ångström")
WHAT = ("Individual session, 50 minutes", "Family session", "Group session, 90 minutes")

Shown = tuple[float, float, str, str, float, bool]


def measure(seed: int = 1) -> list[Measure]:
    """The run as one row of the table of measurements."""
    docs = make_docs(seed)
    pages = _strings(docs)
    return [
        compared(
            "statements of 25 rows, one print file",
            COUNT,
            lambda: statements_pdf(docs, LETTERHEAD),
            lambda: _draw_bare(pages),
            LIMIT,
        )
    ]


def statements(seed: int) -> tuple[float, float]:
    """Median seconds of ours, and of the bare canvas, measured in turns."""
    (row,) = measure(seed)
    return row.ours_s, row.limit_s


def make_docs(seed: int, count: int = COUNT, rows: int = ROWS) -> list[StatementDoc]:
    """Fictional statements whose sums are right."""
    chance = random.Random(seed)
    return [_doc(chance, number, rows) for number in range(count)]


def _doc(chance: random.Random, number: int, rows: int) -> StatementDoc:
    balance, lines = 0, []
    for row in range(rows):
        day = date(2026, 3, 1) + timedelta(days=row)
        if row % 2:
            cents = chance.randrange(500, balance + 501)
            balance -= cents
            line = StatementLine(day, "Card payment, thank you", Money(balance), paid=Money(-cents))
        else:
            cents = chance.randrange(5_000, 25_000)
            balance += cents
            line = StatementLine(day, chance.choice(WHAT), Money(balance), charge=Money(cents))
        lines.append(line)
    due = Money(balance)
    return StatementDoc(
        number=f"ST-2026-{number:05d}",
        day=date(2026, 4, 1),
        account=str(1000 + number),
        period_from=date(2026, 3, 1),
        period_to=date(2026, 3, 31),
        due_by=date(2026, 5, 1),
        recipient_name=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
        recipient_address=(f"{chance.randrange(1, 999)} Nowhere Lane", "Sampleville, NJ 07002"),
        sections=(StatementSection(tuple(lines)),),
        ages=StatementAges((due, ZERO, ZERO, ZERO, ZERO), ZERO, due),
        amount_due=due,
        note="Sessions with Mockley O’Sample",
    )


def _strings(docs: list[StatementDoc]) -> list[list[Shown]]:
    """What each page shows, taken down while it is drawn; forms count on each page."""
    pages: list[list[Shown]] = [[]]
    forms: dict[str, list[Shown]] = {}
    text, right, form, stamp, end = Pen.text, Pen.right, Pen.form, Pen.stamp, Pen.end_page
    inside = [False]

    def on_text(pen: Pen, x: float, y: float, what: str, style: Any, room: Any = None) -> None:
        if what and not inside[0]:
            pages[-1].append((x, 792 - y, what, f"FscSans-{style.weight}", style.size, False))
        text(pen, x, y, what, style, room)

    def on_right(pen: Pen, x: float, y: float, what: str, style: Any, room: Any = None) -> None:
        if what:
            pages[-1].append((x, 792 - y, what, f"FscSans-{style.weight}", style.size, True))
        inside[0] = True
        right(pen, x, y, what, style, room)
        inside[0] = False

    @contextmanager
    def on_form(pen: Pen, name: str) -> Iterator[None]:
        kept, pages[-1] = pages[-1], []
        with form(pen, name):
            yield
        forms[name], pages[-1] = pages[-1], kept

    def on_stamp(pen: Pen, name: str) -> None:
        pages[-1].extend(forms[name])
        stamp(pen, name)

    def on_end(pen: Pen) -> None:
        pages.append([])
        end(pen)

    with (
        patch.object(Pen, "text", on_text),
        patch.object(Pen, "right", on_right),
        patch.object(Pen, "form", on_form),
        patch.object(Pen, "stamp", on_stamp),
        patch.object(Pen, "end_page", on_end),
    ):
        statements_pdf(docs, LETTERHEAD)
    return pages[:-1]


def _draw_bare(pages: list[list[Shown]]) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=LETTER, pageCompression=1, invariant=1)
    for page in pages:
        for x, y, text, name, size, right in page:
            canvas.setFont(name, size)
            (canvas.drawRightString if right else canvas.drawString)(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


if __name__ == "__main__":
    for ROW in measure():
        print(
            f"{ROW.size} {ROW.work}: {ROW.ours_s:.2f} s, bare {ROW.limit_s:.2f} s, {ROW.ratio:.2f}"
        )
