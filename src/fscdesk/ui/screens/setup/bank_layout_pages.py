"""Bank files: the layouts that were taught; another one is taught from a file of the bank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from fscdesk.services.banking.layout_keeping import (
    FirstRows,
    LayoutRow,
    first_rows,
    kept_layouts,
    remove_layout,
    rename_layout,
)
from fscdesk.services.errors import Problem
from fscdesk.services.work import Topic
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Record, RecordAct
from fscdesk.ui.parts import Part
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.setup.bank_mapping import MappingPart
from fscdesk.ui.screens.setup.lists import setup_spec
from fscdesk.ui.tables.columns import Column, date_column
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_and_form import ListAndForm
from fscdesk.ui.tables.spec import Empty
from fscdesk.ui.text import day_text, key_text

AskFile = Callable[[QWidget], Path | None]
"""Asks a person for a bank's file; None is no."""
NEW: Final = "Map a file"
_LARGEST: Final = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LayoutFields:
    """What can be changed of a layout."""

    name: str = ""


class LayoutList(ListAndForm[LayoutRow, LayoutFields]):
    """The layouts; Ctrl+N asks for a file to map."""

    def __init__(self, shell: Shell, keeping: Keeping, begin: Callable[[], object]) -> None:
        self._shell, self._begin = shell, begin
        record = Record(
            noun="layout",
            rows=kept_layouts,
            fields_of=lambda row: LayoutFields(row.name),
            blank=LayoutFields,
            build=_build,
            name_of=lambda fields: fields.name,
            edit=lambda work, row, fields: rename_layout(work, row.id, fields.name),
            line_of=lambda row: f"Taught by {row.saved_by} on {day_text(self._day(row))}",
            acts=(RecordAct("Remove", self.remove, "x"),),
            faults={"There is a layout": "name"},
        )
        columns: tuple[Column[LayoutRow], ...] = (
            Column("name", "Layout", lambda row: row.name, names=True, priority=1),
            Column("headings", "Headings", lambda row: row.headings, width=320, priority=3),
            Column("by", "Taught by", lambda row: row.saved_by, width=130, priority=5),
            date_column("at", "On", self._day, priority=4),
        )
        spec = setup_spec(
            "bank-layouts",
            "Bank files",
            ("layout", "layouts"),
            kept_layouts,
            columns,
            Topic.BANK,
            Empty(
                "Chase, Bank of America, Wells Fargo and OFX are known. Map a file of another bank"
                " once.",
                "landmark",
            ),
        )
        super().__init__(shell, spec, record, keeping=keeping)
        self.list.answered.connect(self._on_rows)
        self.pane.hide()
        line = self.list.line_row.layout()
        tip = f"{NEW}  {key_text('Ctrl+N')}"
        self.map_button = Button(f"{NEW}…", "plus", compact=True, tip=tip, on=self.new)
        assert line is not None
        line.addWidget(self.map_button)

    def new_verb(self) -> str:
        return NEW

    def new(self) -> None:
        self._begin()

    def _day(self, row: LayoutRow) -> date:
        return row.saved_at.astimezone(self._shell.practice.zone).date()

    def _on_rows(self) -> None:
        """Show the form only where there is a layout to change."""
        self.pane.setVisible(self.list.model.total > 0)

    def _add_button(self) -> None:
        """The button maps a file: a layout is not typed."""

    def remove(self, row: LayoutRow) -> None:
        """Forget a layout; what was read with it stays."""

        def done(was: LayoutRow) -> None:
            self._shell.messages.info(
                f"The layout {was.name} is removed. Statements that were read with it stay."
            )

        self._shell.desk.act(
            self, lambda work: remove_layout(work, row.id), done, self._shell.messages.refused
        )


class LayoutsPage(Part):
    """The list, or the mapping of a file in its place."""

    def __init__(self, shell: Shell, keeping: Keeping, ask_file: AskFile | None = None) -> None:
        super().__init__()
        self._shell = shell
        self._ask_file = ask_file or ask_system
        self.after: Callable[[], object] | None = None
        """Goes back to the place that asked for the mapping; None where this one did."""
        self.list = LayoutList(shell, keeping, self.choose)
        self.mapping = MappingPart(shell)
        self.mapping.saved.connect(self._on_saved)
        self.mapping.left.connect(self._back)
        self._stack = QStackedWidget()
        for part in (self.list, self.mapping):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def front(self) -> LayoutList | MappingPart:
        """What is in front."""
        return self.mapping if self._stack.currentIndex() else self.list

    def choose(self) -> None:
        """Ask for a file of a bank, and map it."""
        path = self._ask_file(self)
        if path is not None:
            self.map_file(path)

    def map_file(self, path: Path) -> None:
        """Show the first lines of a file, to say what its columns mean."""
        self._shell.desk.ask(
            self, lambda _work: _read(path), self._show, self._shell.messages.refused
        )

    def new_verb(self) -> str:
        return NEW

    def new(self) -> None:
        self.choose()

    def save(self) -> None:
        self.front.save()

    def can_save(self) -> bool:
        return self.front.can_save()

    def find_(self) -> None:
        self.front.find_()

    def refresh(self) -> None:
        self.list.refresh()

    def export(self) -> None:
        self.front.export()

    def escape(self) -> bool:
        return self.front.escape()

    def panes(self) -> tuple[QWidget, ...]:
        return self.front.panes()

    def enter(self) -> None:
        self.front.enter()

    def _show(self, first: FirstRows) -> None:
        self._stack.setCurrentWidget(self.mapping)
        self.mapping.show_file(first)
        self.mapping.enter()

    def _on_saved(self, name: str) -> None:
        self._back()
        self._shell.messages.info(f"{name} is saved. Files with these columns are read by it.")

    def _back(self) -> None:
        self._stack.setCurrentWidget(self.list)
        self.list.refresh()
        after, self.after = self.after, None
        if after is not None:
            after()
        else:
            self.list.enter()


def ask_system(window: QWidget) -> Path | None:
    """Ask with the system's own dialog."""
    chosen, _kind = QFileDialog.getOpenFileName(
        window, "A file of the bank", "", "Tables (*.csv *.txt *.tsv *.xlsx);;All files (*)"
    )
    return Path(chosen) if chosen else None


def _read(path: Path) -> FirstRows:
    nothing = "Nothing was read."
    try:
        if path.stat().st_size > _LARGEST:
            raise Problem(f"{path.name} is too large for a bank statement.", hint=nothing)
        data = path.read_bytes()
    except OSError as fault:
        raise Problem(
            f"{path.name} cannot be opened: {fault.strerror}.", hint=f"{nothing} Choose it again."
        ) from None
    return first_rows(data, path.name)


def _build(form: Form) -> None:
    form.row(
        name=TextField(
            "Name", longest=80, hint="To change what its columns mean, map a file of it again."
        )
    )
