"""The form of a recurring entry: when it comes, and its lines with live sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.accounting.chart import NamedAccount
from fscdesk.services.accounting.recurring import Every, RecurringDraft, RecurringRow
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Line, Scrolled
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.accounting.entry_lines import LineDraft, LinesGrid
from fscdesk.ui.screens.accounting_plans.recurring_rows import EVERY
from fscdesk.ui.text import Label, money_text

_WIDEST = 900


class RecurringForm(QWidget):
    """Fields above, lines below, and at the foot the sums with the button that saves."""

    saved = Signal()
    left = Signal()

    def __init__(self, desk: Desk, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.row: RecurringRow | None = None
        self._clean: tuple[object, ...] = ()
        self.heading = Label("New recurring entry", "section")
        self.form = form = Form("Save")
        self.name = TextField("Name", longest=120, example="Office rent")
        self.every: ChoiceField[Every] = ChoiceField("Comes", list(EVERY.items()), Every.MONTH)
        self.first = DateField(
            "Next day", today=today, hint="The 31st is the last day of every month."
        )
        self.until = DateField("Last day", today=today, optional=True)
        self.memo = TextField("What it is for", longest=120, optional=True)
        self.by_itself = CheckField(
            "Post it by itself", hint="The daily job posts it. Off: it is proposed, and waits."
        )
        self.turns_back = CheckField(
            "Turn it back", hint="On the first of the month after: for what was only accrued."
        )
        form.row(name=self.name, every=self.every)
        form.row(first=self.first, until=self.until)
        form.row(memo=self.memo)
        form.row(by_itself=self.by_itself, turns_back=self.turns_back)
        form.primary.hide()
        self.lines = LinesGrid(desk)
        self.sums = Label("", "quiet")
        self.difference = Label("", "strong")
        self.button = Button("Save", "check", "primary", on=self.save)
        self.cancel = Button("Back to the list", on=self.left.emit)
        self._build()
        self.lines.changed.connect(self._add_up)
        self.lines.finished.connect(self.button.setFocus)
        self._add_up()

    def show_row(
        self,
        row: RecurringRow | None,
        accounts: Mapping[str, NamedAccount],
        centres: Sequence[tuple[str, str]],
    ) -> None:
        """Show an entry, or an empty form for None; what was typed into it and not saved stays."""
        if self._clean and row == self.row and self._typed() != self._clean:
            self.name.setFocus()
            return
        self.row = row
        self.heading.setText("New recurring entry" if row is None else row.name)
        self.button.set_words("Add the recurring entry" if row is None else "Save")
        self.name.set_value("" if row is None else row.name)
        self.memo.set_value("" if row is None else row.memo)
        self.every.set_value(Every.MONTH if row is None else row.every)
        self.first.set_value(None if row is None else row.next_on)
        self.until.set_value(None if row is None else row.until)
        self.by_itself.set_value(value=row is not None and row.by_itself)
        self.turns_back.set_value(value=row is not None and row.turns_back)
        for name in self.form.draft():
            self.form.field(name).show_fault("")
        self.lines.offer(centres)
        self.lines.show_lines(
            [
                LineDraft(accounts.get(leg.account), Money(leg.cents), leg.cost_centre, leg.note)
                for leg in (row.legs if row is not None else ())
            ]
        )
        self._clean = self._typed()
        self.name.setFocus()

    def forget(self) -> None:
        """What is typed is saved: the next entry begins as it is in the books."""
        self._clean = ()

    def draft(self) -> RecurringDraft:
        """Return what is typed; the form has been checked."""
        first, every = self.first.value(), self.every.value()
        assert first is not None
        assert every is not None
        return RecurringDraft(
            name=self.name.value(),
            every=every,
            first_on=first,
            legs=self.lines.legs(),
            memo=self.memo.value(),
            until=self.until.value(),
            by_itself=self.by_itself.value(),
            turns_back=self.turns_back.value(),
            active=self.row is None or self.row.active,
        )

    def save(self) -> None:
        """Say ``saved`` where every field is right; else the first wrong one gets the focus."""
        if not self.button.isEnabled() or not self.form.check():
            return
        faulty = self.lines.check()
        if faulty is not None:
            faulty.setFocus()
        elif not self.lines.busy():
            self.saved.emit()

    def working(self, *, on: bool) -> None:
        """Take no second save while one is under way."""
        self.button.setEnabled(not on)

    def _typed(self) -> tuple[object, ...]:
        return (tuple(sorted(self.form.draft().items())), self.lines.drafts())

    def _add_up(self) -> None:
        debits, credits_ = self.lines.sums()
        left = debits - credits_
        self.sums.setText(f"Debits {_sum(debits)}, credits {_sum(credits_)}")
        self.difference.setText(f"Difference {_sum(left)}")
        self.difference.set_role("negative" if left else "strong")

    def _build(self) -> None:
        content = QWidget()
        inside = QVBoxLayout()
        inside.setSpacing(10)
        inside.addWidget(self.heading)
        inside.addWidget(self.form)
        inside.addWidget(Label("Lines", "section"))
        inside.addWidget(Label("Enter goes on, = takes what is left to balance.", "hint"))
        inside.addWidget(self.lines)
        inside.addStretch(1)
        held = QWidget()
        held.setLayout(inside)
        inside.setContentsMargins(0, 0, 0, 0)
        held.setMaximumWidth(_WIDEST)
        across = QHBoxLayout(content)
        across.setContentsMargins(LEFT, 14, RIGHT, 16)
        across.addWidget(held, 10)
        across.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(LEFT, 12, RIGHT, 12)
        foot.setSpacing(8)
        for one in (self.button, self.cancel):
            foot.addWidget(one)
        foot.addStretch(1)
        foot.addWidget(self.sums)
        foot.addWidget(self.difference)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Scrolled(content, "Recurring entry"), 1)
        column.addWidget(Line())
        column.addLayout(foot)
        self.setFocusProxy(self.name)


def _sum(amount: Money) -> str:
    return money_text(amount, zero_dash=False)
