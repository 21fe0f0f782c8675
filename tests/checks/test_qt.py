"""The Qt binding under the program: what would end it in the middle of a day."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QStyledItemDelegate, QTableWidget
from pytestqt.qtbot import QtBot

CELLS = 100_000
CALLS = 4  # that return nothing, for each cell


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_painting_100_000_cells_keeps_every_reference_of_none(qapp: QApplication) -> None:
    """PySide6 6.12.0 drops one with each call that returns nothing, and aborts at the last."""
    image = QImage(64, 24, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    ink, cell = QColor("#223344"), QRect(0, 0, 64, 24)
    step = CELLS // 100
    before = sys.getrefcount(None)
    for start in range(0, CELLS, step):
        for _ in range(step):
            painter.save()
            painter.setPen(ink)
            painter.fillRect(cell, ink)
            painter.restore()
        lost = before - sys.getrefcount(None)
        # Looked at often, because a broken binding aborts the whole run soon after.
        assert lost < step, f"{lost} references of None lost after {start + step} cells"
    painter.end()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_delegate_in_python_keeps_every_reference_of_none(qtbot: QtBot) -> None:
    class Delegate(QStyledItemDelegate):
        painted = 0

        def paint(self, painter: QPainter, option: object, index: object) -> None:
            Delegate.painted += 1
            painter.setPen(Qt.GlobalColor.black)

    table, label = QTableWidget(20, 10), QLabel()
    qtbot.addWidget(table)
    qtbot.addWidget(label)
    table.setItemDelegate(Delegate(table))
    table.resize(1200, 800)
    table.grab()
    before, painted = sys.getrefcount(None), Delegate.painted
    for turn in range(10):
        label.setText(str(turn))
        table.grab()
    assert Delegate.painted - painted >= 1_000
    assert abs(sys.getrefcount(None) - before) < 200
