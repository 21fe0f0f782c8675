"""Gives out a remittance's page line by line as CSV, Excel or PDF, as other lists are given out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.paging import Span
from fscdesk.services.remittances.answered import Cas
from fscdesk.services.remittances.detail import PageClaim, PageLine, RemittancePage
from fscdesk.ui.actions import Menu
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.wording import (
    PLB_KINDS,
    claim_mark,
    client_said,
    expected_pay,
    off_said,
)
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.export import FORMATS, AskPath, Exporting, shown_rows


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One line that is given out: a service, a claim without any, or an amount beside them."""

    id: int
    client: str
    claim: str
    payer_claim: str
    fate: str
    day: date | None
    billed_code: str
    charged: Money | None
    expected: Money | None
    code: str
    allowed: Money | None
    paid: Money
    off: Money | None
    client_owes: Money | None
    reasons: str
    words: str


class PageExport(QObject):
    """Asks for the format, then where to; what is written is said in the message bar."""

    def __init__(self, shell: Shell, owner: QWidget, ask_path: AskPath | None = None) -> None:
        super().__init__(owner)
        self._client = shell.practice.patient
        self.exporting = Exporting(shell.desk, owner, ask_path)
        self.exporting.done.connect(shell.messages.info)
        self.exporting.refused.connect(shell.messages.refused)

    def pop(self, page: RemittancePage, anchor: QWidget) -> None:
        """Offer the formats under the page's head."""
        menu = Menu(anchor)
        for form, words in FORMATS.items():
            menu.add(f"{words}…", partial(self.start, page, form))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(anchor.mapToGlobal(QPoint(anchor.width() // 2, anchor.height())))
        menu.setActiveAction(menu.actions()[0])

    def start(self, page: RemittancePage, form: str) -> None:
        """Write all lines of a page."""
        lines = tuple(export_lines(page))
        title = f"Remittance {page.row.number}"
        span = Span(0, len(lines), "day")
        self.exporting.start(shown_rows(title, columns(self._client), lines, span), form)


def export_lines(page: RemittancePage) -> Iterator[ExportLine]:
    """Yield the lines of a page in its order; their paid amounts sum to the check."""
    number = 0
    for claim in page.claims:
        for line in claim.lines or (None,):
            number += 1
            yield _line(number, claim, line)
        left = claim.paid - sum((line.paid for line in claim.lines), ZERO)
        if claim.lines and left:
            number += 1
            yield _beside(number, claim, left)
    for plb in page.plbs:
        number += 1
        yield ExportLine(
            *(number, "", "", plb.reference, PLB_KINDS[plb.kind], None, "", None, None),
            *(plb.reason, None, -plb.amount, None, None, "", plb.words),
        )


def columns(client: str) -> tuple[Column[ExportLine], ...]:
    """Return what is given out of each line; ``client`` is the practice's word."""
    return (
        Column("client", client, lambda row: row.client),
        Column("claim", "Claim", lambda row: row.claim),
        Column("payer_claim", "Payer claim", lambda row: row.payer_claim),
        Column("fate", "State", lambda row: row.fate),
        date_column("day", "Session", lambda row: row.day),
        Column("billed_code", "Billed", lambda row: row.billed_code),
        money_column("charged", "Charged", lambda row: row.charged),
        money_column("expected", "Expected", lambda row: row.expected),
        Column("code", "Code", lambda row: row.code),
        money_column("allowed", "Allowed", lambda row: row.allowed),
        money_column("paid", "Paid", lambda row: row.paid),
        money_column("off", "Write-off", lambda row: row.off),
        money_column("client_owes", f"{client} owes", lambda row: row.client_owes),
        Column("reasons", "Reasons", lambda row: row.reasons),
        Column("words", "Note", lambda row: row.words),
    )


def _line(number: int, claim: PageClaim, line: PageLine | None) -> ExportLine:
    fate, words = claim_mark(claim).word, claim.words
    head = (number, claim.patient, claim.number, claim.payer_number, fate)
    if line is None:
        reasons = _reasons(claim.adjustments)
        return ExportLine(
            *(*head, None, "", None, None, "", None, claim.paid),
            *(None, claim.client_share, reasons, words),
        )
    expected = expected_pay(line) if line.charge >= ZERO else None
    return ExportLine(
        *(*head, line.day, line.billed_code, line.billed, expected, line.code, line.allows),
        *(line.paid, off_said(line), client_said(line), _reasons(line.adjustments)),
        line.words or words,
    )


def _beside(number: int, claim: PageClaim, left: Money) -> ExportLine:
    """Return what a claim is paid besides its lines: the payer adjusts the claim as a whole."""
    head = (number, claim.patient, claim.number, claim.payer_number, claim_mark(claim).word)
    reasons = _reasons(claim.adjustments)
    return ExportLine(
        *(*head, None, "", None, None, "", None, left, None, None, reasons),
        "Of the whole claim",
    )


def _reasons(found: Sequence[Cas]) -> str:
    return ", ".join(f"{one.group}-{one.carc} {Money(one.cents).plain()}" for one in found)
