"""The pages of a deposit's pane: its payments, the cash, the slip and the way to the bank.

Of what is not made yet each page is where a person says something about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accounts import BankAccountView
from fscdesk.services.banking.deposit_book import (
    BookedDeposit,
    DepositKind,
    DepositState,
    DepositWay,
)
from fscdesk.services.billing.documents import Kept
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.bound import set_field
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.forms.fields import ChoiceField, Field, TextField
from fscdesk.ui.screens.deposits.count_form import CountForm
from fscdesk.ui.screens.deposits.making import Making, key_of
from fscdesk.ui.screens.deposits.tick_list import TickArea, TickRow
from fscdesk.ui.screens.deposits.wording import paid_by
from fscdesk.ui.screens.payments.wording import method_word, stated
from fscdesk.ui.tables.facts import Fact, FactsPage, Section
from fscdesk.ui.tables.story import StoryPage, StoryStep
from fscdesk.ui.text import count_text, day_text, moment_text

PAYMENT, DOCUMENT, LINE, RECONCILIATION = "payment", "document", "line", "reconciliation"
_NEGATIVE: Final = "A fee is typed without a minus."


@dataclass(frozen=True, slots=True)
class DepositView:
    """What the pane shows: a row, of a made one its way and slips, of another the accounts."""

    row: BookedDeposit
    way: DepositWay | None = None
    slips: tuple[Kept, ...] = ()
    accounts: tuple[BankAccountView, ...] = ()


MakingOf = Callable[[DepositView], Making | None]
"""Returns what a person has said of a deposit so far; None for one that is made."""


class _Page(QStackedWidget):
    """A page for what is to be made, and one for everything else."""

    changed = Signal()

    def __init__(self, making_of: MakingOf) -> None:
        super().__init__()
        self._making_of = making_of
        self._tells: Any = None
        self.making: Making | None = None

    def hold(self, asks: QWidget, tells: QWidget) -> None:
        """Take the page that asks, and the one that tells."""
        self._tells = tells
        self.addWidget(asks)
        self.addWidget(tells)

    def show_detail(self, detail: DepositView) -> None:
        """Show another deposit."""
        self.making = self._making_of(detail)
        if self.making is None:
            self._tells.show_detail(detail)
        else:
            self.show_making(detail, self.making)
        self.setCurrentIndex(0 if self.making is not None else 1)

    def show_making(self, detail: DepositView, making: Making) -> None:
        """Show what was said of it so far."""
        raise NotImplementedError


class PaymentsPage(_Page):
    """Its payments: ticked while it is not made, a list to open them from afterwards."""

    opened = Signal(str)

    def __init__(self, making_of: MakingOf) -> None:
        super().__init__(making_of)
        self.area = TickArea("Payments of the deposit", self._on_toggled)
        told = StoryPage(payment_steps)
        told.story.setAccessibleName("Payments of the deposit")
        told.opened.connect(self.opened.emit)
        self.hold(self.area, told)

    def show_making(self, detail: DepositView, making: Making) -> None:
        self.area.ticks.show_rows(_ticks(making), fixed=making.whole)

    def _on_toggled(self, at: int, ticked: bool) -> None:
        if self.making is not None:
            self.making.take(self.making.group.items[at], into=ticked)
            self.area.ticks.show_rows(_ticks(self.making), fixed=self.making.whole)
            self.changed.emit()


class CashPage(_Page):
    """The count of its cash."""

    def __init__(self, making_of: MakingOf) -> None:
        super().__init__(making_of)
        self.form = CountForm()
        self._filling = False
        self.form.changed.connect(self._on_changed)
        self.hold(Scrolled(self.form, "Cash count"), FactsPage("Cash count", cash_facts))

    def show_making(self, detail: DepositView, making: Making) -> None:
        self._filling = True
        self.form.show_count(making.count, making.cash)
        self._filling = False

    def _on_changed(self) -> None:
        if self.making is not None and not self._filling:
            self.making.count = self.form.count()
            self.form.judge(self.making.cash)
            self.changed.emit()


class SlipPage(_Page):
    """Day, account, number and fees before it is made; slip, bank and lock afterwards."""

    opened = Signal(str)

    def __init__(self, making_of: MakingOf, today: Callable[[], date], zone: ZoneInfo) -> None:
        super().__init__(making_of)
        told = StoryPage(lambda detail: way_steps(zone, detail))
        told.story.setAccessibleName("Way to the bank")
        told.opened.connect(self.opened.emit)
        self.fields: dict[str, Field] = {
            "account": ChoiceField[int]("Bank account"),
            "on": DateField("Day", today=today, hint="On the slip, or on the bank's statement."),
            "reference": TextField("Slip or transfer number", optional=True, longest=100),
            "fees": MoneyField(
                "Fees kept back",
                optional=True,
                hint="What the card processor keeps of it.",
                rule=lambda fees: _NEGATIVE if fees < ZERO else "",
            ),
            "note": TextField("Note", optional=True, longest=300),
        }
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 4, 8)
        column.setSpacing(12)
        for field in self.fields.values():
            column.addWidget(field)
            field.changed.connect(self._on_changed)
        column.addStretch(1)
        self._filling = False
        self.hold(Scrolled(page, "Slip"), told)

    def show_making(self, detail: DepositView, making: Making) -> None:
        self._filling = True
        account = self.fields["account"]
        assert isinstance(account, ChoiceField)
        account.set_options([(one.id, one.label) for one in detail.accounts])
        default = next((one.id for one in detail.accounts if one.is_default), None)
        said = (
            making.account_id or default,
            making.on,
            making.reference,
            making.fees or None,
            making.note,
        )
        for field, value in zip(self.fields.values(), said, strict=True):
            set_field(field, value)
        fees = self.fields["fees"]
        fees.setVisible(making.group.kind is DepositKind.CARD)
        fees.editor.setEnabled(not making.whole)
        self._filling = False

    def _on_changed(self) -> None:
        making = self.making
        if making is None or self._filling:
            return
        typed: Mapping[str, Any] = self.fields
        making.account_id = typed["account"].value()
        making.on = typed["on"].value() or making.on
        making.reference = typed["reference"].value()
        fees: Money | None = typed["fees"].value()
        making.fees = fees if fees is not None and fees >= ZERO else ZERO
        making.note = typed["note"].value()
        self.changed.emit()


def _ticks(making: Making) -> list[TickRow]:
    return [
        TickRow(one.owner, paid_by(one), stated(one.amount), key_of(one) not in making.left_out)
        for one in making.group.items
    ]


def payment_steps(view: DepositView) -> Sequence[StoryStep]:
    """Return the payments of a made deposit, or of a payout that has not come."""
    if view.way is not None:
        return [
            StoryStep(
                one.owner,
                ", ".join(
                    part
                    for part in (
                        f"{method_word(one.method.value)} {one.reference}".strip(),
                        one.number,
                        day_text(one.received_on),
                    )
                ),
                stated(one.amount),
                icon="rotate-ccw" if one.refund_id is not None else "banknote",
                key=f"{PAYMENT}:{one.payment_id}",
            )
            for one in view.way.detail.lines
        ]
    if view.row.waiting:
        return [
            StoryStep(
                one.owner,
                paid_by(one),
                stated(one.amount),
                icon="credit-card",
                key=f"{PAYMENT}:{one.payment_id}",
            )
            for one in view.row.waiting
        ]
    return [StoryStep("What stands in the way", view.row.words, icon="triangle-alert", tone="red")]


def cash_facts(view: DepositView) -> list[Section]:
    """Return the count that was kept with a deposit."""
    count = view.way.detail.cash if view.way is not None else None
    if not count:
        return [Section("Cash", (Fact("Count", ("Nobody counted",)),))]
    return [
        Section(
            "Counted",
            (
                *(
                    Fact(str(Money(value)), (f"{number:,}", stated(Money(value * number))))
                    for value, number in count.items()
                ),
                Fact(
                    "Together",
                    ("", stated(Money(sum(value * number for value, number in count.items())))),
                    strong=True,
                ),
            ),
            ("Number", "Amount"),
        )
    ]


def way_steps(zone: ZoneInfo, view: DepositView) -> Sequence[StoryStep]:
    """Return what became of a deposit, newest first: made, slip, bank, locked, undone."""
    way = view.way
    if way is None:
        return _not_made(view.row)
    detail, found = way.detail, list[StoryStep]()
    if detail.undone_at is not None:
        found.append(
            StoryStep(
                "Undone",
                f"{detail.undone_by}: {detail.undone_why}",
                day=moment_text(detail.undone_at, zone),
                icon="undo-2",
            )
        )
    if way.reconciliation:
        found.append(
            StoryStep(
                f"Locked by {way.reconciliation}",
                f"Reconciled to {day_text(way.reconciled_to)}.",
                icon="lock",
                key=f"{RECONCILIATION}:{way.reconciliation_id}",
            )
        )
    found += [
        StoryStep(
            "At the bank",
            one.words,
            stated(one.amount),
            day_text(one.on),
            "landmark",
            "green",
            f"{LINE}:{one.id}",
        )
        for one in reversed(way.lines)
    ]
    found += [
        StoryStep(
            f"Slip {one.number}",
            "Kept as it was printed.",
            day=moment_text(one.made_at, zone),
            icon="receipt",
            tone="blue",
            key=f"{DOCUMENT}:{one.id}",
        )
        for one in view.slips
    ]
    about = [detail.note] if detail.note else []
    if detail.row.fees:
        about.append(f"{stated(detail.row.fees)} of {stated(detail.gross)} were fees.")
    if detail.row.entered_on != detail.row.on:
        about.append(f"In the books on {day_text(detail.row.entered_on)}.")
    if way.state is DepositState.MADE:
        about.append("The bank's statement has not shown it yet.")
    found.append(
        StoryStep(
            f"Made by {detail.made_by}",
            " ".join(about),
            stated(detail.row.amount),
            moment_text(detail.made_at, zone),
            "send",
            "blue",
        )
    )
    return found


def _not_made(row: BookedDeposit) -> Sequence[StoryStep]:
    if row.state is DepositState.WAITING:
        words = (
            f"{count_text(row.items, 'card payment')}: the processor has not paid them out yet."
            " Import its newest report."
        )
        return [StoryStep("The payout has not come", words, icon="clock")]
    return [StoryStep("What stands in the way", row.words, icon="triangle-alert", tone="red")]
