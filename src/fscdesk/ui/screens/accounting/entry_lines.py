"""The lines of an entry that is written: account, debit, credit, cost centre, note; by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.chart import NamedAccount
from fscdesk.services.accounting.journal import ManualLeg
from fscdesk.ui import theme
from fscdesk.ui.forms.amounts import MoneyField
from fscdesk.ui.forms.buttons import IconButton
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.accounting.account_field import AccountField
from fscdesk.ui.text import Label

ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
LEAST: Final = 2
ACCOUNT, DEBIT, CREDIT, CENTRE, NOTE = "account", "debit", "credit", "centre", "note"
_HEADS: Final = (
    (ACCOUNT, "Account", 4),
    (DEBIT, "Debit", 0),
    (CREDIT, "Credit", 0),
    (CENTRE, "Cost centre", 0),
    (NOTE, "Note", 3),
)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_AMOUNT, _CENTRE = 116, 164


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as it is typed; ``amount`` is positive for a debit, None while nothing stands."""

    account: NamedAccount | None = None
    amount: Money | None = None
    centre: str | None = None
    note: str = ""


class EntryLine:
    """The fields of one line. A debit takes the credit's place, and the other way round."""

    def __init__(self, at: int, desk: Desk) -> None:
        self.account = AccountField(f"Account of line {at}", desk)
        self.debit = MoneyField(f"Debit of line {at}", optional=True, rule=_above_zero)
        self.credit = MoneyField(f"Credit of line {at}", optional=True, rule=_above_zero)
        self.centre: ChoiceField[str] = ChoiceField(f"Cost centre of line {at}", optional=True)
        self.note = TextField(f"Note of line {at}", optional=True, longest=120)
        self.remove = IconButton("x", f"Take line {at} away")
        self.fields: dict[str, Field] = {
            ACCOUNT: self.account,
            DEBIT: self.debit,
            CREDIT: self.credit,
            CENTRE: self.centre,
            NOTE: self.note,
        }
        for field in self.fields.values():
            _without_label(field)
        for amount in (self.debit, self.credit):
            amount.setFixedWidth(theme.now.px(_AMOUNT))
        self.centre.setFixedWidth(theme.now.px(_CENTRE))
        self.debit.edit.textEdited.connect(lambda text: self._only(self.credit, text))
        self.credit.edit.textEdited.connect(lambda text: self._only(self.debit, text))

    @property
    def amount(self) -> Money | None:
        """The debit, or the credit below zero; None where neither is an amount."""
        debit, credit = self.debit.value(), self.credit.value()
        if debit is not None:
            return debit
        return None if credit is None else -credit

    @property
    def blank(self) -> bool:
        """Whether nothing is typed in it: such a line is not posted."""
        typed = (self.account.edit, self.debit.edit, self.credit.edit, self.note.edit)
        return not any(one.text().strip() for one in typed)

    def put(self, draft: LineDraft) -> None:
        """Show a line."""
        amount = draft.amount
        self.account.hold(draft.account)
        self.debit.set_value(amount if amount is not None and amount > ZERO else None)
        self.credit.set_value(-amount if amount is not None and amount < ZERO else None)
        offered = draft.centre if draft.centre in self.centres else None
        self.centre.set_value(offered)
        self.note.set_value(draft.note)
        for field in self.fields.values():
            field.show_fault("")

    def take(self) -> LineDraft:
        """Return what stands in it."""
        return LineDraft(self.account.held(), self.amount, self.centre.value(), self.note.value())

    centres: frozenset[str] = frozenset()

    def offer(self, centres: Sequence[tuple[str, str]]) -> None:
        """Offer the cost centres in use; without any the column is not shown."""
        self.centres = frozenset(code for code, _words in centres)
        self.centre.set_options(centres)
        self.centre.setVisible(bool(centres))

    def check(self) -> Field | None:
        """Look at the line; return the first field that is wrong, with its sentence shown."""
        for field in (self.account, self.debit, self.credit, self.note):
            if not field.check():
                return field
        amount = self.amount
        if not amount:
            self.debit.show_fault("Type an amount.")
            return self.debit
        return None

    def show(self, *, shown: bool) -> None:
        """Show the line, or keep it for later."""
        for field in (self.account, self.debit, self.credit, self.note, self.remove):
            field.setVisible(shown)
        self.centre.setVisible(shown and bool(self.centres))

    def _only(self, other: MoneyField, text: str) -> None:
        if text.strip() and other.edit.text():
            other.edit.clear()


