"""What a corrected claim says otherwise than the one that was sent: box, was, will be, why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fscdesk.services.claims.differing import Difference
from fscdesk.ui import theme
from fscdesk.ui.painting import box, hairline
from fscdesk.ui.tables.marks import elide, paint_focus
from fscdesk.ui.text import plain_tip

HEADS = ("Box", "Was", "Will be", "Why")
SHARES = (25, 21, 25, 29)
ROW, HEAD, PAD = 34, 30, 14
_V = Qt.AlignmentFlag.AlignVCenter


class DiffersTable(QWidget):
    """Painted; takes the focus so that a screen reader reads it."""

    def __init__(self, rows: Sequence[Difference], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Difference, ...] = ()
        self.setProperty("ownFocus", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What changes against the claim that was sent")
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Difference]) -> None:
        """Show other differences."""
        self.rows = tuple(rows)
        said = ". ".join(
            f"{one.box} {one.words}: {one.was}, will be {one.will_be}"
            + (f", {one.why}" if one.why else "")
            for one in self.rows
        )
        self.setAccessibleDescription(said)
        self.setToolTip(plain_tip(said.replace(". ", "\n")))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(360, now.px(HEAD) + len(self.rows) * now.px(ROW) + 2)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.now, QPainter(self)
        box(painter, self.rect(), now.radius_card, now.surface, now.border)
        head = QRect(1, 1, self.width() - 2, now.px(HEAD))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.fillRect(head.adjusted(6, 0, -6, 0), now.sunken)
        painter.setFont(now.font("caption"))
        painter.setPen(now.text3)
        for cell, words in zip(self._cells(head), HEADS, strict=True):
            painter.drawText(cell, _V, words)
        for at, one in enumerate(self.rows):
            row = QRect(1, 1 + now.px(HEAD) + at * now.px(ROW), self.width() - 2, now.px(ROW))
            hairline(painter, row.x(), row.y(), row.width())
            said = (f"{one.box}  {one.words}", one.was, one.will_be, one.why)
            looks = (
                ("body", now.text),
                ("body", now.text3),
                ("strong", now.text),
                ("body", now.text2),
            )
            for cell, text, (role, shade) in zip(self._cells(row), said, looks, strict=True):
                painter.setFont(now.font(role))
                painter.setPen(shade)
                painter.drawText(cell, _V, elide(text, cell.width(), role))
        if self.hasFocus():
            paint_focus(painter, self.rect(), now.radius_card)

    def _cells(self, row: QRect) -> list[QRect]:
        pad = theme.now.px(PAD)
        room, x = row.width() - 2 * pad, row.x() + pad
        found: list[QRect] = []
        for share in SHARES:
            wide = room * share // sum(SHARES)
            found.append(QRect(x, row.y(), wide - 10, row.height()))
            x += wide
        return found
