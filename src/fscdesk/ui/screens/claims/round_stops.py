"""The payers of a portal round, at its left: how many claims, how long, how much; what is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.painting import box
from fscdesk.ui.screens.claims.round_state import Stand
from fscdesk.ui.screens.claims.round_words import stand_words
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import money_text, plain_tip

WIDE = 248
_PAD, _GAP = 10, 8


class StopButton(QAbstractButton):
    """One payer: its name and money, below how many claims and for how long."""

    moved = Signal(int)

    def __init__(self, stand: Stand) -> None:
        super().__init__()
        self.stand = stand
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_stand(stand)

    def show_stand(self, stand: Stand) -> None:
        """Show how far a payer is now."""
        self.stand = stand
        amount = money_text(stand.amount) if stand.left else ""
        parts = (stand.stop.payer, amount, stand_words(stand))
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(plain_tip(stand.stop.payer))
        self.update()

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(now.px(120), now.line("body") + now.line("small") + 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter, stand = theme.now, QPainter(self), self.stand
        if self.isChecked():
            box(painter, self.rect(), now.radius_control, now.selected)
        elif self.underMouse():
            box(painter, self.rect(), now.radius_control, now.hover)
        inner = self.rect().adjusted(_PAD, 6, -_PAD, -6)
        first = QRect(inner.x(), inner.y(), inner.width(), now.line("body"))
        second = QRect(inner.x(), first.bottom() + 1, inner.width(), now.line("small"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        amount = money_text(stand.amount) if stand.left else ""
        right = now.metrics("body").horizontalAdvance(amount) + _GAP if amount else 0
        side = now.size.icon_small
        if not stand.left:
            y = first.y() + (first.height() - side) / 2
            icons.paint(painter, "circle-check", "green.fg", first.right() - side, y, side)
            right = side + _GAP
        weight = 600 if self.isChecked() else 500
        painter.setFont(now.font("body", weight=weight))
        painter.setPen(now.text if stand.left else now.text2)
        name = elide(stand.stop.payer, first.width() - right, "body", weight)
        painter.drawText(first, int(flags), name)
        painter.setFont(now.font("body"))
        painter.drawText(first, int(flags | Qt.AlignmentFlag.AlignRight), amount)
        painter.setFont(now.font("small"))
        painter.setPen(now.text3)
        painter.drawText(second, int(flags), elide(stand_words(stand), second.width(), "small"))


class StopList(Scrolled):
    """All payers of the round; Up and Down move, Enter opens one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(14, 12, 12, 12)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        super().__init__(page, "Payers of the round")
        self.buttons: dict[int, StopButton] = {}
        theme.changed.connect(self._fit)
        self._fit()

    def show_stands(self, stands: Sequence[Stand], current: int | None) -> None:
        """Show how far the round is; buttons of payers that stay keep the focus."""
        shown = {stand.stop.payer_id: stand for stand in stands}
        for gone in [one for one in self.buttons if one not in shown]:
            button = self.buttons.pop(gone)
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        for at, (payer_id, stand) in enumerate(shown.items()):
            button_ = self.buttons.get(payer_id)
            if button_ is None:
                button_ = self.buttons[payer_id] = StopButton(stand)
                button_.clicked.connect(lambda _on=False, one=payer_id: self.chosen.emit(one))
                button_.moved.connect(lambda step, one=payer_id: self._on_moved(one, step))
                self._column.insertWidget(at, button_)
            button_.show_stand(stand)
            button_.setChecked(payer_id == current)

    def enter(self, current: int | None) -> None:
        """Put the focus on a payer."""
        button = self.buttons.get(current or 0)
        if button is not None:
            button.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_moved(self, payer_id: int, step: int) -> None:
        keys = list(self.buttons)
        to = keys[max(0, min(len(keys) - 1, keys.index(payer_id) + step))]
        self.buttons[to].setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(self.buttons[to])

    def _fit(self) -> None:
        self.setFixedWidth(theme.now.px(WIDE))
