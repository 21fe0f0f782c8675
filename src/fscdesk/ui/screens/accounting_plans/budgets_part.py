"""The Budgets tab: a year by account and month, typed in place, and compared with what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.accounting.budgets import (
    BudgetRow,
    BudgetStatus,
    approve_budget,
    remove_budget,
)
from fscdesk.services.reports.budget_sheet import (
    EVERY_CENTRE,
    NO_CENTRE,
    BudgetSheet,
    budget_sheet,
)
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import Menu, action, off_because
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.dialogs.fields_dialog import carry_out, open_dialog
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.forms.card import LEFT, RIGHT, EmptyState, Line
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screens.accounting.part import BooksPart, Rooms
from fscdesk.ui.screens.accounting_plans.budget_actual import SO_FAR, ActualRow, Chosen, actual_spec
from fscdesk.ui.screens.accounting_plans.budget_dialogs import (
    STATES,
    BudgetChoices,
    BudgetDialog,
    draft_again,
    read_choices,
)
from fscdesk.ui.screens.accounting_plans.budget_editing import BudgetTyping
from fscdesk.ui.screens.accounting_plans.budget_export import shown_grid
from fscdesk.ui.screens.accounting_plans.budget_grid import BudgetGrid
from fscdesk.ui.screens.accounting_plans.budget_strip import BudgetStrip
from fscdesk.ui.tables.export import FORMATS, Exporting
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.undo import Undo

MONTHLY, QUARTERLY, COMPARED = "months", "quarters", "actual"
_TOPICS: Final = frozenset({Topic.BOOKS, Topic.LEDGER})


class BudgetsPart(BooksPart):
    """Every cell that is typed is saved at once, with its undo in the message."""

    def __init__(self, rooms: Rooms) -> None:
        super().__init__()
        self._rooms, self._shell = rooms, rooms.shell
        self._choices: BudgetChoices | None = None
        self._chosen = Chosen()
        self._stale = True
        desk, refused = self._shell.desk, self._shell.messages.refused
        self._read_choices = Latest[BudgetChoices](desk, self, self._on_choices, refused)
        self._read_sheet = Latest[BudgetSheet](desk, self, self._on_sheet, refused)
        self.exporting = Exporting(desk, self, rooms.ask_path)
        self.exporting.done.connect(self._shell.messages.info)
        self.exporting.refused.connect(refused)
        self._make_actions()
        self._make_widgets()
        self._lay_out()
        desk.changed.connect(self._on_changed)
        self._show_state()

    # What the screen asks

    def buttons(self) -> tuple[QWidget, ...]:
        approved = self.row is not None and self.row.status is BudgetStatus.APPROVED
        return (self._taken_back if approved else self._thrown_away, *self._buttons)

    def primary(self) -> QAction | None:
        row = self.row
        return self.approve if row is not None and row.status is BudgetStatus.DRAFT else None

    def new_verb(self) -> str:
        return "New budget"

    def new(self) -> None:
        """Ask for a name, a year and what it begins with."""
        self._make(None)

    def find_(self) -> None:
        if self._view.value() == COMPARED:
            self.actual.find_()

    def refresh(self) -> None:
        self._stale = False
        self._read_choices.ask(read_choices)

    def export(self) -> None:
        """Offer the formats for what is shown."""
        if self._view.value() == COMPARED:
            self.actual.export()
            return
        sheet = self.grid.grid.sheet
        if sheet is None:
            return
        menu = Menu(self)
        for form, words in FORMATS.items():
            menu.add(f"{words}…", partial(self.export_as, form))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(self.width() // 2, 0)))

    def export_as(self, form: str) -> None:
        """Write the grid as ``csv``, ``xlsx`` or ``pdf``."""
        grid = self.grid.grid
        if grid.sheet is not None:
            words = self._centre.currentText() if not self._centre.isHidden() else ""
            self.exporting.start(shown_grid(grid.sheet, grid.columns, grid.rows, words), form)

    def escape(self) -> bool:
        return self._view.value() == COMPARED and self.actual.escape()

    def panes(self) -> tuple[QWidget, ...]:
        body = self.actual.view if self._view.value() == COMPARED else self.grid
        return (self._budget, body)

    def enter(self) -> None:
        if self._stale:
            self.refresh()
        if self._empty.isVisible() and self._empty.button is not None:
            self._empty.button.setFocus()
        elif self._view.value() == COMPARED:
            self.actual.view.setFocus()
        else:
            self.grid.setFocus()

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("budget") is not None:
            self._chosen.budget_id = int(what["budget"])
            self.refresh()
        if what.get("view") in (MONTHLY, QUARTERLY, COMPARED):
            self._view.set_value(str(what["view"]))
            self._on_view(str(what["view"]))

    def here(self) -> Mapping[str, object]:
        found: dict[str, object] = {"view": self._view.value()}
        if self._chosen.budget_id:
            found["budget"] = self._chosen.budget_id
        return found

    @property
    def row(self) -> BudgetRow | None:
        """The budget on view."""
        rows = self._choices.rows if self._choices is not None else ()
        return next((one for one in rows if one.id == self._chosen.budget_id), None)

    # Budgets

    def _make(self, copied: BudgetRow | None) -> None:
        choices = self._choices
        if choices is None:
            return
        dialog = BudgetDialog(choices, self.window(), copied=copied)
        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, dialog.maker(), self._on_made))
        open_dialog(dialog)

    def _on_made(self, number: int) -> None:
        self._chosen.budget_id = number
        self._shell.messages.info("The draft is made. Type into it; approve it when it is right.")
        self.refresh()

    def _on_copy(self) -> None:
        self._make(self.row)

    def _ask(
        self,
        title: str,
        sentence: str,
        verbs: tuple[str, str],
        act: Callable[[Work], object],
        said: str,
        undo: Undo | None = None,
    ) -> None:
        dialog = ActDialog(title, sentence, *verbs, self.window())

        def done(_answer: object) -> None:
            self._shell.messages.info(said, undo=undo)
            self.refresh()

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, done))
        open_dialog(dialog)
        dialog.do_it.setFocus()

    def _on_approve(self) -> None:
        row = self.row
        if row is None or row.status is not BudgetStatus.DRAFT:
            return
        back = partial(draft_again, row=row, version=row.version + 1)
        self._ask(
            f"Approve {row.name}?",
            "Reports compare with it from now on, and it is typed into no more. The budget that "
            "was approved for this year before is kept as replaced.",
            ("Approve it", "Approving…"),
            lambda work: approve_budget(work, row.id, expected_version=row.version),
            f"{row.name} is approved.",
            Undo(f"the approval of {row.name}", back),
        )

    def _on_unapprove(self) -> None:
        row = self.row
        if row is None or row.status is BudgetStatus.DRAFT:
            return

        def done(said: str) -> None:
            self._shell.messages.info(said)
            self.refresh()

        back = partial(draft_again, row=row, version=row.version)
        self._shell.desk.act(self, back, done, self._shell.messages.refused)

    def _on_remove(self) -> None:
        row = self.row
        if row is None:
            return
        self._ask(
            f"Throw the draft {row.name} away?",
            "Its amounts are gone then. What was approved once cannot be thrown away.",
            ("Throw it away", "Throwing away…"),
            lambda work: remove_budget(work, row.id, expected_version=row.version),
            f"The draft {row.name} is thrown away.",
        )

    # Reading

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _TOPICS:
            self._stale = True
            if self.isVisible():
                self.refresh()

    def _on_choices(self, choices: BudgetChoices) -> None:
        self._choices = choices
        ids = [one.id for one in choices.rows]
        if self._chosen.budget_id not in ids:
            self._chosen.budget_id = ids[0] if ids else 0
        self._budget.blockSignals(True)
        self._budget.clear()
        for one in choices.rows:
            self._budget.addItem(one.name, one.id)
        self._budget.setCurrentIndex(max(0, self._budget.findData(self._chosen.budget_id)))
        self._budget.blockSignals(False)
        self._offer_centres(choices)
        self._show_state()
        if self._chosen.budget_id:
            self._ask_sheet()
        self.told.emit()

    def _offer_centres(self, choices: BudgetChoices) -> None:
        self._centre.blockSignals(True)
        self._centre.clear()
        self._centre.addItem("All cost centres", EVERY_CENTRE)
        self._centre.addItem("No cost centre", NO_CENTRE)
        for code, words in choices.centres:
            self._centre.addItem(words, code)
        self._centre.setCurrentIndex(max(0, self._centre.findData(self._chosen.centre)))
        self._centre.blockSignals(False)
        self._centre.setVisible(bool(choices.centres))

    def _ask_sheet(self) -> None:
        number, centre = self._chosen.budget_id, self._chosen.centre
        self._read_sheet.ask(lambda work: budget_sheet(work, number, centre))

    def _on_sheet(self, sheet: BudgetSheet) -> None:
        self.grid.grid.show_sheet(sheet)
        self._tell_cell()
        self.actual.refresh()

    def _tell_cell(self) -> None:
        cell = self.grid.current()
        if cell is not None:
            row = self.grid.grid.rows[self.grid.currentIndex().row()]
            cell = (row, cell[1])
        self.strip.show_cell(self.grid.grid.sheet, cell)

    def _show_state(self) -> None:
        row = self.row
        none = self._choices is not None and not self._choices.rows
        self._bar.setVisible(not none)
        self._empty.setVisible(none)
        self._stack.setVisible(not none)
        draft = row is not None and row.status is BudgetStatus.DRAFT
        self.badge.setVisible(row is not None)
        if row is not None:
            self.badge.set_status(STATES[row.status])
        why = "" if draft else "Only a draft can be approved or thrown away."
        off_because(self.approve, why)
        off_because(self.remove, why)
        off_because(self.unapprove, "Only an approved budget becomes a draft again." * (not why))
        off_because(self.copy, "" if row is not None else "There is no budget to copy.")

    def _on_budget(self, at: int) -> None:
        self._chosen.budget_id = int(self._budget.itemData(at) or 0)
        self._show_state()
        self._ask_sheet()
        self.told.emit()

    def _on_centre(self, at: int) -> None:
        self._chosen.centre = str(self._centre.itemData(at))
        self._ask_sheet()

    def _on_view(self, key: str) -> None:
        compared = key == COMPARED
        if not compared:
            self.grid.grid.set_by_quarter(on=key == QUARTERLY)
        self._stack.setCurrentWidget(self.actual if compared else self._planning)

    # Building

    def _make_actions(self) -> None:
        self.approve = action(self, "Approve the budget…", self._on_approve)
        self.unapprove = action(self, "Take the approval back", self._on_unapprove, "Ctrl+Shift+U")
        self.begin = action(self, "New budget…", self.new)
        self.copy = action(self, "Copy the budget…", self._on_copy)
        self.remove = action(self, "Throw the draft away…", self._on_remove)
        self._thrown_away = ActionButton(self.remove, "x", "quiet", parent=self)
        self._taken_back = ActionButton(self.unapprove, "undo-2", "quiet", parent=self)
        self._buttons = (
            ActionButton(self.begin, "plus", parent=self),
            ActionButton(self.copy, "copy", parent=self),
            ActionButton(self.approve, "badge-check", "primary", parent=self),
        )
        for one in (self._thrown_away, self._taken_back, *self._buttons):
            one.hide()

    def _make_widgets(self) -> None:
        self._budget, self._centre = Choice(), Choice()
        self._budget.setAccessibleName("Budget")
        self._centre.setAccessibleName("Cost centre")
        self._budget.currentIndexChanged.connect(self._on_budget)
        self._centre.currentIndexChanged.connect(self._on_centre)
        self.badge = Badge(STATES[BudgetStatus.DRAFT])
        self._view = Segmented(
            "Shown",
            [(MONTHLY, "Months"), (QUARTERLY, "Quarters"), (COMPARED, "Against actual")],
        )
        self._view.chosen.connect(self._on_view)
        self.grid = BudgetGrid()
        self.grid.moved.connect(self._tell_cell)
        typing = BudgetTyping(self._shell, self.grid)
        typing.told.connect(self._tell_cell)
        typing.again.connect(self._ask_sheet)
        typing.copy_wanted.connect(self._on_copy)
        self.strip = BudgetStrip()
        self.actual: ListPart[ActualRow] = ListPart(
            self._shell.desk,
            actual_spec(self._chosen),
            messages=self._shell.messages,
            keeping=self._rooms.keeping,
        )
        self.actual.filter_by(FilterState().with_values("span", (SO_FAR,)))
        self._empty = EmptyState(
            "scale",
            "No budget yet. Make one from last year’s actual, or from nothing.",
            "New budget…",
            self.new,
        )

    def _lay_out(self) -> None:
        self._bar = QWidget()
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(LEFT, 10, RIGHT, 10)
        line.setSpacing(10)
        self._budget.setMinimumWidth(220)
        self._budget.setMaximumWidth(320)
        self._centre.setMaximumWidth(240)
        line.addWidget(self._budget, 2)
        line.addWidget(self.badge)
        line.addWidget(self._centre, 2)
        line.addStretch(1)
        line.addWidget(self._view)
        self._planning = QWidget()
        inside = QVBoxLayout(self._planning)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.grid, 1)
        inside.addWidget(self.strip)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._planning)
        self._stack.addWidget(self.actual)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(Line())
        column.addWidget(self._stack, 1)
        column.addWidget(self._empty, 1)