class LinesGrid(QFrame):
    """Headings and lines; below the last one that is written there is always an empty one.

    Enter goes on through a line and to the next; on an empty line it says ``finished``. ``=`` in
    an empty amount takes what is left to balance. Up and Down go to the same cell of the next
    line.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._desk = desk
        self.lines: list[EntryLine] = []
        self._shown = 0
        self._centres: tuple[tuple[str, str], ...] = ()
        self._cells: dict[QObject, tuple[int, str]] = {}
        self._quiet = False
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(12, 6, 12, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._heads: dict[str, Label] = {}
        for at, (key, words, stretch) in enumerate(_HEADS):
            head = self._heads[key] = Label(words, "caption")
            if key in (DEBIT, CREDIT):
                head.setAlignment(_RIGHT)
            self._grid.addWidget(head, 0, at)
            self._grid.setColumnStretch(at, stretch)
        self._grid.addWidget(Line(), 1, 0, 1, len(_HEADS) + 1)
        column.addLayout(self._grid)
        self.show_lines(())

    # What the form asks

    def offer(self, centres: Sequence[tuple[str, str]]) -> None:
        """Offer the cost centres that are in use."""
        self._centres = tuple(centres)
        for at, line in enumerate(self.lines):
            line.offer(self._centres)
            line.show(shown=at < self._shown)
        self._heads[CENTRE].setVisible(bool(self._centres))

    def show_lines(self, drafts: Sequence[LineDraft]) -> None:
        """Show these lines, and an empty one below."""
        self._quiet = True
        wanted = max(LEAST, len(drafts) + 1)
        while len(self.lines) < wanted:
            self._add()
        self._shown = wanted
        for at, line in enumerate(self.lines):
            line.put(drafts[at] if at < len(drafts) else LineDraft())
            line.show(shown=at < wanted)
        self._quiet = False
        self._order()
        self.changed.emit()

    def drafts(self) -> tuple[LineDraft, ...]:
        """Return the lines in which something stands."""
        return tuple(line.take() for line in self.lines[: self._shown] if not line.blank)

    def legs(self) -> tuple[ManualLeg, ...]:
        """Return the lines as the service takes them."""
        return tuple(
            ManualLeg(
                one.account.code if one.account is not None else "",
                one.amount.cents if one.amount is not None else 0,
                one.centre,
                one.note,
            )
            for one in self.drafts()
        )

    def sums(self) -> tuple[Money, Money]:
        """Return the debits and the credits, both without a sign."""
        cents = [leg.cents for leg in self.legs()]
        debits = sum(one for one in cents if one > 0)
        return Money(debits), Money(debits - sum(cents))

    def check(self) -> Field | None:
        """Look at all lines; return the first field that is wrong."""
        written = [line for line in self.lines[: self._shown] if not line.blank]
        faulty = [found for line in written if (found := line.check()) is not None]
        if not written:
            return self.lines[0].account if not self.lines[0].account.check() else None
        return faulty[0] if faulty else None

    def busy(self) -> bool:
        """Whether an account is still being found."""
        return any(line.account.busy() for line in self.lines[: self._shown])

    def begin(self) -> None:
        """Put the cursor into the first line."""
        self._go(0, ACCOUNT)

    def editors(self) -> tuple[QWidget, ...]:
        """Return the editors in the order of the tab key."""
        found: list[QWidget] = []
        for line in self.lines[: self._shown]:
            found += [field.editor for field in line.fields.values()]
            found.append(line.remove)
        return tuple(found)

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        cell = self._cells.get(watched)
        if cell is None or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return super().eventFilter(watched, event)
        return self._key(cell, event) or super().eventFilter(watched, event)

    def _key(self, cell: tuple[int, str], event: QKeyEvent) -> bool:
        (at, what), key = cell, Qt.Key(event.key())
        if key in ENTER:
            if not event.isAutoRepeat():
                self._on_entered(at, what)
            return True
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in steps and what in (DEBIT, CREDIT, NOTE):
            if 0 <= at + steps[key] < self._shown:
                self._go(at + steps[key], what)
            return True
        if event.text() == "=" and what in (DEBIT, CREDIT):
            return self._fill(at, what)
        return False

    def _on_entered(self, at: int, what: str) -> None:
        line = self.lines[at]
        if what == ACCOUNT:
            if line.blank:
                self.finished.emit()
                return
            line.account.settle()
            self._go(at, DEBIT)
        elif what == DEBIT:
            self._go(at, NOTE if line.debit.edit.text().strip() else CREDIT)
        elif what in (CREDIT, CENTRE):
            self._go(at, NOTE)
        elif at + 1 < self._shown:
            self._go(at + 1, ACCOUNT)
        else:
            self.finished.emit()

    def _fill(self, at: int, what: str) -> bool:
        """Put what is left to balance into a line; False where an amount stands already."""
        line = self.lines[at]
        typed: QLineEdit = line.debit.edit if what == DEBIT else line.credit.edit
        if typed.text().strip() and typed.selectedText() != typed.text():
            return False
        line.debit.set_value(None)
        line.credit.set_value(None)
        debits, credits_ = self.sums()
        left = debits - credits_
        if left:
            side = line.credit if left > ZERO else line.debit
            side.set_value(Money(abs(left.cents)))
            side.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            side.edit.selectAll()
        self._on_changed()
        return True

    def _go(self, at: int, what: str) -> None:
        editor = self.lines[at].fields[what].editor
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    # What happens

    def _add(self) -> None:
        at = len(self.lines)
        line = EntryLine(at + 1, self._desk)
        self.lines.append(line)
        for across, (key, field) in enumerate(line.fields.items()):
            self._cells[field.editor] = at, key
            field.editor.installEventFilter(self)
            field.changed.connect(self._on_changed)
            self._grid.addWidget(field, at + 2, across)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(line.remove, at + 2, len(line.fields), top)
        line.offer(self._centres)  # not before: what is shown alone is a window for a moment
        line.remove.clicked.connect(lambda _on=False, at=at: self._take_away(at))

    def _take_away(self, at: int) -> None:
        kept = [
            line.take()
            for place, line in enumerate(self.lines[: self._shown])
            if place != at and not line.blank
        ]
        self.show_lines(kept)
        self._go(min(at, self._shown - 1), ACCOUNT)

    def _on_changed(self) -> None:
        if self._quiet:
            return
        if not self.lines[self._shown - 1].blank:
            if self._shown == len(self.lines):
                self._add()
            self._shown += 1
            self.lines[self._shown - 1].show(shown=True)
            self._order()
        self.changed.emit()

    def _order(self) -> None:
        """Let Tab go through the lines: they are made late."""
        editors = self.editors()
        for before, after in pairwise(editors):
            QWidget.setTabOrder(before, after)


def _without_label(field: Field) -> None:
    """Leave the words of a field to its column's heading; a screen reader still hears them."""
    for label in field.findChildren(Label):
        if label.buddy() is not None or label.text() == "optional":
            label.hide()
    layout = field.layout()
    if layout is not None:
        layout.setSpacing(0)


def _above_zero(amount: Money) -> str:
    return "" if amount > ZERO else "Only above 0.00."
