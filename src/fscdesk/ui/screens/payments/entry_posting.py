"""Posts what was entered, says so with Undo and Receipt, and takes it back again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.documents import Kept, document_bytes
from fscdesk.services.payments.doubting import doubts, require_meant
from fscdesk.services.payments.drafts import drafts, forget_draft, keep_draft, remember_choices
from fscdesk.services.payments.entering import (
    Entry,
    new_payment,
    payment_version,
    receive_entry,
)
from fscdesk.services.payments.receipts import make_receipt
from fscdesk.services.remittances.taking_back import take_back
from fscdesk.services.remittances.typed_eobs import EobLine, post_eob
from fscdesk.services.work import Work
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.entry_keeping import NOBODY, without_key
from fscdesk.ui.screens.payments.entry_state import EntryState
from fscdesk.ui.text import count_text, money_text
from fscdesk.ui.undo import Undo

AGAIN: Final = "Nothing is posted. Ctrl+Enter again posts it."


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """What was posted: enough to say it, to undo it, and to give a receipt."""

    payment_id: int
    number: str
    version: int
    sentence: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """A receipt as it is shown."""

    pdf: bytes
    title: str
    file_name: str


def post_entry(
    work: Work, entry: Entry, lines: Sequence[EobLine], meant: Collection[str] = ()
) -> PostedEntry:
    """Post a payment, forget its draft and remember who paid: all of it, or nothing.

    ``meant`` are the messages of the doubts that a person has overruled. Raises Doubted for
    others, and Problem as the services do.
    """
    new = new_payment(entry)
    paid = [*(amount for _charge, amount in entry.parts), *(one.paid for one in lines)]
    doubted = doubts(work, new, sum(paid, ZERO))
    if entry.source.kind == "payer":
        done = post_eob(work, new, lines, keep_rest=bool(entry.rest_kind))
        received = done.payment
        said = [count_text(done.lines, "line")]
        if done.denied:
            said.append(f"{done.denied} denied")
    else:
        received = receive_entry(work, entry)
        said = [f"{money_text(received.applied, zero_dash=False)} applied"]
    if received.unapplied != Money():
        said.append(f"{money_text(received.unapplied)} kept as a credit")
    require_meant(doubted, meant, hint=AGAIN)
    forget_draft(work, entry.source.key)
    forget_draft(work, NOBODY)
    remember_choices(work, {"source": entry.source.key, "method": entry.method})
    amount = money_text(entry.amount, zero_dash=False)
    sentence = f"Posted {amount} from {entry.source.name} as {received.number}: {', '.join(said)}."
    if received.repeated:
        sentence = f"{amount} from {entry.source.name} stood as {received.number} already."
    version = payment_version(work, received.payment_id)
    return PostedEntry(
        received.payment_id, received.number, version, sentence, repeated=received.repeated
    )


def undo_of(done: PostedEntry, about: str, content: Mapping[str, Any]) -> Undo:
    """The opposite act: the payment is voided, and what was entered is a draft again."""

    def act(work: Work) -> str:
        number = take_back(work, done.payment_id, expected_version=done.version)
        if all(one.about != about for one in drafts(work)):
            keep_draft(work, about, without_key(content))
        return f"{number} is voided. What was entered is a draft again."

    return Undo(f"Payment {done.number}", act)


def receipt_pages(work: Work, payment_id: int) -> Pages:
    """Make the receipt of a payment, or find the one that was made."""
    kept: Kept = make_receipt(work, payment_id)
    return Pages(document_bytes(work, kept.id), f"Receipt {kept.number}", kept.file_name)


class Poster(QObject):
    """Posts through the desk, says what was posted, and shows its receipt when asked."""

    def __init__(self, shell: Shell, owner: QWidget) -> None:
        super().__init__(owner)
        self._shell = shell

    def post(
        self,
        state: EntryState,
        content: Mapping[str, Any],
        then: Callable[[], object],
        refused: Callable[[BaseException], None],
    ) -> None:
        """Post; afterwards either of the two is called, on the screen's thread."""
        entry, lines = state.entry(), state.eob_lines()
        meant = tuple(one.message for one in state.doubts)

        def after(done: PostedEntry) -> None:
            then()
            undo = None if done.repeated else undo_of(done, entry.source.key, content)
            help_ = Help("Receipt", partial(self.receipt, done.payment_id))
            self._shell.messages.info(done.sentence, undo=undo, help=help_)

        self._shell.desk.act(
            self, lambda work: post_entry(work, entry, lines, meant), after, refused
        )

    def receipt(self, payment_id: int) -> None:
        """Make the receipt and show its page."""
        self._shell.desk.act(
            self,
            lambda work: receipt_pages(work, payment_id),
            lambda pages: self._shell.preview(pages.pdf, pages.title, pages.file_name),
            self._shell.messages.refused,
        )
