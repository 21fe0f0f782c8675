"""Pages before they are printed: a preview of PDF bytes, and the way to paper or to a file.

Pages are drawn by PDFium, clamped, and kept in memory only: no temporary file is ever made.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Final
from weakref import WeakSet

import pypdfium2
from PySide6.QtCore import QRect, QRectF, QSaveFile, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPageSize, QPainter, QPaintEvent, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QWidget

from fscdesk.services.billing.sendings import SentBy
from fscdesk.services.printing.pdfium import PDFIUM
from fscdesk.ui import theme
from fscdesk.ui.actions import action
from fscdesk.ui.dialogs.question import Dialog
from fscdesk.ui.forms.buttons import IconButton
from fscdesk.ui.messages import Messages
from fscdesk.ui.painting import hairline
from fscdesk.ui.screen import Given
from fscdesk.ui.text import Label, count_text

ZOOMS: Final = (50, 75, 100, 125, 150, 200)
MOST_PAGES: Final = 5000
MOST_PIXELS: Final = 24_000_000
_SCREEN_DPI: Final = 96
_PRINT_DPI: Final = 300
_POINTS: Final = 72


class Pages:
    """A PDF in memory. Sizes are in points; pictures are clamped to a size that fits in memory."""

    def __init__(self, pdf: bytes) -> None:
        """Raises ValueError when the bytes are no PDF, or hold more pages than are shown."""
        try:
            with PDFIUM:
                self._document = pypdfium2.PdfDocument(pdf)
                _open.add(self)
                self.count = len(self._document)
        except pypdfium2.PdfiumError as fault:
            message = "These pages cannot be shown: the file is damaged."
            raise ValueError(message) from fault
        if not 0 < self.count <= MOST_PAGES:
            self.close()
            message = f"A preview shows 1 to {MOST_PAGES:,} pages; this has {self.count:,}."
            raise ValueError(message)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points; `number` counts from 0 and is clamped."""
        with PDFIUM:
            width, height = self._document.get_page_size(self.clamp(number))
        return float(width), float(height)

    def clamp(self, number: int) -> int:
        """The nearest page that exists."""
        return max(0, min(self.count - 1, number))

    def picture(self, number: int, dpi: float) -> QImage:
        """A page drawn at a resolution, smaller where it would not fit in memory."""
        width, height = self.size(number)
        scale = dpi / _POINTS
        pixels = max(1.0, width * height * scale * scale)
        if pixels > MOST_PIXELS:
            scale *= (MOST_PIXELS / pixels) ** 0.5
        with PDFIUM:
            page = self._document[self.clamp(number)]
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            image = QImage(
                bitmap.buffer,
                bitmap.width,
                bitmap.height,
                bitmap.stride,
                QImage.Format.Format_RGBX8888,
            ).copy()
            bitmap.close()
            page.close()
        return image

    def close(self) -> None:
        """Give the memory back."""
        with PDFIUM:
            self._document.close()
            _open.discard(self)


_open: Final[WeakSet[Pages]] = WeakSet()
"""Pages that were not closed yet."""


def close_all() -> None:
    """Close what is still open when the program ends: before PDFium itself is taken down."""
    for pages in list(_open):
        pages.close()


atexit.register(close_all)  # after the import of pypdfium2, so it runs before that one's own


class PageView(QWidget):
    """One page on the desk's tint, at a zoom in percent."""

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self._pages, self._shown = pages, QPixmap()
        self.number, self.zoom = 0, 100

    def show_page(self, number: int, zoom: int) -> None:
        """Draw another page, or the same one larger or smaller."""
        self.number, self.zoom = self._pages.clamp(number), zoom
        ratio = self.devicePixelRatioF()
        image = self._pages.picture(self.number, _SCREEN_DPI * zoom / 100 * ratio)
        image.setDevicePixelRatio(ratio)
        self._shown = QPixmap.fromImage(image)
        self.setAccessibleName(f"Page {self.number + 1} of {self._pages.count}")
        self.setMinimumSize(self._page_size() + QSize(48, 48))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.now.sunken)
        page = QRect(0, 0, self._page_size().width(), self._page_size().height())
        page.moveCenter(self.rect().center())
        page.moveTop(max(24, page.top()))
        painter.drawPixmap(page, self._shown)
        hairline(painter, page.x() - 1, page.y() - 1, page.width() + 2)
        hairline(painter, page.x() - 1, page.bottom() + 1, page.width() + 2)
        hairline(painter, page.x() - 1, page.y(), page.height(), upright=True)
        hairline(painter, page.right() + 1, page.y(), page.height(), upright=True)

    def _page_size(self) -> QSize:
        width, height = self._pages.size(self.number)
        scale = _SCREEN_DPI / _POINTS * self.zoom / 100
        return QSize(round(width * scale), round(height * scale))


