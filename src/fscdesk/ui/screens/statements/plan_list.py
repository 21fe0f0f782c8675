"""The two lists of a plan: those who get a statement, and the proof list of those who do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.statements import (
    StatementPlan,
    letterhead_of,
    unnumbered_statement,
)
from fscdesk.services.paging import Page, Span
from fscdesk.services.printing.statement import statement_pdf
from fscdesk.services.work import Work
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.statements.pane_pages import LinesPart, PagePart, Paper
from fscdesk.ui.screens.statements.rows import (
    AGES,
    ALL,
    WHAT,
    AccountRow,
    badge_of,
    badges_of,
    page_of,
    rows_left_out,
    rows_to_print,
    tabs_of,
)
from fscdesk.ui.screens.statements.words import amount, nobody_words
from fscdesk.ui.tables.columns import Column, badge_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, PaneHead, PaneTab
from fscdesk.ui.tables.export import AskPath
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec, RowsAct
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs
from fscdesk.ui.text import count_text

BELOW_TABS = 12
"""The selection bar reaches so far over the headings: it covers no tab."""
Ask = Callable[[], StatementPlan | None]
Seen = tuple[AccountRow, Paper]
ListAct = Callable[[Sequence[AccountRow]], object]


class PlanList(ListPart[AccountRow]):
    """Accounts of a plan, with a tab for each flag or reason that there is among them.

    The find field shows only while something is looked for.
    """

    others_wanted = Signal()
    """A person asks for those who are left out."""

    def __init__(
        self,
        shell: Shell,
        ask: Ask,
        opens: Callable[[], object],
        acts: tuple[RowsAct[AccountRow], ...],
        *,
        left: bool,
        row_acts: tuple[RowsAct[AccountRow], ...],
        keeping: Keeping,
        ask_path: AskPath | None,
    ) -> None:
        spec = _spec(ask, acts, row_acts, opens, left=left)
        super().__init__(
            shell.desk, spec, messages=shell.messages, keeping=keeping, ask_path=ask_path
        )
        self._plan_of, self._left = ask, left
        self.line_row.hide()
        self.tabs = ViewTabs("Reasons" if left else "Among them")
        self.tabs.chosen.connect(self.show_what)
        self.put_above(self._bar())

    def show_plan(self) -> None:
        """Show another plan: its rows, and the tabs for what there is among them."""
        plan = self._plan_of()
        if plan is None:
            return
        tabs = tabs_of(tuple(_rows(plan, left=self._left)), left=self._left)
        self.tabs.show_tabs([TabFace(key, word) for key, word, _count in tabs])
        self.tabs.show_counts({key: count for key, _word, count in tabs})
        if self.what() != self.tabs.current:
            self.show_what(self.tabs.current)
        self.refresh()

    def what(self) -> str:
        """Return which tab filters."""
        return next(iter(self.state.values(WHAT)), ALL)

    def show_what(self, key: str) -> None:
        """Show the accounts with a flag or a reason, or all."""
        self.tabs.set_current(key)
        self.filter_by(self.state.with_values(WHAT, () if key == ALL else (key,)))
        self.view.scrollToTop()

    def go_to_account(self, guarantor_id: int) -> None:
        """Make an account current and bring its row; it must be on this list."""
        self.go_to(guarantor_id)
        plan = self._plan_of()
        if plan is None or self.view.picking.current_row is not None:
            return
        every = page_of([*_rows(plan, left=self._left)], self.state, self.model.whole_span)
        places = [row.id for row in every.rows]
        if guarantor_id in places:  # its page has not come: it is current when it has
            self.view.scrollTo(self.model.index(places.index(guarantor_id), 0))

    def find_(self, text: str = "") -> None:
        """Open the find field (Ctrl+F), and put `text` at its end."""
        self.line_row.show()
        super().find_(text)

    def escape(self) -> bool:
        """Step back: out of the find field, out of the ticks, out of a tab."""
        stepped = super().escape()
        self.line_row.setVisible(not self.line.field.isHidden())
        if not stepped and self.what() != ALL:
            self.show_what(ALL)
            return True
        return stepped

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tabs, *super().panes())

    def _show_state(self) -> None:
        """Say of an empty plan why it is empty, whatever the list itself would say."""
        super()._show_state()
        plan = self._plan_of()
        if self._left or plan is None or not self.model.known or self.model.total:
            return
        if self.state.is_empty:
            words = "Show who is left out" if plan.left_out else ""
            self.body.say("circle-check", nobody_words(plan), words, self.others_wanted.emit)

    def _bar(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(LEFT, 6, RIGHT, 0)
        line.setSpacing(8)
        line.addWidget(self.tabs, 1)
        for button in (self.columns_button, self.export_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(line)
        column.addWidget(Line())
        column.addSpacing(BELOW_TABS)
        return whole


def hold_act(act: ListAct) -> RowsAct[AccountRow]:
    """Return what is done with those who get a statement."""
    return RowsAct("hold", "Hold back", act, "pause")


def put_back_act(act: ListAct) -> RowsAct[AccountRow]:
    """Return what is done with those who were held back."""
    return RowsAct("put_back", "Put back", act, "undo-2", off_because=_not_held)


def _not_held(rows: Sequence[AccountRow]) -> str:
    if all(row.held for row in rows):
        return ""
    return "Only those who were held back can be put back. The list says why the others wait."


def _rows(plan: StatementPlan, *, left: bool) -> Iterable[AccountRow]:
    return rows_left_out(plan) if left else rows_to_print(plan)


def _spec(
    ask: Ask,
    acts: tuple[RowsAct[AccountRow], ...],
    row_acts: tuple[RowsAct[AccountRow], ...],
    opens: Callable[[], object],
    *,
    left: bool,
) -> ListSpec[AccountRow]:
    def query(_work: Work, state: FilterState, span: Span) -> Page[AccountRow]:
        plan = ask()
        return page_of([] if plan is None else [*_rows(plan, left=left)], state, span)

    def seen(work: Work, row: AccountRow) -> Seen:
        plan = ask()
        return row, _paper(work, row, plan)

    detail: DetailSpec[AccountRow, Any] = DetailSpec(
        ask=seen,
        head=_head,
        tabs=(
            PaneTab("page", "Page", lambda: PagePart(_paper_of, opens)),
            PaneTab("lines", "Ages and lines", lambda: LinesPart(_paper_of)),
        ),
        nothing="Choose an account to see its statement.",
    )
    return ListSpec(
        key="statements.left_out" if left else "statements.plan",
        name="Statements: left out" if left else "Statements: to print",
        columns=_columns_left() if left else _columns_print(),
        query=query,
        noun=("account", "accounts") if left else ("statement", "statements"),
        bulk=acts,
        row_acts=row_acts,
        title=False,
        sort="reason" if left else "city",
        least_width=760,
        empty=Empty("Nobody is left out." if left else "Nobody gets a statement.", "circle-check"),
        none_words=_none_words,
        picked_words=_picked_words,
        detail=detail,
    )


def _none_words(state: FilterState) -> str:
    if state.text.strip():
        return f"No account here holds “{state.text.strip()}”."
    return "No account here is like that any more."


def _picked_words(rows: Sequence[AccountRow]) -> str:
    return f"{amount(Money(sum(row.balance.cents for row in rows)))} owed"


def _number() -> Column[AccountRow]:
    return Column("number", "Account", lambda row: row.number, width=76, priority=4)


def _name(width: int = 160) -> Column[AccountRow]:
    return Column("name", "Name", lambda row: row.name, width=width, names=True, priority=0)


def _balance() -> Column[AccountRow]:
    return money_column(
        "balance",
        "Balance",
        lambda row: row.balance,
        width=92,
        priority=0,
        strong=True,
        states_zero=True,
    )


def _columns_print() -> tuple[Column[AccountRow], ...]:
    return (
        _number(),
        _name(),
        Column("city", "ZIP and city", lambda row: row.place, width=130, priority=7),
        badge_column(
            "note",
            "To look at",
            badge_of,
            width=153,
            priority=1,
            tooltip=lambda row: ", ".join(badge.word for badge in badges_of(row)),
        ),
        *(_age(place, title) for place, title in enumerate(AGES)),
        _balance(),
    )


def _age(place: int, title: str) -> Column[AccountRow]:
    return money_column(f"age{place}", title, lambda row: row.age(place), width=74, priority=5)


def _columns_left() -> tuple[Column[AccountRow], ...]:
    return (
        _number(),
        _name(200),
        badge_column("note", "Why", badge_of, width=140, priority=1),
        Column("reason", "Reason", lambda row: row.reason, width=260, wide=True, priority=1),
        _balance(),
    )


def _paper(work: Work, row: AccountRow, plan: StatementPlan | None) -> Paper:
    if plan is None or row.guarantor_id is None:
        return Paper(sentence="These entries name nobody who pays. Name a guarantor for them.")
    doc = unnumbered_statement(work, row.guarantor_id, as_of=plan.as_of)
    return Paper(statement_pdf(doc, letterhead_of(work)), doc, _why(row))


def _why(row: AccountRow) -> str:
    said = [badge.word for badge in badges_of(row)]
    return f"{row.reason}." if row.reason and row.reason not in said else ""


def _paper_of(seen: Seen) -> Paper:
    return seen[1]


def _head(seen: Seen) -> PaneHead:
    row, paper = seen
    figures = [Figure("Balance", row.balance)]
    if paper.doc is not None:
        ages = paper.doc.ages
        figures.append(Figure("Over 60 days", ages.owed[2] + ages.owed[3] + ages.owed[4]))
        figures.append(Figure("Lines", text=count_text(_count(paper))))
    facts = (f"Account {row.number}" if row.number else "", row.place)
    return PaneHead(
        name=row.name,
        line=", ".join(fact for fact in facts if fact),
        badges=badges_of(row),
        figures=tuple(figures),
    )


def _count(paper: Paper) -> int:
    return sum(len(section.lines) for section in paper.doc.sections) if paper.doc else 0
