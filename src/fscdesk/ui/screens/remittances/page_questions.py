"""What a remittance's page asks before it does something that wants a reason, or a choice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from fscdesk.services.remittances.detail import Fate, PageClaim, RemittancePage
from fscdesk.services.setup.payers import payers
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.choosing_charge import ChoosingCharge
from fscdesk.ui.screens.remittances.claim_pane import ClaimPane
from fscdesk.ui.screens.remittances.page_acts import RemittanceActs

Current = Callable[[], tuple[RemittancePage, PageClaim | None] | None]


class PageQuestions(QObject):
    """Asks in the pane; nothing is done before Enter, and Esc leaves all as it is.

    ``current`` returns the page and its current claim, None while nothing is shown.
    """

    def __init__(
        self, shell: Shell, pane: ClaimPane, acts: RemittanceActs, current: Current
    ) -> None:
        super().__init__(pane)
        self._shell, self._pane, self._acts, self._current = shell, pane, acts, current
        self._charges = ChoosingCharge(shell, pane)

    def aside(self) -> None:
        """Ask why the current claim is set aside; one that was is taken up at once."""
        claim = self._claim
        if claim is None:
            return
        if claim.fate is Fate.CLOSED:
            self._acts.take_up(claim)
            return
        self._ask(
            f"Set claim {claim.number} aside?",
            "Nobody works on it any more. Its money stays with the check, by name.",
            "Set it aside",
            partial(self._acts.set_aside, claim),
            "Not our client",
        )

    def aside_all(self) -> None:
        """Ask why nobody works on all of it any more; what was set aside is taken up at once."""
        page = self._page
        if page is None:
            return
        if page.aside:
            self._acts.take_all_up(page.row)
            return
        self._ask(
            f"Set all of {page.row.number} aside?",
            "It leaves what needs you. Nothing of it is in the books; it can be taken up again.",
            "Set it aside",
            partial(self._acts.set_all_aside, page.row),
            "The payer sends a right one",
        )

    def undo(self) -> None:
        """Ask why all of it is taken out of the books."""
        page = self._page
        if page is not None:
            self._ask(
                f"Undo {page.row.number}?",
                "All its claims are open again, both entries stay in the ledger.",
                "Undo it",
                partial(self._acts.undo, page),
                "Posted to the wrong month",
            )

    def undo_claim(self) -> None:
        """Ask why the current claim is taken out of the books."""
        page, claim = self._page, self._claim
        if page is not None and claim is not None:
            self._ask(
                f"Take claim {claim.number} back?",
                "It is open again, and its money is with the check. Both entries stay.",
                "Take it back",
                partial(self._acts.undo_claim, page, claim),
                "The payer corrects it",
            )

    def go_on(self) -> None:
        """Ask why a stopped remittance may go on."""
        page = self._page
        if page is not None:
            self._ask(
                f"Let {page.row.number} go on?",
                f"{page.stop} It can be posted then; what does not add up stays.",
                "Let it go on",
                partial(self._acts.let_go_on, page),
                "The payer confirmed it by phone",
            )

    def charge(self) -> None:
        """Ask which charge the lines of the current claim are about."""
        if self._claim is not None:
            self._charges.begin(self._claim)

    def forget(self) -> None:
        """Let the current claim be about what can be found, not about what was chosen."""
        if self._claim is not None:
            self._charges.forget(self._claim)

    def payer(self) -> None:
        """Ask whose remittance it is."""
        page = self._page
        if page is None:
            return

        def ask(work: Work) -> list[tuple[int, str]]:
            return [(row.id, row.fields.name) for row in payers(work)]

        def chosen(options: list[tuple[int, str]]) -> None:
            self._pane.ask.ask_choice(
                "Whose remittance is it?",
                f"The file says “{page.row.payer}”.",
                "It is theirs",
                options,
                partial(self._acts.choose_payer, page),
            )
            self._pane.judge()

        self._shell.desk.ask(self, ask, chosen, self._shell.messages.refused)

    @property
    def _page(self) -> RemittancePage | None:
        now = self._current()
        return None if now is None else now[0]

    @property
    def _claim(self) -> PageClaim | None:
        now = self._current()
        return None if now is None else now[1]

    def _ask(
        self, title: str, words: str, verb: str, do: Callable[[str], object], example: str
    ) -> None:
        self._pane.ask.ask_reason(title, words, verb, do, example)
        self._pane.judge()
