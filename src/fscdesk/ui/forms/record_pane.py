"""One record in a form: shown, typed in, saved, undone; drafts are kept, leaving never asks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.work import Work
from fscdesk.ui.forms import bound
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.forms.form import Form
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.button_foot import ButtonFoot
from fscdesk.ui.tables.columns import HasId
from fscdesk.ui.text import ElidedLabel, Label
from fscdesk.ui.undo import Undo

R = TypeVar("R", bound=HasId)
F = TypeVar("F")
Options = Mapping[str, Sequence[tuple[Hashable, str]]]
NEW = 0
"""The draft of a record that is not in the books yet."""
SIDE = 20


@runtime_checkable
class Offering(Protocol):
    """A field that is told from the books what it can offer."""

    def set_options(self, options: Any) -> None:
        """Offer other values."""


@dataclass(frozen=True)
class RecordAct(Generic[R]):
    """Something else to do with a saved record: remove it, end it, move it.

    ``off_because`` says why it cannot be done with this one, or "".
    """

    word: str
    act: Callable[[R], object]
    icon: str = ""
    off_because: Callable[[R], str] | None = None


@dataclass(frozen=True)
class Record(Generic[R, F]):
    """What a form needs to know of a kind of record.

    ``rows`` reads all of them, ``fields_of`` gives the dataclass that the form's fields are
    named after; ``heading`` stands over it instead of the record's name. ``edit`` is handed the
    row that was seen, so that the second of two is refused. ``options`` reads what choice fields
    offer. ``fixed`` fields are typed only on a new record, for the reason in
    ``fixed_because``. ``put`` and ``take`` where names are not enough.
    """

    noun: str
    rows: Callable[[Work], Sequence[R]]
    fields_of: Callable[[R], F]
    blank: Callable[[], F]
    build: Callable[[Form], None]
    name_of: Callable[[F], str]
    add: Callable[[Work, F], int] | None = None
    edit: Callable[[Work, R, F], object] | None = None
    line_of: Callable[[R], str] | None = None
    options: Callable[[Work], Options] | None = None
    acts: tuple[RecordAct[R], ...] = ()
    heading: str = ""
    fixed: tuple[str, ...] = ()
    fixed_because: str = ""
    put: Callable[[Form, F], None] = bound.put
    take: Callable[[Form, F], F] = bound.take
    faults: Mapping[str, str] = field(default_factory=dict)
    """Words of a refusal that belong under a field: part of the sentence to the field's name."""
    undo: Callable[[R, F], Undo] | None = None
    """The way back of a change of this row, where saving its earlier fields is not it."""
    more: Callable[[R], str] | None = None
    """What stands below the form of a saved record, in lines: its history."""


