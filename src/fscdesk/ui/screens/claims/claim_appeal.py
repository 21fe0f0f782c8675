"""The tab in which a denial is argued with: until when, with which words, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.claims.appealing import (
    NewAppeal,
    Outcome,
    change_appeal,
    close_appeal,
    make_letter,
    mark_appeal_sent,
    open_appeal,
    preview_letter,
)
from fscdesk.services.claims.detail import AppealRow
from fscdesk.services.claims.going_back import take_back_appeal
from fscdesk.services.claims.page_view import ClaimView
from fscdesk.services.work import Work
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog, carry_out, open_dialog, reason_field
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, Scrolled
from fscdesk.ui.forms.fields import ChoiceField, NoteField
from fscdesk.ui.given_out import logged
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.facts import Fact, Facts, Section
from fscdesk.ui.text import Label, day_text
from fscdesk.ui.undo import Undo

OUTCOMES = (
    (Outcome.WON, "Won: it pays"),
    (Outcome.PARTLY, "In part: it pays some of it"),
    (Outcome.LOST, "Lost: it stays with its denial"),
    (Outcome.WITHDRAWN, "Given up: nothing more is asked"),
)
_SAID = dict(OUTCOMES)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be shown: its pages, its title, its file's name."""

    pdf: bytes
    title: str
    file_name: str


