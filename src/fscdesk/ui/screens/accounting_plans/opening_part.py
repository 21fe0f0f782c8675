"""The Opening tab: what the practice had and owed when it began here, proven, then posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.accounting.journal import PostedEntry
from fscdesk.services.accounting.opening import undo_opening
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton, Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Card, EmptyState, Line, Scrolled
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.screens.accounting.part import BooksPart, Rooms
from fscdesk.ui.screens.accounting_plans.opening_form import WIDEST, OpeningForm
from fscdesk.ui.screens.accounting_plans.opening_rows import (
    SO_FAR,
    OpeningPage,
    begins_a_year,
    opened,
    proof,
    read_opening,
)
from fscdesk.ui.screens.billing.pane_lines import FactLine, FactsPage
from fscdesk.ui.text import Label, day_text, money_text
from fscdesk.ui.theme import Status
from fscdesk.ui.undo import Undo

_TOPICS: Final = frozenset({Topic.BOOKS, Topic.BANK, Topic.LEDGER})
_PROVEN: Final = Status("Proven", "green", "circle-check")
_UNPROVEN: Final = Status("Not proven", "orange", "triangle-alert")
_BY_MESSAGE: Final = "Opening balances taken back"


class OpeningPart(BooksPart):
    """Asks for every balance while no opening stands; shows the one that stands."""

    def __init__(self, rooms: Rooms) -> None:
        super().__init__()
        self._rooms = rooms
        self._stale = True
        self._shown: OpeningPage | None = None
        self.form: OpeningForm | None = None
        self.post = action(self, "Post the opening balances", self._on_post)
        self._read = Latest[OpeningPage](
            rooms.shell.desk, self, self._on_read, rooms.shell.messages.refused
        )
        self._stack = QStackedWidget()
        self._empty = EmptyState("book-open", "Looking at the books…")
        self._stack.addWidget(self._empty)
        self._rule = Line()
        self.foot = QWidget()
        line = QHBoxLayout(self.foot)
        line.setContentsMargins(LEFT, 12, RIGHT + 8, 12)
        line.setSpacing(10)
        self.words = Label("", "body")
        self.difference = Label("", "strong")
        self.badge = Badge(_PROVEN)
        line.addWidget(self.words)
        line.addWidget(self.difference)
        line.addWidget(self.badge)
        line.addStretch(1)
        self.button = ActionButton(self.post, "check", "primary")
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._rule)
        column.addWidget(self.foot)
        self._show_foot(on=False)
        rooms.shell.desk.changed.connect(self._on_changed)

    # What the screen asks

    def primary(self) -> QAction | None:
        return self.post if self.form is not None else None

    def save(self) -> None:
        self._on_post()

    def can_save(self) -> bool:
        return self.form is not None

    def refresh(self) -> None:
        self._stale = False
        self._read.ask(read_opening)

    def note(self) -> str:
        page = self._shown
        if page is None or page.standing is None:
            return "Once, when the practice begins here"
        return f"Entry {page.standing.number}, {day_text(page.standing.on)}"

    def panes(self) -> tuple[QWidget, ...]:
        return (self._stack, self.foot) if self.form is not None else (self._stack,)

    def enter(self) -> None:
        if self._stale or self._shown is None:
            self.refresh()
        if self.form is not None:
            self.form.day.edit.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            shown = self._stack.currentWidget() or self._stack
            shown.setFocus(Qt.FocusReason.TabFocusReason)

    # What happens

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _TOPICS:
            self._stale = True
            if self.isVisible():
                self.refresh()

    def _on_read(self, page: OpeningPage) -> None:
        before, self._shown = self._shown, page
        if page.standing is not None:
            self._show_standing(page)
        elif not page.may:
            self._show_nothing("Whoever may keep the books enters here what there was before.")
        elif before is None or self.form is None or before.asked != page.asked:
            self._show_form(page)
        self.told.emit()

    def _show_form(self, page: OpeningPage) -> None:
        typed = self.form.draft() if self.form is not None else {}
        form = OpeningForm(page, self._rooms.today)
        form.restore(typed)
        form.changed.connect(self._prove)
        form.saved.connect(self._on_checked)
        content = QWidget()
        across = QHBoxLayout(content)
        across.setContentsMargins(LEFT, 14, RIGHT, 16)
        form.setMaximumWidth(WIDEST)
        across.addWidget(form, 4)
        across.addStretch(1)
        self._put(Scrolled(content, "Opening balances"))
        self.form = form
        stops = [form.field(name).editor for name in form.draft()]
        self._path = EnterPath([*stops, self.button], self._on_post, form)
        self._show_foot(on=True)
        self._prove()
        if self.isVisible():
            form.day.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_standing(self, page: OpeningPage) -> None:
        assert page.standing is not None
        self.form = None
        card = Card("What stands in the books", f"Entry {page.standing.number}")
        facts = FactsPage("Opening balances", _facts)
        facts.show_detail(page)
        card.body.addWidget(facts, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        there = page.standing
        self.back = Button("Take the opening back", "rotate-ccw", on=lambda: self._take_back(there))
        self.back.off_because("" if page.may else "You may not keep the books.")
        show = Button(
            "Show the entry", "book-open", on=lambda: self._rooms.go("journal", entry=there.id)
        )
        for one in (self.back, show):
            row.addWidget(one)
        row.addStretch(1)
        card.body.addLayout(row)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(LEFT, 14, RIGHT, 16)
        card.setMaximumWidth(WIDEST)
        column.addWidget(card, 1)
        content.setFocusProxy(self.back)
        self._put(content)
        self._show_foot(on=False)

    def _show_nothing(self, words: str) -> None:
        self.form = None
        self._put(EmptyState("lock", words))
        self._show_foot(on=False)

    def _put(self, widget: QWidget) -> None:
        old = self._stack.currentWidget()
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()

    def _show_foot(self, *, on: bool) -> None:
        self._rule.setVisible(on)
        self.foot.setVisible(on)

    def _prove(self) -> None:
        """Say whether assets are liabilities and equity, as it is typed."""
        if self.form is None:
            return
        amounts = self.form.amounts()
        assets, debts, capital, earned = proof(amounts, self.form.asked)
        off = assets - debts - capital - earned
        sides = [f"debts {_sum(debts)}", f"capital {_sum(capital)}"]
        sides += [f"earned {_sum(earned)}"] if earned else []
        equal, between = (" = ", " + ") if not off else (" − ", " − ")
        self.words.setText(f"Assets {_sum(assets)}{equal}{between.join(sides)}")
        self.difference.setText(f"Difference {_sum(off)}")
        self.difference.set_role("negative" if off else "strong")
        self.badge.setVisible(bool(amounts))
        self.badge.set_status(_UNPROVEN if off else _PROVEN)
        self.foot.setToolTip(
            f"{_sum(off)} would stand in 3090 Opening balances until it is explained."
            if off
            else ""
        )
        off_because(self.post, self._why_not(amounts))

    def _why_not(self, amounts: Mapping[str, Money]) -> str:
        """Return why what is typed cannot be posted, or ""."""
        form, page = self.form, self._shown
        if not amounts or form is None or page is None:
            return "Type what an account held first."
        first = form.day.value()
        so_far = any(one.group == SO_FAR and one.account in amounts for one in form.asked)
        if so_far and first is not None and begins_a_year(first, page):
            return (
                f"A year begins on {day_text(first)}: what was earned before is capital, not"
                " income and expense."
            )
        return ""

    # Posting

    def _on_post(self) -> None:
        if self.form is not None and self.post.isEnabled():
            self.form.save()

    def _on_checked(self) -> None:
        form = self.form
        if form is None:
            return
        draft = form.draft_of()
        off_because(self.post, "Posting…")
        self._rooms.shell.desk.act(
            self, lambda work: opened(work, draft), self._on_posted, self._on_refused
        )

    def _on_posted(self, done: tuple[PostedEntry, str]) -> None:
        posted, besides = done
        off_because(self.post, "")
        self.form = None  # what was typed is posted: the next form begins empty
        undo = Undo(
            "the opening balances",
            lambda work: _taken_back(undo_opening(work, reason=_BY_MESSAGE)),
        )
        self._rooms.shell.messages.info(
            f"The books are open: entry {posted.number}, {day_text(posted.on)}.{besides}", undo=undo
        )
        self.refresh()

    def _on_refused(self, fault: BaseException) -> None:
        off_because(self.post, "")
        late = (
            isinstance(fault, Problem)
            and "closed" in fault.message
            and "year" not in fault.message  # a closed year takes nothing, for no reason
        )
        if late and self.form is not None and self.form.late.isHidden():
            self.form.ask_why_late()
        self._rooms.shell.messages.refused(fault)

    def _take_back(self, there: PostedEntry) -> None:
        dialog = FieldsDialog(
            "Take the opening balances back?",
            f"The opposite of entry {there.number} is posted on {day_text(there.on)}; both stay "
            "in the journal. Bank accounts have no first day then.",
            ("Take it back", "Taking back…"),
            self.window(),
            keep_it="Keep it",
        )
        dialog.row(reason=reason_field(example="The loan was left out"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._rooms.shell,
                dialog,
                lambda work: undo_opening(work, reason=dialog.value("reason")),
                self._on_taken_back,
            )
        )
        open_dialog(dialog)

    def _on_taken_back(self, back: PostedEntry) -> None:
        self._rooms.shell.messages.info(_taken_back(back))
        self.refresh()


def _facts(page: OpeningPage) -> Sequence[FactLine]:
    if not page.lines:
        return [FactLine("Whoever may see reports sees its lines here.")]
    return [
        FactLine(
            f"{one.account}  {one.name}", "Debit" if one.amount.cents > 0 else "Credit", amount
        )
        for one in page.lines
        for amount in (abs(one.amount),)
    ]


def _sum(amount: Money) -> str:
    return money_text(amount, zero_dash=False)


def _taken_back(back: PostedEntry) -> str:
    return f"The opening balances are taken back by entry {back.number}."
