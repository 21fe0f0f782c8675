"""The lists of Invoices: those that were made, the bills to make, and what goes on none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.invoice_listing import (
    ASKED_FOR,
    InvoiceFilter,
    InvoiceLineRow,
    InvoiceRow,
    ShownStatus,
    invoice_lines,
    page_of_invoices,
)
from fscdesk.services.billing.invoices import (
    InvoicePlan,
    LeftOutCharge,
    NotInvoiced,
    PlannedInvoice,
)
from fscdesk.services.billing.page_joining import page_of_invoice
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.screens.statements.pane_pages import PagePart, Paper
from fscdesk.ui.tables.columns import Column, Kind, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, PaneHead, PaneTab
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.spec import (
    Choice,
    ChoiceFilter,
    DayFilter,
    Empty,
    ListSpec,
    RowsAct,
    View,
)
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status, now

STATUS, OUTDATED = "status", "outdated"
_STYLES = {"patient": "plain words", "detailed": "codes and rates", "summary": "sums by month"}
_WHYS = {
    NotInvoiced.NOTHING_OPEN: Status("Nothing open", "neutral", "circle-check"),
    NotInvoiced.ON_INVOICE: Status("Has an invoice", "sky", "file-text"),
    NotInvoiced.VOIDED: Status("Voided", "neutral", "ban"),
    NotInvoiced.BELOW_MINIMUM: Status("Below minimum", "neutral", "circle-minus"),
    NotInvoiced.DO_NOT_BILL: Status("Not billed", "slate", "ban"),
}


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill that would be made."""

    id: int
    one: PlannedInvoice


@dataclass(frozen=True, slots=True)
class LeftCharge:
    """A charge that goes on no bill."""

    id: int
    one: LeftOutCharge


Seen = tuple[InvoiceRow, Paper, tuple[InvoiceLineRow, ...]]


def invoices_spec(
    bulk: tuple[RowsAct[InvoiceRow], ...],
    acts: tuple[RowsAct[InvoiceRow], ...],
    opens: Callable[[], object],
) -> ListSpec[InvoiceRow]:
    """Declare the invoices, newest first, with what is open of each."""

    def query(work: Work, state: FilterState, span: Span) -> Page[InvoiceRow]:
        first, last = state.ends("issued", work.today())
        wanted = InvoiceFilter(
            statuses=tuple(ShownStatus(one) for one in state.values(STATUS)),
            text=state.text,
            issued_from=first,
            issued_to=last,
            outdated=bool(state.values(OUTDATED)),
        )
        return page_of_invoices(work, wanted, span)

    def ask(work: Work, row: InvoiceRow) -> Seen:
        pdf = document_bytes(work, page_of_invoice(work, row.id))
        return row, Paper(pdf, sentence=row.void_reason), invoice_lines(work, row.id)

    detail: DetailSpec[InvoiceRow, Seen] = DetailSpec(
        ask=ask,
        head=_head,
        tabs=(
            PaneTab("page", "Page", lambda: PagePart(lambda seen: seen[1], opens)),
            PaneTab("lines", "Charges", lambda: FactsPage("Charges", _lines)),
        ),
        nothing="Choose an invoice to see its page.",
    )
    return ListSpec(
        key="billing.invoices",
        name="Invoices",
        columns=_columns(),
        query=query,
        noun=("invoice", "invoices"),
        filters=(
            ChoiceFilter(
                STATUS,
                "Status",
                tuple(
                    Choice(
                        one.value,
                        now.status("invoice", one.value).word,
                        status=("invoice", one.value),
                    )
                    for one in ShownStatus
                ),
            ),
            DayFilter("issued", "Issued"),
        ),
        views=(
            View("all", "All"),
            View("draft", "Not sent", _status(ShownStatus.DRAFT), good_news="All are sent."),
            View(
                "changed",
                "To be made anew",
                FilterState().with_values(OUTDATED, ("yes",)),
                good_news="Every invoice says what is charged.",
            ),
            View("overdue", "Overdue", _status(ShownStatus.OVERDUE), good_news="None is overdue."),
            View("open", "Open", _status(*ASKED_FOR), good_news="Nothing is open."),
            View("paid", "Paid", _status(ShownStatus.PAID), counted=False),
            View("void", "Void", _status(ShownStatus.VOID), counted=False),
        ),
        bulk=bulk,
        row_acts=acts,
        title=False,
        sort="number",
        descending=True,
        topics=frozenset({Topic.INVOICES, Topic.LEDGER}),
        empty=Empty("No invoice was made yet.", "file-text"),
        none_words=lambda state: (
            f"No invoice holds “{state.text.strip()}”."
            if state.text
            else "No invoice is like that."
        ),
        picked_words=lambda rows: f"{_stated(sum(row.open.cents for row in rows))} open",
        detail=detail,
        least_width=720,
    )


