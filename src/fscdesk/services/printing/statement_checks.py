"""What a person should know about a statement before it goes into an envelope."""

from __future__ import annotations

from collections.abc import Iterator

from fscdesk.services.errors import Finding, Severity
from fscdesk.services.printing.fonts import missing_letters
from fscdesk.services.printing.parties import Letterhead
from fscdesk.services.printing.statement_document import StatementDoc
from fscdesk.services.printing.words import amount


def letter_findings(doc: StatementDoc) -> Iterator[Finding]:
    """Texts with letters that the font lacks; each is printed as a box."""
    for label, text in _texts(doc):
        if not text.isascii() and (lost := missing_letters(text)):
            yield Finding(
                code="statement-letters-missing",
                message=(
                    f"{label} “{text}” has letters that the statement font does not have: "
                    f"{' '.join(lost)}. Each is printed as a box."
                ),
                where=doc.number,
                severity=Severity.WARNING,
            )


def letterhead_findings(letterhead: Letterhead) -> Iterator[Finding]:
    """The same for the practice's own name and address."""
    for text in (letterhead.name, *letterhead.address, letterhead.email, letterhead.hours):
        if lost := missing_letters(text):
            yield Finding(
                code="letterhead-letters-missing",
                message=(
                    f"The letterhead’s “{text}” has letters that the statement font does not "
                    f"have: {' '.join(lost)}. Each is printed as a box."
                ),
                where="letterhead",
                severity=Severity.WARNING,
            )


def letterhead_cut() -> Finding:
    """Say that the practice's name and address do not fit above the window."""
    return Finding(
        code="letterhead-text-cut",
        message="The letterhead is too long for its place. Its end is printed as “…”. Shorten it.",
        where="letterhead",
        severity=Severity.WARNING,
    )


def sum_findings(doc: StatementDoc) -> Iterator[Finding]:
    """Balances that do not follow from the lines, and ages that are not what is due."""
    for section in doc.sections:
        balance = section.previous_balance.cents
        for line in section.lines:
            for change in (line.charge, line.paid, line.insurance, line.adjusted):
                balance += change.cents if change else 0
            if balance != line.balance.cents:
                yield _sum_finding(
                    doc,
                    f"The row “{line.what}” says a balance of {amount(line.balance)}; "
                    "the rows before it lead to another one.",
                )
                break
    owed = sum(bucket.cents for bucket in doc.ages.owed) - doc.ages.credits.cents
    if owed != doc.ages.due_now.cents:
        yield _sum_finding(
            doc, f"The ages do not add up to the {amount(doc.ages.due_now)} that is due now."
        )


def cut_finding(doc: StatementDoc, label: str) -> Finding:
    """Say that a text was too long for its place even in the smallest letters."""
    return Finding(
        code="statement-text-cut",
        message=f"{label} is too long for its place. Its end is printed as “…”. Shorten it.",
        where=doc.number,
        severity=Severity.WARNING,
    )


def _sum_finding(doc: StatementDoc, message: str) -> Finding:
    return Finding(code="statement-does-not-add-up", message=message, where=doc.number)


def _texts(doc: StatementDoc) -> Iterator[tuple[str, str]]:
    yield "The name", doc.recipient_name
    for part in doc.recipient_address:
        yield "The address", part
    yield "The account number", doc.account
    yield "The statement number", doc.number
    yield "The note", doc.note
    yield "The message", doc.message
    yield "The instructions", doc.instructions
    for section in doc.sections:
        yield "The patient’s name", section.heading
        for line in section.lines:
            yield "The row", line.what
