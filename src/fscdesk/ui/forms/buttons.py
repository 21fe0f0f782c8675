"""Buttons: a verb, a kind, and a name for everyone who cannot see the icon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from fscdesk.ui import icons, theme
from fscdesk.ui.painting import box
from fscdesk.ui.text import key_text, plain_tip

Kind = Literal["", "primary", "quiet", "link", "bar"]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Button(QPushButton):
    """A button with a verb. A click leaves the focus where the person was working.

    Enter presses the one that has the focus, as Space does; a key that is held down does not.
    """

    def __init__(
        self,
        text: str,
        icon: str = "",
        kind: Kind = "",
        *,
        compact: bool = False,
        tip: str = "",
        on: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = ""
        self._icon_name = icon
        self.setProperty("kind", kind)
        self.setProperty("compact", compact)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if icon:
            self.setIcon(icons.icon(icon, _icon_colour(kind)))
        self.set_words(text)
        if tip:
            self.setToolTip(plain_tip(tip))
        if on is not None:
            self.clicked.connect(lambda _checked=False: on())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in _ENTER or held:
            super().keyPressEvent(event)
            return
        event.accept()
        if not event.isAutoRepeat():
            self.click()

    def set_words(self, text: str) -> None:
        """Change the verb. Qt leaves 4 px beside an icon; the space makes it 8."""
        self._words = text
        shown = text.replace("&", "&&")
        self.setText(f" {shown}" if self._icon_name and text else shown)
        self.setAccessibleName(text)

    def words(self) -> str:
        """The verb on the button."""
        return self._words

    def set_icon(self, name: str) -> None:
        """Change the icon."""
        self._icon_name = name
        self.setIcon(icons.icon(name, _icon_colour(self.property("kind"))))

    def set_kind(self, kind: Kind) -> None:
        """Make it another kind of button: filled, plain, quiet."""
        if self.property("kind") == kind:
            return
        self.setProperty("kind", kind)
        if self._icon_name:
            self.setIcon(icons.icon(self._icon_name, _icon_colour(kind)))
        self.style().unpolish(self)
        self.style().polish(self)

    def off_because(self, reason: str) -> None:
        """Switch the button off with its reason in the tooltip; an empty reason turns it on."""
        self.setEnabled(not reason)
        self.setToolTip(plain_tip(reason))


class IconButton(Button):
    """A square button with an icon only. `name` is what it is called aloud and in its tooltip."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        kind: Kind = "quiet",
        key: str = "",
        on: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", icon, kind, compact=True, on=on, parent=parent)
        self._key = key
        self._resize()
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Change what the button is called."""
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(f"{name}  {key_text(self._key)}" if self._key else name))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._resize()

    def sizeHint(self) -> QSize:
        side = theme.now.size.control_small
        return QSize(side, side)

    def _resize(self) -> None:
        side = theme.now.size.control_small
        if self.width() != side or self.minimumWidth() != side:
            self.setFixedSize(side, side)


class ActionButton(Button):
    """A button that is an action: same words, same switch, same reason when it is off."""

    def __init__(
        self,
        action: QAction,
        icon: str = "",
        kind: Kind = "",
        *,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            action.text(), icon, kind, compact=compact, on=action.trigger, parent=parent
        )
        self._action = action
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        if self.words() != action.text():
            self.set_words(action.text())
        self.setEnabled(action.isEnabled())
        if not action.isVisible() or self.parentWidget() is not None:
            self.setVisible(action.isVisible())  # alone it would be a window for a moment
        key = action.shortcut().toString()
        reason = action.statusTip()
        self.setToolTip(plain_tip(key_text(key) if action.isEnabled() else reason))


class Keycap(QWidget):
    """A key, drawn as a cap: "Ctrl K"."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = key_text(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        now = theme.now
        return QSize(now.metrics("caption").horizontalAdvance(self._keys) + 12, now.px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_keycap(painter, self, self._keys)


def paint_keycap(painter: QPainter, widget: QWidget, keys: str) -> None:
    """Draw a keycap that fills a widget."""
    now = theme.now
    box(painter, widget.rect(), 4, now.sunken, now.border_strong)
    painter.setFont(now.font("caption"))
    painter.setPen(now.text3)
    painter.drawText(widget.rect(), Qt.AlignmentFlag.AlignCenter, keys)


def _icon_colour(kind: str) -> str:
    return {"primary": "on_accent", "link": "accent_text", "": "text"}.get(kind, "text2")
