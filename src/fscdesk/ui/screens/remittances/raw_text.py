"""The text of an 835 as it came in, to read and to copy; nothing of it can be changed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from fscdesk.ui import theme


class RawText(QPlainTextEdit):
    """Each segment in a line of its own, whatever ends the file's segments."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("ownFocus", True)  # its border shows it
        self.setFont(theme.now.font("mono"))
        self.setAccessibleName("835 text")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def show_bytes(self, data: bytes) -> None:
        """Show a file."""
        self.setPlainText(readable(data))


def readable(data: bytes) -> str:
    """Return a file's text with a line for each segment; the segments themselves are as sent."""
    text = data.decode("utf-8", "replace").lstrip("\ufeff")
    flat = text.replace("\r", "").replace("\n", "")
    if not flat.startswith("ISA") or text[105:106] in ("", "\r", "\n"):
        return text
    end = flat[105:106]  # files are wrapped at any column: what ends a segment is ISA's last
    return f"{end}\n".join(flat.split(end)).strip()
