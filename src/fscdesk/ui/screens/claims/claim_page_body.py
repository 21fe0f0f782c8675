"""The page of one claim: its tabs, with the form first, and beside them where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from fscdesk.services.claims.page_view import ClaimView
from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.claim_appeal import AppealPart
from fscdesk.ui.screens.claims.claim_beside import ClaimBeside
from fscdesk.ui.screens.claims.claim_form import ClaimForm
from fscdesk.ui.screens.claims.claim_tabs import (
    counts_of,
    files_tab,
    history_tab,
    lines_tab,
    notes_tab,
)
from fscdesk.ui.tabbed_parts import PartTab, TabbedParts
from fscdesk.ui.tables.keeping import Keeping

FORM, LINES, FILES, NOTES, HISTORY, APPEAL = (
    "form",
    "lines",
    "files",
    "notes",
    "history",
    "appeal",
)
NARROW = 1040
"""Below this width the form needs what the pane can give."""


class ClaimBody(QWidget):
    """Made for one claim; ``show_view`` brings it up to date."""

    tab_opened = Signal(str)

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        claim_id: int,
        today: Callable[[], date],
        keeping: Keeping,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.claim_id = claim_id
        self.form = ClaimForm(today)
        self.beside = ClaimBeside(shell.practice.zone)
        self._view: ClaimView | None = None
        make_appeal = partial(self._appeal, shell, window, today)
        self.tabs = TabbedParts(
            "Claim",
            (
                PartTab(FORM, "Form", lambda: self.form),
                PartTab(LINES, "Lines", partial(lines_tab, shell, claim_id, keeping)),
                PartTab(FILES, "Files", partial(files_tab, shell, claim_id, keeping)),
                PartTab(NOTES, "Notes", partial(notes_tab, shell, claim_id, keeping)),
                PartTab(HISTORY, "History", partial(history_tab, shell, claim_id, keeping)),
                PartTab(APPEAL, "Appeal", make_appeal),
            ),
        )
        self.tabs.opened.connect(self.tab_opened)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.tabs, 1)
        across.addWidget(Line(upright=True))
        across.addWidget(self.beside)
        self.tabs.open(FORM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = theme.now.size
        narrow = self.width() < theme.now.px(NARROW)
        self.beside.setFixedWidth(size.detail_pane_min if narrow else size.detail_pane)

    @property
    def appeal(self) -> AppealPart | None:
        """The tab of the appeal, once it was opened."""
        found = self.tabs.made.get(APPEAL)
        return found if isinstance(found, AppealPart) else None

    @property
    def part(self) -> Part:
        """The tab in front."""
        return self.tabs.part

    def show_view(self, view: ClaimView) -> None:
        """Show the claim as it stands now; lists look again by themselves."""
        self._view = view
        self.form.show_view(view)
        self.beside.show_view(view)
        self.tabs.show_counts(counts_of(view.page))
        appeal = self.appeal
        if appeal is not None:
            appeal.show_view(view)

    def appeal_step(self) -> Button | None:
        """Return what comes next in the tab of the appeal, while that is in front."""
        appeal = self.appeal if self.tabs.current == APPEAL else None
        return appeal.first() if appeal is not None else None

    def open_tab(self, key: str) -> None:
        """Bring a tab to the front."""
        if key in self.tabs.tabs.keys:
            self.tabs.open(key)

    def step_tab(self, step: int) -> None:
        """Bring the next or the previous tab to the front, and put the focus into it."""
        keys = self.tabs.tabs.keys
        self.tabs.open(keys[(keys.index(self.tabs.current) + step) % len(keys)])
        self.tabs.enter()

    def go_to(self, fields: Sequence[str], line: int | None = None) -> bool:
        """Open the form and put the cursor into the first of these fields that takes it."""
        self.open_tab(FORM)
        return self.form.go_to(fields, line)

    def to_card(self) -> bool:
        """Put the focus on the card, where there is one."""
        card = self.beside.card
        if card.waits():
            card.setFocus(Qt.FocusReason.OtherFocusReason)
        return card.waits()

    def card_waits_elsewhere(self) -> bool:
        """Whether the card is on view, and the cursor in the form."""
        here = QApplication.focusWidget()
        return self.beside.card.waits() and here is not None and self.form.isAncestorOf(here)

    def panes(self) -> tuple[QWidget, ...]:
        """What F6 goes through."""
        return (*self.tabs.panes(), self.beside)

    def _appeal(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> Part:
        made = AppealPart(shell, window, today)
        if self._view is not None:
            made.show_view(self._view)
        return made
