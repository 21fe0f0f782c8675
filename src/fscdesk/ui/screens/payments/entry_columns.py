"""Where the columns of the entry grid are: for its header, its rows and its totals."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt

from fscdesk.ui import theme
from fscdesk.ui.forms.card import LEFT, RIGHT

NARROW = 840
"""Below this the reasons have no column: the marks say them in their tooltip."""
GAP = 8
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its key, its heading, its width, and the side that its text keeps to."""

    key: str
    title: str
    width: int
    side: Qt.AlignmentFlag = _RIGHT


def columns_of(owed_by: str, width: int, *, payer: bool) -> tuple[GridColumn, ...]:
    """The columns for a payer's check or for a client's; "Client" takes the free width."""
    wide = width >= theme.now.px(NARROW)
    cell, owes = (80, 84) if wide else (72, 66)
    columns = [
        GridColumn("session", "Session", 90, _LEFT),
        GridColumn("client", "Client", 0, _LEFT),
        GridColumn("code", "Code", 120 if not payer else 62, _LEFT),
        GridColumn("owes", _fitting(owed_by, owes), owes),
        GridColumn("paid", "Paid", cell),
    ]
    if payer:
        columns += [
            GridColumn("contractual", "Write-off", cell),
            GridColumn("patient", "Client share", cell),
        ]
        if wide:
            columns.append(GridColumn("reason", "Reason", 90, _LEFT))
    columns += [GridColumn("left", "Left", 66), GridColumn("mark", "", 22)]
    return tuple(columns)


def _fitting(owed_by: str, width: int) -> str:
    """Name the payer where its name has room, else the bare verb."""
    room = theme.now.px(width)
    return owed_by if theme.now.metrics("caption").horizontalAdvance(owed_by) <= room else "Owes"


def places_of(columns: tuple[GridColumn, ...], width: int) -> dict[str, QRect]:
    """Where each column is, from the left edge of the sheet; the height is the caller's."""
    now, gap = theme.now, GAP
    fixed = sum(now.px(one.width) for one in columns) + gap * (len(columns) - 1)
    free = max(now.px(60), width - LEFT - RIGHT - fixed)
    found: dict[str, QRect] = {}
    x = LEFT
    for one in columns:
        wide = now.px(one.width) if one.width else free
        found[one.key] = QRect(x, 0, wide, 0)
        x += wide + gap
    return found
