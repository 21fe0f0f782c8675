"""The statements that were made for who pays; each prints again exactly as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fscdesk.services.billing.kept_statements import KeptStatement, statements_for
from fscdesk.services.billing.statements import statement_pdf_of
from fscdesk.services.work import Topic, Work
from fscdesk.ui.given_out import logged
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.text import day_text
from fscdesk.ui.theme import Status

_SENT = Status("Sent", "green", "send")
_UNSENT = Status("To be sent", "amber", "clock")
_DROPPED = Status("Not sent", "neutral", "ban")
_UNDONE = Status("Run undone", "neutral", "undo-2")


class StatementsTab(ListTab[KeptStatement]):
    """Enter shows a statement's page, byte for byte, to print it again."""

    def __init__(self, shell: Shell, guarantor_id: int, pays: str, keeping: Keeping) -> None:
        self._shell = shell
        super().__init__(shell, _spec(guarantor_id, pays, self.show_page), keeping=keeping)
        self.list.opened.connect(lambda row: self.show_page([row]))

    def show_page(self, rows: Sequence[KeptStatement]) -> None:
        """Show the page that was kept of a statement."""
        row, shell = rows[0], self._shell

        def then(pdf: bytes) -> None:
            given = logged(shell, self, statement_ids=[row.id])
            shell.preview(pdf, f"Statement {row.number}", f"{row.number}.pdf", given)

        shell.desk.ask(
            self, lambda work: statement_pdf_of(work, row.id), then, shell.messages.refused
        )


def mark_of(row: KeptStatement) -> Status:
    """Return where a statement is."""
    if row.undone:
        return _UNDONE
    if row.sent_at is not None:
        return _SENT
    return _DROPPED if row.dropped else _UNSENT


def _rows(guarantor_id: int, work: Work) -> Sequence[KeptStatement]:
    return statements_for(work, guarantor_id)


def _spec(
    guarantor_id: int, pays: str, show: Callable[[Sequence[KeptStatement]], object]
) -> ListSpec[KeptStatement]:
    columns: tuple[Column[KeptStatement], ...] = (
        date_column("as_of", "As of", lambda row: row.as_of, priority=1),
        Column("number", "Statement", lambda row: row.number, width=150, priority=1),
        Column("message", "Message on it", lambda row: row.message, names=True, priority=4),
        Column("since", "From", lambda row: day_text(row.period_from), width=96, priority=5),
        badge_column("status", "Status", mark_of, priority=2),
        money_column("amount_due", "Asked for", lambda row: row.amount_due, priority=1),
    )
    return ListSpec(
        key="account-statements",
        name="Statements",
        columns=columns,
        query=query_of(partial(_rows, guarantor_id), columns),
        noun=("statement", "statements"),
        row_acts=(RowsAct("print", "Print again…", show),),
        ticking=False,
        totals=False,
        title=False,
        sort="as_of",
        descending=True,
        topics=frozenset({Topic.STATEMENTS, Topic.DOCUMENTS}),
        empty=Empty(f"No statement was made for {pays} yet. A run makes them.", "mail"),
    )
