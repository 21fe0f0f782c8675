"""What stands under a box: what was found there, what the payer says, the fix as a button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fscdesk.services.claims.detail import FindingRow
from fscdesk.services.claims.fixes import Fix
from fscdesk.ui import icons, theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.text import Label

WEIGHTS = {
    "stops": ("circle-x", "red.fg", "refusal"),
    "warns": ("triangle-alert", "amber.fg", "warning"),
    "tells": ("info", "text3", "hint"),
}


class BoxNotes(QWidget):
    """Sentences with icons, each with what can be done about it; nothing where there is none."""

    fix_wanted = Signal(object)
    """The Fix whose button was pressed."""
    accept_wanted = Signal(object)
    """The finding (a warning) that shall pass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 0)
        self._column.setSpacing(4)
        self.buttons: list[Button] = []
        self._shown: tuple[object, ...] = ()
        self.hide()

    def show_notes(
        self,
        findings: Sequence[FindingRow],
        fixes: Sequence[Fix],
        points: str = "",
        fault: str = "",
        hint: str = "",
    ) -> None:
        """Show what is said of a box.

        ``points`` is the payer's word, ``fault`` what is wrong with what is typed, ``hint`` where
        it will be saved.
        """
        shown = (tuple(findings), tuple(fixes), points, fault, hint)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        if fault:
            self._say("circle-x", "red.fg", "refusal", fault)
        if hint:
            self._say("info", "text3", "hint", hint)
        if points:
            self._say("circle-x", "red.fg", "refusal", points)
        for one in findings:
            icon, shade, role = WEIGHTS[one.severity.value]
            if one.accepted_by:
                self._say("circle-check", "green.fg", "hint", f"{one.message} {_passed(one)}")
                continue
            self._say(icon, shade, role, f"{one.message} {one.hint}".strip())
            if one.severity.value == "warns":
                self._press("Let it pass", "check", lambda one=one: self.accept_wanted.emit(one))
        for fix in fixes:
            self._say("check", "text3", "hint", fix.why)
            self._press(fix.words, "check", lambda fix=fix: self.fix_wanted.emit(fix))
        self.setVisible(self._column.count() > 0)

    def words(self) -> str:
        """Return all that is said."""
        labels = self.findChildren(Label)
        return " ".join(one.text() for one in labels if not one.isHidden())

    def _clear(self) -> None:
        self.buttons = []
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def _say(self, icon: str, shade: str, role: str, words: str) -> None:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(5)
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        side = theme.now.size.icon_small
        picture.setPixmap(icons.pixmap(icon, shade, side, self.devicePixelRatioF()))
        across.addWidget(picture)
        across.addWidget(Label(words, role, wrap=True), 1)
        self._column.addWidget(line)

    def _press(self, words: str, icon: str, on: object) -> None:
        assert callable(on)
        button = Button(words, icon, compact=True, on=on)
        self.buttons.append(button)
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)


def _passed(one: FindingRow) -> str:
    return f"{one.accepted_by} lets it pass."