def bills_spec(plan: Callable[[], InvoicePlan | None]) -> ListSpec[BillRow]:
    """Declare the bills that would be made."""

    def rows(_work: Work) -> Sequence[BillRow]:
        found = plan()
        some = () if found is None else found.invoices
        return [BillRow(one.lines[0].charge_id, one) for one in some]

    detail: DetailSpec[BillRow, BillRow] = DetailSpec(
        ask=lambda _work, row: row,
        head=lambda row: PaneHead(
            name=row.one.patient,
            line=f"To {row.one.guarantor}, account {row.one.account}",
            figures=(Figure("To ask for", text=_stated(row.one.amount.cents)),),
        ),
        tabs=(PaneTab("lines", "", lambda: FactsPage("Charges", _planned_lines)),),
        nothing="Choose a bill to see its charges.",
    )
    return short_spec(
        "invoices_to_make",
        "Invoices to make",
        ("invoice", "invoices"),
        rows,
        (
            Column("account", "Account", lambda row: row.one.account, width=84, priority=5),
            Column("who", "To", lambda row: row.one.guarantor, names=True, width=180, priority=0),
            Column("patient", "For", lambda row: row.one.patient, width=180, priority=2),
            Column(
                "charges",
                "Charges",
                lambda row: count_text(len(row.one.lines)),
                Kind.NUMBER,
                value=lambda row: len(row.one.lines),
                width=80,
                priority=3,
            ),
            date_column(
                "first", "First session", lambda row: row.one.lines[0].service_day, priority=4
            ),
            money_column("amount", "Amount", lambda row: row.one.amount, priority=0, strong=True),
        ),
        "account",
        Empty("Everything that clients owe is on an invoice.", "circle-check"),
        detail=detail,
    )


def left_spec(plan: Callable[[], InvoicePlan | None]) -> ListSpec[LeftCharge]:
    """Declare the charges that go on no bill, with the reason."""

    def rows(_work: Work) -> Sequence[LeftCharge]:
        found = plan()
        return [] if found is None else [LeftCharge(one.charge_id, one) for one in found.left_out]

    return short_spec(
        "invoices_left",
        "Charges on no invoice",
        ("charge", "charges"),
        rows,
        (
            Column("account", "Account", lambda row: row.one.account, width=84, priority=5),
            Column("who", "Client", lambda row: row.one.patient, names=True, width=180),
            date_column("day", "Session", lambda row: row.one.service_day, priority=3),
            Column("code", "Code", lambda row: row.one.code, width=72, priority=5),
            badge_column("why", "Why", lambda row: _WHYS[row.one.reason_code], width=136),
            Column("words", "Reason", lambda row: row.one.reason, width=280, wide=True),
            money_column("amount", "Amount", lambda row: row.one.amount, priority=0, strong=True),
        ),
        "account",
        Empty("No charge is left out.", "circle-check"),
    )


def _columns() -> tuple[Column[InvoiceRow], ...]:
    return (
        Column(
            "number",
            "Invoice",
            lambda row: row.number,
            width=136,
            priority=1,
            descending_first=True,
        ),
        Column("guarantor", "To", lambda row: row.guarantor, names=True, width=170, priority=0),
        Column("patient", "For", lambda row: row.patient, width=150, priority=5),
        badge_column(
            "status", "Status", lambda row: ("invoice", row.status.value), width=116, priority=1
        ),
        date_column("issued_on", "Issued", lambda row: row.issued_on, priority=4),
        date_column("due_on", "Due", lambda row: row.due_on, priority=3),
        Column(
            "late",
            "Overdue",
            lambda row: count_text(row.days_overdue, "day") if row.days_overdue else "",
            Kind.AGE,
            width=84,
            priority=3,
            sortable=False,
        ),
        money_column("amount", "Amount", lambda row: row.amount, priority=2),
        money_column("open", "Open", lambda row: row.open, priority=0, strong=True),
    )


def _status(*statuses: ShownStatus) -> FilterState:
    return FilterState().with_values(STATUS, tuple(one.value for one in statuses))


def _head(seen: Seen) -> PaneHead:
    row = seen[0]
    sent = f"sent {day_text(row.sent_on)}" if row.sent_on is not None else "not sent"
    return PaneHead(
        name=f"{row.number}, {row.guarantor}",
        line=f"Due {day_text(row.due_on)}, {sent}, in {_STYLES[row.style.value]}",
        badges=(
            now.status("invoice", row.status.value),
            *([Status("To be made anew", "orange", "triangle-alert")] if row.outdated else []),
        ),
        figures=(
            Figure("Asked for", text=_stated(row.amount.cents)),
            Figure("Open", text=_stated(row.open.cents)),
        ),
    )


def _lines(seen: Any) -> Sequence[FactLine]:
    return [
        FactLine(
            f"{one.code}, {day_text(one.service_day)}",
            f"{_stated(one.open.cents)} open",
            one.amount,
        )
        for one in seen[2]
    ]


def _planned_lines(row: BillRow) -> Sequence[FactLine]:
    return [
        FactLine(f"{one.code}, {day_text(one.service_day)}", "", one.amount)
        for one in row.one.lines
    ]


def _stated(cents: int) -> str:
    return money_text(cents, zero_dash=False)
