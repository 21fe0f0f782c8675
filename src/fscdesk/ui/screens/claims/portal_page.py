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
    """Space ticks a step; who did it and when stands under it. What is typed goes with the tick."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(QWidget(), "Check-list")
        self._shell = shell
        self._shown: PortalList | None = None
        self.boxes: dict[tuple[int, int], Check] = {}
        self.references: dict[tuple[int, int], QLineEdit] = {}

    def show_detail(self, detail: Any) -> None:
        """Show the list of another batch; the same one keeps what is typed and the focus."""
        portal: PortalList | None = detail.portal
        if portal is not None and portal == self._shown:
            return
        typed = {key: one.text() for key, one in self.references.items() if one.isModified()}
        at = next((key for key, box in self.boxes.items() if box.hasFocus()), None)
        same = (
            portal is not None
            and self._shown is not None
            and portal.batch_id == self._shown.batch_id
        )
        where = self.verticalScrollBar().value()
        self._shown = portal
        self.boxes, self.references = {}, {}
        self.setWidget(self._content(portal))
        if same:
            for key, words in typed.items():
                if key in self.references and not self.references[key].isReadOnly():
                    self.references[key].setText(words)
                    self.references[key].setModified(True)
            self.verticalScrollBar().setValue(where)
            if at in self.boxes:
                self.boxes[at].setFocus(Qt.FocusReason.OtherFocusReason)

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
        box.setAccessibleName(f"{claim.patient}: {step.words}")
        box.clicked.connect(lambda checked: self._on_ticked(claim, step, checked=checked))
        number = self.references[key] = QLineEdit(step.reference)
        number.setMaxLength(LONGEST)
        number.setPlaceholderText("Number it gave")
        number.setFixedWidth(theme.now.px(160))
        number.setReadOnly(bool(step.done_by))
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

    def _on_ticked(self, claim: PortalClaim, step: PortalStep, checked: bool) -> None:
        reference = self.references[claim.sending_id, step.step].text().strip()

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
            box = self.boxes.get((claim.sending_id, step.step))
            if box is not None and not isinstance(fault, ChangedElsewhere):
                box.setChecked(not checked)
            self._shell.messages.refused(fault)

        self._shell.desk.act(self, act, said, refused)


def _untick(claim: PortalClaim, step: PortalStep, work: Work) -> str:
    untick(work, claim.sending_id, step.step)
    return f"{claim.patient}: “{step.words}” is not done any more."
