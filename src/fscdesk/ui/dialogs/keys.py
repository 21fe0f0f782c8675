"""Ctrl+/: all keys of this screen, and those that work everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.actions import KeyLine
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.forms.buttons import Keycap
from fscdesk.ui.text import Label


class KeysDialog(Dialog):
    """A table of keys in groups, two columns side by side."""

    def __init__(self, title: str, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(f"Keys: {title}", parent=parent, width=theme.now.size.dialog_large)
        page = QWidget()
        page.setProperty("kind", "page")
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 16, 0)
        across.setSpacing(40)
        columns = (QVBoxLayout(), QVBoxLayout())
        for column in columns:
            column.setSpacing(8)
            across.addLayout(column, 1)
        groups = [(name, list(rows)) for name, rows in groupby(lines, lambda line: line.group)]
        half, placed = (len(lines) + 1) // 2, 0
        for name, rows in groups:
            column = columns[0] if placed < half else columns[1]
            column.addWidget(Label(name, "label"))
            grid = QGridLayout()
            grid.setVerticalSpacing(4)
            grid.setColumnStretch(0, 1)
            for at, row in enumerate(rows):
                grid.addWidget(Label(row.words, "body"), at, 0)
                cap = Keycap(row.key)
                cap.setAccessibleName(row.key)
                grid.addWidget(cap, at, 1, Qt.AlignmentFlag.AlignRight)
            column.addLayout(grid)
            column.addSpacing(8)
            placed += len(rows)
        for column in columns:
            column.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(theme.now.px(460))
        area.setAccessibleName("Keys")
        self.body.addWidget(area, 1)
        self.verb("Close", primary=True)
