"""Ctrl+?: the pages that say how the office works with a place, inside the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from fscdesk.resources import resource
from fscdesk.ui import theme
from fscdesk.ui.dialogs.question import Dialog

PAGES: Final = (
    *("first-week", "queue", "claims", "remittances", "money", "deposits", "reconciliation"),
    *("accounting", "budgets", "opening", "reports", "changelog"),
)
"""The pages, in the order in which money travels; each is a file of ``resources/help``."""

OF_PLACES: Final[Mapping[str, str]] = {
    "home": "first-week",
    "queue": "queue",
    "sessions": "first-week",
    "importing": "first-week",
    "claims": "claims",
    "claim": "claims",
    "claim-build": "claims",
    "claim-answers": "claims",
    "portal-round": "claims",
    "payments": "money",
    "payment-entry": "money",
    "remittance": "remittances",
    "patients": "money",
    "statements": "money",
    "aging": "money",
    "reconciliation": "reconciliation",
    "accounting": "accounting",
    "reports": "reports",
    "setup": "first-week",
}
"""The page that a place opens with."""


class HelpDialog(Dialog):
    """The list of pages, and the one that is read. Links to other pages stay inside."""

    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__("How it works", parent=parent, width=theme.now.size.dialog_large)
        self.pages = QListWidget()
        self.pages.setAccessibleName("Pages")
        self.pages.setFixedWidth(theme.now.px(280))
        self.pages.setWordWrap(True)
        self.pages.setSpacing(theme.now.px(4))
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Page")
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._on_link)
        for name in PAGES:
            line = QListWidgetItem(_read(name).partition("\n")[0].lstrip("# "))
            line.setData(Qt.ItemDataRole.UserRole, name)
            self.pages.addItem(line)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.pages)
        across.addWidget(self.text, 1)
        self.text.setMinimumHeight(theme.now.px(520))
        self.body.addLayout(across, 1)
        self.verb("Close", primary=True)
        self.pages.currentRowChanged.connect(self._on_row)
        self.pages.setCurrentRow(PAGES.index(page))
        self.pages.setFocus()

    def _on_row(self, row: int) -> None:
        self.text.setMarkdown(_read(PAGES[row]))
        _space(self.text.document())
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _on_link(self, link: QUrl) -> None:
        name = link.fileName().removesuffix(".md")
        if name in PAGES:
            self.pages.setCurrentRow(PAGES.index(name))


def _space(document: QTextDocument) -> None:
    """Give headings our sizes and every paragraph air: Markdown itself brings neither."""
    document.setDocumentMargin(theme.now.px(16))
    block = document.begin()
    while block.isValid():
        look = block.blockFormat()
        level = look.headingLevel()
        look.setTopMargin(theme.now.px(16 if level > 1 else 0))
        look.setBottomMargin(theme.now.px(2 if block.textList() is not None else 8))
        look.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor = QTextCursor(block)
        cursor.setBlockFormat(look)
        if level:
            letters = QTextCharFormat()
            letters.setFont(theme.now.font("title" if level == 1 else "section"))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.setCharFormat(letters)  # merged, Markdown's own size would win
        block = block.next()


def _read(name: str) -> str:
    return resource(f"help/{name}.md").read_text(encoding="utf-8")
