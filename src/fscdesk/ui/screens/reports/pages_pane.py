"""The report as its pages will print: PgUp and PgDn turn, + and - zoom."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fscdesk.ui.forms.buttons import IconButton
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.printing import ZOOMS, Pages, PageView
from fscdesk.ui.text import Label

_SCREEN: Final = 96 / 72
_TURNS: Final = {
    Qt.Key.Key_PageUp: (-1, 0),
    Qt.Key.Key_PageDown: (1, 0),
    Qt.Key.Key_Plus: (0, 1),
    Qt.Key.Key_Equal: (0, 1),
    Qt.Key.Key_Minus: (0, -1),
}


class PagesPane(QWidget):
    """Shows the pages of a PDF. They are kept in memory only, and given back when it is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: Pages | None = None
        self.view: PageView | None = None
        self.zoom = 0
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setAccessibleName("Pages")
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.before = IconButton("chevron-up", "Page before", key="PgUp", on=lambda: self.turn(-1))
        self.after = IconButton("chevron-down", "Next page", key="PgDown", on=lambda: self.turn(1))
        self.smaller = IconButton("minus", "Smaller", key="-", on=lambda: self.turn(zoom=-1))
        self.larger = IconButton("plus", "Larger", key="+", on=lambda: self.turn(zoom=1))
        self.where, self.percent = Label("", "quiet"), Label("", "quiet")
        tools = QHBoxLayout()
        tools.setContentsMargins(LEFT - 8, 0, RIGHT, 8)
        tools.setSpacing(8)
        for part in (self.before, self.after, self.where):
            tools.addWidget(part)
        tools.addStretch(1)
        for part in (self.smaller, self.percent, self.larger):
            tools.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.area, 1)
        self.setFocusProxy(self.area)

    def show_pdf(self, pdf: bytes) -> None:
        """Show other pages, the first of them. Raises ValueError where they cannot be shown."""
        pages = Pages(pdf)
        self.forget()
        self.pages = pages
        self.view = PageView(pages)
        self.area.setWidget(self.view)
        self._show(0)

    def turn(self, pages: int = 0, *, zoom: int = 0) -> None:
        """Go some pages on or back, or one zoom step up or down."""
        if self.view is None:
            return
        if zoom:
            step = ZOOMS.index(self._zoom()) + zoom
            self.zoom = ZOOMS[max(0, min(len(ZOOMS) - 1, step))]
        self._show(self.view.number + pages)

    def forget(self) -> None:
        """Give the memory of the pages back."""
        if self.pages is not None:
            old = self.area.takeWidget()
            if old is not None:
                old.deleteLater()
            self.pages.close()
            self.pages, self.view = None, None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _TURNS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            super().keyPressEvent(event)
            return
        self.turn(step[0], zoom=step[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.view is not None and not self.zoom:
            self._show(self.view.number)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.forget()

    def _show(self, number: int) -> None:
        view, pages = self.view, self.pages
        if view is None or pages is None:
            return
        zoom = self._zoom()
        view.show_page(number, zoom)
        self.where.setText(f"Page {view.number + 1} of {pages.count}")
        self.percent.setText(f"{zoom} %")
        self.before.setEnabled(view.number > 0)
        self.after.setEnabled(view.number < pages.count - 1)
        self.smaller.setEnabled(zoom > ZOOMS[0])
        self.larger.setEnabled(zoom < ZOOMS[-1])
        self.area.verticalScrollBar().setValue(0)

    def _zoom(self) -> int:
        """Return the zoom that was chosen, or the largest at which the page's width fits."""
        if self.zoom or self.pages is None:
            return self.zoom or ZOOMS[0]
        room = self.area.width() - 64
        wide = self.pages.size(0)[0] * _SCREEN
        fits = [zoom for zoom in ZOOMS if zoom <= 100 and wide * zoom / 100 <= room]
        return max(fits, default=ZOOMS[0])
