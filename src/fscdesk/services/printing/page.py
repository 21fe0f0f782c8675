"""A pen on ReportLab's canvas: points from the top left, text in runs that are encoded once.

Shapes go under, text on top. Strings are drawn as they are: no markup is ever read, so a name
like ``<b>`` prints as itself (domain/platform.md section 5). The same calls give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfgen.canvas import Canvas

from fscdesk.services.printing.fonts import REGULAR, SEMIBOLD, Set, Style, font, printable, width

PORTRAIT: tuple[float, float] = LETTER
LANDSCAPE: tuple[float, float] = (LETTER[1], LETTER[0])

HAIR, LINE, STRONG, PANEL = "#E4E7EC", "#CDD3DC", "#7A828F", "#F4F5F7"
MARK = "#E9ECF0"
"""Light enough to read a receipt through it, dark enough to be seen on a copy."""

rl_config.useA85 = 0  # streams stay binary: a fifth smaller, and half the time to write


class Pen:
    """Draws pages of one size into one PDF that holds its fonts."""

    def __init__(
        self, *, title: str, author: str = "", size: tuple[float, float] = PORTRAIT
    ) -> None:
        self.width, self.height = size
        self._file = BytesIO()
        font(REGULAR)
        self._canvas: Any = Canvas(
            self._file,
            pagesize=size,
            pageCompression=1,
            invariant=1,
            initialFontName=f"FscSans-{REGULAR}",
            lang="en-US",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("fscdesk")
        self._runs: list[str] = []
        self._shapes: list[str] = []
        self._now = ""
        self._encoded: dict[tuple[str, Style], tuple[str, str, bool]] = {}
        self._colours: dict[str, str] = {}

    def text(self, x: float, y: float, text: str, style: Style, room: float | None = None) -> None:
        """Write one line whose baseline starts at x, y; smaller where it is wider than `room`."""
        if not text:
            return
        if room is not None and (wide := width(text, style)) > room:
            style = style.sized(style.size * room / wide)
        found = self._encoded.get((text, style))
        if found is None:
            found = self._encoded[text, style] = self._encode(text, style)
        head, body, plain = found
        if head == self._now:
            self._runs.append(f"1 0 0 1 {x:.2f} {self.height - y:.2f} Tm {body}")
        else:
            self._runs.append(f"{head} 1 0 0 1 {x:.2f} {self.height - y:.2f} Tm {body}")
            self._now = head if plain else ""

    def right(self, x: float, y: float, text: str, style: Style, room: float | None = None) -> None:
        """Write one line that ends at x; made smaller where it is wider than `room`."""
        if not text:
            return
        wide = width(text, style)
        if room is not None and wide > room:
            style = style.sized(style.size * room / wide)
            wide = room
        self.text(x - wide, y, text, style)

    def centre(self, x: float, y: float, text: str, style: Style) -> None:
        """Write one line around x."""
        self.text(x - width(text, style) / 2, y, text, style)

    def block(self, x: float, y: float, block: Set, *first: Style) -> float:
        """Write fitted lines from baseline y on; return the last baseline.

        `first` gives the styles of the first texts, if they differ, in weight or colour only.
        """
        for number, line in block.lines:
            style = first[number].sized(block.style.size) if number < len(first) else block.style
            self.text(x, y, line, style)
            y += block.leading
        return y - block.leading if block.lines else y

    def rule(self, x0: float, x1: float, y: float, ink: str, thick: float = 0.5) -> None:
        """Draw a level line as a filled strip, which no printer smears to two pixels."""
        self._shapes.append(
            f"{self._colour(ink)} {x0:.2f} {self.height - y:.2f} {x1 - x0:.2f} {thick:g} re f"
        )

    def dashes(self, x0: float, x1: float, y: float, ink: str) -> None:
        """Draw the line to tear or cut along."""
        stroke = self._colour(ink).replace("rg", "RG")
        level = self.height - y
        self._shapes.append(
            f"q {stroke} 0.7 w [4 3] 0 d {x0:.2f} {level:.2f} m {x1:.2f} {level:.2f} l S Q"
        )

    def panel(self, x: float, y: float, wide: float, high: float, radius: float = 4) -> None:
        """Fill a rounded rectangle; y is its top."""
        self._canvas.setFillColor(PANEL)
        self._canvas.roundRect(x, self.height - y - high, wide, high, radius, stroke=0, fill=1)

    def frame(self, x: float, y: float, wide: float, high: float, radius: float = 4) -> None:
        """Draw the outline of a field to write in; y is its top."""
        self._canvas.setStrokeColor(STRONG)
        self._canvas.setLineWidth(0.8)
        self._canvas.roundRect(x, self.height - y - high, wide, high, radius, stroke=1, fill=0)

    def mark(self, word: str) -> None:
        """Write a pale word across the page below the window, under its text, over its panels."""
        wide = width(word, Style(SEMIBOLD, 100))
        style = Style(SEMIBOLD, min(140.0, 42_000 / wide), MARK)
        head, body, _ = self._encode(word, style)
        wide = width(word, style) / 2
        turn = math.sqrt(0.5)
        x = self.width / 2 - turn * (wide - style.size * 0.36)
        y = self.height - 460 - turn * (wide + style.size * 0.36)
        self._canvas.addLiteral(
            f"BT {head} {turn:.4f} {turn:.4f} {-turn:.4f} {turn:.4f} {x:.2f} {y:.2f} Tm {body} ET"
        )

    @contextmanager
    def form(self, name: str) -> Iterator[None]:
        """Draw what is the same on many pages once, to be stamped on each."""
        self._canvas.beginForm(name)
        yield
        self._flush()
        self._canvas.endForm()

    def stamp(self, name: str) -> None:
        """Put a form on this page, under the page's own text."""
        self._canvas.doForm(name)

    def end_page(self) -> None:
        """Finish this page, which may be empty, and begin another."""
        self._flush()
        self._canvas.showPage()

    def pdf(self) -> bytes:
        """The finished file; call once, after the last page."""
        self._canvas.save()
        return self._file.getvalue()

    def _flush(self) -> None:
        literal = self._canvas.addLiteral
        if self._shapes:
            literal("\n".join(self._shapes))
        if self._runs:
            literal("BT\n{}\nET".format("\n".join(self._runs)))
        self._shapes.clear()
        self._runs.clear()
        self._now = ""

    def _colour(self, ink: str) -> str:
        if ink not in self._colours:
            parts = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
            self._colours[ink] = " ".join(f"{part:.3g}" for part in parts) + " rg"
        return self._colours[ink]

    def _encode(self, text: str, style: Style) -> tuple[str, str, bool]:
        """Operators that show a text: the first font and colour, the rest, and if it is one run."""
        face, doc = font(style.weight), self._canvas._doc  # noqa: SLF001 - ReportLab's own way
        parts = [
            (f"{face.getSubsetInternalName(subset, doc)} {style.size:g} Tf", escapePDF(chunk))
            for subset, chunk in face.splitString(printable(text), doc)
        ]
        if not parts:
            return "", "", False
        body = [f"({parts[0][1]}) Tj", *(f"{name} ({chunk}) Tj" for name, chunk in parts[1:])]
        return f"{self._colour(style.ink)} {parts[0][0]}", " ".join(body), len(parts) == 1
