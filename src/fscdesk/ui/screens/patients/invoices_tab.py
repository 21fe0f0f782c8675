"""The invoices of an account: made, printed, sent, viewed, voided; each with its lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.documents import DocumentKind, document_bytes, kept
from fscdesk.services.billing.invoice_listing import (
    InvoiceFilter,
    InvoiceLineRow,
    InvoiceRow,
    invoice_lines,
    page_of_invoices,
)
from fscdesk.services.billing.invoices import mark_viewed, send_invoices, void_invoice
from fscdesk.services.billing.sendings import SentBy
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.given_out import logged
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PanePage, PaneTab
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.spec import Empty, ListSpec, Press, RowsAct
from fscdesk.ui.text import count_text, day_text, money_text

_TOPICS = frozenset({Topic.INVOICES, Topic.LEDGER, Topic.DOCUMENTS})
HOW = (("print", "On paper"), ("email_file", "By e-mail"), ("file", "As a file"))


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """One invoice with its lines."""

    row: InvoiceRow
    lines: tuple[InvoiceLineRow, ...]


class InvoiceActs(QObject):
    """What is done with an invoice."""

    def __init__(self, shell: Shell, window: QWidget, credit: Callable[[int], object]) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._credit = credit

    def credit(self, row: InvoiceRow) -> None:
        """Give back a part of an invoice with a credit memo."""
        self._credit(row.id)

    def show(self, row: InvoiceRow) -> None:
        """Show the page of an invoice, byte for byte, to print it."""

        def ask(work: Work) -> tuple[int, bytes]:
            pages = kept(work, DocumentKind.INVOICE, row.id)
            if not pages:
                raise Problem(f"No page of {row.number} is kept.", hint="Nothing was printed.")
            return pages[0].id, document_bytes(work, pages[0].id)

        def then(found: tuple[int, bytes]) -> None:
            given = logged(self._shell, self, document_ids=[found[0]])
            self._shell.preview(found[1], f"Invoice {row.number}", f"{row.number}.pdf", given)

        self._shell.desk.ask(self, ask, then, self._shell.messages.refused)

    def send(self, row: InvoiceRow) -> None:
        """Ask how an invoice goes out, and write that down."""
        dialog = FieldsDialog(
            f"Send {row.number} over {money_text(row.amount)}",
            f"{row.guarantor} is asked for it until {day_text(row.due_on)}. The send log says"
            " that it went out today.",
            ("Mark as sent", "Saving…"),
            self._window,
        )
        dialog.row(how=ChoiceField("How", HOW, HOW[0][0]))

        def act(work: Work) -> str:
            send_invoices(work, [row.id], SentBy(str(dialog.value("how"))))
            return f"{row.number} is sent."

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def viewed(self, row: InvoiceRow) -> None:
        """Note that who pays has looked at it."""

        def act(work: Work) -> str:
            mark_viewed(work, row.id, expected_version=row.version)
            return f"{row.number} was looked at."

        self._shell.desk.act(self, act, self._say, self._shell.messages.refused)

    def void(self, row: InvoiceRow) -> None:
        """Ask why an invoice is void, and void it."""
        dialog = FieldsDialog(
            f"Void {row.number}",
            "Its charges can be invoiced again; what is owed does not change. The page is kept"
            " and says that it is void.",
            ("Void the invoice", "Saving…"),
            self._window,
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="Made over the wrong charges"))

        def act(work: Work) -> str:
            reason = str(dialog.value("reason"))
            void_invoice(work, row.id, reason, expected_version=row.version)
            return f"{row.number} is void; its charges can be invoiced again."

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, self._say))
        open_dialog(dialog)

    def _say(self, sentence: str) -> None:
        self._shell.messages.info(sentence)


class InvoicesTab(ListTab[InvoiceRow]):
    """The list with the lines of the current invoice beside it; Enter shows its page.

    ``credit`` asks for a credit memo for an invoice.
    """

    def __init__(
        self,
        shell: Shell,
        patient_id: int,
        keeping: Keeping,
        make: Callable[[], object],
        window: QWidget,
        credit: Callable[[int], object],
    ) -> None:
        self._make = make
        self.acts = InvoiceActs(shell, window, credit)
        super().__init__(shell, _spec(patient_id, self.acts, make), keeping=keeping)
        self.list.opened.connect(self.acts.show)

    def new_verb(self) -> str:
        return "New invoice"

    def new(self) -> None:
        self._make()


def _spec(patient_id: int, acts: InvoiceActs, make: Callable[[], object]) -> ListSpec[InvoiceRow]:
    columns: tuple[Column[InvoiceRow], ...] = (
        Column("number", "Invoice", lambda row: row.number, names=True, priority=1),
        date_column("issued_on", "Made", lambda row: row.issued_on, priority=2),
        date_column("due_on", "Due", lambda row: row.due_on, priority=1),
        badge_column("status", "Status", lambda row: ("invoice", row.status.value), priority=1),
        Column(
            "late",
            "Late",
            lambda row: count_text(row.days_overdue, "day") if row.days_overdue else "",
            width=80,
            sortable=False,
            priority=5,
        ),
        money_column("amount", "Amount", lambda row: row.amount, priority=2),
        money_column("open", "Open", lambda row: row.open, priority=1),
    )

    def query(work: Work, state: FilterState, span: Span) -> Page[InvoiceRow]:
        wanted = InvoiceFilter(patient_id=patient_id, text=state.text.strip())
        return page_of_invoices(work, wanted, span)

    def words(total: int, _sums: Mapping[str, Money]) -> str:
        return count_text(total, "invoice")

    return ListSpec(
        key="account-invoices",
        name="Invoices",
        columns=columns,
        query=query,
        noun=("invoice", "invoices"),
        row_acts=(
            RowsAct("print", "Print…", lambda rows: acts.show(rows[0])),
            RowsAct(
                "send", "Send…", lambda rows: acts.send(rows[0]), off_because=partial(_one, _unsent)
            ),
            RowsAct(
                "viewed",
                "Was looked at",
                lambda rows: acts.viewed(rows[0]),
                off_because=partial(_one, _not_viewed),
            ),
            RowsAct(
                "credit",
                "Credit memo…",
                lambda rows: acts.credit(rows[0]),
                "receipt",
                "Ctrl+Shift+K",
                partial(_one, _dead),
            ),
            RowsAct(
                "void", "Void…", lambda rows: acts.void(rows[0]), off_because=partial(_one, _dead)
            ),
        ),
        ticking=False,
        title=False,
        sort="issued_on",
        descending=True,
        topics=_TOPICS,
        empty=Empty(
            "Nothing was invoiced on this account yet.",
            "file-text",
            Press("Invoice what is open", make),
        ),
        totals_words=words,
        detail=DetailSpec(
            ask=lambda work, row: InvoiceView(row, invoice_lines(work, row.id)),
            head=partial(_head, acts),
            tabs=(PaneTab("lines", "Charges", _lines_page),),
            nothing="Choose an invoice to see what is on it.",
        ),
    )


def _head(acts: InvoiceActs, view: InvoiceView) -> PaneHead:
    row = view.row
    off = _unsent(row)
    send = NextStep("Send…", partial(acts.send, row), "send", off)
    show = NextStep("Print…", partial(acts.show, row), "printer")
    steps = (show, send) if off else (send, show)
    viewed = NextStep("Was looked at", partial(acts.viewed, row), off_because=_not_viewed(row))
    void = NextStep("Void…", partial(acts.void, row), off_because=_dead(row))
    memo = NextStep("Credit memo…", partial(acts.credit, row), off_because=_dead(row))
    why = f": {row.void_reason}" if row.void_reason else ""
    return PaneHead(
        row.number,
        f"{row.guarantor}, due {day_text(row.due_on)}{why}",
        badges=(theme.now.status("invoice", row.status.value),),
        figures=(Figure("Amount", row.amount), Figure("Open", row.open)),
        next_steps=steps,
        more=(memo, viewed, void),
    )


def _lines_page() -> PanePage:
    return FactsPage("Charges of the invoice", _sections)


def _sections(view: Any) -> Sequence[Section]:
    lines = tuple(
        Fact(
            f"{day_text(line.service_day)}  {line.code}",
            (money_text(line.amount, zero_dash=False), money_text(line.open, zero_dash=False)),
        )
        for line in view.lines
    )
    return (Section("Charges", lines, ("Amount", "Open")),)


def _one(why: Callable[[InvoiceRow], str], rows: Sequence[InvoiceRow]) -> str:
    return why(rows[0]) if len(rows) == 1 else "One invoice at a time."


def _dead(row: InvoiceRow) -> str:
    return "It is void." if row.status.value == "void" else ""


def _unsent(row: InvoiceRow) -> str:
    return _dead(row)


def _not_viewed(row: InvoiceRow) -> str:
    if row.viewed_on is not None:
        return f"It was looked at on {day_text(row.viewed_on)}."
    return _dead(row) or ("" if row.sent_on is not None else "It was not sent yet.")
