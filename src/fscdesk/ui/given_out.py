"""Puts on record that pages have left the preview: a line of the send log for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from fscdesk.services.billing.sendings import SentBy, log_sending
from fscdesk.services.work import Work
from fscdesk.ui.screen import Given, Shell

LONGEST = 200
"""So much of a printer's or a folder's name is kept."""


def logged(
    shell: Shell,
    owner: QObject,
    *,
    document_ids: Sequence[int] = (),
    statement_ids: Sequence[int] = (),
) -> Given:
    """Return what ``Shell.preview`` tells of these documents and statements when they go out.

    shell.preview(pdf, title, name, logged(shell, self, document_ids=[kept.id]))
    """

    def given(how: SentBy, where: str) -> None:
        def act(work: Work) -> None:
            for one in document_ids:
                log_sending(work, how, document_id=one, destination=where[:LONGEST])
            for one in statement_ids:
                log_sending(work, how, statement_id=one, destination=where[:LONGEST])

        shell.desk.act(owner, act, _nothing, shell.messages.refused)

    return given


def noted(shell: Shell, owner: QObject, note: Callable[[Work, SentBy], object]) -> Given:
    """Return what ``Shell.preview`` tells of pages that are no document when they go out."""

    def given(how: SentBy, _where: str) -> None:
        def act(work: Work) -> None:
            note(work, how)

        shell.desk.act(owner, act, _nothing, shell.messages.refused)

    return given


def _nothing(_saved: None) -> None:
    """Say nothing: the preview has said already where the pages went."""
