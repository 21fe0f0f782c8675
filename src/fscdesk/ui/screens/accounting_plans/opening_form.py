"""The form of the opening: the first day, then every account by group, each with its amount."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from fscdesk.models.values import ZERO, Money
from fscdesk.services.accounting.opening import OpeningBank, OpeningDraft, OpeningLine
from fscdesk.ui.forms.amounts import DateField, MoneyField
from fscdesk.ui.forms.fields import Field, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.screens.accounting_plans.opening_rows import GROUPS, Asked, OpeningPage
from fscdesk.ui.text import Label, day_text

WIDEST = 760


class BalanceField(MoneyField):
    """An amount that may stay empty: it holds nothing then."""

    def fault(self) -> str:
        return super().fault() if self.edit.text().strip() else ""


class OpeningForm(Form):
    """Fields by account number; what the bank itself had stands beside the books’ amount."""

    def __init__(self, page: OpeningPage, today: Callable[[], date]) -> None:
        super().__init__("Post the opening balances")
        self.asked = page.asked
        self._foot.hide()  # what it says stands below all groups, always on view
        self.heading("1  The day")
        self.day = DateField("First day kept here", page.first_day, today=today)
        self.late = TextField(
            "Why it is posted into a closed month", longest=200, hint="It stays on record."
        )
        self._half("first_day", self.day)
        self.row(late_reason=self.late)
        self.late.hide()
        self.day.changed.connect(self._tell_day)
        self._tell_day()
        for step, (group, (heading, hint)) in enumerate(GROUPS.items(), start=2):
            self._add(step, heading, hint, [one for one in self.asked if one.group == group])

    def amounts(self) -> dict[str, Money]:
        """Return what is typed, by account; an empty field is nothing."""
        found: dict[str, Money] = {}
        for one in self.asked:
            amount = self._money(one.account)
            if amount:
                found[one.account] = amount
        return found

    def draft_of(self) -> OpeningDraft:
        """Return what is to be posted; the fields have been checked."""
        amounts = self.amounts()
        first = self.day.value()
        assert first is not None
        return OpeningDraft(
            first,
            tuple(
                OpeningLine(one.account, Money(one.side * one.meant(amounts[one.account]).cents))
                for one in self.asked
                if one.account in amounts
            ),
            tuple(
                OpeningBank(one.bank.id, amounts.get(one.account, ZERO) if said is None else said)
                for one in self.asked
                if one.bank is not None
                for said in (self._money(_said(one)),)
                if one.account in amounts or said is not None
            ),
            (self.late.value() or None) if not self.late.isHidden() else None,
        )

    def ask_why_late(self) -> None:
        """Show the field for the reason, and put the cursor into it."""
        self.late.show()
        self.late.setFocus()

    def _money(self, name: str) -> Money | None:
        field = self.field(name)
        return field.value() if isinstance(field, MoneyField) else None

    def _add(self, step: int, heading: str, hint: str, asked: list[Asked]) -> None:
        if not asked:
            return
        self.heading(f"{step}  {heading}")
        self._column.insertWidget(self._column.count() - 3, Label(hint, "hint", wrap=True))
        pairs: list[tuple[str, MoneyField]] = []
        for one in asked:
            field = BalanceField(f"{one.account}  {one.name}")
            if one.bank is None:
                pairs.append((one.account, field))
                continue
            said = BalanceField(
                f"Statement of {one.bank.label}",
                hint="Where it differs: checks under way. Reconciling begins with it.",
            )
            self.row(**{one.account: field, _said(one): said})
        for at in range(0, len(pairs), 2):
            part = dict(pairs[at : at + 2])
            if len(part) == 1:
                self._half(*pairs[at])
            else:
                self.row(**part)

    def _half(self, name: str, field: Field) -> None:
        """Add a field that stands alone, as wide as one of two."""
        self.row(**{name: field})
        down = self._grid.rowCount() - 1
        self._grid.removeWidget(field)
        self._grid.addWidget(field, down, 0)

    def _tell_day(self) -> None:
        day = self.day.value()
        words = "" if day is None else day_text(day - timedelta(days=1))
        self.day.set_hint(
            f"The entry is dated {words}, the evening before."
            if words
            else "The entry is dated the evening before."
        )


def _said(one: Asked) -> str:
    return f"{one.account}_bank"
