"""Draws a good-faith estimate: what care is expected to cost, and the rights that come with it."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.printing.estimate_document import EstimateDoc, EstimateService
from fscdesk.services.printing.flow import Part, gap
from fscdesk.services.printing.fonts import INK2, REGULAR, Style
from fscdesk.services.printing.letterhead import AmountBox
from fscdesk.services.printing.paper import Paper, print_paper
from fscdesk.services.printing.parties import Clinician, Diagnosis
from fscdesk.services.printing.parts import (
    banner,
    clause,
    facts,
    heading,
    paragraph,
    small_heading,
    sum_line,
)
from fscdesk.services.printing.sheet import QUIET, VALUE
from fscdesk.services.printing.superbill import clinician_lines, practice_ids
from fscdesk.services.printing.table import Column, Table, table_parts
from fscdesk.services.printing.words import amount, counted, day, dollars

__all__ = ["Clinician", "Diagnosis", "EstimateDoc", "EstimateService", "estimate"]

TABLE = Table(
    (
        Column("Service"),
        Column("Code", 70, style=QUIET),
        Column("Times", 46, right=True),
        Column("Rate", 76, right=True),
        Column("Expected", 84, right=True, style=VALUE),
    )
)
LESSER = Style(REGULAR, 8, INK2)
DISCLAIMERS = (
    (
        "An estimate",
        (
            "It shows what is reasonably expected for your care, with what is known today. The "
            "services that you get, and what they cost, may differ from it."
        ),
    ),
    (
        "Not in it",
        (
            "What nobody could expect. Your clinician may also recommend further services, which "
            "are scheduled or asked for separately and are not in this estimate."
        ),
    ),
    (
        "Not a contract",
        "You do not have to take these services from us, or at all.",
    ),
    (
        "12 months",
        "It is valid for 12 months. If what we expect changes, you get a new one.",
    ),
)


ASK_WHERE = "Ask us where the services are given."


def estimate(document: EstimateDoc) -> bytes:
    """The estimate as PDF, with the patient in the envelope's window."""
    return print_paper(
        Paper(
            document.letterhead,
            "Good-faith estimate",
            document.number,
            facts=(
                ("Number", document.number),
                ("Date", day(document.issued)),
                ("Account", document.account),
                ("Valid until", day(document.valid_until())),
            ),
            recipient=document.patient,
            parts=tuple(_parts(document)),
            again=(
                f"Account {document.account}",
                f"Good-faith estimate {document.number}, {day(document.issued)}",
            ),
            box=AmountBox("Expected", "in all", dollars(document.total), "This is not a bill"),
            ids=practice_ids(document.tax_id, document.npi),
        )
    )


def _parts(document: EstimateDoc) -> Iterator[Part]:
    period = f"{day(document.period_from)} to {day(document.period_to)}"
    yield heading("What your care is expected to cost", period)
    diagnoses = tuple(f"{each.code} {each.what}".strip() for each in document.diagnoses)
    yield facts(
        (
            ("Patient", (document.patient.name, f"Born {day(document.birth_date)}")),
            ("Clinician", clinician_lines(document.clinician)),
            ("Diagnoses (ICD-10-CM)", diagnoses or ("None yet",)),
        ),
        persons=2,
    )
    yield gap(14)
    rows = (
        TABLE.row(each.what, each.code, f"{each.count:,}", each.rate, each.amount)
        for each in document.services
    )
    times = sum(each.count for each in document.services)
    yield from table_parts(
        TABLE,
        rows,
        gap(3, keep_next=True),
        sum_line(
            f"Expected, {counted(times, 'service')}", document.total, last=True, keep_next=False
        ),
    )
    if document.separately:
        yield gap(8)
        yield small_heading("Scheduled separately, not in this estimate")
        for each in document.separately:
            yield from paragraph(each, QUIET)
    yield gap(12)
    yield banner(
        "If you are billed more",
        f"If a bill is at least $400 more than this estimate, that is "
        f"${amount(document.disputed_from())} or more, you have the right to dispute it.",
    )
    for name, sentence in _rights(document):
        yield from clause(name, sentence)
        yield gap(3)
    yield gap(5)
    for name, sentence in (*DISCLAIMERS, ("Where", _where(document))):
        yield from clause(name, sentence, LESSER)
        yield gap(2)
    yield gap(4)
    yield from paragraph(document.letterhead.question("estimate"), QUIET)


def _where(document: EstimateDoc) -> str:
    """Say where, as far as it is known: nobody is told of video because an address is missing."""
    place = document.place
    if not place and not document.video:
        place = ", ".join(document.letterhead.address)
    ways = [f"at {place}"] if place else []
    if document.video:
        ways.append("by video")
    return f"The services are given {' or '.join(ways)}." if ways else ASK_WHERE


def _rights(document: EstimateDoc) -> Iterator[tuple[str, str]]:
    """How a bill is disputed (45 CFR 149.620; web page and number from CMS's standard form).

    The fee is set by the department from year to year, so no amount stands on a page that is kept.
    """
    phone = f" at {document.letterhead.phone}" if document.letterhead.phone else ""
    yield (
        "Talk to us",
        (
            f"You may call us{phone}, and ask us to change the bill to what was estimated, to "
            "agree on another amount, or whether there is financial help."
        ),
    )
    yield (
        "Dispute the bill",
        (
            "You may also begin a dispute with the U.S. Department of Health and Human Services "
            "within 120 calendar days (about 4 months) of the date on the first bill. There is a "
            "fee. If the agency that reviews the dispute agrees with you, you pay the price on "
            "this estimate; if it agrees with us, you pay the higher amount. Beginning a dispute "
            "does not lower the quality of the care that you get."
        ),
    )
    yield (
        "Learn more",
        (
            "To get a form or begin a dispute, go to www.cms.gov/nosurprises or call "
            "1-800-985-3059. Keep this estimate; you may need it if you are billed more."
        ),
    )
