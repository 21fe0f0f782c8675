"""The check-list of a portal's batch: each claim's steps to tick, with the number it was given."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fscdesk.services.claims.portal_list import (
    PortalClaim,
    PortalList,
    PortalStep,
    renumber,
    tick,
    untick,
)
from fscdesk.services.errors import ChangedElsewhere
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.forms.fields import Check
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import Label, moment_text, money_text
from fscdesk.ui.undo import Undo

_NOT_HERE = "This batch did not go through a portal. Its file stands in the tab File."
LONGEST = 80


class PortalPage(Scrolled):
    """Space ticks a step; who did it and when stands under it. What is typed goes with the tick.

    Enter in the number keeps it, and ticks a step that was not done; later it can be changed.
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__(QWidget(), "Check-list")
        self._shell = shell
        self._shown: PortalList | None = None
        self._acted = False  # a box was clicked since: what is shown is not what was read
        self.boxes: dict[tuple[int, int], Check] = {}
        self.references: dict[tuple[int, int], QLineEdit] = {}
        self._kept: dict[tuple[int, int], str] = {}  # the number of each step that is done

    def show_detail(self, detail: Any) -> None:
        """Show the list of another batch; the same one keeps what is typed and the focus."""
        portal: PortalList | None = detail.portal
        if portal is not None and portal == self._shown and not self._acted:
            return
        self._acted = False
        typed = {key: one.text() for key, one in self.references.items() if one.isModified()}
        at = next((key for key, box in self.boxes.items() if box.hasFocus()), None)
        in_number = next((key for key, one in self.references.items() if one.hasFocus()), None)
        same = (
            portal is not None
            and self._shown is not None
            and portal.batch_id == self._shown.batch_id
        )
        where = self.verticalScrollBar().value()
        self._shown = portal
        self.boxes, self.references, self._kept = {}, {}, {}
        self.setWidget(self._content(portal))
        if same:
            for key, words in typed.items():
                if key in self.references and self.references[key].text() != words:
                    self.references[key].setText(words)
                    self.references[key].setModified(True)
            self.verticalScrollBar().setValue(where)
            if at in self.boxes:
                self.boxes[at].setFocus(Qt.FocusReason.OtherFocusReason)
            elif in_number in self.references:
                self.references[in_number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _content(self, portal: PortalList | None) -> QWidget:
        content = QWidget()
        content.setProperty("kind", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 10, 8)
        column.setSpacing(8)
        if portal is None:
            column.addWidget(Label(_NOT_HERE, "quiet", wrap=True))
        else:
            way = ", ".join(word for word in (portal.portal, portal.address) if word)
            column.addWidget(Label(way or portal.payer, "strong", wrap=True))
            if portal.route:
                column.addWidget(Label(portal.route, "quiet", wrap=True))
            for claim in portal.claims:
                column.addWidget(Line())
                self._add_claim(column, claim)
        column.addStretch(1)
        return content

    def _add_claim(self, column: QVBoxLayout, claim: PortalClaim) -> None:
        head = QHBoxLayout()
        head.addWidget(Label(claim.patient, "strong"))
        head.addStretch(1)
        head.addWidget(Label(money_text(claim.total, zero_dash=False)))
        column.addLayout(head)
        column.addWidget(Label(claim.number, "hint"))
        for step in claim.steps:
            self._add_step(column, claim, step)

    def _add_step(self, column: QVBoxLayout, claim: PortalClaim, step: PortalStep) -> None:
        key = (claim.sending_id, step.step)
        box = self.boxes[key] = Check(step.words)
        box.setChecked(bool(step.done_by))
        if step.done_by:
            self._kept[key] = step.reference
        box.setAccessibleName(f"{claim.patient}: {step.words}")
        box.clicked.connect(lambda checked: self._on_ticked(claim, step, checked=checked))
        number = self.references[key] = QLineEdit(step.reference)
        number.setMaxLength(LONGEST)
        number.setPlaceholderText("Number it gave")
        number.setFixedWidth(theme.now.px(160))
        number.returnPressed.connect(lambda: self._on_number(claim, step, entered=True))
        number.editingFinished.connect(lambda: self._on_number(claim, step, entered=False))
        number.setAccessibleName(f"{claim.patient}: number that the portal gave")
        column.addWidget(box)
        line = QHBoxLayout()  # below its step: beside it, a pane of 300 px would cut it
        line.setContentsMargins(theme.now.px(24), 0, 0, 0)
        line.addWidget(number)
        line.addStretch(1)
        column.addLayout(line)
        if step.done_by and step.done_at is not None:
            when = moment_text(step.done_at, self._shell.practice.zone)
            column.addWidget(Label(f"{step.done_by}, {when}", "hint"))

    def _on_number(self, claim: PortalClaim, step: PortalStep, *, entered: bool) -> None:
        """Keep a number: at Enter, and for a step that is done also when its field is left."""
        key = (claim.sending_id, step.step)
        number, seen = self.references.get(key), self._kept.get(key)
        if number is None or not number.isModified():
            return
        given = number.text().strip()
        if seen is None:
            if entered and given:
                self._on_ticked(claim, step, checked=True)
            return
        number.setModified(False)  # Enter and leaving both tell of it
        if given == seen:
            return
        self._kept[key] = given
        self._acted = True

        def act(work: Work) -> str:
            renumber(work, claim.sending_id, step.step, given, seen=seen)
            return _number_words(claim, given)

        def said(words: str) -> None:
            undo = partial(_renumber, claim, step, seen, given)
            self._shell.messages.info(words, undo=Undo("the portal's number", undo))

        def refused(fault: BaseException) -> None:
            if key in self.references:
                self._kept[key] = seen
                self.references[key].setModified(True)
            self._shell.messages.refused(fault)

        self._shell.desk.act(self, act, said, refused)

    def _on_ticked(self, claim: PortalClaim, step: PortalStep, checked: bool) -> None:
        key = (claim.sending_id, step.step)
        reference = self.references[key].text().strip()
        before, self._acted = dict(self._kept), True
        if checked:
            self._kept[key] = reference
            self.references[key].setModified(False)
        else:
            self._kept.pop(key, None)

        def act(work: Work) -> str:
            if checked:
                tick(work, claim.sending_id, step.step, reference=reference)
                return f"{claim.patient}: “{step.words}” is done."
            untick(work, claim.sending_id, step.step)
            return f"{claim.patient}: “{step.words}” is not done any more."

        def said(words: str) -> None:
            undo = Undo(f"“{step.words}”", partial(_untick, claim, step)) if checked else None
            self._shell.messages.info(words, undo=undo)

        def refused(fault: BaseException) -> None:
            if key in self.boxes and not isinstance(fault, ChangedElsewhere):
                self.boxes[key].setChecked(not checked)
                self.references[key].setModified(checked)
                self._kept = before
            self._shell.messages.refused(fault)

        self._shell.desk.act(self, act, said, refused)


def _number_words(claim: PortalClaim, number: str) -> str:
    return f"{claim.patient}: the portal's number is {number or 'empty'} now."


def _renumber(claim: PortalClaim, step: PortalStep, old: str, given: str, work: Work) -> str:
    renumber(work, claim.sending_id, step.step, old, seen=given)
    return _number_words(claim, old)


def _untick(claim: PortalClaim, step: PortalStep, work: Work) -> str:
    untick(work, claim.sending_id, step.step)
    return f"{claim.patient}: “{step.words}” is not done any more."
