"""Setup, Claim files: the outbox and how files are addressed; files that waited are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fscdesk.services.claims.outbox import Written, write_missing
from fscdesk.services.claims.policies import OUTBOX
from fscdesk.services.setup.claim_settings import FILES
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.policies_page import PoliciesPage
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo


class ClaimFilesPage(PoliciesPage):
    """The settings of claim files. A new outbox gets the files that waited for one, at once."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, name=FILES, groups=(FILES,), noun=("setting", "settings"))

    def _said(self, words: str, undo: Undo, wanted: Mapping[str, Any]) -> None:
        if not wanted.get(OUTBOX):
            super()._said(words, undo, wanted)
            return
        shell = self._shell

        def done(written: Written) -> None:
            if written.waiting:
                first = written.waiting[0]
                shell.messages.warn(f"{words} {first.reason} {first.hint}", undo=undo)
            else:
                shell.messages.info(f"{words}{_written(len(written.paths))}", undo=undo)

        shell.desk.act(self, write_missing, done, shell.messages.refused)


def _written(count: int) -> str:
    if not count:
        return ""
    what = "that waited is in it now" if count == 1 else "that waited are in it now"
    return f" {count_text(count, 'file')} {what}."
