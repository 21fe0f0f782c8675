"""The Invoices tab: bills for all that is on none yet, sending, what is overdue, voiding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QAction

from fscdesk.services.billing.invoice_listing import InvoiceRow, ShownStatus
from fscdesk.services.billing.invoice_remaking import Remade, remake_invoice
from fscdesk.services.billing.invoices import (
    Chosen,
    InvoicePlan,
    InvoicesMade,
    SentBy,
    make_invoices,
    mark_viewed,
    plan_invoices,
    send_invoices,
    void_invoice,
)
from fscdesk.services.billing.page_joining import joined_documents, page_of_invoice
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.asking import ask_reason
from fscdesk.ui.screens.billing.invoice_lists import bills_spec, invoices_spec, left_spec
from fscdesk.ui.screens.billing.lists_part import ListsPart, NamedList
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import count_text, day_text, money_text

MADE, MAKE, LEFT_OUT = "made", "make", "left"
REASONS = ("Wrong guarantor", "Wrong charges", "Made twice", "The client asked for another one")


class InvoicesPart(ListsPart):
    """Opened with ``view`` (draft, overdue, …) it shows that view of the invoices."""

    basis = frozenset({Topic.LEDGER, Topic.INVOICES, Topic.PATIENTS, Topic.SETTINGS})

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        super().__init__(shell)
        self.plan: InvoicePlan | None = None
        self._making = False
        self._latest: Latest[InvoicePlan] = Latest(
            shell.desk, self, self._on_planned, shell.messages.refused
        )
        self.make = action(self, "Make invoices", self._on_make)
        self.show_plan = action(self, "Invoices to make", self.new)
        self._plan_button = ActionButton(self.show_plan, "plus", parent=self._shelf)
        desk, messages = shell.desk, shell.messages
        self.invoices: ListPart[InvoiceRow] = ListPart(
            desk,
            invoices_spec(self._bulk(), self._row_acts(), self._open_current),
            messages=messages,
            keeping=keeping,
        )
        self.invoices.opened.connect(lambda row: self.print_rows((row,)))
        bills = ListPart(desk, bills_spec(lambda: self.plan), messages=messages, keeping=keeping)
        left = ListPart(desk, left_spec(lambda: self.plan), messages=messages, keeping=keeping)
        self._lay_out(
            "Invoices",
            {
                MADE: NamedList("Invoices", self.invoices),
                MAKE: NamedList("To make", bills),
                LEFT_OUT: NamedList("On no invoice", left),
            },
            foot=Foot(self.make, "file-text", stopping="Stopping. No invoice will be made."),
        )
        self._judge()

    def primary(self) -> QAction | None:
        return self.make if self.tabs.current == MAKE else None

    def has_foot(self, key: str) -> bool:
        return key == MAKE

    def show_list(self, key: str) -> None:
        super().show_list(key)
        for part in (self.tab_row, self.tab_rule):  # the invoices have views of their own
            part.setVisible(key != MADE)

    def buttons(self) -> tuple[ActionButton, ...]:
        return (self._plan_button,) if self.tabs.current == MADE else ()

    def new_verb(self) -> str:
        return "Make invoices"

    def new(self) -> None:
        """Show the bills to make (Ctrl+N)."""
        self.show_list(MAKE)
        self.enter()

    def print_(self) -> None:
        rows = self.invoices.chosen() if self.tabs.current == MADE else ()
        if rows:
            self.print_rows(rows)

    def show_what(self, what: Mapping[str, Any]) -> None:
        super().show_what(what)
        views = self.invoices.views
        if what.get("view") and views is not None:
            self.show_list(MADE)
            views.open(str(what["view"]))

    def plan_again(self) -> None:
        self._latest.ask(lambda work: plan_invoices(work, Chosen()))

    # What a person does

    def print_rows(self, rows: Sequence[InvoiceRow]) -> None:
        """Show the pages, on their way to the printer."""
        ids = [row.id for row in rows]
        name = rows[0].number if len(rows) == 1 else "invoices"

        def ask(work: Work) -> bytes:
            return joined_documents(work, [page_of_invoice(work, one) for one in ids])

        self._shell.desk.ask(
            self,
            ask,
            lambda pdf: self._shell.preview(pdf, count_text(len(ids), "invoice"), f"{name}.pdf"),
            self._shell.messages.refused,
        )

    def mark_sent(self, rows: Sequence[InvoiceRow]) -> None:
        """Note that these are in the mail; each gets a line in the send log."""
        ids = [row.id for row in rows]

        def done(count: int) -> None:
            self.invoices.model.ticks.clear()
            again = len(ids) - count
            words = f"{count_text(count, 'invoice')} marked as sent"
            self._shell.messages.info(
                f"{words}, {again} were sent before and are logged again." if again else f"{words}."
            )

        self._shell.desk.act(
            self,
            lambda work: send_invoices(work, ids, SentBy.PRINT),
            done,
            self._shell.messages.refused,
        )

    def ask_void(self, rows: Sequence[InvoiceRow]) -> None:
        """Ask why; its charges are free for another bill then."""
        row = rows[0]

        def then(reason: str) -> None:
            self._act(
                lambda work: void_invoice(work, row.id, reason, expected_version=row.version),
                f"{row.number} is void. What is owed has not changed, its charges are free.",
            )

        ask_reason(
            self,
            f"Void {row.number}?",
            "Its page is kept, marked VOID. What is owed does not change.",
            ("Void it", "Keep it"),
            then,
            REASONS,
        )

    def make_anew(self, rows: Sequence[InvoiceRow]) -> None:
        """Void it, and make another for its charges as they are now."""
        row = rows[0]

        def said(done: Remade) -> None:
            words = f"{done.void} is void."
            if done.made is None:
                words += " Nothing is owed for its charges, so there is no other in its place."
            else:
                amount = money_text(done.made.amount, zero_dash=False)
                words += f" {done.made.number} asks for {amount} in its place; it is not sent yet."
            self._shell.messages.info(words)

        self._shell.desk.act(
            self,
            lambda work: remake_invoice(work, row.id, expected_version=row.version),
            said,
            self._shell.messages.refused,
        )

    def mark_viewed(self, rows: Sequence[InvoiceRow]) -> None:
        """Note that who pays has looked at it."""
        row = rows[0]
        self._act(
            lambda work: mark_viewed(work, row.id, expected_version=row.version),
            f"{row.number} was looked at.",
        )

    def _on_make(self) -> None:
        plan = self.plan
        if plan is None or self._making or not plan.invoices:
            return
        self._making = True
        self._judge()

        def done(made: InvoicesMade) -> None:
            self._making = False
            count, total = len(made.invoices), money_text(made.total, zero_dash=False)
            verb = "is" if count == 1 else "are"
            self._shell.messages.info(
                f"{count_text(count, 'invoice')} {verb} made, {total} in all. None is sent yet."
            )
            self.show_what({"view": "draft"})
            self.plan_again()
            self.enter()

        job = self._shell.desk.act(
            self,
            lambda work: make_invoices(work, plan, shown=plan.digest),
            done,
            self._refused,
            title="Making invoices",
        )
        if self.foot is not None:
            self.foot.follow(job)

    def _act(self, act: Callable[[Work], None], words: str) -> None:
        self._shell.desk.act(
            self,
            act,
            lambda _none: self._shell.messages.info(words),
            self._shell.messages.refused,
        )

    def _open_current(self) -> None:
        row = self.invoices.view.picking.current_row
        if row is not None:
            self.print_rows((row,))

    # What happens

    def _on_planned(self, plan: InvoicePlan) -> None:
        self.plan = plan
        count = len(plan.invoices)
        self.tabs.show_counts({MAKE: count, LEFT_OUT: len(plan.left_out)})
        words = f"Make {count_text(count, 'invoice')}…" if count else "Nothing to invoice"
        self.show_plan.setText(words)
        for key in (MAKE, LEFT_OUT):
            self._named[key].part.refresh()
        self._judge()

    def _refused(self, fault: BaseException) -> None:
        self._making = False
        self._judge()
        self._shell.messages.refused(fault)
        if isinstance(fault, ChangedElsewhere):
            self.plan_again()

    def _judge(self) -> None:
        plan, foot = self.plan, self.foot
        count = 0 if plan is None else len(plan.invoices)
        self.make.setText(f"Make {count_text(count, 'invoice')}" if count else "Make invoices")
        why = "" if count else "There is nothing to invoice"
        off_because(self.make, "The invoices are being made" if self._making else why)
        if foot is not None and plan is not None:
            total = money_text(plan.total, zero_dash=False)
            foot.say(f"Nothing is made yet. They would be due {day_text(plan.due_on)}.")
            foot.result.setText(f"{total} in all" if count else "")

    def _bulk(self) -> tuple[RowsAct[InvoiceRow], ...]:
        return (
            RowsAct("sent", "Mark as sent", self.mark_sent, "send", off_because=_void_among),
            RowsAct("print", "Print…", self.print_rows, "printer"),
        )

    def _row_acts(self) -> tuple[RowsAct[InvoiceRow], ...]:
        return (
            RowsAct(
                "anew", "Make anew", self.make_anew, "file-text", "Ctrl+Shift+N", _not_outdated
            ),
            RowsAct("viewed", "Was looked at", self.mark_viewed, "eye", off_because=_not_sent),
            RowsAct("void", "Void…", self.ask_void, "ban", "Ctrl+Shift+V", _cannot_void),
        )


def _void_among(rows: Sequence[InvoiceRow]) -> str:
    return "One of them is void." if any(row.status is ShownStatus.VOID for row in rows) else ""


def _cannot_void(rows: Sequence[InvoiceRow]) -> str:
    return "It is void already." if rows[0].status is ShownStatus.VOID else ""


def _not_outdated(rows: Sequence[InvoiceRow]) -> str:
    return "" if rows[0].outdated else "Its page says what is charged."


def _not_sent(rows: Sequence[InvoiceRow]) -> str:
    if rows[0].status in (ShownStatus.SENT, ShownStatus.PARTIAL, ShownStatus.OVERDUE):
        return ""
    return "Only what was sent can have been looked at."
