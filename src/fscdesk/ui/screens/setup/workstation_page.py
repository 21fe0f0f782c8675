"""This workstation: the look, the size of text and rows, the folder of new exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fscdesk.ui import theme
from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.card import Card, Scrolled
from fscdesk.ui.forms.segmented import Segmented
from fscdesk.ui.parts import Part
from fscdesk.ui.preferences import LOOKS
from fscdesk.ui.screen import Shell
from fscdesk.ui.text import ElidedLabel, Label

WIDEST = 720
AskFolder = Callable[[QWidget, Path], str]
_LOOKS = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
_ROWS = (("compact", "Compact"), ("comfortable", "Comfortable"))


class WorkstationPage(Part):
    """Each choice takes hold at once, for this computer and this person alone."""

    def __init__(self, shell: Shell, ask_folder: AskFolder | None = None) -> None:
        super().__init__()
        self._shell, self._ask = shell, ask_folder or _ask_folder
        kept = shell.preferences
        self.look = Segmented("Look", _LOOKS, kept.look())
        sizes = [(str(size), f"{size} %") for size in theme.TEXT_SIZES]
        self.text_size = Segmented("Text size", sizes, str(kept.text_size()))
        rows = "comfortable" if kept.comfortable() else "compact"
        self.rows = Segmented("Rows", _ROWS, rows)
        self.folder = ElidedLabel(str(kept.watched_folder()), "body")
        self.choose = Button("Choose…", "folder-open", on=self._on_folder)
        self.choose.setAccessibleName("Choose the folder of exports")
        self._build()
        self.look.chosen.connect(self._on_look)
        self.text_size.chosen.connect(self._on_size)
        self.rows.chosen.connect(self._on_rows)
        theme.changed.connect(self._follow)

    def enter(self) -> None:
        self.look.setFocus()

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 16, 20, 20)
        column.setSpacing(16)
        looks = Card("Look", "this computer, this person; taken up at once")
        self._line(looks, "Colours", "Dark has its own palette, made for reading.", self.look)
        self._line(looks, "Text size", "Multiplies text, rows and fields.", self.text_size)
        self._line(looks, "Rows", "For lists whose rows you have not arranged yourself.", self.rows)
        files = Card("Files", "where “Import the newest file” looks")
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.folder, 1)
        across.addWidget(self.choose)
        self._line(files, "Folder of exports", "The newest report in it is offered.", holder)
        self._cards = (looks, files)
        for card in self._cards:
            column.addWidget(card)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(page, "This workstation"))
        self._follow()

    def _line(self, card: Card, label: str, hint: str, control: QWidget) -> None:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 4, 0, 4)
        across.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(label, "label"))
        words.addWidget(Label(hint, "hint", wrap=True))
        across.addLayout(words, 1)
        across.addWidget(control, 0 if isinstance(control, Segmented) else 1)
        card.body.addWidget(line)

    def _on_look(self, key: str) -> None:
        look = next(one for one in LOOKS if one == key)
        self._shell.preferences.set_look(look)
        self._apply()

    def _on_size(self, percent: str) -> None:
        self._shell.preferences.set_text_size(int(percent))
        self._apply()

    def _on_rows(self, key: str) -> None:
        self._shell.preferences.set_comfortable(comfortable=key == "comfortable")
        self._apply()

    def _apply(self) -> None:
        app, kept = QApplication.instance(), self._shell.preferences
        if isinstance(app, QApplication):
            theme.now.comfortable = kept.comfortable()
            theme.apply(app, kept.scheme(), kept.text_size())

    def _follow(self) -> None:
        kept = self._shell.preferences
        self.look.set_value(kept.look())
        self.text_size.set_value(str(kept.text_size()))
        for card in self._cards:
            card.setMaximumWidth(theme.now.px(WIDEST))

    def _on_folder(self) -> None:
        chosen = self._ask(self, self._shell.preferences.watched_folder())
        if chosen:
            self._shell.preferences.set_watched_folder(Path(chosen))
            self.folder.setText(chosen)


def _ask_folder(parent: QWidget, folder: Path) -> str:
    return QFileDialog.getExistingDirectory(parent, "Folder of exports", str(folder))
