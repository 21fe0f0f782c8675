"""What a payer said of a claim, typed by whoever called or looked into its portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtWidgets import QWidget

from fscdesk.models.values import Money
from fscdesk.services.claims.answers import GROUPS, ClaimStatus, PayersAnswer
from fscdesk.services.claims.carc_fields import words_for
from fscdesk.services.claims.detail import ClaimPage
from fscdesk.services.remittances.carc import carc_of
from fscdesk.ui.dialogs.fields_dialog import FieldsDialog
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.text import money_text

ANSWERS: Final = (
    ("accepted", "Accepted: it has the claim"),
    ("pending", "Pending: it is in process"),
    ("paid", "Paid, all of it"),
    ("partially_paid", "Some lines paid, some denied"),
    ("denied", "Denied, all of it"),
    ("rejected", "Rejected: it never took it in"),
)
_WITH_CARC: Final = frozenset({"denied", "partially_paid"})


class AnswerDialog(FieldsDialog):
    """Asks for the answer, its day, and for a denial the reason code; no money moves by it."""

    def __init__(
        self, page: ClaimPage, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        row = page.row
        super().__init__(
            f"What did {row.payer} say of {row.number}?",
            "No money moves by this: a payment is entered where its check or EFT is.",
            ("Note the answer", "Noting it…"),
            parent,
        )
        self._said: ChoiceField[str] = ChoiceField("Answer", ANSWERS)
        self._on = DateField("On", today(), today=today)
        self._carc = TextField("Reason code (CARC)", longest=5, example="197", rule=_carc_fault)
        self._group: ChoiceField[str] = ChoiceField(
            "Group", tuple((one, one) for one in GROUPS), optional=True
        )
        self._words = TextField("In its words", longest=1000, optional=True)
        self._number = TextField("Its number of the claim", longest=50, optional=True)
        self._number.set_value(row.payer_number)
        self.row(said=self._said, on=self._on)
        self.row(carc=self._carc, group=self._group)
        self._lines: dict[int, CheckField] = {}
        for line in page.money:
            amount: Money = line.amount
            words = f"Line {line.position}, {money_text(amount, zero_dash=False)}, is denied"
            self._lines[line.position] = CheckField(words)
            self.row(**{f"line{line.position}": self._lines[line.position]})
        self.row(words=self._words, number=self._number)
        self._said.changed.connect(self._follow)
        self._carc.changed.connect(self._tell)
        self._follow()

    def answer(self) -> PayersAnswer:
        """Return what was typed; only after every field was right."""
        said = str(self._said.value())
        with_carc = said in _WITH_CARC
        return PayersAnswer(
            ClaimStatus(said),
            self._on.value() or date.min,
            carc=self._carc.value() if with_carc else "",
            group=(self._group.value() or "") if with_carc else "",
            reason=self._words.value(),
            payer_number=self._number.value(),
            denied_lines=tuple(at for at, box in self._lines.items() if box.value())
            if said == "partially_paid"
            else (),
        )

    def _follow(self) -> None:
        said = self._said.value()
        for field in (self._carc, self._group):
            field.setVisible(said in _WITH_CARC)
        for box in self._lines.values():
            box.setVisible(said == "partially_paid")
        self.fit()

    def _tell(self) -> None:
        self._carc.set_hint(words_for(self._carc.value()))
        self.fit()


def _carc_fault(text: str) -> str:
    return "" if carc_of(text) else f"{text} is no reason code. It is like 16, 197, A1 or B7."
