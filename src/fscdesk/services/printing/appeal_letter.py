"""Draws an appeal letter: what it is about, the office's argument, the services denied."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.appeal_letter_document import AppealedLine, AppealLetterDoc
from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parts import heading, paragraph, signatures, sum_line
from fscdesk.services.printing.sheet import BODY, QUIET, VALUE
from fscdesk.services.printing.table import DATE, Column, Table, table_parts
from fscdesk.services.printing.words import day

__all__ = ["AppealLetterDoc", "AppealedLine", "appeal_letter"]

TABLE = Table(
    (
        DATE,
        Column("Service", 120, style=VALUE),
        Column("Denied for"),
        Column("Charged", 84, right=True, style=VALUE),
    )
)
_LEVELS = {1: "Appeal", 2: "Second appeal", 3: "Third appeal"}


def appeal_letter(document: AppealLetterDoc) -> bytes:
    """The letter as PDF; the same letter gives the same bytes."""
    title = _LEVELS.get(document.level, f"Appeal, level {document.level}")
    numbered = (("Number", document.number),) if document.number else ()
    theirs = (("Your claim", document.payer_claim),) if document.payer_claim else ()
    denied = (("Denied on", day(document.denied_on)),) if document.denied_on else ()
    ours = (("Our NPI", document.npi), ("Our tax id", document.tax_id))
    return print_paper(
        Paper(
            document.letterhead,
            title,
            document.number or document.claim,
            facts=(
                *numbered,
                ("Date", day(document.day)),
                *theirs,
                ("Our claim", document.claim),
                *denied,
                *(one for one in ours if one[1]),
            ),
            recipient=document.recipient,
            parts=tuple(_parts(document)),
            again=(f"Claim {document.claim}", f"{title}, {day(document.day)}"),
            mark="PREVIEW" if document.preview else "",
        )
    )


def _parts(document: AppealLetterDoc) -> Iterator[Part]:
    known = f", born {day(document.born_on)}" if document.born_on else ""
    known += f", member id {document.member_id}" if document.member_id else ""
    yield heading(f"{document.member}{known}")
    for text in document.paragraphs:
        if text.strip():
            yield from paragraph(text.strip(), BODY)
            yield gap(8)
    yield gap(4)
    rows = (
        TABLE.row(day(line.service_day), line.code, line.reason, line.amount)
        for line in document.lines
    )
    yield from table_parts(
        TABLE,
        rows,
        gap(5, keep_next=True),
        sum_line("Charged", document.total, last=True, keep_next=False),
    )
    if document.signed:
        yield gap(16)
        yield signatures(((document.signed, ""),))
    yield gap(6)
    yield from paragraph(document.letterhead.question("letter"), QUIET)
