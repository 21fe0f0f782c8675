"""A new entry of the journal: day, kind, memo, lines, papers; posted when both sides agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.accounting.chart import NamedAccount
from fscdesk.services.accounting.entry_days import DayTakes, day_takes
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    PostedEntry,
)
from fscdesk.services.accounting.ledgers import EntryDetail
from fscdesk.services.work import Topic
from fscdesk.ui import theme
from fscdesk.ui.actions import action
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.screens.accounting.entry_keeping import EntryKeeper, EntryWords
from fscdesk.ui.screens.accounting.entry_lines import ENTER, LineDraft, LinesGrid
from fscdesk.ui.screens.accounting.entry_posting import (
    centres_in_use,
    post_with,
    posted_words,
    undo_of,
)
from fscdesk.ui.screens.accounting.part import Rooms
from fscdesk.ui.text import Label, count_text, money_text

_KINDS: Final = ((EntryKind.MANUAL, "Manual"), (EntryKind.ADJUSTING, "Adjusting"))
_SIDE: Final = 24
_WIDEST: Final = 1080


class EntryForm(QWidget):
    """``posted`` with the id when an entry stands in the books; ``left`` when it is put aside.

    What is typed stays until it is posted or thrown away, over a restart too: leaving never asks.
    """

    posted = Signal(object)
    left = Signal()

    def __init__(self, rooms: Rooms, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rooms, self._shell = rooms, rooms.shell
        self._papers: list[Path] = []
        self._takes: DayTakes | None = None
        self._asked: tuple[date, EntryKind] | None = None
        self._goes_soon = False
        today = rooms.today
        self.on = DateField("Date", today=today)
        self.kind: ChoiceField[EntryKind] = ChoiceField("Kind", _KINDS, EntryKind.MANUAL)
        self.reference = TextField("Reference", optional=True, longest=100, example="Bill 4711")
        self.reverse_on = DateField("Reverse on", today=today, optional=True)
        self.memo = TextField("Memo", longest=120, example="Rent of March")
        self.late = TextField(
            "Why it belongs into a closed month", longest=300, example="The bill came in April"
        )
        self.month = Label("", "hint", wrap=True)
        self.grid = LinesGrid(self._shell.desk)
        self.debits, self.credits = Label("", "strong"), Label("", "strong")
        self.difference = Label("", "strong")
        self.kept = Label("", "hint", wrap=True)
        self.paper = Button(
            "Attach a document…", "paperclip", "quiet", compact=True, on=self._attach
        )
        self.post = Button("Post", "check", "primary", tip="Ctrl+Enter", on=self.save)
        self.leave = Button("Leave it for later", tip="Esc", on=self.left.emit)
        self.throw = Button("Throw it away", "x", "quiet", on=self._throw)
        self._command = action(self, "Post the entry", self.save)
        self._command.setVisible(False)
        self._build()
        head = (self.on, self.kind, self.reference, self.reverse_on, self.memo)
        stops = [field.editor for field in head]
        self._path = EnterPath([*stops, self.late.editor], self.grid.begin, self)
        for stop in (self.memo.editor, self.post):
            stop.installEventFilter(self)
        self.grid.finished.connect(self._on_finished)
        self.grid.changed.connect(self._tell)
        self.on.changed.connect(self._ask_day)
        self.kind.changed.connect(self._ask_day)
        self._shell.desk.changed.connect(self._on_changed)
        self.keeper = EntryKeeper(self._shell.desk, self._words, self)
        for field in (*head, self.late):
            field.changed.connect(self.keeper.soon)
        self.clear()
        self.grid.changed.connect(self.keeper.soon)

    # What the tab asks

    @property
    def written(self) -> bool:
        """Whether something stands in the form that is not posted."""
        words = (self.memo.value(), self.reference.value(), self.late.value())
        return bool(any(words) or self.grid.drafts() or self._papers)

    def command(self) -> QAction:
        """Return the command that posts."""
        self._command.setText(self.post.words())
        self._command.setEnabled(self.post.isEnabled())
        self._command.setStatusTip(self.post.toolTip())
        return self._command

    def clear(self) -> None:
        """Begin an empty entry of today."""
        self._papers = []
        self.on.set_value(self._rooms.today())
        self.kind.set_value(EntryKind.MANUAL)
        for text in (self.reference, self.memo, self.late):
            text.set_value("")
        self.reverse_on.set_value(None)
        for field in (self.on, self.kind, self.reference, self.reverse_on, self.memo, self.late):
            field.show_fault("")
        self.grid.show_lines(())
        self._ask_day()
        self._tell()

    def copy(self, detail: EntryDetail) -> None:
        """Begin an entry with the lines of another one, of today."""
        self.clear()
        row = detail.row
        if row.kind is EntryKind.ADJUSTING:
            self.kind.set_value(EntryKind.ADJUSTING)
        self.memo.set_value(row.memo)
        self.reference.set_value(row.reference)
        self._load_centres(
            lambda: self.grid.show_lines(
                [
                    LineDraft(
                        NamedAccount(one.account, one.name),
                        one.amount,
                        one.cost_centre,
                        one.note,
                    )
                    for one in detail.lines
                ]
            )
        )

    def begin(self) -> None:
        """Put the cursor where the work begins; what is not begun yet is of today."""
        if not self.written:
            self.on.set_value(self._rooms.today())
        self._load_centres(lambda: self.keeper.read(self._put_back))
        self._ask_day()
        self._path.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keeper.flush()

    def save(self) -> None:
        """Post what is typed, or show what is missing."""
        if not self.post.isEnabled():
            return
        if self.grid.busy():  # an account is being found: then
            self._goes_soon = True
            return
        faulty = self._faulty()
        if faulty is not None:
            faulty.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        debits, credits_ = self.grid.sums()
        if debits != credits_:
            more = "debits" if debits > credits_ else "credits"
            self._shell.messages.problem(
                f"The {more} are {money_text(Money(abs((debits - credits_).cents)))} more.",
                hint="Nothing was posted. Both sides must be equal; = takes what is left.",
            )
            return
        self._post()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter go from the memo into the lines, and post from the button."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in ENTER
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            and (watched is self.post or self.late.isHidden())
        ):
            if not event.isAutoRepeat():
                self.save() if watched is self.post else self.grid.begin()
            return True
        return super().eventFilter(watched, event)

    # Building

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(_SIDE, 16, 16, 16)
        column.setSpacing(12)
        self.title = Label("New entry", "section")
        column.addWidget(self.title)
        head = QGridLayout()
        head.setHorizontalSpacing(12)
        head.setVerticalSpacing(12)
        for at, field in enumerate((self.on, self.kind, self.reference, self.reverse_on)):
            head.addWidget(field, 0, at)
            head.setColumnStretch(at, 2 if field is self.reference else 1)
        head.addWidget(self.memo, 1, 0, 1, 4)
        head.addWidget(self.month, 2, 0, 1, 4)
        head.addWidget(self.late, 3, 0, 1, 4)
        column.addLayout(head)
        column.addWidget(self.grid)
        papers = QHBoxLayout()
        papers.setSpacing(8)
        papers.addWidget(self.paper)
        papers.addWidget(self.kept, 1)
        papers.addStretch(1)
        for words, label in (
            ("Debit", self.debits),
            ("Credit", self.credits),
            ("Difference", self.difference),
        ):
            papers.addWidget(Label(words, "hint"))
            papers.addWidget(label)
            label.setAccessibleName(words)
        column.addLayout(papers)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        page.setMaximumWidth(theme.now.px(_WIDEST))
        self.area = Scrolled(page, "New entry")
        whole.addWidget(self.area, 1)
        whole.addWidget(Line())
        foot = QHBoxLayout()
        foot.setContentsMargins(_SIDE, 8, 16, 8)
        foot.setSpacing(8)
        for part in (self.post, self.leave, self.throw):
            foot.addWidget(part)
        foot.addStretch(1)
        self.keys = Label("Enter goes on, = takes what is left, Ctrl+Enter posts", "hint")
        foot.addWidget(self.keys)
        whole.addLayout(foot)

    # What happens

    def _on_finished(self) -> None:
        """Go on from an empty line: to the button once both sides agree."""
        self.post.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if Topic.BOOKS in topics and self.isVisible():
            self._asked = None
            self._ask_day()

    def _load_centres(self, then: Callable[[], object]) -> None:
        def loaded(found: list[tuple[str, str]]) -> None:
            self.grid.offer(found)
            then()

        self._shell.desk.ask(self, centres_in_use, loaded)

    def _ask_day(self) -> None:
        """Ask whether the month of the day takes this entry."""
        day, kind = self.on.value(), self.kind.value()
        if day is None or kind is None or (day, kind) == self._asked:
            return
        self._asked = day, kind
        wanted = self._asked
        self._shell.desk.ask(
            self, partial(day_takes, on=day, kind=kind), partial(self._know_day, wanted)
        )

    def _know_day(self, wanted: tuple[date, EntryKind], found: DayTakes) -> None:
        if wanted != self._asked:
            return
        self._takes = found
        self.month.setText(found.words)
        self._tell()

    def _tell(self) -> None:
        debits, credits_ = self.grid.sums()
        left = debits - credits_
        self.debits.setText(money_text(debits, zero_dash=False))
        self.credits.setText(money_text(credits_, zero_dash=False))
        self.difference.setText(money_text(left, zero_dash=False))
        self.difference.set_role("negative" if left else "strong")
        takes = self._takes
        self.month.setVisible(bool(takes and takes.words))
        self.late.setVisible(bool(takes and takes.asks_reason))
        amount = f" {money_text(debits)}" if debits and not left else ""
        self.post.set_words(f"Post{amount}")
        self.post.off_because(takes.words if takes is not None and not takes.takes else "")
        names = ", ".join(one.name for one in self._papers)
        self.kept.setText(names)
        self.kept.setVisible(bool(names))
        self.throw.setVisible(self.written)
        if self._goes_soon and not self.grid.busy():
            self._goes_soon = False
            self.save()

    def _faulty(self) -> Field | None:
        fields: list[Field] = [self.on, self.kind, self.reference, self.reverse_on, self.memo]
        if not self.late.isHidden():
            fields.append(self.late)
        wrong = [field for field in fields if not field.check()]
        return wrong[0] if wrong else self.grid.check()

    def _attach(self) -> None:
        ask = self._rooms.ask_file
        chosen = ask(self.window()) if ask is not None else None
        if chosen is not None:
            self._papers.append(chosen)
            self._tell()

    def _throw(self) -> None:
        undo = self.keeper.discard()
        self.clear()
        self._shell.messages.info("The entry is thrown away. Nothing was posted.", undo=undo)
        self._path.begin()

    # What is kept

    def _words(self) -> EntryWords | None:
        kind = self.kind.value()
        if not self.written or kind is None:
            return None
        return EntryWords(
            self.on.value(),
            kind,
            self.reference.value(),
            self.reverse_on.value(),
            self.memo.value(),
            self.late.value(),
            self.grid.drafts(),
            len(self._papers),
        )

    def _put_back(self, kept: EntryWords) -> None:
        """Show what was kept."""
        self.on.set_value(kept.on or self._rooms.today())
        self.kind.set_value(kept.kind)
        self.reverse_on.set_value(kept.reverse_on)
        self.reference.set_value(kept.reference)
        self.memo.set_value(kept.memo)
        self.late.set_value(kept.late)
        self.grid.show_lines(kept.lines)
        self._ask_day()
        self._tell()
        again = f" Attach {count_text(kept.papers, 'document')} again." if kept.papers else ""
        self._shell.messages.info(f"This is the entry that was put aside.{again}")

    # Posting

    def _entry(self) -> ManualEntry:
        day, kind = self.on.value(), self.kind.value()
        assert day is not None
        assert kind is not None
        return ManualEntry(
            on=day,
            memo=self.memo.value(),
            legs=self.grid.legs(),
            kind=kind,
            reference=self.reference.value(),
            reverse_on=self.reverse_on.value(),
            late_reason=None if self.late.isHidden() else self.late.value(),
        )

    def _post(self) -> None:
        entry, papers = self._entry(), tuple(self._papers)
        words = self.post.words()
        self.post.set_words("Posting…")
        self.post.setEnabled(False)

        def done(made: PostedEntry) -> None:
            self.post.setEnabled(True)
            self._shell.messages.info(
                posted_words(made, entry, len(papers)), undo=undo_of(made, entry.late_reason)
            )
            self.keeper.forget()
            self.clear()
            self.posted.emit(made.id)

        def refused(fault: BaseException) -> None:
            self.post.setEnabled(True)
            self.post.set_words(words)
            self._tell()
            self._shell.messages.refused(fault)

        self._shell.desk.act(self, partial(post_with, entry, papers), done, refused)
