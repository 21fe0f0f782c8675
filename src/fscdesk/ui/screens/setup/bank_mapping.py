"""Maps a bank's file: which column is the day, the amount, the words; the lines read so beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fscdesk.services.banking.layout_keeping import (
    Columns,
    DateOrder,
    FirstRows,
    guessed,
    preview,
    save_layout,
)
from fscdesk.services.banking.statement_files import ReadLine, ReadStatement
from fscdesk.services.errors import Problem
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Work
from fscdesk.ui import theme
from fscdesk.ui.forms.bound import set_field
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.first_lines import FirstLines
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.tables.spec import Empty, ListSpec
from fscdesk.ui.text import Label, count_text

FORM: Final = 400
SIDE: Final = 20
SAMPLE: Final = 11
"""So many letters of a value are shown beside the place of a column without a heading."""
_MEANINGS: Final = {
    "on": "Day",
    "words": "Words",
    "more_words": "More words",
    "amount": "Amount",
    "money_in": "Money in",
    "money_out": "Money out",
    "balance": "Balance",
    "check_number": "Check number",
    "kind": "Kind",
}
_NEEDED: Final = ("on", "words")
_ORDERS: Final = (
    (DateOrder.MONTH_FIRST.value, "Month first"),
    (DateOrder.DAY_FIRST.value, "Day first"),
)
_FAULTS: Final = {
    "There is a layout": "name",
    "The amount is one column": "amount",
    "Not one line of": "on",
}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line as it would be read; ``id`` is its line in the file."""

    id: int
    line: ReadLine


