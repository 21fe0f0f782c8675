"""The pane of a plan's row: was and will be, what is posted, what to look at, the source row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from fscdesk.models.values import Money
from fscdesk.services.importing.plan_rows import PlanLine
from fscdesk.services.importing.preview import FieldLine, Posting, RowPreview
from fscdesk.ui.forms.card import Line, Scrolled
from fscdesk.ui.screens.importing.words import said_text
from fscdesk.ui.text import Label, money_text

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Seen:
    """What the pane shows: the row, its preview, and the question that it waits for."""

    line: PlanLine
    preview: RowPreview
    question: str


class RowPage(Scrolled):
    """One page: it scrolls where the window is low."""

    def __init__(self) -> None:
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(8)
        super().__init__(content, "What the row does")

    def show_detail(self, detail: Any) -> None:
        """Show another row."""
        assert isinstance(detail, Seen)
        self._empty()
        preview = detail.preview
        if detail.question:
            self._section("Waits for an answer")
            self._column.addWidget(Label(detail.question, wrap=True))
        if detail.line.findings:
            self._section("To look at")
            for finding in detail.line.findings:
                self._column.addWidget(Label(finding.message, "warning", wrap=True))
        if detail.line.row.reason and not detail.question:
            self._section("Why")
            self._column.addWidget(Label(f"{detail.line.row.reason}.", wrap=True))
        if preview.fields:
            self._section("")
            self._column.addLayout(_was_and_will(preview.fields))
        self._section("What is posted")
        if preview.postings:
            self._column.addLayout(_postings(preview.postings))
        self._column.addWidget(Label(preview.words, "hint", wrap=True))
        if detail.line.row.raw:
            self._section("Source row, as read")
            self._column.addWidget(_source(detail.line.row.raw))
        self._column.addStretch(1)

    def _section(self, title: str) -> None:
        if self._column.count():
            self._column.addSpacing(4)
            self._column.addWidget(Line())
            self._column.addSpacing(2)
        if title:
            self._column.addWidget(Label(title, "section"))

    def _empty(self) -> None:
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 10, 8)
        self._column.setSpacing(8)
        content.setProperty("kind", "page")
        self.setWidget(content)


def _was_and_will(fields: tuple[FieldLine, ...]) -> QGridLayout:
    """Fact by fact; what stays the same is quiet."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(9)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    both = any(field.was is not None for field in fields)
    if both:
        grid.addWidget(Label("Was", "hint"), 0, 1)
        grid.addWidget(Label("Will be", "hint"), 0, 2)
        grid.addWidget(Line(), 1, 0, 1, 3)
    for at, field in enumerate(fields, start=2):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(Label(field.field, "hint"), at, 0, top)
        was = Label(_words(field, field.was), "quiet" if field.changed else "hint", wrap=True)
        will = Label(_words(field, field.will), _role(field, both=both), wrap=True)
        if both:
            grid.addWidget(was, at, 1, top)
            grid.addWidget(will, at, 2, top)
        else:
            grid.addWidget(will, at, 1, 1, 2, top)
    return grid


def _role(field: FieldLine, *, both: bool) -> str:
    if not both:
        return "body"
    return "strong" if field.changed else "hint"


def _words(field: FieldLine, said: str | Money | None) -> str:
    if isinstance(said, Money):
        return money_text(said, zero_dash=False)
    if said is None:
        return ""
    return said_text(field.field, said) or "none"


def _postings(postings: tuple[Posting, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    for at, word in enumerate(("Debit", "Credit"), start=1):
        grid.addWidget(Label(word, "hint"), 0, at, _RIGHT)
    for at, posting in enumerate(postings, start=1):
        grid.addWidget(Label(f"{posting.account} {posting.name}", wrap=True), at, 0)
        side = 1 if posting.amount.cents > 0 else 2
        grid.addWidget(Label(money_text(abs(posting.amount)), "strong"), at, side, _RIGHT)
    for side in (1, 2):
        grid.setColumnMinimumWidth(side, 64)
    return grid


def _source(raw: str) -> QWidget:
    well = QFrame()
    well.setProperty("kind", "well")
    column = QVBoxLayout(well)
    column.setContentsMargins(12, 9, 12, 9)
    label = Label(_breakable(raw), "mono", wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    label.setAccessibleName("Source row")
    column.addWidget(label)
    return well


def _breakable(raw: str) -> str:
    """A row of CSV has few blanks: let lines end after a comma as well."""
    return raw.replace(",", ",\N{ZERO WIDTH SPACE}")