class PreviewDialog(Dialog):
    """Pages to look at, then to print or to keep. PgUp and PgDn turn them, + and - zoom.

    `file_name` is only proposed in the save dialog; it must hold no client's name. `given` is told
    when the pages were printed or saved: what leaves the office is put on record by it.
    """

    def __init__(
        self,
        pdf: bytes,
        title: str,
        file_name: str,
        messages: Messages,
        parent: QWidget | None = None,
        given: Given | None = None,
    ) -> None:
        super().__init__(title, parent=parent, width=theme.now.size.dialog_large)
        self._pdf, self._file_name, self._messages = pdf, file_name, messages
        self._given = given
        self.pages = Pages(pdf)
        self.view = PageView(self.pages)
        area = QScrollArea()
        area.setWidget(self.view)
        area.setWidgetResizable(True)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        area.setAccessibleName("Pages")
        self._area = area
        self.body.addLayout(self._tools())
        self.body.addWidget(area, 1)
        self.print_it = self.verb("Print…", primary=True)
        self.save_it = self.verb("Save as…")
        self.close_it = self.verb("Close", harmless=True)
        self.buttons.accepted.disconnect(self.accept)
        self.buttons.accepted.connect(self._on_print)
        self.save_it.clicked.connect(self._on_save)
        for keys, on in (
            ("Ctrl+P", self._on_print),
            ("Ctrl+S", self._on_save),
            ("Ctrl++", lambda: self.turn(zoom=1)),
            ("Ctrl+=", lambda: self.turn(zoom=1)),
            ("Ctrl+-", lambda: self.turn(zoom=-1)),
        ):
            action(self, keys, on, keys)
        self.setFixedHeight(theme.now.px(760))
        self.show_page(0, self._fitting())

    def show_page(self, number: int, zoom: int) -> None:
        """Show a page; a number past the end is the last one."""
        self.view.show_page(number, zoom)
        at, count = self.view.number, self.pages.count
        self.where.setText(f"Page {at + 1} of {count}")
        self.percent.setText(f"{zoom} %")
        self.before.setEnabled(at > 0)
        self.after.setEnabled(at < count - 1)
        self.smaller.setEnabled(zoom > ZOOMS[0])
        self.larger.setEnabled(zoom < ZOOMS[-1])
        self._area.verticalScrollBar().setValue(0)

    def turn(self, pages: int = 0, *, zoom: int = 0) -> None:
        """Go some pages on or back, or one zoom step up or down."""
        step = ZOOMS.index(self.view.zoom) + zoom
        self.show_page(self.view.number + pages, ZOOMS[max(0, min(len(ZOOMS) - 1, step))])

    def print_to(self, printer: QPrinter) -> None:
        """Draw the pages that the printer was asked for, each at its own size from the corner.

        Never fitted to the paper: a claim form is read by where its letters stand.
        """
        printer.setFullPage(True)
        printer.setResolution(_PRINT_DPI)
        first = max(1, printer.fromPage()) - 1
        last = (printer.toPage() or self.pages.count) - 1
        painter = QPainter(printer)
        for number in range(self.pages.clamp(first), self.pages.clamp(last) + 1):
            if number > first:
                printer.newPage()
            picture = self.pages.picture(number, _PRINT_DPI)
            width, height = self.pages.size(number)
            across = printer.logicalDpiX() / _POINTS
            down = printer.logicalDpiY() / _POINTS
            painter.drawImage(QRectF(0, 0, width * across, height * down), picture)
        painter.end()

    def save_to(self, path: Path) -> bool:
        """Keep the pages: all of the file, or no file."""
        file = QSaveFile(str(path))
        if file.open(QSaveFile.OpenModeFlag.WriteOnly):
            file.write(self._pdf)
            if file.commit():
                return True
        self._messages.problem(
            "The pages were not saved there.", hint="Choose another folder, or free some room."
        )
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.turn(step)
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        super().done(result)
        self.pages.close()

    def _fitting(self) -> int:
        room = self.width() - 48 - 64
        wide = self.pages.size(0)[0] * _SCREEN_DPI / _POINTS
        return max((zoom for zoom in ZOOMS if wide * zoom / 100 <= room), default=ZOOMS[0])

    def _tools(self) -> QHBoxLayout:
        self.before = IconButton("chevron-up", "Page before", key="PgUp", on=lambda: self.turn(-1))
        self.after = IconButton("chevron-down", "Next page", key="PgDown", on=lambda: self.turn(1))
        self.smaller = IconButton("minus", "Smaller", key="Ctrl+-", on=lambda: self.turn(zoom=-1))
        self.larger = IconButton("plus", "Larger", key="Ctrl+=", on=lambda: self.turn(zoom=1))
        self.where, self.percent = Label("", "quiet"), Label("", "quiet")
        line = QHBoxLayout()
        line.setSpacing(8)
        for part in (self.before, self.after, self.where):
            line.addWidget(part)
        line.addStretch(1)
        for part in (self.smaller, self.percent, self.larger):
            line.addWidget(part)
        return line

    def _on_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setFullPage(True)
        size = QSizeF(*self.pages.size(0))
        printer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        asked = QPrintDialog(printer, self)
        asked.setMinMax(1, self.pages.count)
        if asked.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_to(printer)
            pages = count_text(self.pages.count, "page")
            self._messages.info(f"Sent {pages} to {printer.printerName()}.")
            self._tell(SentBy.PRINT, printer.printerName())
            self.accept()

    def _on_save(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self, "Save pages", self._file_name, "PDF (*.pdf)"
        )
        if chosen and self.save_to(Path(chosen)):
            self._messages.info("The pages are saved.")
            self._tell(SentBy.FILE, Path(chosen).parent.name)

    def _tell(self, how: SentBy, where: str) -> None:
        if self._given is not None:
            self._given(how, where)
