"""The tab "Checks": what is missing before billing, each with the way to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from fscdesk.services.sessions.pre_bill import Missing, PreBill
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.text import Label

Mend = tuple[str, Callable[[], object]]
"""The words of a button, and where it goes."""


class ChecksPage(QScrollArea):
    """Says how many checks pass, and one sentence for each that does not.

    ``checks`` gives the outcome of a detail (None: there is nothing to check), ``mend`` the
    button of a sentence, or None where nothing here can mend it.
    """

    def __init__(
        self,
        checks: Callable[[Any], PreBill | None],
        mend: Callable[[Missing], Mend | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._checks, self._mend = checks, mend
        self._shown: object = self
        self._detail: Any = None
        theme.changed.connect(self._draw_again)
        self.buttons: list[Button] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def show_detail(self, detail: Any) -> None:
        """Show the outcome for another record; the same outcome stays as it is, with its focus."""
        self._detail = detail
        outcome = self._checks(detail)
        if outcome == self._shown:
            return
        self._shown = outcome
        self.buttons = []
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        column.addLayout(_line(*_summary(outcome), role="strong"))
        for missing in outcome.missing if outcome else ():
            column.addLayout(self._sentence(missing))
        column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)

    def sentences(self) -> list[str]:
        """Return what is said, from the top."""
        page = self.widget()
        labels = page.findChildren(Label) if page is not None else []
        return [label.text() for label in labels]

    def _draw_again(self) -> None:
        if self._detail is not None:
            self._shown = self
            self.show_detail(self._detail)

    def _sentence(self, missing: Missing) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(_line(missing.message, "circle-minus", "amber.fg"))
        way = self._mend(missing)
        if way is not None:
            button = Button(way[0], compact=True, on=way[1])
            button.setAccessibleDescription(missing.message)
            self.buttons.append(button)
            indented = QHBoxLayout()
            indented.addSpacing(theme.now.size.icon + 8)
            indented.addWidget(button)
            indented.addStretch(1)
            column.addLayout(indented)
        return column


def _summary(outcome: PreBill | None) -> tuple[str, str, str]:
    if outcome is None:
        return "There is nothing to bill here.", "circle-slash", "text3"
    if outcome.ready:
        return f"All {outcome.asked} checks pass.", "circle-check", "green.fg"
    words = f"{outcome.passed} of {outcome.asked} checks pass. What is missing:"
    return words, "list-checks", "text2"


def _line(words: str, icon: str, colour: str, role: str = "body") -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    picture = QLabel()
    picture.setPixmap(icons.pixmap(icon, colour, theme.now.size.icon, picture.devicePixelRatioF()))
    picture.setFixedWidth(theme.now.size.icon)
    line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Label(words, role, wrap=True), 1)
    return line
