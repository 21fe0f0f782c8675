"""A field for a whole number: minutes, days, percent."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt

from fscdesk.ui.forms.fields import LineField

_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


class NumberField(LineField):
    """A whole number from `lowest` to `highest`, with its unit in the sentence about it."""

    def __init__(
        self,
        label: str,
        value: int | None = None,
        *,
        optional: bool = False,
        hint: str = "",
        lowest: int = 0,
        highest: int = 999_999_999,
        unit: str = "",
    ) -> None:
        super().__init__(label, optional=optional, hint=hint)
        self._bounds, self._unit = (lowest, highest), unit
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.set_value(value)

    def value(self) -> int | None:
        """The number; None where nothing, or no number, is typed."""
        text = self._plain()
        return int(text) if _WHOLE.fullmatch(text) else None

    def set_value(self, value: int | None) -> None:
        """Show another number."""
        self.edit.setText("" if value is None else str(value))
        self._edited()

    def fault(self) -> str:
        text, (lowest, highest) = self.edit.text().strip(), self._bounds
        if not text:
            return "" if self.optional else self._missing()
        number = self.value()
        if number is None:
            return f"{text} is not a whole number."
        if not lowest <= number <= highest:
            unit = f" {self._unit}" if self._unit else ""
            return f"{text} does not fit: it is from {lowest} to {highest:,}{unit}."
        return ""

    def _plain(self) -> str:
        return self.edit.text().strip().replace(",", "").replace("−", "-")
