"""Draws a statement: where everything stands (style/ui.md section 7), in points from the top left.

The window of a #10 envelope, with its play, shows what lies between 0.75 and 5.4 in across and
2.0 and 3.67 in down. Only the recipient is drawn there; a test reads it back.
"""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.fonts import (
    INK,
    INK2,
    INK3,
    MEDIUM,
    REGULAR,
    SEMIBOLD,
    Style,
    fit,
    width,
)
from fscdesk.services.printing.page import HAIR, LINE, STRONG, Pen
from fscdesk.services.printing.statement_document import AGE_NAMES, Letterhead, StatementDoc
from fscdesk.services.printing.statement_pages import (
    AGES,
    BODY,
    FIRST_ROW,
    HEAVY,
    LEFT,
    MESSAGE_GAP,
    NEXT_ROW,
    RIGHT,
    Columns,
    Kind,
    Layout,
    Row,
    lay_out,
)
from fscdesk.services.printing.words import amount, day, dollars, whole_month

WINDOW_LEFT, WINDOW_TOP = 68.4, 187.2
WINDOW_ROOM, WINDOW_LINES, WINDOW_LEADING = 318.0, 4, 12.5
FOLDS, FOLD = (264.24, 527.76), "#9AA1AC"
SLIP = 597.6
FOOT = 762.0
ASIDE, BOX_TOP, BOX_PAD = 396.2, 124.1, 12.0

NAME = Style(MEDIUM, 10, INK)
PLAIN = Style(REGULAR, 10, INK)
QUIET = Style(REGULAR, 9, INK2)
FAINT = Style(REGULAR, 9, INK3)
VALUE = Style(MEDIUM, 9, INK)
TITLE = Style(SEMIBOLD, 12, INK)
COLUMN = Style(MEDIUM, 8, INK3)
SMALL = Style(REGULAR, 8, INK3)
FOOTER = Style(REGULAR, 7.5, INK3)
FIGURE = Style(SEMIBOLD, 19, INK)
SUM = Style(SEMIBOLD, 11, INK)
AGE, AGE_OWED = Style(REGULAR, 10, INK3), Style(SEMIBOLD, 10, INK)

LETTERHEAD_FORM, SLIP_FORM = "letterhead", "slip"


def draw_forms(pen: Pen, letterhead: Letterhead) -> bool:
    """Draw what all statements of a run share; say whether all of the letterhead fits."""
    contact = ", ".join(part for part in (letterhead.phone, letterhead.email) if part)
    name = fit((letterhead.name,), Style(SEMIBOLD, 11, INK), 330, 28, 14)
    under = fit((*letterhead.address, contact), QUIET, 330, 72 - name.height, 12)
    with pen.form(LETTERHEAD_FORM):
        y = pen.block(LEFT, 44.5, name)
        pen.block(LEFT, y + 14.6, under)
        pen.text(ASIDE, 47.6, "Statement", Style(SEMIBOLD, 18, INK))
        for fold in FOLDS:
            pen.rule(8, 18, fold, FOLD, 0.6)
            pen.rule(pen.width - 18, pen.width - 8, fold, FOLD, 0.6)
    payee = fit((letterhead.name,), NAME, 285, 24, 12)
    address = fit(letterhead.address, QUIET, 285, 48 - payee.height, 12)
    with pen.form(SLIP_FORM):
        pen.dashes(LEFT, RIGHT, SLIP, STRONG)
        pen.centre(pen.width / 2, SLIP - 4, "Return this part with your payment", FOOTER)
        pen.text(LEFT, 621.2, "Payment slip", TITLE)
        pen.text(LEFT, 675.4, "Make checks payable to", SMALL)
        y = pen.block(LEFT, 688.3, payee)
        pen.block(LEFT, y + 13.3, address)
        for y, label in ((621.6, "Amount due"), (638.8, "Due by"), (673.5, "Amount enclosed")):
            pen.text(345.4, y, label, FAINT)
        pen.text(345.4, 701.6, "Check number", FAINT)
        pen.frame(460.6, 657.5, RIGHT - 460.6, 22.2)
        pen.frame(460.6, 685.6, RIGHT - 460.6, 22.2)
        pen.text(468.6, 673, "$", Style(REGULAR, 10, INK3))
    return not (name.cut or under.cut or payee.cut or address.cut)


def draw_statement(pen: Pen, doc: StatementDoc, letterhead: Letterhead) -> tuple[int, list[str]]:
    """Draw all pages of one recipient; return how many, and which texts had to be cut."""
    layout = lay_out(doc, doc.message or _question(letterhead))
    count = len(layout.pages)
    cuts = ["The message"] if layout.message.cut else []
    rows = (row for page in layout.pages for row in page)
    cuts += [f"The row “{row.label.lines[0][1]}”" for row in rows if row.label.cut]
    for number, page in enumerate(layout.pages, 1):
        if number == 1:
            cuts += _first_page(pen, doc, letterhead)
            top = FIRST_ROW
        else:
            _next_page(pen, doc)
            top = NEXT_ROW
        going_on = number > 1 and page[0].kind is Kind.LINE
        y = _table(pen, page, layout.columns, top, page[0].section if going_on else "")
        if number < count:
            pen.right(RIGHT, y + 12, f"Continued on page {number + 1}", SMALL)
        if number == 1:
            _ages(pen, doc, layout)
        pen.text(LEFT, FOOT, letterhead.name, FOOTER, 440)
        pen.right(RIGHT, FOOT, f"Page {number} of {count}", FOOTER)
        pen.end_page()
    return count, cuts


