"""What can be done with sessions: each act says what it did, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from fscdesk.services.errors import Problem
from fscdesk.services.sessions.changing import (
    Changed,
    Kind,
    check_before_billing,
    foresee,
    recent_reasons,
    set_attendance,
    set_status,
    take_back,
)
from fscdesk.services.sessions.locating import put_back, set_location, standing_places
from fscdesk.services.sessions.pre_bill import PreBillResult
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.dialogs.acting import ActDialog, ReasonChoice
from fscdesk.ui.dialogs.fields_dialog import carry_out, open_dialog
from fscdesk.ui.messages import Help
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.sessions.attendance_dialog import AttendanceDialog
from fscdesk.ui.screens.sessions.columns import BEFORE_BILLING
from fscdesk.ui.screens.sessions.location_dialog import LocationDialog
from fscdesk.ui.screens.sessions.status_dialog import StatusDialog
from fscdesk.ui.text import count_text
from fscdesk.ui.undo import Undo

Rows = Sequence[SessionRow]
Done = tuple[str, Undo | None]
"""What to say, and how to undo it; None where nothing was changed."""


class SessionActs(QObject):
    """The acts of the list and of its pane.

    ``show_missing`` is called with the id of the first session that lacks something.
    """

    def __init__(
        self, shell: Shell, window: QWidget, show_missing: Callable[[int], object]
    ) -> None:
        super().__init__(window)
        self._shell, self._window, self._show_missing = shell, window, show_missing

    def check(self, rows: Rows) -> None:
        """Check sessions before billing; those that pass become ready to bill."""
        ids = [row.id for row in rows]
        self._shell.desk.act(
            self,
            lambda work: _check(work, ids),
            partial(self._say_checked, _unbilled(rows)),
            self._shell.messages.refused,
            title=f"Checking {count_text(len(ids), 'session')}",
        )

    def set_status(self, rows: Rows) -> StatusDialog:
        """Ask for a new billing status, and set it."""
        dialog = StatusDialog(rows, self._window)
        seen = {row.id: row.billing_status for row in rows}
        self._open(dialog, dialog.reasons, "billing")
        dialog.wanted.connect(
            lambda: self._carry_out(
                dialog, partial(_set_status, seen=seen, new=dialog.status(), why=dialog.reason())
            )
        )
        return dialog

    def set_attendance(self, rows: Rows) -> AttendanceDialog:
        """Ask whether sessions took place, and let their charges follow."""
        dialog = AttendanceDialog(rows, self._shell.practice.patient, self._window)
        seen = {row.id: row.attendance for row in rows}
        ids = list(seen)
        dialog.asked.connect(
            lambda key: self._shell.desk.ask(
                dialog,
                lambda work: foresee(work, ids, key),
                partial(dialog.foretell, key),
                partial(self._refuse, dialog),
            )
        )
        self._open(dialog, dialog.reasons, "attendance")
        dialog.ask()
        dialog.wanted.connect(
            lambda: self._carry_out(
                dialog,
                partial(_set_attendance, seen=seen, new=dialog.attendance(), why=dialog.reason()),
            )
        )
        return dialog

    def set_location(self, rows: Rows) -> LocationDialog:
        """Ask where sessions took place, and set it."""
        dialog = LocationDialog(rows, self._window)
        ids = [row.id for row in rows]
        open_dialog(dialog)
        self._shell.desk.ask(
            dialog,
            lambda work: standing_places(work, ids),
            dialog.offer,
            partial(self._refuse, dialog),
        )

        def to_setup() -> None:
            dialog.reject()
            self._shell.open("setup", group="practice", tab="locations")

        dialog.setup.clicked.connect(to_setup)
        dialog.wanted.connect(
            lambda: self._carry_out(
                dialog,
                partial(
                    _set_location, seen=dialog.seen, new=dialog.location_id(), word=dialog.word()
                ),
            )
        )
        return dialog

    def open_client(self, rows: Rows) -> None:
        """Open the account behind a session."""
        self._shell.open("patients", patient=rows[0].patient_id)

    def statement(self, rows: Rows) -> None:
        """Make statements for those whom the sessions are of."""
        self._shell.open("statements", patients=tuple({row.patient_id: None for row in rows}))

    def _open(self, dialog: ActDialog, reasons: ReasonChoice, kind: Kind) -> None:
        open_dialog(dialog)
        self._shell.desk.ask(
            reasons,
            lambda work: recent_reasons(work, kind),
            reasons.offer,
            partial(self._refuse, dialog),
        )

    def _carry_out(self, dialog: ActDialog, change: Callable[[Work], Done]) -> None:
        def saved(done: Done) -> None:
            self._shell.messages.info(done[0], undo=done[1])

        carry_out(self._shell, dialog, change, saved)

    def _refuse(self, dialog: ActDialog, fault: BaseException) -> None:
        if isinstance(fault, Problem):
            dialog.refuse(fault)
        else:
            dialog.reject()
            self._shell.messages.refused(fault)

    def _say_checked(
        self, unbilled: frozenset[int], answer: tuple[PreBillResult, Undo | None]
    ) -> None:
        result, undo = answer
        lacking = [
            one.session_id
            for one in result.outcomes
            if not one.ready and one.session_id in unbilled
        ]
        way = None
        if lacking:
            way = Help("Show what is missing", partial(self._show_missing, lacking[0]))
        self._shell.messages.info(result.sentence(), undo=undo, help=way)


def _unbilled(rows: Rows) -> frozenset[int]:
    """Return which of these can still be made ready; of the others nothing is missing."""
    return frozenset(row.id for row in rows if row.billing_status in BEFORE_BILLING)


def _check(work: Work, ids: Sequence[int]) -> tuple[PreBillResult, Undo | None]:
    result, done = check_before_billing(work, ids)

    def again(work: Work) -> Done:
        repeated, undo = _check(work, ids)
        return repeated.sentence(), undo

    return result, _undo("Check before billing", done, again)


def _set_status(work: Work, *, seen: dict[int, str], new: str, why: str) -> Done:
    moving = {one: old for one, old in seen.items() if old != new}
    done = set_status(work, moving, new, reason=why)
    word = theme.now.billing_status(new).word
    again = partial(_set_status, seen=seen, new=new, why=why)
    return _sentence(len(done), word), _undo(f"Set status {word}", done, again)


def _set_attendance(work: Work, *, seen: dict[int, str], new: str, why: str) -> Done:
    moving = {one: old for one, old in seen.items() if old != new}
    done = set_attendance(work, moving, new, reason=why)
    word = theme.now.attendance(new).word
    again = partial(_set_attendance, seen=seen, new=new, why=why)
    return _sentence(len(done), word), _undo(f"Set attendance {word}", done, again)


def _set_location(
    work: Work, *, seen: Mapping[int, int | None], new: int | None, word: str
) -> Done:
    done = set_location(work, seen, new)
    said = f"{count_text(len(done), 'session')}: location set to {word}."
    if not len(done):
        return said, None

    def back(work: Work) -> str:
        count = put_back(work, done)
        return f"Undone: {count_text(count, 'session')} set back to the location before."

    def redo(work: Work) -> tuple[str, Undo]:
        sentence, undo = _set_location(work, seen=seen, new=new, word=word)
        if undo is None:
            raise Problem("There is nothing to do again.", hint="Nothing was changed.")
        return sentence, undo

    return said, Undo(f"Set location {word}", back, redo)


def _sentence(count: int, word: str) -> str:
    return f"{count_text(count, 'session')} set to {word}."


def _undo(label: str, done: Changed, again: Callable[[Work], Done]) -> Undo | None:
    if not len(done):
        return None

    def back(work: Work) -> str:
        count = take_back(work, done)
        return f"Undone: {count_text(count, 'session')} set back to what {_it(count)} before."

    def redo(work: Work) -> tuple[str, Undo]:
        sentence, undo = again(work)
        if undo is None:
            raise Problem("There is nothing to do again.", hint="Nothing was changed.")
        return sentence, undo

    return Undo(label, back, redo)


def _it(count: int) -> str:
    return "it was" if count == 1 else "they were"
