"""Draws "Explain this balance": a page for the patient, charge by charge, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fscdesk.services.printing.explanation_document import (
    ExplainedCharge,
    ExplainedStep,
    ExplanationDoc,
)
from fscdesk.services.printing.flow import Part, gap, stack
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parts import heading, paragraph, small_heading, sum_line
from fscdesk.services.printing.sheet import BODY, QUIET, VALUE
from fscdesk.services.printing.table import DATE, Column, Table
from fscdesk.services.printing.words import day, dollars

__all__ = ["ExplainedCharge", "ExplainedStep", "ExplanationDoc", "explanation"]

TABLE = Table(
    (
        DATE,
        Column("What happened"),
        Column("Change", 70, right=True),
        Column("Left to pay", 76, right=True, style=VALUE),
    )
)


def explanation(document: ExplanationDoc) -> bytes:
    """The page as PDF; the last column starts anew with each charge and adds up at the end."""
    owes = document.total.cents > 0
    figure = dollars(document.total) if document.total.cents >= 0 else ""
    return print_paper(
        Paper(
            document.letterhead,
            "Your balance",
            document.account,
            facts=(("Date", day(document.day)), ("Account", document.account)),
            recipient=document.recipient,
            parts=tuple(_parts(document)),
            again=(f"Account {document.account}", f"Your balance on {day(document.day)}"),
            box=AmountBox(
                "Left to pay" if figure else "Credit balance,",
                "" if owes else "nothing to pay",
                figure,
                f"As of {day(document.day)}. This is not a bill",
            ),
        )
    )


def _parts(document: ExplanationDoc) -> Iterator[Part]:
    yield heading("How your balance came about")
    if not document.charges:
        yield from paragraph("Nothing has been charged to this account.", BODY)
    for charge in document.charges:
        yield from _charge(charge, last=charge is document.charges[-1])
    credit = document.total.cents < 0
    name = "Credit balance" if credit else "All together, left to pay"
    yield gap(4, keep_next=True)
    yield sum_line(name, abs(document.total), last=True, keep_next=False)
    yield gap(10)
    yield from paragraph(document.closing or _closing(document), BODY)
    yield from paragraph(document.letterhead.question("page"), QUIET)


def _charge(charge: ExplainedCharge, *, last: bool) -> Iterator[Part]:
    """A heading and its movements; the heading goes along to the next page.

    The last charge's last row stays with the total that follows.
    """
    when = f"{day(charge.day)}, " if charge.day else ""
    who = f" with {charge.clinician}" if charge.clinician else ""
    title = f"{when}{charge.service}{who}"
    head = stack(small_heading(title, charge.patient), TABLE.head())
    again = stack(small_heading(f"{title}, continued", charge.patient), TABLE.head())
    rows = [
        TABLE.row(day(step.day), step.sentence, step.change, step.balance) for step in charge.steps
    ]
    yield head
    end = len(rows) - 1
    for at, row in enumerate(rows):
        yield replace(row, again=again, keep_next=at == end - 1 or (last and at == end))
    yield gap(10, keep_next=last)


def _closing(document: ExplanationDoc) -> str:
    """What there is to do, where the caller has not said it."""
    if document.total.cents > 0:
        return f"{dollars(document.total)} is left for you to pay."
    if document.total.cents < 0:
        return f"You have a credit of {dollars(-document.total)}. There is nothing to pay."
    return "There is nothing to pay."
