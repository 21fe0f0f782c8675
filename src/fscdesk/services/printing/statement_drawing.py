"""Draws a statement: where everything stands, in points from the top left (style/ui.md 7)."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.fonts import INK, INK3, REGULAR, SEMIBOLD, Style, fit, width
from fscdesk.services.printing.letterhead import (
    AmountBox,
    draw_amount_box,
    draw_facts,
    draw_foot,
    draw_letterhead,
    draw_next_head,
    draw_recipient,
)
from fscdesk.services.printing.page import HAIR, STRONG, Pen
from fscdesk.services.printing.parties import OR_A_PLAN, Letterhead, Recipient
from fscdesk.services.printing.sheet import (
    BODY,
    COLUMN,
    FAINT,
    HEAVY,
    LEFT,
    QUIET,
    RIGHT,
    SMALL,
    TITLE,
    TITLE_LINE,
    VALUE,
)
from fscdesk.services.printing.slip import Slip, draw_slip, draw_slip_blank
from fscdesk.services.printing.statement_document import AGE_NAMES, StatementDoc
from fscdesk.services.printing.statement_pages import (
    AGES,
    FIRST_ROW,
    MESSAGE_GAP,
    NEXT_ROW,
    Columns,
    Kind,
    Layout,
    Row,
    lay_out,
)
from fscdesk.services.printing.words import amount, day, dollars, whole_month

AGE, AGE_OWED = Style(REGULAR, 10, INK3), Style(SEMIBOLD, 10, INK)

LETTERHEAD_FORM, SLIP_FORM = "letterhead", "slip"


def draw_forms(pen: Pen, letterhead: Letterhead) -> bool:
    """Draw what all statements of a run share; say whether all of the letterhead fits."""
    with pen.form(LETTERHEAD_FORM):
        whole = draw_letterhead(pen, letterhead, "Statement")
    with pen.form(SLIP_FORM):
        return draw_slip_blank(pen, letterhead) and whole


def draw_statement(pen: Pen, doc: StatementDoc, letterhead: Letterhead) -> tuple[int, list[str]]:
    """Draw all pages of one recipient; return how many, and which texts had to be cut."""
    layout = lay_out(doc, doc.message or letterhead.question("statement", OR_A_PLAN))
    count = len(layout.pages)
    cuts = ["The message"] if layout.message.cut else []
    rows = (row for page in layout.pages for row in page)
    cuts += [f"The row “{row.label.lines[0][1]}”" for row in rows if row.label.cut]
    for number, page in enumerate(layout.pages, 1):
        if number == 1:
            cuts += _first_page(pen, doc, letterhead)
            top = FIRST_ROW
        else:
            about = f"Statement {doc.number}, {day(doc.day)}"
            draw_next_head(pen, f"Account {doc.account}", about)
            top = NEXT_ROW
        going_on = number > 1 and page[0].kind is Kind.LINE
        y = _table(pen, page, layout.columns, top, page[0].section if going_on else "")
        if number < count:
            pen.right(RIGHT, y + 12, f"Continued on page {number + 1}", SMALL)
        if number == 1:
            _ages(pen, doc, layout)
        draw_foot(pen, letterhead, number, count)
        pen.end_page()
    return count, cuts


def _first_page(pen: Pen, doc: StatementDoc, letterhead: Letterhead) -> Iterator[str]:
    """Everything above the table, and the slip; yield what had to be cut."""
    pays = doc.amount_due.cents > 0
    pen.stamp(LETTERHEAD_FORM)
    period = f"{day(doc.period_from)} to {day(doc.period_to)}"
    facts = (("Number", doc.number), ("Date", day(doc.day)), ("Account", doc.account))
    for label in draw_facts(pen, (*facts, ("Period", period))):
        yield f"The {label.lower()}"
    if not draw_amount_box(pen, _amount_box(doc, letterhead)):
        yield "The instructions"
    if not draw_recipient(pen, Recipient(doc.recipient_name, doc.recipient_address)):
        yield "The recipient’s address"
    month = whole_month(doc.period_from, doc.period_to)
    heading = f"Your account in {month}" if month else "Your account"
    pen.text(LEFT, TITLE_LINE, heading, TITLE)
    note = fit((doc.note,), FAINT, RIGHT - LEFT - width(heading, TITLE) - 16, 12, 11)
    for row, (_, line) in enumerate(note.lines):
        pen.right(RIGHT, TITLE_LINE + row * note.leading, line, note.style)
    if note.cut:
        yield "The note"
    if pays:
        pen.stamp(SLIP_FORM)
        about = f"Account {doc.account}, statement {doc.number}"
        due = day(doc.due_by) or "now"
        if not draw_slip(pen, Slip(doc.recipient_name, about, dollars(doc.amount_due), due)):
            yield "The slip’s name or account"


def _amount_box(doc: StatementDoc, letterhead: Letterhead) -> AmountBox:
    """What is due and by when; a credit is said in words, so that nobody pays it."""
    pays = doc.amount_due.cents > 0
    usual = "Pay with the slip below, or call us" if letterhead.phone else "Pay with the slip below"
    hint = doc.instructions or (usual if pays else "Keep this for your records")
    if doc.amount_due.cents < 0:
        return AmountBox("Credit balance,", "nothing to pay", "", hint)
    by = "nothing to pay" if not pays else f"by {day(doc.due_by)}" if doc.due_by else "now"
    return AmountBox("Amount due", by, dollars(doc.amount_due), hint)


def _table(pen: Pen, rows: tuple[Row, ...], columns: Columns, top: float, section: str) -> float:
    """Draw the header and the rows of one page; return where they end."""
    head = top - 8.1
    pen.text(LEFT, head, "Date", COLUMN)
    what = f"What, for {section}" if section else "What"
    pen.text(columns.what, head, what, COLUMN, columns.what_room)
    for edge, name in zip(columns.edges, columns.names, strict=True):
        pen.right(edge, head, name, COLUMN)
    pen.rule(LEFT, RIGHT, top - 2.4, STRONG, 0.8)
    for row in rows:
        _row(pen, row, columns, top)
        top += row.height
        if row.kind is not Kind.TOTAL:
            pen.rule(LEFT, RIGHT, top, HAIR)
    return top


def _row(pen: Pen, row: Row, columns: Columns, top: float) -> None:
    usual = row.kind is Kind.LINE
    y = top + (12 if usual else 16.6 if row.kind is Kind.HEADING else 13.8)
    if usual:
        pen.text(LEFT, y, day(row.day), QUIET)
    pen.block(columns.what if usual else LEFT, y, row.label)
    if not row.cells:
        return
    last = len(row.cells) - 1
    for n, cell in enumerate(row.cells):
        if cell is not None:
            style = HEAVY if not usual else VALUE if n == last else BODY
            pen.right(columns.edges[n], y, amount(cell), style, columns.rooms[n])


def _ages(pen: Pen, doc: StatementDoc, layout: Layout) -> None:
    ages = doc.ages
    cells = list(zip(AGE_NAMES, ages.owed, strict=True))
    if ages.credits:
        cells.append(("Not yet applied", -ages.credits))
    last_name = "In all, by plan" if doc.in_parts else "Due now"
    cells.append(("Credit balance" if ages.due_now.cents < 0 else last_name, ages.due_now))
    top, step = layout.ages_top, (RIGHT - LEFT) / len(cells)
    pen.panel(LEFT, top, RIGHT - LEFT, AGES)
    for n, (name, owed) in enumerate(cells):
        x = LEFT + 12 + n * step
        pen.text(x, top + 13, name, SMALL)
        last = n == len(cells) - 1
        pen.text(x, top + 25.6, amount(owed), AGE_OWED if owed or last else AGE, step - 6)
    pen.block(LEFT, top + AGES + MESSAGE_GAP, layout.message)
