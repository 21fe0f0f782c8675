"""What the exceptions of each kind come to: unlike money is never added to one sum."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.models.values import Money
from fscdesk.services.reports.exception_list import ExceptionKind
from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.screens.exceptions.wording import TABS
from fscdesk.ui.text import money_text

APART, BELOW = 20, 8


class KindSums(QWidget):
    """A label and a sum for each kind on view, on as many lines as they need.

    Hidden while there is one kind only: its sum stands under its column.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sums: tuple[tuple[str, str], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.updateGeometry)
        self.hide()

    def show_sums(self, sums: Mapping[ExceptionKind, Money]) -> None:
        """Show what each kind comes to, in the order of the tabs."""
        self.sums = tuple(
            (name, money_text(sums[kind], zero_dash=False))
            for kind, name in TABS.items()
            if kind in sums
        )
        self.setAccessibleName(", ".join(f"{name} {figure}" for name, figure in self.sums))
        self.setVisible(len(self.sums) > 1)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, wide: int) -> int:
        places = self._places(wide)
        return places[-1].bottom() + 1 + BELOW if places else 0

    def sizeHint(self) -> QSize:
        return QSize(LEFT + RIGHT, self.heightForWidth(max(self.width(), 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
        high = now.line("small")
        for (name, figure), place in zip(self.sums, self._places(self.width()), strict=True):
            painter.setFont(now.font("small"))
            painter.setPen(now.text3)
            painter.drawText(place, flags, name)
            painter.setFont(now.font("strong"))
            painter.setPen(now.text)
            painter.drawText(place.adjusted(0, high, 2, 0), flags, figure)

    def _places(self, wide: int) -> list[QRect]:
        now = theme.now
        high = now.line("small") + now.line("strong")
        small, strong = now.metrics("small"), now.metrics("strong")
        found: list[QRect] = []
        x, y = LEFT, 0
        for name, figure in self.sums:
            need = max(small.horizontalAdvance(name), strong.horizontalAdvance(figure)) + 2
            if x > LEFT and x + need > wide - RIGHT:
                x, y = LEFT, y + high + BELOW
            found.append(QRect(x, y, need, high))
            x += need + now.px(APART)
        return found
