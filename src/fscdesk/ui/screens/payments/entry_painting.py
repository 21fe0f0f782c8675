"""How a row of the entry grid is painted: text until it is touched, boxes where it was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.expecting import Expected
from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box, hairline
from fscdesk.ui.screens.payments.entry_columns import GridColumn
from fscdesk.ui.screens.payments.entry_lines import Claim, Line
from fscdesk.ui.tables.marks import elide
from fscdesk.ui.text import count_text, day_text, money_text

ROW = 36
_PARTS = ("contractual", "patient")


@dataclass(frozen=True)
class GridRow:
    """A claim with its totals, or a line; ``inside`` says that its claim stands above it."""

    claim: Claim | None = None
    line: Line | None = None
    inside: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What the row is found again by."""
        if self.claim is not None:
            return "claim", self.claim.key
        return "line", 0 if self.line is None else self.line.key

    @property
    def lines(self) -> list[Line]:
        """The lines that it stands for."""
        if self.claim is not None:
            return self.claim.lines
        return [] if self.line is None else [self.line]

    @property
    def answered(self) -> bool:
        """Whether all of it is answered."""
        return all(one.answer is not None for one in self.lines)

    @property
    def begun(self) -> bool:
        """Whether something of it is answered."""
        return any(one.answer is not None for one in self.lines)

    @property
    def expected(self) -> Expected | None:
        """What is expected of it, if all of that is known."""
        if self.claim is not None:
            return self.claim.expected
        return None if self.line is None else self.line.expected

    @cached_property
    def name(self) -> str:
        """What a screen reader says before the cell: session, client, code."""
        if self.claim is not None:
            lines = count_text(len(self.claim.lines), "line")
            number = f"{self.claim.number} " if self.claim.number else ""
            if self.claim.unbilled:
                lines += ", not billed"
            return f"Claim {number}of {self.claim.patient}, {self.claim.days}, {lines}"
        charge = self.lines[0].charge
        return f"{charge.patient}, {day_text(charge.service_day)}, {charge.code}"

    def total(self, part: str) -> Money:
        """The sum of a part of its answers."""
        return sum(
            (getattr(one.answer, part) for one in self.lines if one.answer is not None), ZERO
        )

    def text(self, key: str) -> str:
        """What a cell says; empty where nothing is known yet."""
        if key == "owes":
            return money_text(sum((one.charge.open for one in self.lines), ZERO), zero_dash=False)
        if key == "left":
            return money_text(sum((one.left for one in self.lines), ZERO), zero_dash=False)
        if key == "paid" or key in _PARTS:
            return money_text(self.total(key), zero_dash=False) if self.begun else ""
        if key == "reason":
            said = [one.answer.reason_text() for one in self.lines if one.answer is not None]
            return ", ".join(dict.fromkeys(one for one in said if one))
        if self.claim is not None:
            lines = count_text(len(self.claim.lines), "line")
            if self.claim.unbilled:
                lines += ", not billed"
            return {"session": self.claim.days, "client": self.claim.patient, "code": lines}[key]
        charge = self.lines[0].charge
        if key == "client":
            return self._client()
        shown = {"session": day_text(charge.service_day), "code": charge.code}
        return ", ".join((shown[key], *charge.flags)) if key == "code" else shown[key]

    def mark(self) -> tuple[str, str]:
        """The icon at the end, and its colour: never colour alone."""
        if any(one.answer is not None and one.answer.denied for one in self.lines):
            return "circle-x", "red.solid"
        if sum((one.left for one in self.lines), ZERO) < ZERO:
            return "triangle-alert", "amber.solid"
        if self.answered:
            whole = not sum((one.left for one in self.lines), ZERO)
            return ("circle-check", "green.solid") if whole else ("circle-dot", "teal.solid")
        return ("circle-dot", "teal.solid") if self.begun else ("", "")

    def _client(self) -> str:
        line = self.lines[0]
        if not self.inside:
            return line.charge.patient
        if line.answer is not None and not line.answer.typed:
            return "as expected"
        if line.answer is not None:
            return "typed"
        if line.expected is None:
            return "no expectation"
        return line.expected.why


