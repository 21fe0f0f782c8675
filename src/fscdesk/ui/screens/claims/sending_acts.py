"""Sending from any screen: what can go goes, the file follows, and both are said with an undo."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.claims.batch_plan import BatchPlan, Route, Sent, SentBatch
from fscdesk.services.claims.outbox import Written, write_missing
from fscdesk.services.claims.policies import OUTBOX
from fscdesk.services.claims.sending import plan_batch, send_claims
from fscdesk.services.claims.undoing import undo_batch
from fscdesk.services.work import Job, Work
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import count_text, money_text
from fscdesk.ui.undo import Undo

TAKEN_BACK, CLAIMS, SETUP = "Undo", "claims", "setup"


class SendingActs(QObject):
    """Sends claims in the background, with progress; ``sent`` is told once it is saved."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._shell = shell

    def send(
        self,
        claim_ids: Collection[int] | None = None,
        sent: Callable[[Sent], object] | None = None,
        *,
        plan: BatchPlan | None = None,
        refused: Callable[[BaseException], None] | None = None,
    ) -> Job:
        """Send claims (None: every ready one, or those of ``plan``), then write the file.

        ``refused`` is told, instead of the message bar, why nothing was sent.
        """
        key = uuid4().hex

        def act(work: Work) -> Sent:
            wanted = plan if plan is not None else plan_batch(work, claim_ids)
            return send_claims(work, wanted, request_key=key)

        def done(what: Sent) -> None:
            if sent is not None:
                sent(what)
            self._write(what)

        not_sent = refused or self._shell.messages.refused
        return self._shell.desk.act(self, act, done, not_sent, title="Sending the claims")

    def _write(self, what: Sent) -> None:
        def done(written: Written) -> None:
            undo = None
            if what.batches:
                undo = Undo(f"sending {count_text(what.claims, 'claim')}", partial(_undo, what))
            words = sent_words(what, written)
            if any(one.number in _numbers(what) for one in written.waiting):
                self._shell.messages.warn(words, undo=undo, help=self._setting())
            else:
                self._shell.messages.info(words, undo=undo, help=self._list(what))

        self._shell.desk.act(self, write_missing, done, self._shell.messages.refused)

    def _setting(self) -> Help | None:
        """Return the way to the setting of the outbox."""
        if not self._shell.has(SETUP):
            return None
        show = partial(self._shell.open, SETUP, group="files", field=OUTBOX)
        return Help("Show the outbox setting", show)

    def _list(self, what: Sent) -> Help | None:
        """Return the way to the check-list of a portal, where claims are to be typed in one."""
        batch = next((one for one in what.batches if one.route is Route.PORTAL), None)
        if batch is None or not self._shell.has(CLAIMS):
            return None
        return Help(
            "Show the check-list",
            partial(self._shell.open, CLAIMS, tab="batches", row=batch.id),
        )


def sent_words(what: Sent, written: Written) -> str:
    """Return what a send did: first what of it was not written, and what to do about that."""
    total = money_text(what.total, zero_dash=False)
    mine = [one for one in written.waiting if one.number in _numbers(what)]
    said = f"{mine[0].reason} {mine[0].hint} " if mine else ""
    count = "count as sent" if mine and what.claims != 1 else "counts as sent" if mine else "sent"
    said += f"{count_text(what.claims, 'claim')} over {total} {count}: "
    said += ", ".join(_batch(one) for one in what.batches) + "."
    if what.test_file:
        test = f"{what.test_file} in the outbox is a test: its claims were not sent."
        said = f"{said} {test}" if what.batches else test
    earlier = [one for one in written.waiting if one.number not in _numbers(what)]
    if earlier:
        waits = "still waits" if len(earlier) == 1 else "still wait"
        said += f" {count_text(len(earlier), 'file')} of before {waits}: {earlier[0].number}."
    if what.staying:
        said += f" {count_text(len(what.staying), 'claim')} stay behind, with their reasons."
        said = said.replace("1 claim stay ", "1 claim stays ")
    return said


def _numbers(what: Sent) -> frozenset[str]:
    return frozenset(one.number for one in what.batches)


def _batch(one: SentBatch) -> str:
    if one.route.value == "electronic":
        return f"{one.number} by file"
    return f"{one.number} " + (
        "on paper" if one.route.value == "paper" else f"for the portal of {one.payer}"
    )


def _undo(what: Sent, work: Work) -> str:
    back = [undo_batch(work, one.id, TAKEN_BACK) for one in what.batches]
    count = sum(one.claims for one in back)
    are = "is" if count == 1 else "are"
    return f"{count_text(count, 'claim')} {are} ready to send again."
