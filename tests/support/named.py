"""Asks every control of a window for its name: what has none is silent to a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QWidget,
)


def unnamed(widget: QWidget) -> list[str]:
    """The controls under a widget that take the focus and have no accessible name.

    A control is named by its own name, by its words, or by a label that is its buddy. Parts that
    Qt makes inside a control, and those of a hidden screen in the stack, are counted with it.
    """
    return [
        f"{type(one).__name__} in {_path(one)}"
        for one in [widget, *widget.findChildren(QWidget)]
        if _must_have_a_name(one) and not _name(one)
    ]


def _must_have_a_name(widget: QWidget) -> bool:
    if isinstance(widget, QScrollBar | QHeaderView) or widget.objectName().startswith("qt_"):
        return False
    above = widget.parentWidget()
    combo = above.parentWidget() if above is not None else None
    if (
        isinstance(above, QComboBox | QLineEdit)
        or isinstance(combo, QComboBox)
        or (isinstance(above, QAbstractScrollArea) and above.viewport() is widget)
    ):
        return False
    if isinstance(widget, QAbstractButton | QLineEdit | QAbstractItemView | QComboBox):
        return True
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.isWindow()


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return (widget.accessibleName() or words).strip()


def _path(widget: QObject) -> str:
    parts: list[str] = []
    above = widget.parent()
    while above is not None:
        parts.append(type(above).__name__)
        above = above.parent()
    return " / ".join(reversed(parts)) or "nothing"
