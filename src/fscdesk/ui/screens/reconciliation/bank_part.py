"""The Bank tab: the period's rows, what is done about them, and the sum that must come to 0.00."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fscdesk.services.banking.bank_sheet import BankSheet, SheetMark, SheetRow, near_items
from fscdesk.services.banking.bank_sheet_reading import bank_sheet
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.office_day import OfficeDay
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.bank_acts import BankActs
from fscdesk.ui.screens.reconciliation.bank_foot import BankFoot
from fscdesk.ui.screens.reconciliation.bank_list import LEFT, RIGHT, TOPICS, bank_spec
from fscdesk.ui.screens.reconciliation.bank_page import BankPage, RowFacts
from fscdesk.ui.screens.reconciliation.bank_steps import head_of
from fscdesk.ui.screens.reconciliation.finishing import Finishing
from fscdesk.ui.screens.reconciliation.holding import Holding
from fscdesk.ui.screens.reconciliation.line_acts import bulk_acts, row_acts
from fscdesk.ui.screens.reconciliation.line_keys import LineKeys
from fscdesk.ui.screens.reconciliation.returning import Returning
from fscdesk.ui.screens.reconciliation.side_heads import SideHeads
from fscdesk.ui.tables.detail import DetailSpec, PaneTab
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Press

PAGE = "line"


class BankPart(Part):
    """One period of one account. Enter does what a row asks for, then the next one is current."""

    looked = Signal()
    """The sheet was read anew: ``sheet`` is how it stands."""

    def __init__(
        self, shell: Shell, keeping: Keeping, today: OfficeDay, read_file: Callable[[], object]
    ) -> None:
        super().__init__()
        self._shell, self._today = shell, today
        self._account: int | None = None
        self._period: int | None = None
        self._ticket = 0
        self._stale = False
        self.sheet: BankSheet | None = None
        self.acts = BankActs(shell, self, lambda: self.sheet, today)
        self.finishing = Finishing(shell, self, lambda: self.sheet)
        self.returning = Returning(shell, self, lambda: self.sheet)
        self.holding = Holding(self, self.acts.hold, self._ask_hold, shell.messages.note)
        self.list: ListPart[SheetRow] = ListPart(
            shell.desk,
            bank_spec(
                self._ask_sheet,
                row_acts(self.decide, self.acts),
                bulk_acts(self.acts),
                self._detail(),
                Press("Import statement", read_file),
            ),
            messages=shell.messages,
            keeping=keeping,
            today=today,
        )
        view = self.list.view
        self.list.put_over_table(
            SideHeads(
                view, [("Bank statement", LEFT, "text2"), ("Our books", RIGHT, "accent_text")]
            )
        )
        self.foot = BankFoot(self.press)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self.foot)
        self.primary = action(self, "Finish the period", self.press)
        self.primary.setVisible(False)
        action(self, "Open the report of the period", self.finishing.report)
        action(self, "Take the last reconciliation back…", self.finishing.take_back)
        action(self, "Give up the period that is begun", self.finishing.give_up)
        action(self, "Begin the account as its file says", self.finishing.take_start)
        action(self, "Type the statement’s balance…", self.acts.begin, "Ctrl+Shift+B")
        for one in self.list.actions():  # a held-down key never decides about one after the other
            if one.shortcut().toString() not in ("Ctrl+Up", "Ctrl+Down"):
                one.setAutoRepeat(False)
        self.keys = LineKeys(view, shell.messages, self.hold, self._mark_set)
        self.list.opened.connect(self.decide)
        self.list.answered.connect(self._on_answered)
        self.acts.done.connect(self._on_done)
        self.returning.done.connect(self._on_done)
        self.list.current_changed.connect(self.holding.left)
        self.acts.begun.connect(self._to_newest)
        self.finishing.finished.connect(self._on_finished)
        self.finishing.reopened.connect(self._to_newest)
        shell.desk.changed.connect(self._on_changed)

    # For the screen

    @property
    def account(self) -> int | None:
        """The account on view."""
        return self._account

    @property
    def period(self) -> int | None:
        """The reconciliation on view; None where the period is not begun."""
        return self._period

    def show_period(self, account_id: int, reconciliation_id: int | None) -> None:
        """Show a period of an account; without one what no reconciled month has."""
        if (account_id, reconciliation_id) == (self._account, self._period):
            self.look()
            return
        self._account, self._period = account_id, reconciliation_id
        self.list.ask_again()
        self.look()

    def look(self) -> None:
        """Read the sums of the period anew."""
        if self._account is None:
            return
        self._ticket += 1
        self._shell.desk.ask(
            self,
            self._ask_sheet,
            partial(self._keep, self._ticket),
            self._shell.messages.refused,
        )

    def press(self) -> None:
        """Do what the button of the foot says."""
        if self.sheet is None:
            return
        if self.sheet.state is None:
            self.acts.begin()
        elif self.sheet.period.completed:
            self.finishing.report()
        else:
            self.finishing.finish()

    def decide(self, row: SheetRow) -> None:
        """Do what a row asks for: take the proposal, confirm, or go where it is chosen."""
        if row.mark is SheetMark.PROPOSED:
            self.acts.accept(row)
        elif row.mark is SheetMark.IN_TRANSIT and not row.seen:
            self.acts.confirm(row)
        elif row.sets or len(row.returns) > 1:
            self.into_sets()
        elif row.returns:
            self.return_(row, 0)
        else:
            self.into_pane()

    def into_sets(self) -> None:
        """Put the focus on what a line could be; nothing is marked yet."""
        if not self.list.pane_shown:
            self.list.toggle_pane()
        page = self._page()
        if page is not None and page.choices.cards():
            page.choices.setFocus(Qt.FocusReason.OtherFocusReason)

    def return_(self, row: SheetRow, at: int) -> None:
        """Ask whether a line is the return of one of its payments."""
        self.returning.ask(row, at)

    def hold(self, row: SheetRow) -> None:
        """Hold a line's money in suspense, or ask in the pane whether that is meant."""
        self.holding.wanted(row)

    def into_pane(self) -> None:
        """Put the focus on the first button of the details."""
        if not self.list.pane_shown:
            self.list.toggle_pane()
        pane = self.list.pane
        buttons = pane.foot.buttons() if pane is not None else ()
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_hand(self, row: SheetRow) -> None:
        """Tick a row and go back to the rows, where its other side is ticked."""
        if row.id not in self.list.model.ticks:
            self.list.model.ticks.toggle(row)
        side = "what of ours it is" if row.line_ids else "the bank’s line"
        self._shell.messages.note(f"Tick {side} with Space, then match the two with Ctrl+L.")
        self.enter()

    def find_(self) -> None:
        self.list.find_()

    def refresh(self) -> None:
        self.list.refresh()
        self.look()

    def export(self) -> None:
        self.list.export()

    def next_open(self) -> None:
        """Make the next row current that waits for a person (Ctrl+J)."""
        ident = self._next_open()
        if ident is None:
            self._shell.messages.note("Nothing waits here.")
        else:
            self.list.go_to(ident)
            self.list.view.setFocus()

    def escape(self) -> bool:
        focused, pane = QApplication.focusWidget(), self.list.pane
        if focused is not None and pane is not None and pane.isAncestorOf(focused):
            self.list.view.setFocus()
            return True
        return self.list.escape()

    def panes(self) -> tuple[QWidget, ...]:
        pane = self.list.pane
        shown = pane is not None and self.list.pane_shown
        inner = (self.list.view, pane) if shown and pane is not None else (self.list.view,)
        return (*inner, self.foot)

    def enter(self) -> None:
        picking = self.list.view.picking
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if picking.current_row is None and picking.current_id is None:
            picking.go(0)

    # Declaring

    def _detail(self) -> DetailSpec[SheetRow, Any]:
        def ask(work: Work, row: SheetRow) -> RowFacts:
            sheet = self._ask_sheet(work)
            if sheet is None:
                return RowFacts(row, "", work.today())
            fresh = next((one for one in sheet.rows if one.id == row.id), row)
            near: tuple[SheetRow, ...] = ()
            if fresh.mark is SheetMark.UNMATCHED and not fresh.sets:
                near = near_items(sheet, fresh)
            return RowFacts(
                fresh,
                sheet.label,
                work.today(),
                near,
                sheet.period.completed,
                sheet.state is not None,
            )

        return DetailSpec(
            ask=ask,
            head=partial(head_of, self._shell, self),
            tabs=(PaneTab(PAGE, "", lambda: BankPage(self._on_chosen, self.hold, self.enter)),),
            nothing="Choose a line to see what it could be.",
        )

    # What happens

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Q and digits that the pane's buttons leave alone, or words that stand for rows."""
        if not self.keys.takes(event):
            super().keyPressEvent(event)

    def _ask_sheet(self, work: Work) -> BankSheet | None:
        if self._account is None:
            return None
        return bank_sheet(work, self._account, self._period)

    def _keep(self, ticket: int, sheet: BankSheet | None) -> None:
        if ticket != self._ticket or sheet is None:
            return
        self.sheet = sheet
        if self._period is None and sheet.period.reconciliation_id is not None:
            self._period = sheet.period.reconciliation_id  # it was begun meanwhile
        self._judge()
        self.looked.emit()

    def _judge(self) -> None:
        if self.sheet is None:
            return
        verb, why = self.finishing.words(), self.finishing.why_not()
        self.foot.show_sheet(self.sheet, verb, why)
        self.primary.setText(verb)
        off_because(self.primary, why)

    def _on_chosen(self, row: SheetRow, at: int) -> None:
        if row.sets:
            self.acts.accept(row, row.sets[at])
        else:
            self.return_(row, at)

    def _mark_set(self, _row: SheetRow, at: int) -> None:
        """Go to the card that a digit names; Enter takes it there."""
        self.into_sets()
        page = self._page()
        if page is not None:
            page.choices.mark(at)

    def _ask_hold(self, row: SheetRow, question: str) -> None:
        if row.sets:
            self.into_sets()
        elif not self.list.pane_shown:
            self.list.toggle_pane()
        page = self._page()
        if page is not None:
            page.ask(question)

    def _next_open(self) -> int | None:
        """Return the next row below the current one that waits, else the first that does."""
        current = self.list.view.picking.current_id
        rows = list(self.list.model.loaded())
        ids = [row.id for row in rows]
        at = ids.index(current) + 1 if current in ids else 0
        following = [*rows[at:], *rows[:at]]
        return next((row.id for row in following if not row.is_done and row.id != current), None)

    def _on_done(self) -> None:
        ident = self._next_open()
        self.list.model.ticks.clear()
        if ident is not None:
            self.list.go_to(ident)
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_answered(self) -> None:
        picking = self.list.view.picking
        if picking.current_row is None and picking.current_id is None and self.list.model.total:
            picking.go(0)

    def _on_finished(self, reconciliation_id: int) -> None:
        account = self._account
        assert account is not None
        self._period = None
        self.show_period(account, reconciliation_id)
        self.foot.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_newest(self) -> None:
        account = self._account
        if account is not None:
            self._account = None
            self.show_period(account, None)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if not topics & TOPICS:
            return
        if not self.isVisible():
            self._stale = True
            return
        self.look()
        row, pane = self.list.view.picking.current_row, self.list.pane
        if pane is not None and row is not None:
            pane.follow(row)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.look()

    def _page(self) -> BankPage | None:
        page = self.list.pane.page(PAGE) if self.list.pane is not None else None
        return page if isinstance(page, BankPage) else None
