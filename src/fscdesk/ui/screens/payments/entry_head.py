"""The head of the entry: who paid, how, how much, and on which days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fscdesk.models.values import Money
from fscdesk.services.payments.entering import METHODS, Source
from fscdesk.ui import theme
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.payments.entry_from import FromField
from fscdesk.ui.screens.payments.entry_state import HeadFacts

CHECK, CASH = "check", "cash"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDTHS = {"source": (150, 260), "method": (98, 116), "reference": (96, 150), "amount": (108, 142)}
_DAY = (104, 122)
"""Pixels at 100 %: what a field needs, and what it takes where there is room."""
_BETWEEN = 12


class ReferenceField(TextField):
    """The number on a check, or whatever else the money is known by."""

    def call(self, name: str) -> None:
        """Give the field another name: what it holds depends on the method."""
        self.name = name
        self._label.setText(name)
        self.editor.setAccessibleName(name)


class EntryHead(QWidget):
    """The fields in one line. Enter goes to what changes each time, Tab to every field.

    `changed` at every keystroke, `source_chosen` when somebody else paid, `finished` when
    Enter leaves the last field.
    """

    changed = Signal()
    source_chosen = Signal(object)
    finished = Signal()

    def __init__(
        self, desk: Desk, window: QWidget, patient: str, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._today = today
        self._days_typed = False
        self.source = FromField(desk, window, patient)
        self.method: ChoiceField[str] = ChoiceField("Method", METHODS, CHECK)
        self.reference = ReferenceField("Check number", optional=False, longest=100)
        self.amount = MoneyField("Amount", rule=self._can_be)
        self.check_on = DateField("Check date", today=today, optional=False)
        self.received_on = DateField("Received", today(), today=today)
        self.posted_on = DateField("Posting date", today(), today=today)
        self.fields: Mapping[str, Field] = {
            "source": self.source,
            "method": self.method,
            "reference": self.reference,
            "amount": self.amount,
            "check_on": self.check_on,
            "received_on": self.received_on,
            "posted_on": self.posted_on,
        }
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 14)
        line.setSpacing(_BETWEEN)
        for field in self.fields.values():
            line.addWidget(field)
            field.changed.connect(self.changed)
            field.editor.installEventFilter(self)
        line.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for day in (self.received_on, self.posted_on):
            day.edit.textEdited.connect(self._on_day_typed)
        self.source.chosen.connect(self.source_chosen)
        self.method.changed.connect(self._follow_method)
        theme.changed.connect(self._resize)
        self._resize()
        self._follow_method()

    def facts(self) -> HeadFacts:
        """What stands in the fields now."""
        return HeadFacts(
            self.method.value() or CHECK,
            self.reference.value(),
            self.amount.value(),
            self.check_on.value() if self.check_on.isEnabled() else None,
            self.received_on.value(),
            self.posted_on.value(),
        )

    def check(self) -> bool:
        """Look at every field; the first faulty one gets the focus. True when nothing is."""
        faulty = [one for one in self.fields.values() if one.isEnabled() and not one.check()]
        if faulty:
            faulty[0].setFocus()
        return not faulty

    def begin(self) -> None:
        """Put the cursor where the entry begins."""
        self.source.setFocus(Qt.FocusReason.OtherFocusReason)

    def draft(self) -> dict[str, str]:
        """What stands in the fields, besides who paid, as text."""
        found = {name: one.draft() for name, one in self.fields.items() if name != "source"}
        found["method"] = self.method.value() or CHECK
        return found

    def restore(self, draft: Mapping[str, str]) -> None:
        """Put text back; what the draft does not name stays."""
        for name, text in draft.items():
            if name == "method" and text in dict(METHODS):
                self.method.set_value(text)
            elif name not in ("source", "method") and name in self.fields:
                self._days_typed = self._days_typed or name in ("received_on", "posted_on")
                self.fields[name].restore(text)
                self.fields[name].show_fault("")
        self._follow_method()

    def begin_next(self) -> None:
        """Empty what is new with each payment; who paid, how and when stay."""
        self.reference.set_value("")
        self.amount.set_value(None)
        for field in self.fields.values():
            field.show_fault("")

    def fresh_days(self, *, anew: bool = False) -> None:
        """Let received and posting day be today's where nobody has typed them.

        ``anew``: even then; another payment begins.
        """
        if self._days_typed and not anew:
            return
        self._days_typed = False
        self.received_on.set_value(self._today())
        self.posted_on.set_value(self._today())

    def show_source(self, source: Source | None) -> None:
        """Show who paid, without telling."""
        self.source.set_value(source)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and Qt.Key(event.key()) in _ENTER:
                if not event.isAutoRepeat():
                    self._advance(watched)
                return True
        return super().eventFilter(watched, event)

    def _on_day_typed(self, _text: str) -> None:
        self._days_typed = True

    def _advance(self, editor: QObject) -> None:
        names = [name for name, one in self.fields.items() if one.editor is editor]
        if not names:
            return
        if names[0] == "source":
            self.source.take()
        quick = [name for name in ("source", "reference", "amount", "check_on") if self._asks(name)]
        every = list(self.fields)
        at = every.index(names[0])
        following = next((one for one in quick if every.index(one) > at), None)
        if following is None:
            self.finished.emit()
        else:
            self.fields[following].editor.setFocus(Qt.FocusReason.TabFocusReason)

    def _asks(self, name: str) -> bool:
        return self.fields[name].isEnabled()

    def _follow_method(self) -> None:
        method = self.method.value()
        self.reference.call("Check number" if method == CHECK else "Reference")
        self.reference.optional = method != CHECK
        self.reference.setEnabled(method != CASH)
        self.check_on.setEnabled(method == CHECK)

    def _can_be(self, amount: Money) -> str:
        """Say why this cannot be the amount: only a payer's EOB comes without money."""
        payer = self.source.value()
        if amount.cents > 0 or (not amount and payer is not None and payer.kind == "payer"):
            return ""
        return "It must be above zero. Money that goes back is a refund."

    def minimumSizeHint(self) -> QSize:
        """As wide as the fields need; the widths that they have now keep no window wide."""
        least = sum(theme.now.px(low) for low, _high in self._wanted().values())
        return QSize(self._around() + least, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize()

    def _wanted(self) -> dict[str, tuple[int, int]]:
        return {name: _WIDTHS.get(name, _DAY) for name in self.fields}

    def _around(self) -> int:
        return LEFT + RIGHT + 8 + _BETWEEN * (len(self.fields) - 1)

    def _resize(self) -> None:
        """Share the line out: each field what it needs, and the rest as far as it takes more."""
        now, wanted = theme.now, self._wanted()
        least = sum(now.px(low) for low, _high in wanted.values())
        most = sum(now.px(high) for _low, high in wanted.values())
        part = max(0.0, min(1.0, (self.width() - self._around() - least) / (most - least)))
        for name, (low, high) in wanted.items():
            self.fields[name].setFixedWidth(now.px(low) + int(part * (now.px(high) - now.px(low))))
