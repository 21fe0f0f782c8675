"""What this workstation remembers of the look: never anything about the practice's data."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_config_path, user_downloads_path
from PySide6.QtCore import QByteArray, QSettings

from fscdesk.ui import theme

Look = Literal["system", "light", "dark"]
LOOKS: tuple[Look, ...] = ("system", "light", "dark")


class Preferences:
    """The look, the text size, the window's place and the folder of exports, in one small file."""

    def __init__(self, path: Path | None = None) -> None:
        place = path or user_config_path("fscdesk", appauthor=False) / "workstation.ini"
        self._kept = QSettings(str(place), QSettings.Format.IniFormat)

    def look(self) -> Look:
        """Light, dark, or as the system has it."""
        kept = str(self._kept.value("look", "system"))
        return next((look for look in LOOKS if look == kept), "system")

    def set_look(self, look: Look) -> None:
        """Remember the look."""
        self._kept.setValue("look", look)

    def scheme(self) -> theme.Scheme:
        """The scheme that the look asks for now."""
        look = self.look()
        return theme.system_scheme() if look == "system" else look

    def text_size(self) -> int:
        """The text size in percent."""
        kept = str(self._kept.value("text_size", "100"))
        size = int(kept) if kept.isdecimal() else 100
        return size if size in theme.TEXT_SIZES else 100

    def set_text_size(self, percent: int) -> None:
        """Remember the text size."""
        self._kept.setValue("text_size", percent)

    def comfortable(self) -> bool:
        """Whether rows of lists are comfortable where a person has not arranged them."""
        return str(self._kept.value("rows", "compact")) == "comfortable"

    def set_comfortable(self, *, comfortable: bool) -> None:
        """Remember how high rows are."""
        self._kept.setValue("rows", "comfortable" if comfortable else "compact")

    def geometry(self) -> QByteArray:
        """The window's place, as Qt gave it; empty at first."""
        kept = self._kept.value("geometry")
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def set_geometry(self, geometry: QByteArray) -> None:
        """Remember the window's place."""
        self._kept.setValue("geometry", geometry)

    def watched_folder(self) -> Path:
        """Where new exports are looked for: the person's downloads, unless chosen otherwise."""
        kept = str(self._kept.value("watched_folder", ""))
        return Path(kept) if kept else user_downloads_path()

    def set_watched_folder(self, folder: Path) -> None:
        """Look for new exports elsewhere."""
        self._kept.setValue("watched_folder", str(folder))

    def forms_printer(self) -> str:
        """The printer for which red claim forms were moved last; empty for any."""
        return str(self._kept.value("forms_printer", ""))

    def set_forms_printer(self, name: str) -> None:
        """Remember on which printer this workstation prints red claim forms."""
        self._kept.setValue("forms_printer", name)

    def last_practice(self) -> str:
        """The file or the address (without a password) that was open last; empty at first."""
        return str(self._kept.value("last_practice", ""))

    def set_last_practice(self, target: str) -> None:
        """Remember what to open at the next start."""
        self._kept.setValue("last_practice", target)
