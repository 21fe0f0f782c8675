"""A part of a screen that takes the shared keys while it is in front: a tab, a page, a form."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class Part(QWidget):
    """Override what the part can do; a screen hands its keys on to the part in front."""

    def new_verb(self) -> str:
        """The verb of the button that begins something new; empty where nothing can be."""
        return ""

    def new(self) -> None:
        """Begin what "new" means here."""

    def save(self) -> None:
        """Save the form."""

    def can_save(self) -> bool:
        """Whether there is a form to save."""
        return False

    def find_(self) -> None:
        """Put the cursor where this part is searched."""

    def refresh(self) -> None:
        """Look again."""

    def export(self) -> None:
        """Export what is shown."""

    def escape(self) -> bool:
        """Step back inside the part; False when there is nothing to step back from."""
        return False

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through."""
        return (self,)

    def enter(self) -> None:
        """Put the focus where the work begins."""
        self.setFocus()
