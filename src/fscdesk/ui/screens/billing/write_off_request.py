"""A request for a write-off run: the same list, the sum, who asked; and the decision."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.services.billing.write_off_runs import undo_run
from fscdesk.services.payments.approving import (
    Decision,
    RequestDetail,
    approve,
    refuse,
    request_detail,
    withdraw,
)
from fscdesk.services.work import Work
from fscdesk.ui.actions import action, off_because
from fscdesk.ui.dialogs.question import ReasonDialog
from fscdesk.ui.forms.badge import Badge
from fscdesk.ui.forms.buttons import ActionButton
from fscdesk.ui.forms.card import LEFT, RIGHT, Line
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.billing.short_lists import short_spec
from fscdesk.ui.screens.billing.write_off_columns import AskedRow, asked_columns
from fscdesk.ui.screens.statements.foot import Foot
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import Label, count_text, moment_text, money_text
from fscdesk.ui.theme import Status
from fscdesk.ui.undo import Undo

_STATES = {
    "waiting": Status("Waits for a decision", "amber", "hourglass"),
    "approved": Status("Approved", "green", "circle-check"),
    "refused": Status("Refused", "red", "circle-x"),
    "withdrawn": Status("Taken back", "neutral", "undo-2"),
}
OWN = "You asked for this yourself. A second person decides."


class RequestPage(QWidget):
    """One request. Who asked may take it back; who may decide approves or refuses it."""

    left = Signal()
    """The way back to the plan."""

    def __init__(self, shell: Shell, keeping: Keeping) -> None:
        super().__init__()
        self._shell = shell
        self.detail: RequestDetail | None = None
        self.wanted: int | None = None
        self._busy = False
        self.approve = action(self, "Approve", self._on_approve)
        self.refuse = action(self, "Refuse…", self._on_refuse)
        self.take_back = action(self, "Take the request back", self._on_take_back)
        self.list: ListPart[AskedRow] = ListPart(
            shell.desk,
            short_spec(
                "write_off_request",
                "Balances to be written off",
                ("balance", "balances"),
                lambda _work: self._rows(),
                asked_columns(),
                "number",
                Empty("This request asks for nothing."),
                line=False,
                searching=False,
            ),
            messages=shell.messages,
            keeping=keeping,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addWidget(Line())
        column.addWidget(self.list, 1)
        self.foot = Foot(self.approve, "circle-check")
        column.addWidget(self.foot)
        self._judge()

    # For the tab

    def primary(self) -> QAction:
        """Approve it; off for an own one, which is taken back by its button or by Undo."""
        return self.approve

    def open_request(self, request_id: int) -> None:
        """Show a request, as it is in the books now."""
        self.wanted = request_id

        def found(detail: RequestDetail) -> None:
            if self.wanted == request_id:
                self.show_detail(detail)

        self._shell.desk.ask(
            self, lambda work: request_detail(work, request_id), found, self._on_unread
        )

    def again(self) -> None:
        """Look again: somebody may have decided."""
        if self.wanted is not None:
            self.open_request(self.wanted)

    def show_detail(self, detail: RequestDetail) -> None:
        """Show an answer."""
        other = self.detail is None or self.detail.row.id != detail.row.id
        self.detail = detail
        row, zone = detail.row, self._shell.practice.zone
        self._badge.set_status(_STATES[row.status.value])
        total = money_text(row.amount, zero_dash=False)
        self._title.setText(f"{count_text(row.count, 'balance')}, {total} to be written off")
        self._asked.setText(
            f"Request {row.number}, asked for by {row.asked_by}, {moment_text(row.asked_at, zone)}."
        )
        decided = ""
        if row.decided_at is not None:
            when = moment_text(row.decided_at, zone)
            decided = f" {row.status.value.capitalize()} by {row.decided_by}, {when}."
        self._reason.setText(f"{row.reason.rstrip('.')}.{decided}")
        if other:
            self.list.ask_again()
        else:
            self.list.refresh()
        self._judge()

    def enter(self) -> None:
        """Put the focus on the rows."""
        self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # What a person does

    def _on_approve(self) -> None:
        detail = self.detail
        if detail is None or self._busy:
            return
        row = detail.row
        self._begin()

        def done(decision: Decision) -> None:
            self._end()
            left = len(decision.findings)
            count = count_text(row.count - left, "balance")
            words = f"{row.number} is approved: {count} written off."
            if left:
                words += f" {left} could not be: {decision.findings[0].message}"
            self._shell.messages.info(words, undo=_undo(row.id, row.number))
            self.again()

        self._shell.desk.act(
            self,
            lambda work: approve(work, row.id, expected_version=row.version),
            done,
            self._refused,
            title="Writing off",
        )

    def _on_refuse(self) -> None:
        detail = self.detail
        if detail is None:
            return
        row = detail.row
        dialog = ReasonDialog(
            f"Refuse request {row.number}?",
            f"Nothing is written off. {row.asked_by} sees the reason.",
            "Refuse it",
            "Keep it waiting",
            parent=self.window(),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def closed(result: int) -> None:
            if result != QDialog.DialogCode.Accepted:
                return
            reason = dialog.reason()
            self._decide(
                lambda work: refuse(work, row.id, note=reason, expected_version=row.version),
                f"{row.number} is refused. Nothing was written off.",
            )

        dialog.finished.connect(closed)
        dialog.open()

    def _on_take_back(self) -> None:
        detail = self.detail
        if detail is None or self._busy:
            return
        row = detail.row
        self._decide(
            lambda work: withdraw(work, row.id, expected_version=row.version),
            f"{row.number} is taken back. Nothing was written off.",
        )

    def _decide(self, act: object, words: str) -> None:
        assert callable(act)
        self._begin()

        def done(_decision: Decision) -> None:
            self._end()
            self._shell.messages.info(words)
            self.left.emit()

        self._shell.desk.act(self, act, done, self._refused)

    # What happens

    def _rows(self) -> list[AskedRow]:
        items = () if self.detail is None else self.detail.items
        return [AskedRow(one.noun_id, one) for one in items]

    def _mine(self) -> bool:
        found = self.detail
        return found is not None and found.row.mine and found.row.status.value == "waiting"

    def _judge(self) -> None:
        found = self.detail
        waits = found is not None and found.row.status.value == "waiting"
        why = "It is being read" if found is None else "" if waits else "It was decided already"
        who = ""
        if found is not None and waits and not found.row.may_decide:
            who = OWN if found.row.mine else f"{found.row.needs} decides this."
        off_because(self.approve, "It is being decided" if self._busy else why or who)
        off_because(self.refuse, "It is being decided" if self._busy else why or who)
        self.take_back.setVisible(self._mine())
        self.foot.say(who or ("" if not waits else "Nothing is posted yet."))
        total = "" if found is None else money_text(found.row.amount, zero_dash=False)
        self.approve.setText(f"Approve {total}" if waits else "Approve")

    def _begin(self) -> None:
        self._busy = True
        self._judge()

    def _end(self) -> None:
        self._busy = False
        self._judge()

    def _refused(self, fault: BaseException) -> None:
        self._end()
        self._shell.messages.refused(fault)
        self.again()

    def _on_unread(self, fault: BaseException) -> None:
        self._shell.messages.refused(fault)
        self.left.emit()

    # Building

    def _build_head(self) -> QWidget:
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(LEFT, 14, RIGHT + 8, 14)
        line.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Label("", "section")
        self._asked, self._reason = Label("", "body", wrap=True), Label("", "hint", wrap=True)
        for part in (self._title, self._asked, self._reason):
            words.addWidget(part)
        line.addLayout(words, 1)
        self._badge = Badge(_STATES["waiting"])
        line.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.take_back_button = ActionButton(self.take_back, "undo-2")
        self.refuse_button = ActionButton(self.refuse, "x")
        for button in (self.take_back_button, self.refuse_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return whole


def _undo(request_id: int, number: str) -> Undo:
    def act(work: Work) -> str:
        done = undo_run(work, request_id, reason="Taken back after the approval")
        back = money_text(done.amount, zero_dash=False)
        return f"{back} of {number} is open again. Both entries stay in the ledger."

    return Undo(f"write-off {number}", act)
