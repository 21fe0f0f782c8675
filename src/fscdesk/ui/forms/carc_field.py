"""The field for a payer's reason code (CARC): found by its number, or by what it says."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from fscdesk.services.remittances.carc import carc_of
from fscdesk.services.remittances.reasons import Category, Reason, carc, carcs
from fscdesk.services.work import Work
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.search import Line

ROWS: Final = 8
WIDTH: Final = 480
LONGEST: Final = 60
NO_WORDS: Final = "A code that is not in our list"


def reason_of(typed: str) -> Reason | None:
    """Return the reason that a code means; None for what cannot be a code.

    A code that the list has not yet is one all the same, without words of its own.
    """
    code = carc_of(typed)
    if code is None:
        return None
    return carc(code) or Reason(code, NO_WORDS, Category.OTHER, "", "")


def reasons_with(typed: str) -> tuple[Reason, ...]:
    """Return the reasons that were meant: the very code, codes that begin so, words in them."""
    words = typed.casefold().split()
    if not words:
        return ()
    exact = reason_of(typed)
    begins = [one for one in carcs().values() if one.code.casefold().startswith(words[0])]
    says = [
        one
        for one in carcs().values()
        if all(word in f"{one.words} {one.category.value}".casefold() for word in words)
    ]
    meant = ([exact] if exact else []) + (begins if len(words) == 1 else []) + says
    return tuple({one.code: one for one in meant}.values())[:ROWS]


class CarcField(FoundField[Reason]):
    """Holds a code; what it means stands under it. Enter takes the first that was found."""

    nothing = "No code and no words are like this."

    def __init__(
        self,
        desk: Desk,
        window: QWidget | None = None,
        *,
        label: str = "Reason code (CARC)",
        required: bool = True,
        hint: str = "",
    ) -> None:
        super().__init__(label, desk, window, example="197, or words", width=WIDTH)
        self._required, self._rest = required, hint
        self.edit.setMaxLength(LONGEST)
        self.edit.returnPressed.connect(self.take)
        self.set_hint(hint)

    def fitting(self, _work: Work, typed: str) -> tuple[Reason, ...]:
        return reasons_with(typed)

    def line_of(self, found: Reason) -> Line:
        return Line(found.code, found.words, "file-text", lambda _beside: None)

    def text_of(self, held: Reason) -> str:
        return held.code

    def value(self) -> str:
        """The code, as the list writes it; what is typed where it is none; "" for nothing."""
        typed = self.edit.text().strip()
        held = self.held()
        if held is not None and not self.edit.isModified():
            return held.code
        return carc_of(typed) or typed

    def set_value(self, code: str) -> None:
        """Show another code, or none."""
        self.hold(reason_of(code))

    def hold(self, held: Reason | None) -> None:
        super().hold(held)
        self._tell(held)

    def take(self) -> None:
        if self.edit.isModified() and not self.edit.text().strip():
            self.hold(None)
            self._edited()
            return
        super().take()

    def fault(self) -> str:
        typed = self.edit.text().strip()
        if self.busy():
            return ""
        if not typed:
            return self._missing() if self._required else ""
        if self.edit.isModified() and self._asked and not self._found:
            return f"No code and no words are like “{typed}”."
        return ""

    def restore(self, draft: str) -> None:
        self.set_value(draft)

    def _take(self, at: int) -> None:
        super()._take(at)
        self._tell(self.held())

    def _tell(self, held: Reason | None) -> None:
        self.set_hint(self._rest if held is None else held.words)