class AppealPart(Part):
    """One appeal at a time: its words, its letter, its day, its end; and those that were."""

    saved = Signal()

    def __init__(
        self,
        shell: Shell,
        window: QWidget,
        today: Callable[[], date],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent if isinstance(parent, QWidget) else None)
        self._shell, self._window, self._today = shell, window, today
        self._view: ClaimView | None = None
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(LEFT, 14, 20, 20)
        column.setSpacing(10)
        self.heading = Label("", "section")
        self.state = Label("", "quiet", wrap=True)
        self.due = DateField("Until", today=today, optional=True)
        self.due.setMaximumWidth(220)
        self.argument = NoteField(
            "Why the denial is wrong",
            lines=9,
            hint="Stands in the letter below the practice's own words (Setup, Policies).",
        )
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self.keep = Button("", "check", on=self.save)
        self.look = Button("Preview the letter", "eye", on=self.preview)
        self.make = Button("Make the letter", "file-text", on=self.make_letter)
        self.send = Button("Mark as sent…", "send", on=self.mark_sent)
        self.end = Button("Note the outcome…", "scale", on=self.close_appeal)
        for button in (self.keep, self.look, self.make, self.send, self.end):
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self.past = Facts("Earlier appeals")
        for part in (self.heading, self.state, self.due, self.argument):
            column.addWidget(part)
        column.addLayout(self._buttons)
        column.addSpacing(8)
        column.addWidget(self.past)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(page, "Appeal"))

    @property
    def open_one(self) -> AppealRow | None:
        """The appeal that has not ended."""
        appeals = self._view.page.appeals if self._view is not None else ()
        return next((one for one in appeals if not one.outcome), None)

    def first(self) -> Button | None:
        """Return the button of what comes next here; None where nothing does."""
        order = (self.send, self.make, self.end, self.keep)
        one = self.open_one
        if one is not None and one.document_id is None:
            order = (self.make, self.send, self.end, self.keep)
        return next((button for button in order if not button.isHidden()), None)

    def show_view(self, view: ClaimView) -> None:
        """Show how it stands; what is typed and not saved stays."""
        before, typed = self.open_one, self._dirty()
        self._view = view
        now = self.open_one
        if not typed or (before is None) != (now is None):
            self.argument.set_value(now.argument if now is not None else self.argument.value())
            self.due.set_value(now.due_on if now is not None else self._due_by_payer())
        self._clean = (self.argument.value(), self.due.value())
        self._tell(now)

    def enter(self) -> None:
        self.argument.setFocus()

    def can_save(self) -> bool:
        return self.keep.isVisible()

    # What is done

    def save(self) -> None:
        """Open the appeal, or keep what was typed of it (Ctrl+S)."""
        view, one = self._view, self.open_one
        if view is None or self.keep.isHidden() or not (self.due.check() and self.argument.check()):
            return
        new, row = NewAppeal(self.argument.value(), self.due.value()), view.page.row
        if one is None:
            self._begin(new, row.id, row.version, row.number)
            return
        number, version = one.id, one.version

        def change(work: Work) -> object:
            change_appeal(work, number, new, expected_version=version)
            return None

        self._act(change, "The appeal is saved.")

    def preview(self) -> None:
        """Show the letter as it would be; nothing is kept."""
        one, row = self.open_one, self._view.page.row if self._view is not None else None
        if one is None or row is None:
            return
        if one.document_id is not None:
            self._show_kept(one.document_id, one.document)
            return
        number = one.id
        self._shell.desk.ask(
            self,
            lambda work: preview_letter(work, number),
            lambda pdf: self._shell.preview(
                pdf, f"Appeal of {row.number}, a preview", f"appeal-{row.number}.pdf"
            ),
            self._shell.messages.refused,
        )

    def make_letter(self) -> None:
        """Draw the letter, keep it, and show it."""
        one = self.open_one
        if one is None:
            return

        def act(work: Work) -> int:
            return make_letter(work, one.id, expected_version=one.version)

        def done(document: int) -> None:
            self._shell.messages.info("The letter is made, and kept with the client's documents.")
            self.saved.emit()
            self._show_kept(document, "")

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def mark_sent(self) -> FieldsDialog | None:
        """Ask on which day the appeal went to the payer."""
        one = self.open_one
        if one is None:
            return None
        dialog = FieldsDialog(
            "When did the appeal go?",
            "Its limit runs no more from then on.",
            ("Mark as sent", "Saving…"),
            self._window,
        )
        dialog.row(on=DateField("On", self._today(), today=self._today))

        def act(work: Work) -> object:
            day = dialog.value("on")
            mark_appeal_sent(work, one.id, day, expected_version=one.version)
            return None

        self._carry(dialog, act, "The appeal is marked as sent.")
        return dialog

    def close_appeal(self) -> FieldsDialog | None:
        """Ask how the appeal ended."""
        one = self.open_one
        if one is None:
            return None
        dialog = FieldsDialog(
            "How did the appeal end?",
            "The claim waits for its money, or is denied again.",
            ("Note the outcome", "Saving…"),
            self._window,
        )
        offered = OUTCOMES if one.sent_on is not None else OUTCOMES[-1:]
        how: ChoiceField[Outcome] = ChoiceField("Outcome", offered)
        if one.sent_on is None:
            how.set_value(Outcome.WITHDRAWN)
        dialog.row(how=how, on=DateField("On", self._today(), today=self._today))
        dialog.row(reason=reason_field("In its words", optional=True))

        def act(work: Work) -> object:
            close_appeal(
                work,
                one.id,
                dialog.value("how"),
                dialog.value("on"),
                expected_version=one.version,
                reason=str(dialog.value("reason")),
            )
            return None

        self._carry(dialog, act, "The outcome of the appeal is noted.")
        return dialog

    # Inside

    def _tell(self, now: AppealRow | None) -> None:
        assert self._view is not None
        can = "appeal" in self._view.page.may
        sent = now is not None and now.sent_on is not None
        level = len(self._view.page.appeals) + (0 if now is not None else 1)
        self.heading.setText(f"Appeal, level {now.level if now is not None else level}")
        self.state.setText(self._words(now, can=can))
        self.state.setVisible(bool(self.state.text()))
        typing = can if now is None else not sent
        for field in (self.due, self.argument):
            field.setVisible(typing or now is not None)
            field.editor.setEnabled(typing)
        self.heading.setVisible(typing or now is not None)
        self.keep.set_words("Save" if now is not None else "Open the appeal")
        self.keep.setVisible(typing)
        self.look.setVisible(now is not None)
        lettered = now is not None and now.document_id is not None
        self.look.set_words("Show the letter" if lettered else "Preview the letter")
        self.make.setVisible(now is not None and not sent)
        self.make.set_words(
            "Make the letter anew" if now and now.document_id else "Make the letter"
        )
        self.send.setVisible(now is not None and not sent)
        self.end.setVisible(now is not None)
        ended = [one for one in self._view.page.appeals if one.outcome]
        lines = tuple(
            Fact(
                f"Level {one.level}, opened {day_text(one.opened_on)}",
                (f"{_SAID[Outcome(one.outcome)]}, {day_text(one.outcome_on)}",),
            )
            for one in ended
        )
        self.past.show_sections((Section("Earlier appeals", lines),) if lines else ())
        self.past.setVisible(bool(lines))
        for button in (self.keep, self.make, self.send, self.end):
            button.set_kind("primary" if button is self.first() else "")

    def _words(self, now: AppealRow | None, *, can: bool) -> str:
        if now is None:
            return "" if can else "Nothing of this claim was denied that could be appealed."
        due = f"until {day_text(now.due_on)}" if now.due_on else "without a limit"
        if now.sent_on is not None:
            return f"Sent on {day_text(now.sent_on)} by {now.by}. The payer's word is awaited."
        letter = f" The letter {now.document} is made." if now.document else ""
        return f"Opened on {day_text(now.opened_on)} by {now.by}, {due}.{letter}"

    def _due_by_payer(self) -> date | None:
        assert self._view is not None
        clocks = self._view.page.clocks
        return next((one.due_on for one in clocks if one.what.value == "appeal"), None)

    def _dirty(self) -> bool:
        clean = getattr(self, "_clean", None)
        return clean is not None and clean != (self.argument.value(), self.due.value())

    def _show_kept(self, document_id: int, number: str) -> None:
        title = f"Appeal letter {number}".strip()
        given = logged(self._shell, self, document_ids=[document_id])
        self._shell.desk.ask(
            self,
            partial(_letter, document_id, title),
            lambda one: self._shell.preview(one.pdf, one.title, one.file_name, given),
            self._shell.messages.refused,
        )

    def _begin(self, new: NewAppeal, claim_id: int, version: int, number: str) -> None:
        def done(appeal_id: int) -> None:
            def back(work: Work) -> str:
                return f"The appeal of {take_back_appeal(work, appeal_id)} is not open any more."

            self._clean = (self.argument.value(), self.due.value())
            words = f"The appeal of {number} is open."
            self._shell.messages.info(words, undo=Undo("the appeal", back))
            self.saved.emit()

        def act(work: Work) -> int:
            return open_appeal(work, claim_id, new, expected_version=version)

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def _act(self, act: Callable[[Work], object], words: str) -> None:
        def done(_value: object) -> None:
            self._clean = (self.argument.value(), self.due.value())
            self._shell.messages.info(words)
            self.saved.emit()

        self._shell.desk.act(self, act, done, self._shell.messages.refused)

    def _carry(self, dialog: FieldsDialog, act: Callable[[Work], object], words: str) -> None:
        def done(_value: object) -> None:
            self._shell.messages.info(words)
            self.saved.emit()

        dialog.wanted.connect(lambda: carry_out(self._shell, dialog, act, done))
        open_dialog(dialog)


def _letter(document_id: int, title: str, work: Work) -> Letter:
    return Letter(document_bytes(work, document_id), title, "appeal.pdf")
