"""What a person does about things of the queue; each says what it did, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fscdesk.services.queue.keeping_items import (
    assign,
    set_done,
    snooze,
    take_up,
    wake,
    write_note,
)
from fscdesk.services.queue.listing_items import QueueItem
from fscdesk.services.reports.opening import Opens
from fscdesk.services.setup.people import people
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.day_entry import read_day
from fscdesk.ui.forms.fields import ChoiceField
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.queue.wording import things
from fscdesk.ui.tables.spec import RowsAct
from fscdesk.ui.text import day_text
from fscdesk.ui.undo import Undo

Rows = Sequence[QueueItem]
GIVE_KEY, SNOOZE_KEY, DONE_KEY, NOTE_KEY = (
    "Ctrl+Shift+A",
    "Ctrl+Shift+D",
    "Ctrl+D",
    "Ctrl+Shift+N",
)
NOBODY: Final = 0
_MANY: Final = "This line stands for many things. Open it: the list behind it has each."


class ItemActs(QObject):
    """The acts of the list, of a row's menu and of the pane."""

    done = Signal()
    """Something was changed by the person at this desk."""

    def __init__(self, shell: Shell, window: QWidget, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._shell, self._window, self._today = shell, window, today

    def open(self, opens: Opens) -> None:
        """Go to where a thing is done."""
        if self._shell.has(opens.place):
            self._shell.open(opens.place, **opens.asked)
        else:
            self._shell.messages.info("The place behind this has no screen in this version.")

    def give(self, rows: Rows) -> None:
        """Ask who shall have things; the person at the desk stands first."""
        self._shell.desk.ask(
            self._window, _staff, partial(self._ask_who, rows), self._shell.messages.refused
        )

    def sleep(self, rows: Rows) -> FieldsDialog:
        """Ask until when things shall sleep."""
        dialog = FieldsDialog(
            f"Snooze {things(len(rows))} until",
            "Out of the list until that day. Type +3, 4/20, monday, next week.",
            ("Snooze", "Snoozing…"),
            self._window,
        )
        dialog.row(
            until=DateField("Until", read_day("next week", self._today()), today=self._today)
        )
        dialog.wanted.connect(lambda: self._snooze(dialog, rows))
        open_dialog(dialog)
        field = dialog.field("until")
        if isinstance(field, DateField):
            field.edit.selectAll()
        return dialog

    def wake(self, rows: Rows) -> None:
        """Bring things that sleep back into the list."""
        keys, before = _keys(rows), _asleep(rows)
        self._act(
            lambda work: wake(work, keys),
            f"{_named(rows)} {_is(rows)} back in the list.",
            Undo("the waking", partial(_sleep_back, before)),
        )

    def set_aside(self, rows: Rows) -> None:
        """Set things aside until something of them changes (Ctrl+D)."""
        keys = _keys(rows)

        def back(work: Work) -> str:
            take_up(work, keys)
            return f"{things(len(keys))} back in the list."

        self._act(
            lambda work: set_done(work, keys),
            f"{_named(rows)} {_is(rows)} set aside until something of it changes.",
            Undo("setting it aside", back),
        )

    def take_up(self, rows: Rows) -> None:
        """Bring things that were set aside back into the list."""
        keys = _keys(rows)

        def back(work: Work) -> str:
            set_done(work, keys)
            return f"{things(len(keys))} set aside again."

        self._act(
            lambda work: take_up(work, keys),
            f"{_named(rows)} {_is(rows)} back in the list.",
            Undo("taking it up", back),
        )

    def write_note(self, item: QueueItem, text: str) -> None:
        """Keep the note of a thing; an empty one takes it away."""
        before = item.note

        def back(work: Work) -> str:
            write_note(work, item.key, before)
            return "The note is as it was before."

        said = "The note is kept." if text.strip() else "The note is gone."
        self._act(lambda work: write_note(work, item.key, text), said, Undo("the note", back))

    # What the list declares

    def bulk(self) -> tuple[RowsAct[QueueItem], ...]:
        """Return what can be done with ticked rows, or with the current one."""
        return (
            RowsAct(
                "give",
                "Give to…",
                self.give,
                "user",
                GIVE_KEY,
                off_because=_why_not,
                likely=_is_here,
            ),
            RowsAct(
                "snooze",
                "Snooze…",
                self.sleep,
                "alarm-clock",
                SNOOZE_KEY,
                off_because=_why_not,
                likely=_is_here,
            ),
            RowsAct(
                "aside",
                "Set aside",
                self.set_aside,
                "check",
                DONE_KEY,
                off_because=_why_not_aside,
                likely=_is_here,
            ),
            RowsAct("wake", "Wake", self.wake, "bell", off_because=_why_not_woken),
            RowsAct("up", "Take up", self.take_up, "undo-2", off_because=_why_not_up),
        )

    def row_acts(self) -> tuple[RowsAct[QueueItem], ...]:
        """Return what only the menu of a row has."""
        return (RowsAct("go", "Open it", lambda rows: self.open(rows[0].opens), "arrow-up-right"),)

    # Inside

    def _ask_who(self, rows: Rows, staff: Sequence[tuple[int, str]]) -> None:
        dialog = FieldsDialog(
            f"Give {things(len(rows))} to",
            "Enter gives to what is chosen; type a name to choose another.",
            ("Give", "Giving…"),
            self._window,
        )
        me = staff[0][0]
        names = {one: "you" if one == me else name for one, name in staff}
        words = [(one, f"{name} (me)" if one == me else name) for one, name in staff]
        options = [*words, (NOBODY, "Nobody")]
        dialog.row(who=ChoiceField("With", options, options[0][0]))
        keys = _keys(rows)
        before = {one.key: one.assigned_to for one in rows}

        def save() -> None:
            who = int(dialog.value("who") or NOBODY)

            def said(changed: int) -> None:
                self._say(
                    f"{_named(rows)} {_is(rows)} with {names.get(who, 'nobody')} now.",
                    Undo("the giving", partial(_give_back, before)) if changed else None,
                )

            carry_out(self._shell, dialog, lambda work: assign(work, keys, who or None), said)

        dialog.wanted.connect(save)
        open_dialog(dialog)

    def _snooze(self, dialog: FieldsDialog, rows: Rows) -> None:
        until: date = dialog.value("until")
        keys, before = _keys(rows), _asleep(rows)

        def said(_count: int) -> None:
            self._say(
                f"{_named(rows)} {_is(rows)} snoozed until {day_text(until)}.",
                Undo("the snooze", partial(_sleep_back, before)),
            )

        carry_out(self._shell, dialog, lambda work: snooze(work, keys, until), said)

    def _act(self, act: Callable[[Work], object], words: str, undo: Undo) -> None:
        self._shell.desk.act(
            self,
            act,
            lambda _done: self._say(words, undo),
            self._shell.messages.refused,
        )

    def _say(self, words: str, undo: Undo | None) -> None:
        self.done.emit()
        self._shell.messages.info(words, undo=undo)


def _staff(work: Work) -> list[tuple[int, str]]:
    """Return who works here, whoever asks first."""
    me = work.actor.staff_id
    found = [(row.id, row.name) for row in people(work) if row.active]
    return sorted(found, key=lambda row: row[0] != me)


def _give_back(before: Mapping[str, int | None], work: Work) -> str:
    for who in dict.fromkeys(before.values()):
        assign(work, [key for key, was in before.items() if was == who], who)
    return f"{things(len(before))} with whom they were before."


def _sleep_back(before: Mapping[str, date | None], work: Work) -> str:
    """Let things sleep as they did; a day that is over by now is as good as none."""
    today = work.today()
    for until in dict.fromkeys(before.values()):
        keys = [key for key, was in before.items() if was == until]
        if until is None or until <= today:
            wake(work, keys)
        else:
            snooze(work, keys, until)
    return f"{things(len(before))} as before."


def _keys(rows: Rows) -> list[str]:
    return [one.key for one in rows]


def _asleep(rows: Rows) -> dict[str, date | None]:
    return {one.key: one.snoozed_until for one in rows}


def _named(rows: Rows) -> str:
    if len(rows) > 1:
        return things(len(rows))
    first = rows[0]
    return f"“{first.title}, {first.about.partition(',')[0]}”"


def _is(rows: Rows) -> str:
    return "is" if len(rows) == 1 else "are"


def _sleeps(item: QueueItem) -> bool:
    return item.snoozed_until is not None


def _is_here(rows: Rows) -> bool:
    return not any(one.done or _sleeps(one) for one in rows)


def _why_not(rows: Rows) -> str:
    return "" if all(one.named for one in rows) else _MANY


def _why_not_aside(rows: Rows) -> str:
    if any(one.done for one in rows):
        return "It is set aside already."
    return _why_not(rows)


def _why_not_woken(rows: Rows) -> str:
    return "" if all(_sleeps(one) for one in rows) else "It does not sleep."


def _why_not_up(rows: Rows) -> str:
    return "" if all(one.done for one in rows) else "It was not set aside."
