"""The line above the grid: its views, the claim box or the search, and how money is shared."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fscdesk.services.patients.names import fold
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.actions import Menu, plain, shown_key
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT
from fscdesk.ui.jobs.desk import Desk
from fscdesk.ui.screens.payments.entry_find import FindBox
from fscdesk.ui.screens.payments.entry_grid import ALL, ANSWERED, OPEN, EntryGrid
from fscdesk.ui.screens.payments.entry_keeping import lines_elsewhere, lines_for
from fscdesk.ui.screens.payments.entry_lines import Claim, Line
from fscdesk.ui.tables.view_tabs import TabFace, ViewTabs

PAUSE_MS, WIDTH, NARROWEST, TABS = 150, 280, 150, 280
_OF_PAYER = (TabFace(OPEN, "Open claims"), TabFace(ANSWERED, "On this check"))
_OF_CLIENTS = (
    TabFace(OPEN, "Open charges"),
    TabFace(ALL, "All"),
    TabFace(ANSWERED, "Paid here"),
)


class FindingLine(QWidget):
    """Tabs and the box. In the box of a payer Enter takes a claim; of a guarantor it searches.

    `searched` says that an answer has come; `said` a sentence, or nothing.
    """

    searched = Signal()
    said = Signal(str)

    def __init__(self, desk: Desk, grid: EntryGrid, patients: str) -> None:
        super().__init__()
        self._desk, self._grid, self._patients = desk, grid, patients.lower()
        self._ticket = 0
        self._entering = False
        self.tabs, self.box = ViewTabs("Charges shown"), FindBox()
        self.share = Button("Share out", "split", compact=True)
        self.share.setVisible(False)
        line = QHBoxLayout(self)
        line.setContentsMargins(LEFT, 0, RIGHT + 8, 0)
        line.setSpacing(12)
        line.addWidget(self.tabs)
        line.addWidget(self.box, 100)
        line.addStretch(1)
        line.addWidget(self.share)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.box.textEdited.connect(self._on_typed)
        self.box.entered.connect(self._on_entered)
        self.box.down.connect(self._on_down)
        self.tabs.chosen.connect(self._on_tab)
        theme.changed.connect(self._resize)
        self._resize()

    def offer(self, commands: list[QAction]) -> None:
        """Put the ways of sharing money out under the button, with their keys."""
        self.share.clicked.connect(partial(self._show_menu, commands))

    def begin(self) -> None:
        """Put the cursor into the claim box."""
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.follow()

    def clear(self) -> None:
        """Empty the box."""
        self._ticket += 1
        self._pause.stop()
        self.box.clear()
        self._grid.words = ()

    def busy(self) -> bool:
        """Whether a search is under way."""
        return self._pause.isActive() or self._entering

    def follow(self) -> None:
        """Bring tabs and box up to date."""
        state = self._grid.state
        payer = state.from_payer
        self.tabs.show_tabs(_OF_PAYER if payer else _OF_CLIENTS)
        answered = sum(one.begun for one in state.claims) if payer else len(state.answered)
        count = len(state.claims) if payer else len(state.own)
        self.tabs.show_counts({OPEN: count, ANSWERED: answered})
        self.tabs.set_current(self._grid.view)
        self.share.setVisible(state.source is not None and not payer)
        self.box.setEnabled(state.source is not None)
        if not payer:
            self.box.setPlaceholderText(f"Find charges of other {self._patients}")
            self.box.setAccessibleName(f"Find charges of other {self._patients}")
            return
        following = state.next_claim()
        words = f"Enter takes {_called(following)}" if following else "Two letters, Enter"
        self.box.setPlaceholderText(words)
        self.box.setAccessibleName("Claim")
        self.box.setAccessibleDescription(words)

    # The box

    def _on_typed(self, text: str) -> None:
        self._ticket += 1
        self._entering = False
        self.said.emit("")
        if self._grid.state.from_payer:
            self._grid.words = tuple(fold(text).split())
            self._grid.view = OPEN
            self._grid.show_rows()
        else:
            self._grid.view = ALL if text.strip() else OPEN
            self._grid.state.show_found([])
            self._grid.show_rows(keep=False)
            self._pause.start()
        self.follow()

    def _on_entered(self) -> None:
        state, words = self._grid.state, tuple(fold(self.box.text()).split())
        if not state.from_payer:
            if self._pause.isActive():
                self._entering = True
                self._search()
            elif self._grid.rows:
                self._grid.go(0)
            return
        claim: Claim | None
        if words:
            fitting = [one for one in state.claims if one.fits(words)]
            claim = next((one for one in fitting if not one.done), None) or next(
                iter(fitting), None
            )
        else:
            claim = state.next_claim()
        if claim is not None:
            self._go_to(claim)
        elif words:
            self._entering = True
            self._search()

    def _go_to(self, claim: Claim) -> None:
        self.clear()
        self._grid.view = OPEN
        self._grid.go_to_claim(claim)
        self.follow()
        if claim.unbilled:
            self.said.emit(
                f"No claim of {claim.days} was sent for {claim.patient}."
                " Look whether the EOB means another day, or bill it first."
            )

    def _on_down(self) -> None:
        rows = self._grid.rows
        if not rows:
            return
        claim = self._grid.state.last_claim
        at = next((at for at, one in enumerate(rows) if one.claim is claim is not None), 0)
        self._grid.go(at)

    def _on_tab(self, key: str) -> None:
        self._grid.view = key
        self._grid.show_rows()
        self.follow()

    # Asking the books: what the grid does not hold

    def _search(self) -> None:
        self._pause.stop()
        state, text, ticket = self._grid.state, self.box.text().strip(), self._ticket
        source = state.source
        if not text or source is None:
            self._entering = False
            return

        def question(work: Work) -> list[Line]:
            if source.kind == "payer":
                return lines_for(work, source, text)
            return lines_elsewhere(work, text)

        self._desk.ask(self, question, partial(self._found, ticket, text))

    def _found(self, ticket: int, text: str, lines: list[Line]) -> None:
        if ticket != self._ticket:
            return
        entering, self._entering = self._entering, False
        state = self._grid.state
        if state.from_payer:
            known = {one.key for one in state.own}
            more = [one for one in lines if one.key not in known]
            if not more:
                name = state.source.name if state.source else "this payer"
                self.said.emit(f"{name} has no open claim of “{text}”.")
                return
            state.add_lines(more)
            self._grid.show_rows()
            if entering:
                self._on_entered()
            return
        state.show_found(lines)
        self._grid.show_rows(keep=False)
        if not lines:
            self.said.emit(f"Nothing is open of “{text}”.")
        elif entering:
            self._grid.go(0)
        self.searched.emit()

    def _show_menu(self, commands: list[QAction]) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in commands:
            menu.add(plain(one), one.trigger, key=shown_key(one))
        menu.popup(self.share.mapToGlobal(self.share.rect().bottomLeft()))

    def _resize(self) -> None:
        self.box.setMinimumWidth(theme.now.px(NARROWEST))
        self.box.setMaximumWidth(theme.now.px(WIDTH))
        self.tabs.setFixedWidth(theme.now.px(TABS))


def _called(claim: Claim) -> str:
    """Name a claim in the box: whose, and of which day."""
    billed = ", not billed" if claim.unbilled else ""
    return f"{claim.patient}, {claim.days}{billed}"