class MappingPart(Part):
    """The file at the left, read anew at every change; at the right what its columns mean."""

    saved = Signal(str)
    """The name under which it was saved."""
    left = Signal()
    """Cancel, or Esc."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shell = shell
        self._first: FirstRows | None = None
        self._lines: tuple[PreviewLine, ...] = ()
        self._asked = 0
        self._filling = False
        self.heading = Label("", "section")
        self.known = Label("", "hint", wrap=True)
        self.file = FirstLines()
        self.told = Label("", "strong", wrap=True)
        self.fault = Label("", "hint", wrap=True)
        self.list: ListPart[PreviewLine] = ListPart(shell.desk, _spec(self._ask_page))
        self.form = Form("Save the layout", "Cancel")
        self._fields()
        self.form.changed.connect(self._on_changed)
        self.form.saved.connect(self._on_saved)
        self.form.cancelled.connect(self.left)
        self._place()

    def show_file(self, first: FirstRows) -> None:
        """Begin with a file: what its columns most likely are is filled in."""
        self._first = first
        self.heading.setText(f"Columns of {first.name}")
        self.known.setText(_known(first))
        self.file.show_file(first.headings, first.shown[:6])
        self._fill(guessed(first))
        self._on_changed()

    # What the screen asks

    def save(self) -> None:
        self.form.save()

    def can_save(self) -> bool:
        return True

    def escape(self) -> bool:
        self.left.emit()
        return True

    def panes(self) -> tuple[QWidget, ...]:
        return (self.form, self.list.view)

    def enter(self) -> None:
        self.form.field("name").editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def columns(self) -> Columns:
        """Return what stands in the form."""
        values: dict[str, Any] = {}
        for name in (*_MEANINGS, "name", "order", "flipped"):
            field: Any = self.form.field(name)
            values[name] = field.value()
        more = values.pop("more_words")
        words = (values["words"], more)
        values["words"] = tuple(dict.fromkeys(one for one in words if one is not None))
        values["on"] = 0 if values["on"] is None else values["on"]
        values["order"] = DateOrder(values["order"] or DateOrder.MONTH_FIRST)
        return Columns(**values)

    # Building

    def _fields(self) -> None:
        form = self.form
        form.row(name=TextField("Name of the layout", longest=80, example="Riverbank checking"))
        form.row(on=_column("Day"), order=ChoiceField("Days are written", _ORDERS))
        form.row(words=_column("Words"), more_words=_column("More words", optional=True))
        form.heading("Amount")
        form.row(
            amount=_column("Amount", optional=True, hint="One column, with a sign."),
            flipped=CheckField("Money out is positive", hint="As on a card's statement."),
        )
        form.row(
            money_in=_column("Money in", optional=True, hint="Or two columns."),
            money_out=_column("Money out", optional=True),
        )
        form.heading("Where the file has them")
        form.row(
            balance=_column("Balance", optional=True),
            check_number=_column("Check number", optional=True),
        )
        form.row(kind=_column("Kind", optional=True))

    def _place(self) -> None:
        area = QScrollArea()
        area.setWidget(self.file)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedHeight(theme.now.px(8 * 26 + 18))
        self.file.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        head = QVBoxLayout()
        head.setContentsMargins(SIDE, 14, SIDE, 8)
        head.setSpacing(6)
        for part in (self.heading, self.known, area, self.told, self.fault):
            head.addWidget(part)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(head)
        left.addWidget(self.list, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SIDE, 14, SIDE, 16)
        column.addWidget(self.form)
        column.addStretch(1)
        right = Scrolled(page, "Form: what the columns mean")
        right.setFixedWidth(theme.now.px(FORM))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addLayout(left, 1)
        across.addWidget(Line(upright=True))
        across.addWidget(right)

    # Filling

    def _fill(self, columns: Columns) -> None:
        first = self._first
        assert first is not None
        self._filling = True
        options = list(enumerate(_names(first)))
        words = (*columns.words, None)
        values = {
            **{name: getattr(columns, name, None) for name in _MEANINGS if name != "more_words"},
            "words": words[0],
            "more_words": words[1],
        }
        for name, value in values.items():
            field = self.form.field(name)
            assert isinstance(field, ChoiceField)
            field.set_options(options)
            set_field(field, value)
        set_field(self.form.field("order"), columns.order.value)
        set_field(self.form.field("flipped"), columns.flipped)
        set_field(self.form.field("name"), columns.name)
        self._filling = False

    def _ask_page(self, _work: Work, _state: FilterState, span: Span) -> Page[PreviewLine]:
        lines = self._lines
        part = lines[span.start : span.start + span.size]
        return Page(span.start, len(lines), part, {})

    # What happens

    def _on_changed(self) -> None:
        """Read the file anew; the newest question alone is answered."""
        first = self._first
        if first is None or self._filling:
            return
        columns = self.columns()
        self.file.mean(_meanings(columns))
        self._asked += 1
        number = self._asked
        if columns.amount is None and (columns.money_in is None or columns.money_out is None):
            self._show(number, None)
            return
        self._shell.desk.ask(
            self, lambda _work: preview(first, columns), partial(self._show, number)
        )

    def _show(self, number: int, read: ReadStatement | None) -> None:
        if number != self._asked:
            return
        lines = () if read is None else read.lines
        self._lines = tuple(PreviewLine(one.position, one) for one in lines)
        self.list.ask_again()
        if read is None:
            self.told.setText("Say which column is the amount, or money in and money out.")
            self.fault.setText("")
            return
        bad = len(read.findings)
        rest = f", {count_text(bad, 'remark')}" if bad else ""
        self.told.setText(f"{count_text(len(lines), 'line')} read{rest}.")
        self.fault.setText(
            "  ".join(f"{one.where.capitalize()}: {one.message}" for one in read.findings[:2])
        )

    def _on_saved(self) -> None:
        first, columns = self._first, self.columns()
        if first is None:
            return
        self.form.working("Saving…")

        def done(_id: int) -> None:
            self.form.rest()
            self.saved.emit(columns.name)

        self._shell.desk.act(
            self, lambda work: save_layout(work, first, columns), done, self._refused
        )

    def _refused(self, fault: BaseException) -> None:
        self.form.rest()
        if isinstance(fault, Problem):
            named = {
                name: fault.message for words, name in _FAULTS.items() if words in fault.message
            }
            if named:
                self.form.show_faults(named)
                return
        self._shell.messages.refused(fault)


def _known(first: FirstRows) -> str:
    """Return what is known of a file before anybody has said what its columns mean."""
    if first.known_as:
        return f"These columns are known already ({first.known_as}). What is saved here goes first."
    lines = count_text(len(first.rows), "line")
    if first.by_place:
        return f"No headings: columns are named by their place. {lines}."
    return f"Headings in line {first.heading_line}, {lines} below."


def _names(first: FirstRows) -> tuple[str, ...]:
    """Return the names of the columns to choose from; by place, with a value that stands there."""
    if not first.by_place:
        return first.headings
    return tuple(_with_sample(at, first.shown) for at in range(len(first.headings)))


def _with_sample(at: int, shown: Sequence[Sequence[str]]) -> str:
    told = next((row[at] for row in shown if at < len(row) and row[at]), "empty")
    short = told if len(told) <= SAMPLE else f"{told[: SAMPLE - 1].rstrip()}…"
    return f"{at + 1}: {short}"


def _column(label: str, *, optional: bool = False, hint: str = "") -> ChoiceField[int]:
    return ChoiceField(label, optional=optional, hint=hint)


def _meanings(columns: Columns) -> dict[int, str]:
    """Return by column what it means; the words come last, as they may be two."""
    found: dict[int, str] = {}
    for name, word in _MEANINGS.items():
        at = getattr(columns, name, None)
        if isinstance(at, int):
            found[at] = word
    found.update(dict.fromkeys(columns.words, _MEANINGS["words"]))
    return found


def _spec(
    query: Callable[[Work, FilterState, Span], Page[PreviewLine]],
) -> ListSpec[PreviewLine]:
    columns: tuple[Column[PreviewLine], ...] = (
        date_column("on", "Day", lambda row: row.line.on, sortable=False),
        Column("words", "Words", lambda row: row.line.words, names=True, sortable=False),
        Column(
            "check",
            "Check",
            lambda row: row.line.check_number,
            width=72,
            sortable=False,
            priority=7,
        ),
        money_column(
            "amount", "Amount", lambda row: row.line.amount, sortable=False, plain_negative=True
        ),
        money_column(
            "balance",
            "Balance",
            lambda row: row.line.balance,
            sortable=False,
            priority=6,
            plain_negative=True,
        ),
    )
    return ListSpec(
        key="bank-preview",
        name="Lines as they are read",
        columns=columns,
        query=query,
        noun=("line", "lines"),
        title=False,
        line=False,
        ticking=False,
        totals=False,
        empty=Empty("Nothing can be read so. Look at the day and the amount.", "table-2"),
        exports=False,
    )
