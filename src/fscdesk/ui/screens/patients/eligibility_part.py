"""Whether a policy holds, as its payer says it: ask (270), read the answer (271), look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.claims.eligibility import (
    Asked,
    EligibilityDetail,
    EligibilityRow,
    ask_eligibility,
    eligibility_detail,
    eligibility_of,
)
from fscdesk.services.claims.eligibility_files import write_question
from fscdesk.services.claims.eligibility_reading import EligibilityRead, read_eligibility
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic, Work
from fscdesk.ui.dialogs.question import NoticeDialog
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import LEFT, RIGHT, Card, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.eligibility_words import (
    about,
    asked_words,
    figures_of,
    raw_text,
    read_words,
    status_of,
)
from fscdesk.ui.tables.button_foot import ButtonFoot
from fscdesk.ui.text import Label

AskFile = Callable[[QWidget], Path | None]
"""Asks a person for a file; None is no."""
EARLIER, ACROSS = 3, 3
"""So many earlier answers are shown, and so many figures side by side."""
_TOPICS = frozenset({Topic.CLAIMS, Topic.PATIENTS})


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is on view: of which policy, and what was asked about it, the newest first."""

    policy_id: int
    rows: tuple[EligibilityRow, ...]


class EligibilityPart(QWidget):
    """Stands under the list of policies; one that is not saved yet cannot be asked about."""

    def __init__(self, shell: Shell, patient_id: int, ask_file: AskFile | None = None) -> None:
        super().__init__()
        self._shell, self._patient_id = shell, patient_id
        self._ask_file = ask_file or ask_for_answer
        self._policy_id: int | None = None
        self.shown: _Shown | None = None
        self._mark = Badge(status_of(None))
        self._content = QVBoxLayout()
        self._content.setSpacing(8)
        self.foot = ButtonFoot()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label("Eligibility", "section"))
        head.addWidget(self._mark)
        head.addStretch(1)
        inner = QVBoxLayout()
        inner.setContentsMargins(LEFT, 12, RIGHT, 16)
        inner.setSpacing(8)
        inner.addLayout(head)
        inner.addLayout(self._content)
        inner.addWidget(self.foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line())
        column.addLayout(inner)
        shell.desk.changed.connect(self._on_changed)
        self.hide()

    def show_policy(self, policy_id: int | None) -> None:
        """Show what is known of a policy; None hides the part."""
        if policy_id == self._policy_id:
            return
        self._policy_id = policy_id
        self.setVisible(policy_id is not None)
        self.refresh()

    def refresh(self) -> None:
        """Read what was asked and answered again."""
        policy_id = self._policy_id
        if policy_id is None:
            return
        patient_id = self._patient_id
        self._shell.desk.ask(
            self,
            lambda work: _Shown(policy_id, eligibility_of(work, patient_id, policy_id=policy_id)),
            self._show,
        )

    # What a person does

    def ask(self) -> None:
        """Write the question to the payer, and put it into the outbox."""
        policy_id, patient_id = self._policy_id, self._patient_id
        self._shell.desk.act(
            self,
            lambda work: ask_eligibility(work, patient_id, policy_id=policy_id),
            self._on_asked,
            self._shell.messages.refused,
        )

    def write_again(self, row: EligibilityRow) -> None:
        """Put the file of a question into the outbox that no answer has come for."""
        self._write(row.id, row.payer)

    def read(self) -> None:
        """Choose an answer (271), and read it: also of other policies and clients."""
        path = self._ask_file(self.window())
        if path is None:
            return
        self._shell.desk.act(
            self,
            lambda work: _read(work, path),
            self._on_read,
            self._shell.messages.refused,
            title=f"Reading {path.name}",
        )

    def look_at(self, row: EligibilityRow) -> None:
        """Show all that an answer says, and its text as it came."""

        def show(detail: EligibilityDetail) -> None:
            facts = [fact.words for fact in detail.facts] or ["It names no benefits."]
            text = "\n".join((*facts, "", "As it came:", raw_text(detail.answer)))
            dialog = NoticeDialog(
                f"What {row.payer} said", about(row, self._shell.practice.zone), text, self.window()
            )
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._shell.desk.ask(
            self,
            lambda work: eligibility_detail(work, row.id),
            show,
            self._shell.messages.refused,
        )

    # What happens

    def _show(self, shown: _Shown) -> None:
        if shown.policy_id != self._policy_id or shown == self.shown:
            return
        self.shown = shown
        _empty(self._content)
        newest = shown.rows[0] if shown.rows else None
        zone = self._shell.practice.zone
        self._mark.set_status(status_of(newest))
        self._content.addWidget(Label(asked_words(newest, zone), "hint", wrap=True))
        if newest is not None and newest.answered_at is not None:
            self._content.addWidget(_figures(newest))
        for row in shown.rows[1 : EARLIER + 1]:
            self._content.addWidget(self._earlier(row))
        self.foot.show_buttons(self._buttons(newest))

    def _buttons(self, newest: EligibilityRow | None) -> list[QWidget]:
        buttons: list[QWidget] = [Button("Ask the payer", "send", compact=True, on=self.ask)]
        if newest is not None and newest.answered_at is not None:
            look = partial(self.look_at, newest)
            buttons.append(Button("All that it says…", compact=True, on=look))
        elif newest is not None:
            again = partial(self.write_again, newest)
            buttons.append(Button("Write the file again", compact=True, on=again))
        buttons.append(Button("Read a 271…", compact=True, on=self.read))
        return buttons

    def _earlier(self, row: EligibilityRow) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        said = about(row, self._shell.practice.zone)
        across.addWidget(Label(said, "small", wrap=True), 1)
        if row.answered_at is not None:
            show = Button("Show…", kind="quiet", compact=True, on=partial(self.look_at, row))
            show.setAccessibleName(f"Show the answer of {row.trace}")
            across.addWidget(show)
        return line

    def _on_asked(self, asked: Asked) -> None:
        self._write(asked.check_id, asked.payer)

    def _write(self, check_id: int, payer: str) -> None:
        def done(path: Path) -> None:
            self._shell.messages.info(
                f"The question to {payer} is in the outbox as {path.name}."
                " Read the 271 here when it comes."
            )

        self._shell.desk.act(
            self,
            lambda work: write_question(work, check_id),
            done,
            self._shell.messages.refused,
        )

    def _on_read(self, read: EligibilityRead) -> None:
        self._shell.messages.info(read_words(read))

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _TOPICS:
            self.refresh()


def ask_for_answer(window: QWidget) -> Path | None:
    """Ask for a file by the system's dialog."""
    chosen, _kind = QFileDialog.getOpenFileName(
        window,
        "Read an answer about coverage (271)",
        "",
        "Answers (*.271 *.x12 *.edi *.txt);;All files (*)",
    )
    return Path(chosen) if chosen else None


def _read(work: Work, path: Path) -> EligibilityRead:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Problem(
            f"{path.name} could not be read ({fault.strerror}). Nothing was read.",
            hint="Copy the file to this computer and choose the copy.",
        ) from None
    return read_eligibility(work, path.name, data)


def _figures(row: EligibilityRow) -> Card:
    """Return what is asked for most: three to a line, the label above its value."""
    card = Card(kind="well", margins=(14, 10, 14, 12))
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(0)
    for at, (label, value) in enumerate(figures_of(row)):
        down, across = divmod(at, ACROSS)
        grid.addWidget(Label(label, "hint"), 3 * down, across)
        grid.addWidget(Label(value, "strong", wrap=True), 3 * down + 1, across)
        grid.setRowMinimumHeight(3 * down + 2, 6)
        grid.setColumnStretch(across, 1)
    card.body.addLayout(grid)
    return card


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
