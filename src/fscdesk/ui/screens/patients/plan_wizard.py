"""The payment plan of an account: terms with a live schedule, then the first payment (Ctrl+L)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.billing.plans import PlanPreview
from fscdesk.services.payments.plan_entry import (
    Agreed,
    PlanBasis,
    PlanTerms,
    agree,
    plan_basis,
    preview_terms,
    take_back,
)
from fscdesk.services.printing.binding import together
from fscdesk.services.work import Topic, Work
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.forms.fields import Sentence
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.plan_fields import PlanFields
from fscdesk.ui.screens.patients.plan_first import FirstPaymentStep
from fscdesk.ui.screens.patients.plan_lists import (
    DueLine,
    PlanLine,
    charges_spec,
    due_lines,
    plan_lines,
    schedule_spec,
)
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.text import ElidedLabel, Label, money_text
from fscdesk.ui.undo import Undo

TERMS, PAYMENT = 0, 1
_BASIS = frozenset({Topic.LEDGER, Topic.PLANS, Topic.SETTINGS, Topic.SESSIONS})


class PlanWizard(Part):
    """Two steps. Nothing is saved before the last button; leaving keeps what was typed."""

    done = Signal()
    """The plan was agreed."""
    left = Signal()
    """The wizard was left; it can be come back to."""

    def __init__(self, shell: Shell, patient_id: int, today: Callable[[], date]) -> None:
        super().__init__()
        self._shell, self._patient_id = shell, patient_id
        self._key = uuid4().hex
        self._wanted: frozenset[int] | None = None
        self._going_on = self.working = False
        self.basis: PlanBasis | None = None
        self.preview: PlanPreview | None = None
        self._terms: PlanTerms | None = None
        self._lines: tuple[PlanLine, ...] = ()
        self._dues: tuple[DueLine, ...] = ()
        refused = shell.messages.refused
        self._asking: Latest[PlanBasis] = Latest(shell.desk, self, self._show_basis, refused)
        self._previewing: Latest[PlanPreview] = Latest(shell.desk, self, self._show, refused)
        self.go = action(self, "Agree, then the first payment", self.go_on)
        self.go.setVisible(False)
        self.fields = PlanFields(today)
        self.charges: ListPart[PlanLine] = ListPart(
            shell.desk, charges_spec(shell.practice, lambda: self._lines), messages=shell.messages
        )
        self.schedule: ListPart[DueLine] = ListPart(
            shell.desk, schedule_spec(lambda: self._dues), messages=shell.messages
        )
        self._build(today)
        self.fields.changed.connect(self._ask_preview)
        self.charges.model.ticks.changed.connect(self._ask_preview)
        self.charges.answered.connect(self._on_charges)
        self.first.amount.changed.connect(self._tell)
        shell.desk.changed.connect(self._on_changed)

    # For the account

    def start(self, charge_ids: Collection[int] = ()) -> None:
        """Ask what is open; with charges, those go into the plan and no others."""
        self._wanted = frozenset(charge_ids) or None
        self.begin()
        self._ask_basis()

    def begin(self) -> None:
        """Stand on the first field of the step that is open."""
        if self.stack.currentIndex() == TERMS:
            self.path.begin()
        else:
            self.first.begin()

    def busy(self) -> bool:
        """Whether something is asked or saved just now."""
        return self._asking.waiting or self._previewing.waiting or self.working

    def primary(self) -> QAction:
        """The step's own act (Ctrl+Enter)."""
        return self.go

    def go_on(self) -> None:
        """Go to the first payment; there, to the button, and on it post."""
        if self.working:
            return
        if self.stack.currentIndex() == TERMS:
            self._going_on = True
            if self.fields.check() and not self._previewing.waiting:
                self._to_payment()
            elif not self._previewing.waiting:
                self._going_on = False
        elif self.post.hasFocus():
            self._post()
        elif self.first.check():
            self.post.setFocus()

    def escape(self) -> bool:
        if self.stack.currentIndex() == PAYMENT and not self.working:
            self._show_step(TERMS)
            self.path.begin()
        elif not self.working:
            self.left.emit()
        return True

    def panes(self) -> tuple[QWidget, ...]:
        if self.stack.currentIndex() == PAYMENT:
            return (self.first, self.schedule.view, self.foot)
        return (self.fields, self.charges.view, self.schedule.view, self.foot)

    def enter(self) -> None:
        self.begin()

    def refresh(self) -> None:
        self._ask_basis()

    # Building

    def _build(self, today: Callable[[], date]) -> None:
        self.agree_button = Button("Agree, then the first payment", kind="primary", on=self.go_on)
        self.agree_button.setToolTip("Ctrl ↵")
        self.post = Button("Post", "check", "primary", on=self._on_post_clicked)
        self.back = Button("Back", on=self.escape)
        self.cancel = Button("Cancel", on=self.escape)
        fields = self.fields
        stops = (
            fields.number.edit,
            fields.every.combo,
            fields.down.edit,
            fields.first_due.edit,
            fields.interest.combo,
            fields.auto_pay.box,
            self.agree_button,
        )
        self.path = EnterPath(stops, self.go_on, self)
        self.first = FirstPaymentStep(today, self.post, self._post)
        self.heading = Label("Payment plan", "section")
        self.steps = ElidedLabel("", "quiet")
        self.fault = Sentence()
        terms = QWidget()
        left = QVBoxLayout(terms)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(10)
        held = QWidget()
        inner = QVBoxLayout(held)
        inner.setContentsMargins(24, 0, 16, 0)
        inner.addWidget(self.fields)
        inner.addWidget(self.fault)
        left.addWidget(held)
        left.addWidget(Line())
        left.addWidget(self.charges, 1)
        paying = QWidget()
        within = QVBoxLayout(paying)
        within.setContentsMargins(24, 0, 16, 0)
        within.addWidget(self.first)
        self.stack = QStackedWidget()
        self.stack.addWidget(terms)
        self.stack.addWidget(paying)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 16, 12)
        head.setSpacing(12)
        head.addWidget(self.heading)
        head.addWidget(self.steps, 1)
        column.addLayout(head)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.stack, 3)
        across.addWidget(Line(upright=True))
        across.addWidget(self.schedule, 2)
        column.addLayout(across, 1)
        column.addWidget(Line())
        self.foot = self._foot()
        column.addWidget(self.foot)
        self._show_step(TERMS)

    def _foot(self) -> QWidget:
        whole = QWidget()
        foot = QHBoxLayout(whole)
        foot.setContentsMargins(24, 10, 16, 12)
        foot.setSpacing(8)
        for button in (self.agree_button, self.post, self.back, self.cancel):
            foot.addWidget(button)
        foot.addSpacing(8)
        self.state = ElidedLabel("Nothing is saved yet.", "hint")
        foot.addWidget(self.state, 1)
        self.sum = Label("", "strong")
        foot.addWidget(self.sum)
        return whole

    # What happens

    def _ask_basis(self) -> None:
        number = self._patient_id
        self._asking.ask(lambda work: plan_basis(work, number))

    def _show_basis(self, basis: PlanBasis) -> None:
        self.basis = basis
        self._lines = plan_lines(basis)
        self.fields.show_basis(basis)
        wanted = basis.own if self._wanted is None else self._wanted
        ticks = self.charges.model.ticks
        ticks.blockSignals(True)  # the schedule is asked for once, below
        ticks.clear()
        ticks.put([one for one in self._lines if one.id in wanted], on=True)
        ticks.blockSignals(False)
        self.charges.refresh()
        self.charges.body.show_ticks()
        self._ask_preview()

    def _on_charges(self) -> None:
        self.charges.body.show_ticks()

    def _ask_preview(self) -> None:
        basis = self.basis
        if basis is None:
            return
        chosen = tuple(sorted(self.charges.model.ticks.ids))
        terms = self._terms = self.fields.terms(basis, chosen, self._key)
        if terms is None:
            self._say("")
            self._show_dues(None)
            return
        self._previewing.ask(lambda work: preview_terms(work, terms))

    def _show(self, preview: PlanPreview) -> None:
        self.preview = preview
        self.fields.show_least(preview.least_down)
        self._say(" ".join(one.message for one in preview.findings))
        self._show_dues(preview)
        if self._going_on:
            self._to_payment()

    def _show_dues(self, preview: PlanPreview | None) -> None:
        self.preview = preview
        self._dues = due_lines(None if preview is None else preview.schedule)
        self.schedule.refresh()
        self._tell()

    def _to_payment(self) -> None:
        self._going_on = False
        schedule = None if self.preview is None else self.preview.schedule
        if schedule is None or not self.fields.check():
            return
        basis, terms = self.basis, schedule.terms
        assert basis is not None
        down = money_text(terms.down, zero_dash=False)
        sentence = f"{basis.guarantor} pays {down} at once. It is posted with the plan."
        if not terms.down:
            sentence = "Nothing has to be paid at once. What is paid now counts for the plan."
        self.first.offer(terms.down, basis.method, sentence)
        self._show_step(PAYMENT)
        self.first.begin()

    def _on_post_clicked(self) -> None:
        if self.first.check():
            self._post()

    def _post(self) -> None:
        terms, preview = self._terms, self.preview
        if self.working or terms is None or preview is None or not self.first.check():
            return
        first = self.first.payment()
        down = None if preview.schedule is None else preview.schedule.terms.down
        wanted = replace(terms, expected_total=preview.total, down_payment=down)
        self.working = True
        self.post.off_because("Posting…")
        self._shell.desk.act(self, lambda work: agree(work, wanted, first), self._agreed, self._no)

    def _agreed(self, agreed: Agreed) -> None:
        self.working = False
        self.post.off_because("")
        self._key = uuid4().hex
        plan = agreed.plan
        said = [f"Plan {plan.number} is agreed: {_sum_words(plan.down_payment, self._dues)}."]
        if agreed.payment:
            said.append(f"{agreed.payment} is posted, receipt {agreed.receipt} is kept.")
        self._shell.messages.info(
            " ".join(said), undo=Undo(f"plan {plan.number}", partial(_back, agreed))
        )
        self._show_step(TERMS)
        self.done.emit()
        title = f"Agreement {agreed.agreement}"
        if agreed.receipt:
            title = f"Receipt {agreed.receipt} and agreement {agreed.agreement}"
        self._shell.preview(together(agreed.pages), title, f"{plan.number}.pdf")

    def _no(self, fault: BaseException) -> None:
        self.working = False
        self.post.off_because("")
        self._ask_basis()
        self._shell.messages.refused(fault)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _BASIS and self.isVisible() and not self.working:
            self._wanted = self.charges.model.ticks.ids
            self._asking.again()

    # What is shown

    def _say(self, sentence: str) -> None:
        self.fault.say(sentence)

    def _show_step(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        paying = step == PAYMENT
        for button, on in (
            (self.agree_button, not paying),
            (self.post, paying),
            (self.back, paying),
            (self.cancel, not paying),
        ):
            button.setVisible(on)
        self.steps.setText("2 of 2: First payment" if paying else "1 of 2: Terms")
        self.go.setText("Post the plan" if paying else "Agree, then the first payment")
        self._tell()

    def _tell(self) -> None:
        preview = self.preview
        schedule = None if preview is None else preview.schedule
        self.agree_button.off_because(
            "" if schedule is not None else "The terms have to be possible first."
        )
        words = ""
        if schedule is not None and preview is not None:
            total = money_text(preview.total, zero_dash=False)
            words = f"{total} = {_sum_words(schedule.terms.down, self._dues)}"
        self.sum.setText(words)
        amount = self.first.words()
        self.post.set_words(f"Post {amount} and agree" if amount not in ("", "0.00") else "Agree")


def _sum_words(down: Money, dues: tuple[DueLine, ...]) -> str:
    """Return what is paid at once and then: ``120.00 + 6 × 80.00``."""
    parts = [] if down == ZERO else [money_text(down)]
    if dues:
        first, last = dues[0].principal, dues[-1].principal
        same = len(dues) if first == last else len(dues) - 1
        if same:
            parts.append(f"{same} × {money_text(first)}")
        if first != last:
            parts.append(money_text(last))
    if any(one.interest for one in dues):
        parts.append("interest")
    return " + ".join(parts)


def _back(agreed: Agreed, work: Work) -> str:
    take_back(work, agreed)
    paid = f" {agreed.payment} is voided." if agreed.payment else ""
    return f"Plan {agreed.plan.number} is taken back.{paid}"
