"""What the pane tells of a line: its words whole, the reason, and what it could be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.banking.bank_says import number_first
from fscdesk.services.banking.bank_sheet import Alternative, SheetMark, SheetRow
from fscdesk.services.banking.line_meaning import names_check
from fscdesk.ui.forms.card import Scrolled
from fscdesk.ui.screens.reconciliation.returning import card_of
from fscdesk.ui.screens.reconciliation.set_choices import CardWords, SetChoices
from fscdesk.ui.screens.reconciliation.words import stated
from fscdesk.ui.text import Label, age_text, day_text

MOST_NAMED = 6
"""Of so many items a card tells the names."""
_TOP = Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class RowFacts:
    """A row with what the pane knows beside it: the account, today, near items, the period."""

    row: SheetRow
    label: str
    today: date
    near: tuple[SheetRow, ...] = ()
    completed: bool = False
    begun: bool = True


class BankPage(Scrolled):
    """A page of the pane. ``choose`` takes a row and which card it is, ``hold`` a row."""

    def __init__(
        self,
        choose: Callable[[SheetRow, int], object],
        hold: Callable[[SheetRow], object],
        leave: Callable[[], object],
    ) -> None:
        content = QWidget()
        content.setProperty("kind", "page")
        super().__init__(content, "About this line")
        self._row: SheetRow | None = None
        self.choices = SetChoices()
        self.choices.chosen.connect(self._on_chosen)
        self.choices.held.connect(self._on_held)
        self.choices.left.connect(leave)
        self._choose, self._hold = choose, hold
        self.question = Label("", "strong", wrap=True)
        self.question.setAccessibleName("Question")
        self.question.hide()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self._head, self._note = Label("What it could be", "section"), Label("", "hint")
        self._why_head, self._why = Label("Why", "section"), Label("", wrap=True)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 10, 8)
        column.setSpacing(8)
        column.addWidget(self.question)
        head = QHBoxLayout()
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._note)
        column.addLayout(head)  # first: what is to be decided is seen without scrolling
        column.addWidget(self.choices)
        column.addWidget(self._why_head)
        column.addWidget(self._why)
        column.addSpacing(4)
        column.addLayout(self._facts)
        column.addStretch(1)

    def show_detail(self, detail: RowFacts) -> None:
        """Show another line, or the same one anew."""
        other = self._row is None or self._row.id != detail.row.id
        if other or detail.row.match_id is not None:
            self.question.hide()
        row = self._row = detail.row
        self._fill(facts_of(detail))
        self._why.setText(why_of(row))
        for part in (self._why_head, self._why):
            part.setVisible(bool(row.why))
        cards, choosing = cards_of(detail)
        self._note.setText(_note_of(detail, len(cards)))
        self._head.setText("What it is" if row.book_amount is not None else "What it could be")
        for part in (self._head, self._note):
            part.setVisible(bool(cards))
        self.choices.show_cards(cards, choosing=choosing)

    def ask(self, words: str) -> None:
        """Put a question over what the line could be, until another line is shown."""
        self.question.setText(words)
        self.question.show()
        self.ensureVisible(0, 0)

    def _fill(self, facts: Sequence[tuple[str, str]]) -> None:
        while self._facts.count():
            item = self._facts.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (name, words) in enumerate(facts):
            self._facts.addWidget(Label(name, "hint"), at, 0, _TOP)
            self._facts.addWidget(Label(breakable(words), wrap=True), at, 1, _TOP)

    def _on_chosen(self, at: int) -> None:
        if self._row is not None:
            self._choose(self._row, at)

    def _on_held(self) -> None:
        if self._row is not None:
            self._hold(self._row)


def breakable(words: str) -> str:
    """Return words of the bank that a line can end in: TRN*1*… has no blank of its own."""
    return words.replace("*", "*\N{ZERO WIDTH SPACE}")


def why_of(row: SheetRow) -> str:
    """Return the reason as a sentence."""
    return f"{row.why.rstrip('.')}." if row.why else ""


def facts_of(detail: RowFacts) -> list[tuple[str, str]]:
    """Return what is known of a row: the bank's words whole, its trace, how old it is."""
    row = detail.row
    found = [
        ("Bank text", row.bank_words),
        ("Trace", row.trace),
        ("Sender id", row.sender),
        ("Posted", day_text(row.book_on) if row.match_id is not None else ""),
        ("Note", row.note),
        ("Age", age_text(row.on, detail.today) if not row.is_done else ""),
    ]
    return [(name, words) for name, words in found if words]


def cards_of(detail: RowFacts) -> tuple[list[CardWords], bool]:
    """Return the cards of a row, and whether one of them can be chosen."""
    row = detail.row
    if row.sets:
        return [_set(one, row.amount) for one in row.sets], True
    one = row.proposal
    if one is not None and one.is_complete:
        if one.entry_to_make is not None:
            words = one.entry_to_make.memo
            return [CardWords(row.book_says, words, stated(one.amount))], False
        return [
            CardWords(number_first(item.label), day_text(item.on), stated(item.amount))
            for item in one.items
        ], False
    if one is not None and row.returns:
        line = one.lines[0]
        return [
            card_of(each, row.amount, named=names_check(line, each.reference))
            for each in row.returns
        ], True
    return [_near(each, row.amount) for each in detail.near], False


def _note_of(detail: RowFacts, count: int) -> str:
    """Return what stands beside the heading of the cards."""
    row = detail.row
    if row.sets or row.returns:
        more = row.proposal is not None and row.proposal.more
        return "choose one; there may be others" if more else f"choose one of {count}"
    return "none is exact" if detail.near and row.mark is SheetMark.UNMATCHED else ""


def _set(one: Alternative, amount: Money) -> CardWords:
    """Return a set by its amounts, so that two sets of the same people can be told apart."""
    if not one.items:
        return CardWords(one.words, "", stated(amount))
    if len(one.items) == 1:
        item = one.items[0]
        return CardWords(number_first(item.label), day_text(item.on), stated(amount))
    parts = " + ".join(stated(item.amount) for item in one.items)
    named = [number_first(item.label) for item in one.items[:MOST_NAMED]]
    if len(one.items) > MOST_NAMED:
        named.append(f"and {len(one.items) - MOST_NAMED} more")
    return CardWords(parts, "\n".join(named), stated(amount))


def _near(one: SheetRow, amount: Money) -> CardWords:
    off = one.amount - amount
    beside = f"{stated(abs(off))} {'more' if abs(one.amount) > abs(amount) else 'less'}"
    return CardWords(one.book_says, one.book_detail, stated(one.amount), beside)
