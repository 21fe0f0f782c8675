"""A field for an account of the chart: by number or by name, what fits stands under it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from fscdesk.services.accounting.chart import NamedAccount, accounts_like
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work
from fscdesk.ui.forms.found_field import FoundField
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.accounting.wording import TYPES
from fscdesk.ui.search import Line
from fscdesk.ui.text import Label

_ONE: Final = 1


class AccountField(FoundField[NamedAccount]):
    """An account that can be written on; one that documents keep says what moves it.

    ``also_kept`` offers those too: for a ledger that is read.
    """

    nothing = "No account in use is called so."

    def __init__(
        self,
        label: str,
        desk: Desk,
        window: QWidget | None = None,
        *,
        also_kept: bool = False,
        optional: bool = False,
    ) -> None:
        super().__init__(label, desk, window, example="Number or name", width=380)
        self._also_kept = also_kept
        self.optional = optional
        if not also_kept:
            words = "Accounts that documents keep are not offered: their documents move them."
            self.popup.body.addWidget(Label(words, "hint", wrap=True))

    def value(self) -> str:
        """The number of the account; "" while none is taken."""
        held = self.held()
        return "" if held is None else held.code

    def fitting(self, work: Work, typed: str) -> tuple[NamedAccount, ...]:
        found = accounts_like(work, typed, most=12)
        if self._also_kept:
            return found
        free = tuple(one for one in found if not one.keeps)
        first = typed.split(maxsplit=1)[0]
        meant = next((one for one in found if one.keeps and one.code == first), None)
        if meant is None and not free and len(found) == _ONE:
            meant = found[0]
        if meant is not None:
            raise Problem(f"{meant.code} {meant.name} is kept by documents.", hint=meant.keeps)
        return free

    def line_of(self, found: NamedAccount) -> Line:
        words = "" if found.type is None else TYPES[found.type]
        return Line(f"{found.code} {found.name}", words, "book-open", lambda _beside: None)

    def text_of(self, held: NamedAccount) -> str:
        return f"{held.code} {held.name}"

    def fault(self) -> str:
        if self.busy():
            return ""
        if self._line.isModified() and self._line.text().strip():
            return self.nothing
        return "" if self.optional or self.held() is not None else "Choose an account."
