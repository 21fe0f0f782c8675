"""The Recurring tab: entries that come again, what is due now, and the days that were posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.accounting.chart import NamedAccount
from fscdesk.services.accounting.cost_centres import cost_centres
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.accounting.recurring import (
    RecurringDraft,
    RecurringRow,
    recurring_entries,
    save_recurring,
    skip_recurring,
)
from fscdesk.services.accounting.recurring_due import (
    DueDay,
    due_days,
    post_days,
    take_days_back,
    unskip_recurring,
)
from fscdesk.services.work import Work
from fscdesk.ui.actions import action
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.dialogs.fields_dialog import carry_out, open_dialog
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.screens.accounting.part import BooksPart, Rooms
from fscdesk.ui.screens.accounting_plans.first_step import FirstStep
from fscdesk.ui.screens.accounting_plans.lists import plain_spec
from fscdesk.ui.screens.accounting_plans.recurring_form import RecurringForm
from fscdesk.ui.screens.accounting_plans.recurring_rows import (
    EVERY,
    RecurringDetail,
    due_words,
    history_lines,
    leg_lines,
    line_of,
    named_accounts,
    read_detail,
    state_of,
)
from fscdesk.ui.screens.billing.pane_lines import FactsPage
from fscdesk.ui.tables.columns import Column, badge_column, date_column, money_column
from fscdesk.ui.tables.detail import DetailSpec, Figure, NextStep, PaneHead, PaneTab
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.pane_tab import PaneTab as ListWithPane
from fscdesk.ui.tables.spec import Empty, Press
from fscdesk.ui.text import ElidedLabel, Label, count_text, day_text, money_text
from fscdesk.ui.undo import Undo

_MOST_NAMED: Final = 12
_BY_MESSAGE: Final = "Recurring entry taken back"
_Ready = tuple[dict[str, NamedAccount], list[tuple[str, str]]]


class RecurringPart(BooksPart):
    """A list with its pane; the form takes its place while an entry is written."""

    def __init__(self, rooms: Rooms) -> None:
        super().__init__()
        self._rooms = rooms
        self._shell = rooms.shell
        self.post_due = action(self, "Post what is due…", self._on_post_due)
        self.begin = action(self, "New recurring entry", self.new)
        self._due_button = ActionButton(self.post_due, "calendar-check", parent=self)
        self._new_button = ActionButton(self.begin, "plus", parent=self)
        for one in (self._due_button, self._new_button):
            one.hide()
        self.list_tab: ListWithPane[RecurringRow] = ListWithPane(
            self._shell, self._spec(), keeping=rooms.keeping, opens=self.change
        )
        self._first = FirstStep(self, self.list_tab)
        self.form = RecurringForm(self._shell.desk, rooms.today)
        self.form.saved.connect(self._on_saved)
        self.form.left.connect(self._to_list)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list_tab)
        self._stack.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def list(self) -> ListPart[RecurringRow]:
        """The list of entries."""
        return self.list_tab.list

    # What the screen asks

    def buttons(self) -> tuple[QWidget, ...]:
        return (self._due_button, self._new_button)

    def primary(self) -> QAction | None:
        return None if self._writing else self._first.primary()

    def new_verb(self) -> str:
        return "New recurring entry"

    def new(self) -> None:
        """Begin an entry in the form."""
        self._open_form(None)

    def save(self) -> None:
        if self._writing:
            self.form.save()

    def can_save(self) -> bool:
        return self._writing

    def find_(self) -> None:
        self._to_list()
        self.list.find_()

    def refresh(self) -> None:
        self.list.refresh()

    def export(self) -> None:
        self.list.export()

    def escape(self) -> bool:
        if self._writing:
            self._to_list()
            return True
        return self.list_tab.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.form,) if self._writing else self.list_tab.panes()

    def enter(self) -> None:
        if self._writing:
            self.form.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.list_tab.enter()

    def show_what(self, what: Mapping[str, Any]) -> None:
        if what.get("row") is not None:
            self._to_list()
            self.list.go_to(int(what["row"]))

    def here(self) -> Mapping[str, object]:
        return {"row": self.list.view.picking.current_id}

    # The form

    @property
    def _writing(self) -> bool:
        return self._stack.currentWidget() is self.form

    def change(self, row: RecurringRow) -> None:
        """Open an entry in the form."""
        self._open_form(row)

    def _open_form(self, row: RecurringRow | None) -> None:
        def show(ready: _Ready) -> None:
            self._stack.setCurrentWidget(self.form)
            self.form.show_row(row, *ready)
            self.told.emit()

        self._shell.desk.ask(self, _ready, show, self._shell.messages.refused)

    def _to_list(self) -> None:
        focused = QApplication.focusWidget()
        inside = focused is not None and self.form.isAncestorOf(focused)
        self._stack.setCurrentWidget(self.list_tab)
        if inside:
            self.list.view.setFocus()
        self.told.emit()

    def _on_saved(self) -> None:
        draft, row = self.form.draft(), self.form.row
        self.form.working(on=True)

        def done(number: int) -> None:
            self.form.working(on=False)
            self.form.forget()
            words = "is added" if row is None else "is saved"
            self._shell.messages.info(
                f"{draft.name} {words}, next on {day_text(draft.first_on)}. "
                "What was posted stays as it is."
                if row is not None
                else f"{draft.name} {words}, next on {day_text(draft.first_on)}."
            )
            self._to_list()
            self.list.refresh()
            self.list.go_to(number)

        def refused(fault: BaseException) -> None:
            self.form.working(on=False)
            self._shell.messages.refused(fault)

        self._shell.desk.act(
            self,
            lambda work: save_recurring(
                work,
                draft,
                recurring_id=None if row is None else row.id,
                expected_version=None if row is None else row.version,
            ),
            done,
            refused,
        )

    # Posting

    def _on_post_due(self) -> None:
        self._shell.desk.ask(self, due_days, self._propose, self._shell.messages.refused)

    def _propose(self, due: Sequence[DueDay]) -> None:
        if not due:
            self._shell.messages.note("Nothing is due. The list shows when each comes next.")
            return
        dialog = ActDialog(
            f"Post {due_words(due)}?",
            "Each day below becomes one entry; nothing else is posted.",
            f"Post {count_text(len(due), 'entry', 'entries')}",
            "Posting…",
            self.window(),
        )
        dialog.keep_it.set_words("Not now")
        for one in due[:_MOST_NAMED]:
            late = "" if one.posts_on == one.on else f", dated {day_text(one.posts_on)}"
            words = f"{day_text(one.on)}  {one.name}, {_sum(one)}{late}"
            dialog.fields.addWidget(ElidedLabel(words))
        if len(due) > _MOST_NAMED:
            more = count_text(len(due) - _MOST_NAMED, "more entry", "more entries")
            dialog.fields.addWidget(Label(f"and {more}", "hint"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell, dialog, lambda work: post_days(work, due), self._on_posted
            )
        )
        open_dialog(dialog)
        dialog.do_it.setFocus()

    def _post(self, due: Sequence[DueDay]) -> None:
        self._shell.desk.act(
            self,
            lambda work: post_days(work, due),
            self._on_posted,
            self._shell.messages.refused,
        )

    def _on_posted(self, posted: Sequence[PostedEntry]) -> None:
        ids = [one.id for one in posted]
        count = count_text(len(posted), "entry", "entries")
        named = ", ".join(one.number for one in posted[:3]) + ("…" if len(posted) > 3 else "")
        undo = Undo(
            f"posting {count}",
            lambda work: (
                f"{count_text(take_days_back(work, ids, reason=_BY_MESSAGE), 'entry', 'entries')} "
                "turned back. The days are due again."
            ),
        )
        self._shell.messages.info(f"Posted {count}: {named}.", undo=undo)

    def _skip(self, row: RecurringRow) -> None:
        on = row.next_on
        if on is None:
            return
        number = row.id

        def back(work: Work) -> str:
            unskip_recurring(work, number, on)
            return f"{row.name} is due on {day_text(on)} again."

        def done(after: object) -> None:
            said = f"next on {day_text(after)}" if after else "and it has ended"  # type: ignore[arg-type]
            self._shell.messages.info(
                f"{row.name} is left out on {day_text(on)}, {said}.",
                undo=Undo(f"leaving {row.name} out", back),
            )

        self._shell.desk.act(
            self, lambda work: skip_recurring(work, number), done, self._shell.messages.refused
        )

    def _use(self, row: RecurringRow, *, active: bool) -> None:
        undo = Undo(
            f"what was done to {row.name}", lambda work: _set_use(work, row.id, active=not active)
        )
        self._shell.desk.act(
            self,
            lambda work: _set_use(work, row.id, active=active),
            lambda said: self._shell.messages.info(said, undo=undo),
            self._shell.messages.refused,
        )

    # Building

    def _spec(self) -> Any:
        detail: DetailSpec[RecurringRow, RecurringDetail] = DetailSpec(
            ask=read_detail,
            head=self._head,
            tabs=(
                PaneTab("lines", "Lines", lambda: FactsPage("Lines", leg_lines)),
                PaneTab("days", "Days", lambda: FactsPage("Days", history_lines)),
            ),
            nothing="Choose an entry to see its lines and its days.",
        )
        columns: tuple[Column[RecurringRow], ...] = (
            date_column("next", "Next", lambda row: row.next_on, width=100, priority=1),
            Column("name", "Entry", lambda row: row.name, names=True, priority=0),
            Column("every", "Comes", lambda row: EVERY[row.every], width=120, priority=3),
            badge_column("state", "Status", state_of, width=104, priority=1),
            Column(
                "how",
                "Posted",
                lambda row: "By itself" if row.by_itself else "When you say so",
                width=130,
                priority=5,
            ),
            date_column("last", "Last posted", lambda row: row.last_on, width=104, priority=4),
            money_column("amount", "Amount", lambda row: row.amount, width=100, priority=2),
        )
        return plain_spec(
            "recurring",
            "Recurring entries",
            ("recurring entry", "recurring entries"),
            recurring_entries,
            columns,
            Empty(
                "No recurring entries yet: rent, insurance, depreciation, what comes every month.",
                "calendar-days",
                Press("New recurring entry", self.new, "plus"),
            ),
            detail=detail,
            least_width=560,
        )

    def _head(self, detail: RecurringDetail) -> PaneHead:
        row, due = detail.row, detail.due
        steps: list[NextStep] = []
        if due:
            words = "Post it" if len(due) == 1 else f"Post {len(due)} days"
            steps.append(NextStep(words, partial(self._post, due), "calendar-check"))
        steps.append(NextStep("Change", partial(self.change, row), "pen-line"))
        more: list[NextStep] = []
        if row.active and row.next_on is not None:
            skip = f"Leave {day_text(row.next_on)} out"
            more.append(NextStep(skip, partial(self._skip, row), "circle-minus"))
        if row.active and row.next_on is not None:
            more.append(NextStep("Stop it", partial(self._use, row, active=False), "pause"))
        elif row.next_on is not None:
            more.append(NextStep("Use it again", partial(self._use, row, active=True), "play"))
        return PaneHead(
            name=row.name,
            line=line_of(row),
            badges=(state_of(row),),
            figures=(
                Figure("Amount", row.amount),
                Figure("Posted so far", text=count_text(row.posted, "time")),
            ),
            next_steps=(*steps, *more),
        )


def _ready(work: Work) -> _Ready:
    centres = cost_centres(work, also_inactive=False)
    return named_accounts(work), [(one.code, f"{one.code}  {one.name}") for one in centres]


def _set_use(work: Work, number: int, *, active: bool) -> str:
    row = next(one for one in recurring_entries(work) if one.id == number)
    if row.next_on is not None:
        draft = RecurringDraft(
            row.name,
            row.every,
            row.next_on,
            row.legs,
            row.memo,
            row.until,
            row.by_itself,
            row.turns_back,
            active,
        )
        save_recurring(work, draft, recurring_id=number, expected_version=row.version)
    return f"{row.name} {'comes again' if active else 'is stopped: nothing more is posted'}."


def _sum(due: DueDay) -> str:
    return money_text(due.amount, zero_dash=False)
