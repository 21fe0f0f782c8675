"""From a session to its claim, and to the claims that are still to be built."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from fscdesk.services.claims.listing import ClaimRow, claims_of_session
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.sessions.columns import is_billed
from fscdesk.ui.tables.detail import NextStep
from fscdesk.ui.tables.spec import RowsAct

CLAIM, BUILD = "claim", "claim-build"
_READY = "ready_to_bill"


class SessionClaims(QObject):
    """What leads from sessions to claims, as far as the window has the places."""

    def __init__(self, shell: Shell, window: QObject) -> None:
        super().__init__(window)
        self._shell = shell

    @property
    def opens(self) -> bool:
        """Whether there is a place that shows one claim."""
        return self._shell.has(CLAIM)

    @property
    def builds(self) -> bool:
        """Whether there is a place where claims are built."""
        return self._shell.has(BUILD)

    def open_claim(self, rows: Sequence[SessionRow]) -> None:
        """Open the newest claim of a session, or say that there is none (Ctrl+L)."""
        session_id = rows[0].id

        def show(claims: tuple[ClaimRow, ...]) -> None:
            if claims:
                self.open(claims[0].id)
            else:
                way = " Ctrl+B builds the claims of all that are ready." if self.builds else ""
                self._shell.messages.note(f"This session is on no claim.{way}")

        self._shell.desk.ask(
            self,
            lambda work: claims_of_session(work, session_id),
            show,
            self._shell.messages.refused,
        )

    def open(self, claim_id: int) -> None:
        """Open one claim."""
        self._shell.open(CLAIM, claim=claim_id)

    def build(self) -> None:
        """Build the claims of all sessions that are ready (Ctrl+B)."""
        self._shell.open(BUILD, build=True)

    def row_acts(self) -> tuple[RowsAct[SessionRow], ...]:
        """Return what a row's menu has."""
        if not self.opens:
            return ()
        return (
            RowsAct("claim", "Open the claim", self.open_claim, "file-text", shortcut="Ctrl+L"),
        )

    def next_steps(self, row: SessionRow, claims: Sequence[ClaimRow]) -> list[NextStep]:
        """Return the buttons of the pane: the claim, or that it is to be built."""
        if claims and self.opens:
            return [NextStep("Open the claim", partial(self.open, claims[0].id), "file-text")]
        ready = row.billing_status == _READY and is_billed(row) and row.payer_id is not None
        if ready and not claims and self.builds:
            return [NextStep("Build claims", self.build, "list-checks")]
        return []