@dataclass(frozen=True)
class RowLook:
    """How a row stands: whether the cursor is on it, and whether the mouse is."""

    here: bool = False
    over: bool = False
    soon: bool = False


def paint_row(
    painter: QPainter,
    row: GridRow,
    columns: tuple[GridColumn, ...],
    places: dict[str, QRect],
    band: QRect,
    look: RowLook,
) -> None:
    """Paint one row into its band."""
    now = theme.now
    if look.here:
        painter.fillRect(band, now.selected)
        painter.fillRect(QRect(band.x(), band.y(), 3, band.height()), now.accent)
    elif look.over:
        painter.fillRect(band, now.hover)
    elif row.inside:
        painter.fillRect(band, now.sunken)
    hairline(painter, band.x(), band.bottom(), band.width())
    for one in columns:
        place = places[one.key]
        cell = QRect(place.x(), band.y(), place.width(), band.height() - 1)
        if one.key == "mark":
            _mark(painter, row, cell)
            continue
        if one.key == "paid" and row.begun and not look.here:
            high = now.size.control_cell
            frame = QRect(cell.x(), band.y() + (band.height() - high) // 2, cell.width(), high)
            box(painter, frame, now.radius_badge, now.surface, now.border_strong)
        _words(painter, row, one, cell, look)


def _words(painter: QPainter, row: GridRow, column: GridColumn, cell: QRect, look: RowLook) -> None:
    now, text = theme.now, row.text(column.key)
    weight = None
    if column.key == "client" and not row.inside:
        weight = 500
    ink = _ink(row, column.key)
    if not text and look.here and column.key in _PARTS and row.expected is not None:
        text = money_text(getattr(row.expected, column.key), zero_dash=False)
        ink = now.text3
    if not text:
        return
    if column.key == "session" and row.inside:
        cell = cell.adjusted(now.px(12), 0, 0, 0)
    if column.key in ("paid", *_PARTS):
        cell = cell.adjusted(0, 0, -now.px(6), 0)
    role = "small" if column.key == "client" and row.inside else "body"
    painter.setFont(now.font(role, weight=weight))
    painter.setPen(ink)
    shown = elide(text, cell.width(), role, weight)
    painter.drawText(cell, int(column.side), shown)
    if column.key == "client" and row.claim is not None:
        used = now.metrics(role, weight=weight).horizontalAdvance(shown) + now.px(8)
        _number(painter, row.claim.number, cell.adjusted(used, 0, 0, 0))


def _number(painter: QPainter, number: str, cell: QRect) -> None:
    """Paint a claim's number behind its client: what the EOB calls it; its end says most."""
    now = theme.now
    metrics = now.metrics("small")
    while number and metrics.horizontalAdvance(number) > cell.width():
        _year, dash, number = number.partition("-")
        number = number if dash else ""
    painter.setFont(now.font("small"))
    painter.setPen(now.text3)
    painter.drawText(cell, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), number)


def _ink(row: GridRow, key: str) -> QColor:
    now = theme.now
    if key == "client":
        return now.text3 if row.inside else now.text
    if key == "left" and sum((one.left for one in row.lines), ZERO) < ZERO:
        return now.negative
    if key == "left" and row.answered and not sum((one.left for one in row.lines), ZERO):
        return now.text3
    if key in _PARTS and not row.total(key):
        return now.text3
    if key in ("session", "owes", "left", "paid", *_PARTS):
        return now.text
    return now.text2


def _mark(painter: QPainter, row: GridRow, cell: QRect) -> None:
    icon, colour = row.mark()
    if icon:
        side = theme.now.size.icon
        y = cell.y() + (cell.height() - side) / 2
        icons.paint(painter, icon, colour, cell.right() - side, y, side)
