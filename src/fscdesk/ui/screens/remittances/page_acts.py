"""What can be done with a remittance: post, undo, match again, set aside, choose whose it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject

from fscdesk.services.remittances.choosing import choose_payer, let_go_on, match_again
from fscdesk.services.remittances.closing import set_aside, take_up
from fscdesk.services.remittances.detail import PageClaim, RemittancePage
from fscdesk.services.remittances.listing import RemittanceRow
from fscdesk.services.remittances.needs import Need, needs_of
from fscdesk.services.remittances.posting import PostedRemittance, post_remittance
from fscdesk.services.remittances.provider_postings import ItemSettled
from fscdesk.services.remittances.setting_aside import set_all_aside, take_all_up
from fscdesk.services.remittances.undoing import (
    UndoneRemittance,
    undo_claim,
    undo_remittance,
)
from fscdesk.services.work import Job, Work
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.remittances.page_words import (
    Going,
    aside_words,
    posted_words,
    undone_words,
    up_words,
)
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

PAYMENTS = "payments"
AT_ONCE = "Taken back right after posting"
"""The reason of Ctrl+Z after posting."""


class RemittanceActs(QObject):
    """Each act is one transaction on the worker; what it did is said, with its undo."""

    def __init__(self, shell: Shell, owner: QObject) -> None:
        super().__init__(owner)
        self._shell = shell
        self.job: Job | None = None

    def post(
        self,
        page: RemittancePage,
        what: Going,
        agreed: Collection[int],
        after: Callable[[], object],
    ) -> None:
        """Post what goes; a held claim stays, its money with the check."""
        row = page.row
        before = {one.position for one in page.claims if one.posted}
        rows = {one.position: one.id for one in page.claims}
        every = len(what.positions) == sum(1 for one in page.claims if not one.posted)

        def act(work: Work) -> tuple[PostedRemittance, tuple[Need, ...]]:
            known = {one.key for one in needs_of(work, [row.id])}
            posted = post_remittance(
                work,
                row.id,
                positions=None if every else what.positions,
                agreed=agreed,
                expected_version=row.version,
            )
            new = (one for one in needs_of(work, [row.id]) if one.key not in known)
            return posted, tuple(new)

        def back(work: Work) -> str:
            if not before:
                return undone_words(undo_remittance(work, row.id, AT_ONCE))
            for position in sorted(what.positions, reverse=True):
                undo_claim(work, rows[position], AT_ONCE)
            return f"{count_text(len(what.positions), 'claim')} of {row.number} out of the books."

        def done(made: tuple[PostedRemittance, tuple[Need, ...]]) -> None:
            self.job = None
            undo = Undo(f"posting {row.number}", back)
            words = posted_words(made[0], len(page.claims), made[1])
            self._shell.messages.info(words, undo=undo)
            after()

        def refused(fault: BaseException) -> None:
            self.job = None
            self._shell.messages.refused(fault, help=self._help(fault))
            after()

        if self.job is None:
            self.job = self._shell.desk.act(self, act, done, refused, title=f"Posting {row.number}")

    def undo(self, page: RemittancePage, reason: str) -> None:
        """Take the whole remittance out of the books."""

        def act(work: Work) -> UndoneRemittance:
            return undo_remittance(work, page.row.id, reason, expected_version=page.row.version)

        self._act(act, undone_words)

    def undo_claim(self, page: RemittancePage, claim: PageClaim, reason: str) -> None:
        """Take one claim out of the books."""

        def act(work: Work) -> UndoneRemittance:
            return undo_claim(work, claim.id, reason, expected_version=page.row.version)

        self._act(
            act,
            lambda _done: f"Claim {claim.number} is out of the books again. It can be posted anew.",
        )

    def match_again(self, page: RemittancePage) -> None:
        """Look again whose claims it is about."""
        total = count_text(len(page.claims), "claim")
        self._act(
            lambda work: match_again(work, page.row.id),
            lambda found: f"Looked again: {found:,} of {total} found in the books.",
        )

    def set_aside(self, claim: PageClaim, reason: str) -> None:
        """Let nobody work on a claim any more, with its undo."""

        def back(work: Work) -> str:
            return f"Claim {take_up(work, claim.id)} waits again."

        self._act(
            lambda work: set_aside(work, claim.id, reason),
            lambda number: f"Claim {number} is set aside. Its money stays with the check.",
            Undo(f"setting claim {claim.number} aside", back),
        )

    def take_up(self, claim: PageClaim) -> None:
        """Let a claim that was set aside wait again."""
        self._act(
            lambda work: take_up(work, claim.id), lambda number: f"Claim {number} waits again."
        )

    def set_all_aside(self, row: RemittanceRow, reason: str) -> None:
        """Let nobody work on a remittance any more, with its undo."""
        self._act(
            lambda work: set_all_aside(work, row.id, reason, expected_version=row.version),
            aside_words,
            Undo(f"setting {row.number} aside", lambda work: up_words(take_all_up(work, row.id))),
        )

    def take_all_up(self, row: RemittanceRow) -> None:
        """Let a remittance that was set aside wait again."""
        back = row.reason

        def again(work: Work) -> str:
            return aside_words(set_all_aside(work, row.id, back))

        self._act(
            lambda work: take_all_up(work, row.id),
            up_words,
            Undo(f"taking {row.number} up again", again),
        )

    def choose_payer(self, page: RemittancePage, payer_id: int) -> None:
        """Say whose remittance it is."""
        total = count_text(len(page.claims), "claim")
        self._act(
            lambda work: choose_payer(work, page.row.id, payer_id),
            lambda found: f"The payer is kept. {found:,} of {total} found in the books.",
        )

    def let_go_on(self, page: RemittancePage, reason: str) -> None:
        """Let a stopped remittance be posted."""
        self._act(
            lambda work: let_go_on(work, page.row.id, reason),
            lambda number: f"{number} can be posted now. What does not add up stays.",
        )

    def _help(self, fault: BaseException) -> Help | None:
        """Return the way to what has to be taken apart first."""
        if not isinstance(fault, ItemSettled) or not self._shell.has(PAYMENTS):
            return None
        what = {"tab": "recoupments", "view": "all", "text": fault.number}
        return Help(f"Show {fault.number}", partial(self._shell.open, PAYMENTS, **what))

    def _act(
        self,
        act: Callable[[Work], object],
        words: Callable[..., str],
        undo: Undo | None = None,
    ) -> None:
        self._shell.desk.act(
            self, act, partial(self._said, words, undo), self._shell.messages.refused
        )

    def _said(self, words: Callable[..., str], undo: Undo | None, done: object) -> None:
        self._shell.messages.info(words(done), undo=undo)
