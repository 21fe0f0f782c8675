"""Gives the aging out: pages to print, and files for spreadsheets and other programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.services.reports.aging_report import aging_report
from fscdesk.services.work import Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.aging.question import Question
from fscdesk.ui.tables.export import FORMATS, AskPath


class GivingOut(QObject):
    """Prints and exports what a question asks, read again with its proof."""

    def __init__(self, shell: Shell, window: QWidget, ask_path: AskPath | None = None) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._ask_path = ask_path or _ask_path

    def preview(self, question: Question) -> None:
        """Show the pages, to print or to keep."""
        self._shell.desk.ask(
            self,
            partial(_pages, question),
            lambda answer: self._shell.preview(answer[0], answer[1], f"{answer[2]}.pdf"),
            self._shell.messages.refused,
            title="Aging report",
        )

    def export(self, question: Question, form: str, name: str) -> None:
        """Ask where to, and write one file: all of it or nothing."""
        chosen = self._ask_path(self._window, f"{name}.{form}", FORMATS[form])
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != f".{form}":
            path = path.with_name(f"{path.name}.{form}")
        self._shell.desk.ask(
            self,
            partial(_write, question, form, path),
            lambda rows: self._shell.messages.info(_written(rows, path)),
            self._shell.messages.refused,
            title="Exporting aging",
        )


def _pages(question: Question, work: Work) -> tuple[bytes, str, str]:
    from fscdesk.services.reports.exporting import pdf_bytes

    report = aging_report(work, question.read(work, prove=True))
    return pdf_bytes(report), report.title, f"aging_{report.as_of}"


def _write(question: Question, form: str, path: Path, work: Work) -> int:
    from fscdesk.services.reports.exporting import Format, write_report

    report = aging_report(work, question.read(work, prove=True))
    write_report(report, path, Format(form))
    return len(report.rows)


def _written(rows: int, path: Path) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'} exported to {path.name}."


def _ask_path(window: QWidget, name: str, words: str) -> str:
    suffix = name.rpartition(".")[2]
    chosen, _kind = QFileDialog.getSaveFileName(
        window, "Export the aging", name, f"{words} (*.{suffix})"
    )
    return chosen
