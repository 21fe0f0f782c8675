"""What a portal round writes: one answer of one claim, with its undo; the portal it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from fscdesk.services.claims.listing import claim_row
from fscdesk.services.claims.portal_round import Noted, SilentRow, note_found, take_back_found
from fscdesk.services.claims.round_sessions import (
    NotedSession,
    note_session,
    take_back_session,
)
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.claims.round_state import Answer, RoundRow
from fscdesk.ui.screens.claims.round_words import noted_words
from fscdesk.ui.undo import Undo

Opens = Callable[[QUrl], object]


def open_in_browser(url: QUrl) -> None:
    """Show a page in the browser of this workstation; it gets the address and nothing else."""
    QDesktopServices.openUrl(url)


class RoundActs(QObject):
    """Each answer is one transaction on the worker, in the order in which they were typed."""

    def __init__(self, shell: Shell, owner: QObject) -> None:
        super().__init__(owner)
        self._shell = shell

    def note(
        self,
        row: RoundRow,
        answer: Answer,
        done: Callable[[Noted | NotedSession], object],
        refused: Callable[[BaseException], object],
    ) -> None:
        """Note what was typed of a claim; what was done is said, with its undo."""
        claim = row.claim

        def told(found: tuple[Noted | NotedSession, date | None]) -> None:
            noted, again = found
            undo = Undo(f"the answer of {noted.number}", partial(_back, noted))
            words = noted_words(noted, answer, claim.patient, again)
            done(noted)
            self._shell.messages.info(words, undo=undo)

        def failed(fault: BaseException) -> None:
            refused(fault)
            self._shell.messages.refused(fault)

        self._shell.desk.act(self, partial(_note, claim, answer), told, failed)


def _note(claim: SilentRow, answer: Answer, work: Work) -> tuple[Noted | NotedSession, date | None]:
    if claim.session_id is not None:
        found = note_session(
            work,
            claim.session_id,
            answer.found,
            expected_version=claim.version,
            carc=answer.carc,
            group=answer.group,
            words=answer.words,
            payer_number=answer.payer_number,
            again_on=answer.again_on,
        )
        return found, found.again_on
    noted = note_found(
        work,
        claim.id,
        answer.found,
        expected_version=claim.version,
        carc=answer.carc,
        group=answer.group,
        words=answer.words,
        payer_number=answer.payer_number,
        again_on=answer.again_on,
    )
    return noted, claim_row(work, claim.id).next_action_on


def _back(noted: Noted | NotedSession, work: Work) -> str:
    if isinstance(noted, NotedSession):
        return f"{take_back_session(work, noted)} is to be looked up again."
    return f"{take_back_found(work, noted)} is to be looked up again."