def window_lines(name: str, address: tuple[str, ...]) -> tuple[str, ...]:
    """The recipient in at most four lines: the shortest neighbours of the address are joined."""
    lines = [line.strip() for line in address if line.strip()]
    while len(lines) >= WINDOW_LINES:
        # Postal machines read the last line (city, state, ZIP), so it is joined last of all.
        last = len(lines) - 2 if len(lines) > 2 else 1  # noqa: PLR2004 - a pair to join
        at = min(range(last), key=lambda n: len(lines[n]) + len(lines[n + 1]))
        lines[at : at + 2] = [f"{lines[at]}, {lines[at + 1]}"]
    return (name, *lines)


def _recipient(pen: Pen, doc: StatementDoc) -> bool:
    lines = window_lines(doc.recipient_name, doc.recipient_address)
    height = WINDOW_LINES * WINDOW_LEADING
    block = fit(lines, PLAIN, WINDOW_ROOM, height, WINDOW_LEADING)
    pen.block(WINDOW_LEFT, WINDOW_TOP, block, NAME)
    return block.cut


def _first_page(pen: Pen, doc: StatementDoc, letterhead: Letterhead) -> Iterator[str]:
    """Everything above the table, and the slip; yield what had to be cut."""
    pays = doc.amount_due.cents > 0
    pen.stamp(LETTERHEAD_FORM)
    period = f"{day(doc.period_from)} to {day(doc.period_to)}"
    facts = (("Number", doc.number), ("Date", day(doc.day)), ("Account", doc.account))
    for row, (label, value) in enumerate((*facts, ("Period", period))):
        y = 67.5 + 14.07 * row
        pen.text(ASIDE, y, label, FAINT)
        value_block = fit((value,), VALUE, RIGHT - ASIDE - 44, 12, 12)
        for _, line in value_block.lines:
            pen.right(RIGHT, y, line, value_block.style)
            y += value_block.leading
        if value_block.cut:
            yield f"The {label.lower()}"
    yield from _amount_box(pen, doc, letterhead)
    if _recipient(pen, doc):
        yield "The recipient’s address"
    month = whole_month(doc.period_from, doc.period_to)
    heading = f"Your account in {month}" if month else "Your account"
    pen.text(LEFT, 284.5, heading, TITLE)
    note = fit((doc.note,), FAINT, RIGHT - LEFT - width(heading, TITLE) - 16, 12, 11)
    for row, (_, line) in enumerate(note.lines):
        pen.right(RIGHT, 284.5 + row * note.leading, line, note.style)
    if note.cut:
        yield "The note"
    if pays:
        yield from _slip(pen, doc)


def _amount_box(pen: Pen, doc: StatementDoc, letterhead: Letterhead) -> Iterator[str]:
    pays = doc.amount_due.cents > 0
    usual = "Pay with the slip below, or call us" if letterhead.phone else "Pay with the slip below"
    hint = doc.instructions or (usual if pays else "Keep this for your records")
    inner = RIGHT - ASIDE - 2 * BOX_PAD
    block = fit((hint,), SMALL, inner, 5 * 10, 10)
    pen.panel(ASIDE, BOX_TOP, RIGHT - ASIDE, 65.9 + block.height)
    left, right = ASIDE + BOX_PAD, RIGHT - BOX_PAD
    if doc.amount_due.cents < 0:
        pen.text(left, 144.9, "Credit balance,", SUM)
        pen.text(left, 160.2, "nothing to pay", SUM)
    else:
        pen.text(left, 142.9, "Amount due", Style(MEDIUM, 9, INK2))
        by = "nothing to pay" if not pays else f"by {day(doc.due_by)}" if doc.due_by else "now"
        pen.text(left, 160, by, QUIET)
        room = inner - width(by, QUIET) - 10
        pen.right(right, 160.4, dollars(doc.amount_due), FIGURE, room)
    pen.rule(left, right, 170, LINE)
    pen.block(left, 182.7, block)
    if block.cut:
        yield "The instructions"


def _slip(pen: Pen, doc: StatementDoc) -> Iterator[str]:
    pen.stamp(SLIP_FORM)
    name = fit((doc.recipient_name,), NAME, 285, 12.5, 12.5)
    pen.block(LEFT, 639.1, name)
    account = fit((f"Account {doc.account}, statement {doc.number}",), QUIET, 285, 12, 12)
    pen.block(LEFT, 652.4, account)
    pen.right(RIGHT, 621.6, dollars(doc.amount_due), SUM, 140)
    pen.right(RIGHT, 638.8, day(doc.due_by) or "now", SUM)
    if name.cut or account.cut:
        yield "The slip’s name or account"


def _next_page(pen: Pen, doc: StatementDoc) -> None:
    """Pages after the first begin with the account, never with a name."""
    pen.text(LEFT, 44.5, f"Account {doc.account}", SUM, 240)
    pen.right(RIGHT, 44.5, f"Statement {doc.number}, {day(doc.day)}", FAINT, 270)


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
    cells.append(("Credit balance" if ages.due_now.cents < 0 else "Due now", ages.due_now))
    top, step = layout.ages_top, (RIGHT - LEFT) / len(cells)
    pen.panel(LEFT, top, RIGHT - LEFT, AGES)
    for n, (name, owed) in enumerate(cells):
        x = LEFT + 12 + n * step
        pen.text(x, top + 13, name, SMALL)
        last = n == len(cells) - 1
        pen.text(x, top + 25.6, amount(owed), AGE_OWED if owed or last else AGE, step - 6)
    pen.block(LEFT, top + AGES + MESSAGE_GAP, layout.message)


def _question(letterhead: Letterhead) -> str:
    """What stands below the ages when the office has nothing else to say."""
    if not letterhead.phone:
        return ""
    reach = ", ".join(part for part in (letterhead.phone, letterhead.hours) if part)
    return f"A question about this statement, or a plan to pay in parts? Call {reach}."
