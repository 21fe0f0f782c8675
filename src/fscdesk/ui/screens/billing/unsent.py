"""The Unsent tab: statements that were made and have not left the office, of all runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAction

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.page_joining import joined_statements
from fscdesk.services.billing.sendings import SentBy
from fscdesk.services.billing.statement_sending import (
    LONGEST_MESSAGE,
    UnsentRow,
    drop,
    mark_sent,
    mark_unsent,
    reword,
    unsent,
    write_statement_emails,
)
from fscdesk.services.billing.statements import statement_pdf_of
from fscdesk.services.work import Topic, Work
from fscdesk.ui.forms.fields import NoteField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.asking import FieldsDialog, ask_fields, ask_reason
from fscdesk.ui.screens.billing.lists_part import ListsPart, NamedList
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.screens.statements.pane_pages import PagePart, Paper
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, PaneHead, PaneTab
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status
from fscdesk.ui.undo import Undo

_MAIL = Status("Paper", "neutral", "printer")
_EMAIL = Status("E-mail", "sky", "mail")
_PAID = Status("Paid since", "amber", "hand-coins")
REASONS = ("Paid meanwhile", "Wrong address", "Made by mistake")
Seen = tuple[UnsentRow, Paper]


class UnsentPart(ListsPart):
    """Print, write e-mails, mark as sent; edit a message, or drop one for good."""

    def __init__(
        self, shell: Shell, keeping: Keeping, ask_folder: Callable[[], Path | None]
    ) -> None:
        super().__init__(shell)
        self._ask_folder = ask_folder
        self.rows: ListPart[UnsentRow] = ListPart(
            shell.desk, self._spec(), messages=shell.messages, keeping=keeping
        )
        self.rows.opened.connect(lambda row: self.print_rows((row,)))
        self._lay_out("Unsent", {"unsent": NamedList("Not sent", self.rows)})

    def primary(self) -> QAction | None:
        return None

    def print_(self) -> None:
        rows = self.rows.chosen()
        if rows:
            self.print_rows(rows)

    # What a person does

    def print_rows(self, rows: Sequence[UnsentRow]) -> None:
        """Show the kept pages, on their way to the printer."""
        ids = [row.id for row in rows]
        name = rows[0].number if len(rows) == 1 else "statements"
        self._shell.desk.ask(
            self,
            lambda work: joined_statements(work, ids),
            lambda pdf: self._shell.preview(pdf, count_text(len(ids), "statement"), f"{name}.pdf"),
            self._shell.messages.refused,
        )

    def mark(self, rows: Sequence[UnsentRow]) -> None:
        """Note that these have left the office."""
        ids = [row.id for row in rows]

        def done(count: int) -> None:
            self.rows.model.ticks.clear()
            verb = "is" if count == 1 else "are"
            self._shell.messages.info(
                f"{count_text(count, 'statement')} {verb} marked as sent.",
                undo=Undo("marking as sent", _unmark(ids)),
            )

        self._shell.desk.act(
            self,
            lambda work: mark_sent(work, ids, how=SentBy.PRINT),
            done,
            self._shell.messages.refused,
        )

    def write_emails(self, rows: Sequence[UnsentRow]) -> None:
        """Write one file for each, addressed from the record of who pays; each is logged."""
        folder = self._ask_folder()
        if folder is None:
            return
        ids = [row.id for row in rows]

        runs = sorted({row.run_id for row in rows})

        def act(work: Work) -> int:
            return sum(len(write_statement_emails(work, folder, run, only=ids)) for run in runs)

        def done(count: int) -> None:
            self.rows.model.ticks.clear()
            self._shell.messages.info(
                f"{count_text(count, 'e-mail')} written to {folder.name or folder}."
            )

        self._shell.desk.act(self, act, done, self._shell.messages.refused, title="Writing e-mails")

    def edit_message(self, rows: Sequence[UnsentRow]) -> None:
        """Give one another text by age; its figures stay as they were frozen."""
        row = rows[0]
        field = NoteField("Message", row.message, optional=True, lines=5)
        dialog = FieldsDialog(
            f"Message of {row.number}",
            f"Stands below the ages of {row.name}’s statement; at most {LONGEST_MESSAGE} letters.",
            ("Save the message", "Keep it as it is"),
            {"message": field},
            self.window(),
        )

        def then() -> None:
            words = field.value()
            self._act(
                lambda work: reword(work, row.id, words, seen=row.sha256),
                f"{row.number} says it in your words now.",
            )

        ask_fields(dialog, then)

    def ask_drop(self, rows: Sequence[UnsentRow]) -> None:
        """Ask why; the statement counts as never sent."""
        row = rows[0]
        ask_reason(
            self,
            f"Drop {row.number}?",
            "It counts as never sent: the next statement goes on from the one before it. The page"
            " is kept.",
            ("Drop it", "Keep it"),
            lambda reason: self._act(
                lambda work: drop(work, row.id, reason=reason),
                f"{row.number} of {row.name} is dropped. It counts as never sent.",
            ),
            REASONS,
        )

    def _act(self, act: Callable[[Work], object], words: str) -> None:
        self._shell.desk.act(
            self,
            act,
            lambda _done: self._shell.messages.info(words),
            self._shell.messages.refused,
        )

    # Building

    def _spec(self) -> ListSpec[UnsentRow]:
        def opens() -> None:
            row = self.rows.view.picking.current_row
            if row is not None:
                self.print_rows((row,))

        detail: DetailSpec[UnsentRow, Seen] = DetailSpec(
            ask=lambda work, row: (row, Paper(statement_pdf_of(work, row.id))),
            head=_head,
            tabs=(
                PaneTab("page", "Page", lambda: PagePart(lambda seen: seen[1], opens)),
                PaneTab("message", "Message", lambda: FactsPage("Message", _message)),
            ),
            nothing="Choose a statement to see its page.",
        )
        return short_spec(
            "unsent",
            "Statements not sent",
            ("statement", "statements"),
            unsent,
            _columns(),
            "number",
            Empty("Every statement that was made is sent.", "circle-check"),
            ticking=True,
            bulk=(
                RowsAct("sent", "Mark as sent", self.mark, "send"),
                RowsAct("print", "Print…", self.print_rows, "printer"),
                RowsAct("email", "Write e-mails…", self.write_emails, "mail", "", _no_email),
            ),
            row_acts=(
                RowsAct("message", "Edit the message…", self.edit_message, "pen-line", "F2"),
                RowsAct("drop", "Drop…", self.ask_drop, "circle-minus", "Ctrl+Shift+D"),
            ),
            topics=frozenset({Topic.STATEMENTS, Topic.PAYMENTS, Topic.LEDGER}),
            picked_words=lambda rows: (
                f"{_stated(Money(sum(row.amount.cents for row in rows)))} asked for"
            ),
            detail=detail,
            least_width=720,
        )


def _columns() -> tuple[Column[UnsentRow], ...]:
    return (
        Column("number", "Statement", lambda row: row.number, width=124, priority=1),
        Column("account", "Account", lambda row: row.account, width=84, priority=5),
        Column("name", "Name", lambda row: row.name, names=True, width=160, priority=0),
        date_column("as_of", "As of", lambda row: row.as_of, priority=4),
        badge_column("by", "By", _by, width=96, priority=2),
        badge_column(
            "paid",
            "To look at",
            lambda row: _PAID if row.paid_since != ZERO else None,
            width=116,
            priority=1,
        ),
        Column("message", "Message", lambda row: row.message, width=220, wide=True, priority=6),
        money_column("amount", "Asks for", lambda row: row.amount, priority=0, strong=True),
    )


def _by(row: UnsentRow) -> Status:
    return _EMAIL if row.send_by.value == "email" else _MAIL


def _no_email(rows: Sequence[UnsentRow]) -> str:
    if all(row.send_by.value == "email" for row in rows):
        return ""
    return "One of them goes on paper. Tick those that go by e-mail."


def _head(seen: Seen) -> PaneHead:
    row = seen[0]
    figures = [Figure("Asks for", text=_stated(row.amount))]
    if row.paid_since != ZERO:
        figures.append(Figure("Paid since", text=_stated(row.paid_since)))
    return PaneHead(
        name=row.name,
        line=f"{row.number}, run {row.run_id} as of {day_text(row.as_of)}",
        badges=tuple(
            mark for mark in (_by(row), _PAID if row.paid_since != ZERO else None) if mark
        ),
        figures=tuple(figures),
    )


def _message(seen: Any) -> Sequence[FactLine]:
    row = seen[0]
    lines = [FactLine(row.message or "No text by age: nothing is old enough.")]
    if row.paid_since != ZERO:
        lines.append(
            FactLine("Paid since it was made", "Drop it and make it anew.", row.paid_since)
        )
    return lines


def _unmark(ids: Sequence[int]) -> Callable[[Work], str]:
    def act(work: Work) -> str:
        count = mark_unsent(work, ids, reason="Marked by mistake")
        return f"{count_text(count, 'statement')} not sent, as before."

    return act


def _stated(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
