"""The popup inside the window: it opens where there is room for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fscdesk.ui.popover import ROOM, Popover


@pytest.mark.parametrize(("at", "above"), [(40, False), (340, True)])
def test_it_opens_below_its_anchor_or_above_it_at_the_foot(
    qtbot: QtBot, at: int, *, above: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 400)
    anchor, content = QWidget(window), QWidget()
    anchor.setGeometry(20, at, 200, 30)
    content.setFixedHeight(200)
    popup = Popover(window, 300)
    popup.body.addWidget(content)
    window.show()
    popup.open_under(anchor)
    box = popup.geometry().adjusted(ROOM, ROOM, -ROOM, -ROOM)
    assert window.rect().contains(box)
    assert box.height() >= 200
    assert (box.bottom() < at) is above
    assert not box.contains(QPoint(25, at + 15))
    popup.close_up()
