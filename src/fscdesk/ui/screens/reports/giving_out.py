"""Gives a report out: pages to print, and files for spreadsheets and other programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.reports.exporting import Format, pdf_bytes, write_report
from fscdesk.services.table_report import TableReport
from fscdesk.services.work import Work
from fscdesk.ui.actions import Menu
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reports.asking import Shown
from fscdesk.ui.tables.export import FORMATS, AskPath
from fscdesk.ui.tables.list_screen import ListPart
from fscdesk.ui.text import count_text

EVERY_FORMAT = {**FORMATS, "json": "JSON"}


class GivingOut(QObject):
    """Prints and exports the figures on view."""

    def __init__(self, shell: Shell, window: QWidget, ask_path: AskPath | None = None) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._ask_path = ask_path or _ask_path

    def menu(self, shown: Shown | None, lines: ListPart[Any] | None) -> Menu:
        """Return what can be given out: the report, and the lines of the open number."""
        menu = Menu(self._window)
        if shown is not None:
            for form, words in EVERY_FORMAT.items():
                menu.add(f"{words}…", partial(self.export, shown, form))
        if lines is not None:
            menu.addSeparator()
            for form, words in FORMATS.items():
                menu.add(f"Lines as {words}…", partial(lines.export_as, form))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def preview(self, shown: Shown) -> None:
        """Show the pages, to print or to keep."""
        table = shown.made.table
        self._shell.desk.ask(
            self,
            lambda _work: pdf_bytes(table),
            lambda pdf: self._shell.preview(pdf, table.title, f"{name_of(shown)}.pdf"),
            self._shell.messages.refused,
            title=table.title,
        )

    def export(self, shown: Shown, form: str) -> None:
        """Ask where to, and write one file: all of it or nothing."""
        chosen = self._ask_path(self._window, f"{name_of(shown)}.{form}", EVERY_FORMAT[form])
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != f".{form}":
            path = path.with_name(f"{path.name}.{form}")
        table = shown.made.table
        self._shell.desk.ask(
            self,
            partial(_write, table, form, path),
            lambda rows: self._shell.messages.info(
                f"{count_text(rows, 'row')} exported to {path.name}."
            ),
            self._shell.messages.refused,
            title=f"Exporting {table.title.lower()}",
        )


def name_of(shown: Shown) -> str:
    """Return the name of a file with this report: ``income_2026-03-31``."""
    day = shown.made.table.as_of or shown.today
    return f"{shown.name.replace('-', '_')}_{day.isoformat()}"


def _write(table: TableReport, form: str, path: Path, _work: Work) -> int:
    write_report(table, path, Format(form))
    return len(table.rows)


def _ask_path(window: QWidget, name: str, words: str) -> str:
    suffix = name.rpartition(".")[2]
    chosen, _kind = QFileDialog.getSaveFileName(
        window, "Export the report", name, f"{words} (*.{suffix})"
    )
    return chosen
