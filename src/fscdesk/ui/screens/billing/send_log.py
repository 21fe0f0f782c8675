"""The Send log tab: which page left the office, how, where to, when, by whom. It can only grow."""

from __future__ import annotations

from collections.abc import Sequence

from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.sendings import SendingFilter, SendingRow, SentBy, page_of_sendings
from fscdesk.services.billing.statement_sending import mark_unsent
from fscdesk.services.billing.statements import statement_pdf_of
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui.given_out import logged
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.asking import ask_reason
from fscdesk.ui.screens.billing.lists_part import ListsPart, NamedList
from fscdesk.ui.tables.columns import Column, badge_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct
from fscdesk.ui.text import moment_text
from fscdesk.ui.theme import Status

HOW = "how"
REASONS = ("It came back", "It was never mailed", "Sent to the wrong place")
_HOWS = {
    SentBy.PRINT: Status("Printed", "neutral", "printer"),
    SentBy.EMAIL_FILE: Status("E-mail file", "sky", "mail"),
    SentBy.FILE: Status("File", "slate", "file-down"),
}


class SendLogPart(ListsPart):
    """Enter shows the page as it was sent; a statement may be put back as not sent."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        super().__init__(shell)
        self.rows: ListPart[SendingRow] = ListPart(
            shell.desk, self._spec(), messages=shell.messages, keeping=keeping
        )
        self.rows.opened.connect(self.show_page)
        self._lay_out("Send log", {"log": NamedList("Send log", self.rows)})

    def print_(self) -> None:
        row = self.rows.view.picking.current_row
        if row is not None:
            self.show_page(row)

    def show_page(self, row: SendingRow) -> None:
        """Show what was sent, byte for byte."""

        def ask(work: Work) -> bytes:
            if row.statement_id is not None:
                return statement_pdf_of(work, row.statement_id)
            return document_bytes(work, row.document_id or 0)

        def found(data: bytes) -> None:
            if data[:4] == b"%PDF":
                given = logged(
                    self._shell,
                    self,
                    document_ids=[one for one in (row.document_id,) if one is not None],
                    statement_ids=[one for one in (row.statement_id,) if one is not None],
                )
                self._shell.preview(data, row.number, f"{row.number}.pdf", given)
            else:
                self._shell.messages.note(
                    f"{row.number} is a file, not a page. Save it from its case."
                )

        self._shell.desk.ask(self, ask, found, self._shell.messages.refused)

    def ask_unsent(self, rows: Sequence[SendingRow]) -> None:
        """Ask why, and put a statement back onto the list of what is not sent."""
        row = rows[0]
        statement_id = row.statement_id
        if statement_id is None:
            return

        def then(reason: str) -> None:
            self._shell.desk.act(
                self,
                lambda work: mark_unsent(work, [statement_id], reason=reason),
                lambda _count: self._shell.messages.info(
                    f"{row.number} is not sent any more. The log keeps this line."
                ),
                self._shell.messages.refused,
            )

        ask_reason(
            self,
            f"Mark {row.number} as not sent?",
            "It stands under Unsent again. The send log keeps what it has.",
            ("Mark as not sent", "Leave it"),
            then,
            REASONS,
        )

    def _spec(self) -> ListSpec[SendingRow]:
        zone = self._shell.practice.zone

        def query(work: Work, state: FilterState, span: Span) -> Page[SendingRow]:
            how = state.values(HOW)
            wanted = SendingFilter(how=SentBy(how[0]) if how else None)
            return page_of_sendings(work, wanted, span)

        return ListSpec(
            key="billing.send_log",
            name="Send log",
            columns=(
                Column(
                    "at",
                    "When",
                    lambda row: moment_text(row.at, zone),
                    width=136,
                    priority=1,
                    descending_first=True,
                ),
                Column("number", "Page", lambda row: row.number, width=132, priority=1),
                Column(
                    "kind",
                    "Kind",
                    lambda row: row.kind.replace("_", " ").capitalize(),
                    width=104,
                    priority=4,
                    sortable=False,
                ),
                Column("name", "For", lambda row: row.name, names=True, width=180, priority=0),
                badge_column("how", "How", lambda row: _HOWS[row.how], width=112, priority=2),
                Column(
                    "where",
                    "Where to",
                    lambda row: row.destination,
                    width=200,
                    wide=True,
                    sortable=False,
                ),
                Column("by", "By", lambda row: row.by, width=130, priority=5, sortable=False),
            ),
            query=query,
            noun=("line", "lines"),
            filters=(
                ChoiceFilter(
                    HOW,
                    "How",
                    tuple(Choice(one.value, mark.word) for one, mark in _HOWS.items()),
                    single=True,
                ),
            ),
            row_acts=(
                RowsAct(
                    "unsent", "Mark as not sent…", self.ask_unsent, "undo-2", "", _no_statement
                ),
            ),
            ticking=False,
            totals=False,
            searching=False,
            title=False,
            sort="at",
            descending=True,
            topics=frozenset({Topic.DOCUMENTS, Topic.STATEMENTS, Topic.INVOICES}),
            empty=Empty("Nothing has left the office yet.", "send"),
            none_words=lambda _state: "Nothing was sent that way.",
        )


def _no_statement(rows: Sequence[SendingRow]) -> str:
    return "" if rows[0].statement_id is not None else "Only a statement can be marked as not sent."
