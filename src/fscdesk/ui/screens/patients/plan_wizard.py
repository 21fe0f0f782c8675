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

from fscdesk.models.values import Money
from fscdesk.services.billing.plans import PlanPreview
from fscdesk.services.payments.plan_entry import (
    Agreed,
    OldPlan,
    PlanBasis,
    PlanTerms,
    agree,
    plan_basis,
    preview_terms,
)
from fscdesk.services.printing.binding import together
from fscdesk.services.work import Topic
from fscdesk.ui.actions import action
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Line
from fscdesk.ui.forms.enter_path import EnterPath
from fscdesk.ui.given_out import logged
from fscdesk.ui.jobs.latest import Latest
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.plan_first import FirstPaymentStep
from fscdesk.ui.screens.patients.plan_lists import (
    DueLine,
    PlanLine,
    charges_spec,
    due_lines,
    plan_lines,
    schedule_spec,
)
from fscdesk.ui.screens.patients.plan_terms import TermsStep
from fscdesk.ui.screens.patients.plan_words import agreed_words, back, sum_words
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.text import ElidedLabel, Label, money_text
from fscdesk.ui.undo import Undo

TERMS, PAYMENT = 0, 1
_BASIS = frozenset({Topic.LEDGER, Topic.PLANS, Topic.SETTINGS, Topic.SESSIONS})


class PlanWizard(Part):
    """Two steps. Nothing is saved before the last button; leaving keeps what was typed.

    In place of another plan it begins with that one's terms and charges, and asks why.
    """

    done = Signal()
    """The plan was agreed."""
    left = Signal()
    """The wizard was left; it can be come back to."""

    def __init__(self, shell: Shell, patient_id: int, today: Callable[[], date]) -> None:
        super().__init__()
        self._shell, self._patient_id = shell, patient_id
        self._key = uuid4().hex
        self._wanted: frozenset[int] | None = None
        self._replaces: int | None = None
        self._anew = self._going_on = self.working = False
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
        self.typed = TermsStep(today)
        self.fields, self.fault = self.typed.fields, self.typed.fault
        self.charges: ListPart[PlanLine] = ListPart(
            shell.desk, charges_spec(shell.practice, lambda: self._lines), messages=shell.messages
        )
        self.schedule: ListPart[DueLine] = ListPart(
            shell.desk, schedule_spec(lambda: self._dues), messages=shell.messages
        )
        self._build(today)
        self.fields.changed.connect(self._ask_preview)
        self.typed.reason.changed.connect(self._ask_preview)
        self.charges.model.ticks.changed.connect(self._ask_preview)
        self.charges.answered.connect(self._on_charges)
        self.first.amount.changed.connect(self._tell)
        shell.desk.changed.connect(self._on_changed)

    # For the account

    def start(self, charge_ids: Collection[int] = (), *, replaces: int | None = None) -> None:
        """Ask what is open; with charges, those go into the plan and no others.

        ``replaces`` is the plan in whose place the new one is agreed.
        """
        self._wanted = frozenset(charge_ids) or None
        if self._anew or replaces != self._replaces:
            self._replaces, self._anew, self.basis = replaces, replaces is not None, None
            self.preview = self._terms = None
            self.typed.reason.set_value("")
            self.fields.start_from(None)  # now, as somebody may type before the basis has come
            self._show_step(TERMS)
        self._show_old()
        self.begin()
        self._ask_basis()

    def begin(self) -> None:
        """Stand on the first field of the step that is open."""
        if self.stack.currentIndex() == TERMS:
            self.typed.begin()
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
            right = self.typed.check()
            if right and not self._previewing.waiting:
                self._to_payment()
            elif not right or not self._previewing.waiting:
                self._going_on = False
        elif self.post.hasFocus():
            self._post()
        elif self.first.check():
            self.post.setFocus()

    def escape(self) -> bool:
        if self.stack.currentIndex() == PAYMENT and not self.working:
            self._show_step(TERMS)
            self.begin()
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
        stops = (*self.typed.stops(), self.agree_button)
        self.path = EnterPath(stops, self.go_on, self)
        self.first = FirstPaymentStep(today, self.post, self._post)
        self.heading = Label("Payment plan", "section")
        self.steps = ElidedLabel("", "quiet")
        terms = QWidget()
        left = QVBoxLayout(terms)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(10)
        left.addWidget(self.typed)
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
        number, replaces = self._patient_id, self._replaces
        self._asking.ask(lambda work: plan_basis(work, number, replaces))

    def _show_basis(self, basis: PlanBasis) -> None:
        self.basis = basis
        self._lines = plan_lines(basis)
        self.fields.show_basis(basis)
        if self._anew:
            self._anew = False
            self.fields.start_from(basis.old)
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
        old = basis.old
        if old is not None:
            reason = self.typed.reason.value()
            version = old.version
            terms = replace(terms, replaces=old.plan_id, old_version=version, reason=reason)
            self._terms = terms
        self._show_old()
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
        if schedule is None or not self.typed.check():
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
        plan, old = agreed.plan, self._old_plan()
        self._replaces, self._anew = None, True  # what is begun after it is another plan
        self._shell.messages.info(
            agreed_words(agreed, self._dues, old),
            undo=Undo(f"plan {plan.number}", partial(back, agreed, old)),
        )
        self._show_step(TERMS)
        self.done.emit()
        title = f"Agreement {agreed.agreement}"
        if agreed.receipt:
            title = f"Receipt {agreed.receipt} and agreement {agreed.agreement}"
        given = logged(self._shell, self, document_ids=agreed.documents)
        self._shell.preview(together(agreed.pages), title, f"{plan.number}.pdf", given)

    def _no(self, fault: BaseException) -> None:
        self.working = False
        self.post.off_because("")
        self._ask_basis()
        self._shell.messages.refused(fault)

    def _on_changed(self, topics: frozenset[Topic]) -> None:
        if topics & _BASIS and self.isVisible() and not self.working:
            self._wanted = self.charges.model.ticks.ids
            self._asking.again()

    def _old_plan(self) -> OldPlan | None:
        return None if self.basis is None else self.basis.old

    # What is shown

    def _show_old(self) -> None:
        """Say what becomes of the plan that is replaced, with the charges that are ticked."""
        old, basis = self._old_plan(), self.basis
        self.typed.ask_why(on=self._replaces is not None)
        self.heading.setText("Payment plan" if old is None else f"In place of {old.name}")
        if old is not None and basis is not None:
            out = basis.own - self.charges.model.ticks.ids
            left_out = sum((one.open for one in self._lines if one.id in out), Money())
            self.typed.show_old(old, left_out)

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
            words = f"{total} = {sum_words(schedule.terms.down, self._dues)}"
        self.sum.setText(words)
        amount = self.first.words()
        self.post.set_words(f"Post {amount} and agree" if amount not in ("", "0.00") else "Agree")
