"""Takes what SimplePractice wrote off as contractual by hand, with a reason (account 1060)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.billing.limits import write_off_alone
from fscdesk.services.payments.clearing_list import WRITTEN_OFF
from fscdesk.services.payments.written_off import accept_by_hand, take_acceptance_back
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.payments.payment_acts import UNDONE, Done
from fscdesk.ui.screens.payments.wording import sentences, stated
from fscdesk.ui.text import count_text, day_text
from fscdesk.ui.undo import Undo

NOUN = ("write-off", "write-offs")


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """A write-off of SimplePractice that stands open: of which charge, whose, how much."""

    charge_id: int
    who: str
    code: str
    day: date | None
    amount: Money


class ClearingActs(QObject):
    """The acts on lines of account 1060."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window

    def take(self, lines: Sequence[WrittenOff]) -> None:
        """Ask for the payer's reason, and take the write-offs as contractual."""
        self._shell.desk.ask(
            self, write_off_alone, partial(self._ask, tuple(lines)), self._shell.messages.refused
        )

    def _ask(self, lines: tuple[WrittenOff, ...], alone: Money) -> None:
        total = _total(lines)
        posts = total <= alone
        dialog = FieldsDialog(
            f"Take {_what(lines)} as contractual",
            sentences(
                f"{stated(total)} that SimplePractice wrote off leaves account 1060 as a"
                " contractual adjustment. What is owed does not change.",
                "It posts at once." if posts else "It posts when a second person has approved it.",
            ),
            ("Take as contractual", "Posting…") if posts else ("Ask for approval", "Saving…"),
            self._window,
        )
        dialog.row(reason=reason_field("Why", example="All of it went to the deductible"))
        dialog.wanted.connect(
            lambda: carry_out(
                self._shell,
                dialog,
                partial(_take, lines=lines, why=str(dialog.value("reason"))),
                lambda done: self._shell.messages.info(done[0], undo=done[1]),
            )
        )
        open_dialog(dialog)


def why_not_taken(part: str, amount: Money | None, request_id: int | None) -> str:
    """Return why a line cannot be taken as contractual, or ""."""
    if part != WRITTEN_OFF or amount is None:
        return "Only what SimplePractice wrote off can be taken as contractual."
    if request_id is not None:
        return "It waits for a second person already."
    return "" if amount.cents > 0 else "More was taken than SimplePractice writes off now."


def _what(lines: Sequence[WrittenOff]) -> str:
    if len(lines) > 1:
        return count_text(len(lines), *NOUN)
    one = lines[0]
    return f"the write-off of {one.who}, {one.code} of {day_text(one.day)}"


def _total(lines: Sequence[WrittenOff]) -> Money:
    return Money(sum(one.amount.cents for one in lines))


def _take(work: Work, *, lines: Sequence[WrittenOff], why: str) -> Done:
    made = accept_by_hand(work, [one.charge_id for one in lines], reason=why)
    count, amount = count_text(len(made.ids), *NOUN), stated(made.amount)

    def back(work: Work) -> str:
        take_acceptance_back(work, made, reason=UNDONE)
        return f"{count}, {amount}, {'is' if len(made.ids) == 1 else 'are'} open in 1060 again."

    if made.request_id is not None:
        waits = "waits" if len(made.ids) == 1 else "wait"
        said = (
            f"{count}, {amount}, {waits} for a second person in request {made.request_number}."
            f" {made.why}"
        ).rstrip()
    else:
        taken = "is" if len(made.ids) == 1 else "are"
        said = f"{count}, {amount}, {taken} taken as contractual and left account 1060."
    return said, Undo(f"taking {count} as contractual", back)
