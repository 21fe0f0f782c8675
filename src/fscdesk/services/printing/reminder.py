"""Draws a reminder letter in one of five tones, with what is late and a slip to return."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parties import OR_A_PLAN
from fscdesk.services.printing.parts import heading, paragraph, sum_line
from fscdesk.services.printing.reminder_document import ReminderDoc, ReminderLine, ReminderTone
from fscdesk.services.printing.sheet import BODY, QUIET, VALUE
from fscdesk.services.printing.slip import Slip
from fscdesk.services.printing.table import Column, Table, table_parts
from fscdesk.services.printing.words import counted, day, dollars

__all__ = ["ReminderDoc", "ReminderLine", "ReminderTone", "reminder"]

TABLE = Table(
    (
        Column("What"),
        Column("Due on", 64, style=QUIET),
        Column("Late by", 84, right=True),
        Column("Amount", 84, right=True, style=VALUE),
    )
)


def reminder(document: ReminderDoc) -> bytes:
    """The letter as PDF; it has a slip where all of it stands on one page with it."""
    title = document.tone.title()
    numbered = (("Number", document.number),) if document.number else ()
    about = f"Account {document.account}"
    return print_paper(
        Paper(
            document.letterhead,
            title,
            document.number or document.account,
            facts=(*numbered, ("Date", day(document.day)), ("Account", document.account)),
            recipient=document.recipient,
            parts=tuple(_parts(document)),
            again=(about, f"{title}, {day(document.day)}"),
            box=AmountBox("Past due", "now", dollars(document.total), _oldest(document)),
            slip=Slip(document.recipient.name, about, dollars(document.total), "now"),
            slip_if_alone=True,
        )
    )


def _oldest(document: ReminderDoc) -> str:
    oldest = max(document.days_late(line) for line in document.lines)
    return f"The oldest amount is {counted(oldest, 'day')} late"


def _parts(document: ReminderDoc) -> Iterator[Part]:
    yield heading(f"{dollars(document.total)} is past due")
    for text in document.paragraphs:
        yield from paragraph(text, BODY)
        yield gap(6)
    yield gap(6)
    rows = (
        TABLE.row(
            line.what, day(line.due_on), counted(document.days_late(line), "day"), line.amount
        )
        for line in document.lines
    )
    yield from table_parts(
        TABLE,
        rows,
        gap(5, keep_next=True),
        sum_line("Past due", document.total, last=True, keep_next=False),
    )
    yield gap(12)
    if document.signed:
        yield from paragraph(document.signed, BODY)
    yield from paragraph(document.letterhead.question("letter", OR_A_PLAN), QUIET)
