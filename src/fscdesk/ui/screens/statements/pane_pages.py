"""What the pane shows of a statement: its first page as it prints, its ages and its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.printing.statement import StatementDoc, StatementLine
from fscdesk.services.printing.statement_document import AGE_NAMES
from fscdesk.ui import theme
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.printing import Pages
from fscdesk.ui.text import Label, count_text, day_text, money_text

LETTER = 11 / 8.5
POINTS = 72.0
DRAW_AFTER_MS = 60
MOST_LINES = 200
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
_TOP = Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Paper:
    """A statement to look at: its pages, what they say, and why there are none."""

    pdf: bytes | None = None
    doc: StatementDoc | None = None
    sentence: str = ""


class PageImage(QAbstractButton):
    """The first page, as wide as there is room; a click or Enter opens all of them."""

    def __init__(self, opens: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: Pages | None = None
        self._shown = QPixmap()
        self._ratio = LETTER
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Preview the statement")
        self.setToolTip("Enter")
        self.clicked.connect(lambda _on=False: opens())
        self._soon = QTimer(self, singleShot=True, interval=DRAW_AFTER_MS)
        self._soon.timeout.connect(self._draw)
        theme.changed.connect(self.update)

    def show_pdf(self, pdf: bytes) -> int:
        """Show the first page of a PDF; return how many there are. Raises ValueError."""
        self.forget()
        self._pages = Pages(pdf)
        wide, high = self._pages.size(0)
        self._ratio = high / wide
        self._fit()
        self._draw()
        return self._pages.count

    def forget(self) -> None:
        """Give the pages back."""
        if self._pages is not None:
            self._pages.close()
        self._pages, self._shown = None, QPixmap()

    @property
    def drawn(self) -> bool:
        """Whether a page is on view."""
        return not self._shown.isNull()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()
            self._soon.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, page = QPainter(self), QRect(0, 0, self.width(), self.height())
        if self._shown.isNull():
            painter.fillRect(page, theme.now.sunken)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(page, self._shown)
        colour = theme.now.accent if self.underMouse() else theme.now.border_strong
        wide, high = page.width(), page.height()
        for edge in (
            (0, 0, wide, 1),
            (0, high - 1, wide, 1),
            (0, 0, 1, high),
            (wide - 1, 0, 1, high),
        ):
            painter.fillRect(*edge, colour)

    def _fit(self) -> None:
        self.setFixedHeight(max(1, round(self.width() * self._ratio)))

    def _draw(self) -> None:
        if self._pages is None or self.width() < 2:
            return
        ratio = self.devicePixelRatioF()
        dpi = self.width() * ratio * POINTS / self._pages.size(0)[0]
        image = self._pages.picture(0, dpi)
        image.setDevicePixelRatio(ratio)
        self._shown = QPixmap.fromImage(image)
        self.update()


class PagePart(Scrolled):
    """A page of the pane: the picture, and how many pages there are."""

    def __init__(self, paper: Callable[[Any], Paper], opens: Callable[[], object]) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        self._paper = paper
        self.reason = Label("", "body", wrap=True)
        self.image = PageImage(opens)
        self.caption = Label("", "hint")
        for part in (self.reason, self.image, self.caption):
            column.addWidget(part)
        column.addStretch(1)
        super().__init__(content, "First page")

    def show_detail(self, detail: Any) -> None:
        """Show another statement."""
        paper = self._paper(detail)
        self.reason.setText(paper.sentence)
        self.reason.setVisible(bool(paper.sentence))
        self.image.setVisible(paper.pdf is not None)
        self.caption.setVisible(paper.pdf is not None)
        self.image.forget()
        if paper.pdf is None:
            return
        try:
            count = self.image.show_pdf(paper.pdf)
        except ValueError as fault:
            self.image.hide()
            self.caption.setText(str(fault))
            return
        self.caption.setText(f"Page 1 of {count_text(count)}. Enter shows all in full size.")
        self.verticalScrollBar().setValue(0)


class LinesPart(Scrolled):
    """A page of the pane: what is owed by age, then the activity with its running balance."""

    def __init__(self, paper: Callable[[Any], Paper]) -> None:
        super().__init__(QWidget(), "Ages and lines")
        self._paper = paper

    def show_detail(self, detail: Any) -> None:
        """Show another statement."""
        content = QWidget()
        content.setProperty("kind", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 10, 8)
        column.setSpacing(8)
        paper = self._paper(detail)
        if paper.doc is None:
            column.addWidget(Label(paper.sentence or "There are no lines.", "quiet", wrap=True))
        else:
            column.addLayout(_ages(paper.doc))
            for section in paper.doc.sections:
                column.addSpacing(4)
                column.addWidget(Line())
                column.addWidget(Label(section.heading or _period(paper.doc), "section"))
                column.addLayout(_lines(section.previous_balance, section.lines))
        column.addStretch(1)
        self.setWidget(content)


def _period(doc: StatementDoc) -> str:
    return f"{day_text(doc.period_from)} to {day_text(doc.period_to)}"


def _ages(doc: StatementDoc) -> QGridLayout:
    grid = _grid()
    rows = [*zip(AGE_NAMES, doc.ages.owed, strict=True)]
    if doc.ages.credits:
        rows.append(("Credits not applied", -doc.ages.credits))
    for at, (name, owed) in enumerate(rows):
        grid.addWidget(Label(name, "hint"), at, 0, 1, 2)
        role = "body" if owed else "hint"
        grid.addWidget(Label(money_text(owed, zero_dash=False), role), at, 2, _RIGHT)
    grid.addWidget(Label("Amount due", "strong"), len(rows), 0, 1, 2)
    due = money_text(doc.amount_due, zero_dash=False)
    grid.addWidget(Label(due, "strong"), len(rows), 2, _RIGHT)
    return grid


def _lines(before: Money, lines: tuple[StatementLine, ...]) -> QGridLayout:
    grid = _grid()
    grid.addWidget(Label("Balance before", "quiet"), 0, 0, 1, 2)
    grid.addWidget(Label(money_text(before, zero_dash=False), "quiet"), 0, 2, _RIGHT)
    for at, line in enumerate(lines[:MOST_LINES], start=1):
        grid.addWidget(Label(day_text(line.day), "hint"), at, 0, _TOP)
        grid.addWidget(Label(line.what, wrap=True), at, 1, _TOP)
        parts = (line.charge, line.paid, line.insurance, line.adjusted)
        change = Money(sum(part.cents for part in parts if part is not None))
        grid.addWidget(Label(money_text(change, zero_dash=False)), at, 2, _RIGHT)
    if len(lines) > MOST_LINES:
        more = f"And {count_text(len(lines) - MOST_LINES, 'line')} more, on the pages."
        grid.addWidget(Label(more, "hint"), MOST_LINES + 1, 0, 1, 3)
    return grid


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    return grid