class RecordPane(QWidget, Generic[R, F]):
    """Shows one record, or a new one, and saves it through the desk.

    A lost race is said, and the record is shown as it is now. What was typed into another
    record and not saved is there again when that record is shown again.
    """

    saved = Signal(object)
    """The id of the record that was added or changed."""
    left = Signal()
    """Cancel, or Esc: back to where the record was chosen."""

    def __init__(self, shell: Shell, record: Record[R, F], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell, self.record = shell, record
        self.row: R | None = None
        self._fields: F = record.blank()
        self._drafts: dict[int, dict[str, str]] = {}
        self._clean: dict[str, str] = {}
        self._filling = False
        self.heading = ElidedLabel("", "section")
        self.line = ElidedLabel("", "hint")
        self.form = Form("Save", "Cancel")
        record.build(self.form)
        self.acts = ButtonFoot()
        self.more = Label("", "small", wrap=True)
        self._build()
        self.form.saved.connect(self._on_saved)
        self.form.cancelled.connect(self._on_cancelled)
        self.form.changed.connect(self._on_changed)
        self.show_row(None)

    def show_row(self, row: R | None) -> None:
        """Show a record, or an empty form for None; a draft of it comes back."""
        self._keep_draft()
        self.row = row
        self._fields = self.record.blank() if row is None else self.record.fields_of(row)
        self._fill()
        draft = self._drafts.get(self._key)
        if draft is not None:
            self.form.restore(draft)
        self._tell()

    def renew(self, row: R) -> None:
        """Show the same record as it is in the books now, unless something is typed into it."""
        other = self.row is None or row.id != self.row.id
        if other or (not self.dirty and row != self.row):
            self.show_row(row)

    def begin(self) -> None:
        """Show an empty form and put the cursor into it."""
        self.show_row(None)
        self.enter()

    def enter(self) -> None:
        """Put the cursor into the first field."""
        for name in self.form.draft():
            editor = self.form.field(name).editor
            if editor.isEnabled() and not self.form.field(name).isHidden():
                editor.setFocus(Qt.FocusReason.TabFocusReason)
                return

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.form.draft() != self._clean

    @property
    def can_save(self) -> bool:
        """Whether this record can be changed here, or added."""
        return (self.record.add if self.row is None else self.record.edit) is not None

    def save(self) -> None:
        """Save what was typed (Ctrl+S)."""
        if self.can_save:
            self.form.save()

    def load_options(self, then: Callable[[], object] | None = None) -> None:
        """Read what the choice fields offer."""
        options = self.record.options
        if options is None:
            if then is not None:
                then()
            return

        def loaded(found: Options) -> None:
            self._offer(found)
            if then is not None:
                then()

        self._shell.desk.ask(self, options, loaded)

    def add_below(self, part: QWidget) -> None:
        """Put something else of the record under its form."""
        self._column.insertWidget(self._column.count() - 1, part)

    # Building

    def _build(self) -> None:
        page = QWidget()
        column = self._column = QVBoxLayout(page)
        column.setContentsMargins(SIDE, 14, SIDE, 16)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.line)
        column.addSpacing(8)
        column.addWidget(self.form)
        column.addWidget(self.acts)
        column.addWidget(self.more)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = Scrolled(page, f"Form: {self.record.noun}")
        whole.addWidget(self.area)

    # Filling

    @property
    def _key(self) -> int:
        return NEW if self.row is None else self.row.id

    def _fill(self) -> None:
        self._filling = True
        self.record.put(self.form, self._fields)
        for name in self.form.draft():
            self.form.field(name).show_fault("")
        for name in self.record.fixed:
            editor = self.form.field(name).editor
            editor.setEnabled(self.row is None)
            editor.setToolTip("" if self.row is None else self.record.fixed_because)
        self._filling = False
        self._clean = self.form.draft()

    def _tell(self) -> None:
        row = self.row
        new = f"New {self.record.noun}"
        named = self.record.heading or self.record.name_of(self._fields)
        self.heading.setText(named or new if row else new)
        line = self.record.line_of(row) if row is not None and self.record.line_of else ""
        self.line.setText(line)
        self.line.setVisible(bool(line))
        more = self.record.more(row) if row is not None and self.record.more else ""
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.form.primary.set_words("Save" if row else f"Add the {self.record.noun}")
        self.form.primary.setVisible(self.can_save)
        self.form.cancel.setVisible(self.can_save)
        self.form.setVisible(self.can_save)
        buttons: list[Button] = []
        for act in self.record.acts if row is not None else ():
            button = Button(act.word, act.icon, compact=True, on=partial(_do, act, row))
            button.off_because(act.off_because(row) if act.off_because and row else "")
            buttons.append(button)
        self.acts.show_buttons(buttons)
        self._on_changed()

    def _offer(self, found: Options) -> None:
        self._filling = True
        clean = not self.dirty
        for name, options in found.items():
            choice = self.form.field(name)
            if isinstance(choice, Offering):
                choice.set_options(options)
        self._filling = False
        if clean:
            self._fill()

    def _keep_draft(self) -> None:
        if self.dirty and self._clean:
            self._drafts[self._key] = self.form.draft()
        else:
            self._drafts.pop(self._key, None)

    def _on_changed(self) -> None:
        if not self._filling:
            self.form.result.setText("Not saved yet" if self.dirty else "")

    def _on_cancelled(self) -> None:
        self._drafts.pop(self._key, None)
        self._fill()
        self._on_changed()
        self.left.emit()

    # Saving

    def _on_saved(self) -> None:
        if not self.can_save:
            return
        if self.row is not None and not self.dirty:
            self._shell.messages.info("Nothing was changed, so there was nothing to save.")
            return
        wanted = self.record.take(self.form, self._fields)
        self.form.working("Saving…")
        row = self.row
        if row is None:
            self._add(wanted)
        else:
            self._edit(row, wanted)

    def _add(self, wanted: F) -> None:
        record = self.record
        assert record.add is not None
        add = record.add
        name = record.name_of(wanted)

        def done(new_id: int) -> None:
            self.form.rest()
            self._drafts.pop(NEW, None)
            self._clean = self.form.draft()
            self._shell.messages.info(f"{name} is added.")
            self.saved.emit(new_id)

        self._shell.desk.act(self, lambda work: add(work, wanted), done, self._refused)

    def _edit(self, row: R, wanted: F) -> None:
        record, number = self.record, row.id
        assert record.edit is not None
        edit = record.edit

        def change(work: Work) -> R | None:
            edit(work, row, wanted)
            return _found(record, work, number)

        def done(after: R | None) -> None:
            self.form.rest()
            self._drafts.pop(number, None)
            if after is not None and self._key == number:
                self._clean = self.form.draft()
                self.row = None
                self.show_row(after)
            undo = None if after is None else _undo_of(record, row, after)
            if record.undo is not None:
                undo = record.undo(row, wanted)
            self._shell.messages.info(f"{record.name_of(wanted)} is saved.", undo=undo)
            self.saved.emit(number)

        self._shell.desk.act(self, change, done, self._refused)

    def _refused(self, fault: BaseException) -> None:
        self.form.rest()
        if isinstance(fault, ChangedElsewhere):
            self._reload()
        elif isinstance(fault, Problem):
            named = {
                name: bound.sentence_of(fault)
                for words, name in self.record.faults.items()
                if words in fault.message
            }
            if named:
                self.form.show_faults(named)
                return
        self._shell.messages.refused(fault)

    def _reload(self) -> None:
        """Show the record as somebody else has left it."""
        number, record = self._key, self.record

        def show(now: R | None) -> None:
            self._drafts.pop(number, None)
            if now is not None and self._key == number:
                self._clean = self.form.draft()
                self.show_row(now)

        self._shell.desk.ask(self, lambda work: _found(record, work, number), show)


def _do(act: RecordAct[Any], row: Any) -> None:
    act.act(row)


def _found(record: Record[R, Any], work: Work, number: int) -> R | None:
    return next((row for row in record.rows(work) if row.id == number), None)


def _undo_of(record: Record[R, F], before: R, after: R) -> Undo | None:
    """Return the way back to what stood before, for as long as nobody has changed it since."""
    edit = record.edit
    old, new = record.fields_of(before), record.fields_of(after)
    if edit is None or old == new:
        return None
    name = record.name_of(old)

    def act(work: Work) -> str:
        now = _found(record, work, before.id)
        if now is None or record.fields_of(now) != new:
            raise Problem(
                f"{record.name_of(new)} was changed again since then.",
                hint="Nothing was undone. Look at it, and change what is wrong.",
            )
        edit(work, now, old)
        return f"{name} is as it was."

    return Undo(f"the change of {name}", act)
