"""Fsc Sans for paper: which letters it holds, how wide they are, and how text is fitted.

ReportLab knows no OpenType features, so the digits in these files are tabular by themselves
(style/ui.md section 1). Widths are the font's own, never the computer's, so that a statement
breaks in the same place on every machine.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from threading import Lock
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from fscdesk.resources import resource

REGULAR, MEDIUM, SEMIBOLD = "Regular", "Medium", "SemiBold"
INK, INK2, INK3 = "#191D26", "#434C5C", "#5D6676"
BOX = "□"
"""Stands for each letter that the font lacks: seen on paper, and named in a finding."""

SMALLEST = 5.0
"""Points. Text that has to be smaller than this is cut, visibly, and reported."""

_lock = Lock()


class Style(NamedTuple):
    """A weight of Fsc Sans, its size in points, and its colour as ``#RRGGBB``."""

    weight: str
    size: float
    ink: str = INK

    def sized(self, size: float) -> Style:
        """The same style in another size."""
        return Style(self.weight, size, self.ink)


class Set(NamedTuple):
    """Text fitted into a rectangle: its lines, each with the number of the text it came from."""

    lines: tuple[tuple[int, str], ...]
    style: Style
    leading: float
    cut: bool

    @property
    def height(self) -> float:
        """Points from the first baseline to the last."""
        return self.leading * (len(self.lines) - 1)


@cache
def font(weight: str) -> Any:
    """ReportLab's font object for a weight, registered once for the process."""
    name = f"FscSans-{weight}"
    with _lock:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(resource(f"fonts/{name}.ttf"))))
    return pdfmetrics.getFont(name)


@lru_cache(maxsize=50_000)
def printable(text: str) -> str:
    """The text as the font can draw it: composed, without control letters, boxes for the rest."""
    if text.isascii() and text.isprintable():
        return text
    held = font(REGULAR).face.charToGlyph
    out: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        category = unicodedata.category(letter)
        if letter in "\t\n\r" or category in {"Zs", "Zl", "Zp"}:
            out.append(" ")
        elif category not in {"Cc", "Cf"}:  # nobody sees those: bidi marks, joiners, NUL
            out.append(letter if ord(letter) in held else BOX)
    return "".join(out)


def missing_letters(text: str) -> str:
    """The letters of a text that are printed as boxes, each once, in order."""
    clean = printable(text)
    if BOX not in clean:
        return ""
    held = font(REGULAR).face.charToGlyph
    composed = unicodedata.normalize("NFC", text)
    lost = (c for c in composed if ord(c) not in held and printable(c) == BOX)
    return "".join(dict.fromkeys(lost))


@lru_cache(maxsize=100_000)
def width(text: str, style: Style) -> float:
    """How wide a text is when it is drawn, in points."""
    return float(font(style.weight).stringWidth(printable(text), style.size))


@lru_cache(maxsize=20_000)
def wrap(text: str, style: Style, room: float) -> tuple[str, ...]:
    """Break a text into lines no wider than `room`; a word that is wider is broken too."""
    clean = printable(text)
    if width(clean, style) <= room:
        return (clean,)
    lines: list[str] = []
    line = ""
    for word in clean.split():
        joined = f"{line} {word}" if line else word
        if width(joined, style) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, style, room)
        lines += whole
    lines.append(line)
    return tuple(lines)


def _broken(word: str, style: Style, room: float) -> list[str]:
    """One word in pieces that fit; at least one letter each, so that it always ends."""
    if width(word, style) <= room:
        return [word]
    measure = font(style.weight).stringWidth
    pieces: list[str] = []
    start, used = 0, 0.0
    for index, letter in enumerate(word):
        step = measure(letter, style.size)
        if used + step > room and index > start:
            pieces.append(word[start:index])
            start, used = index, 0.0
        used += step
    return [*pieces, word[start:]]


@lru_cache(maxsize=20_000)
def fit(texts: tuple[str, ...], style: Style, room: float, height: float, leading: float) -> Set:
    """Set texts, one below the other, into `room` by `height` points (baselines and one line).

    Long texts wrap; if that makes too many lines, all of it becomes smaller, down to
    `SMALLEST`. Only what does not fit even then is cut, with an ellipsis and `cut` set, so that
    the caller reports it. `leading` is for the style's own size and shrinks with it.
    """
    texts = tuple(text for text in texts if printable(text).strip())
    pitch = leading / style.size
    size = style.size
    while True:
        now = style.sized(size)
        lines = [(n, part) for n, text in enumerate(texts) for part in wrap(text, now, room)]
        if len(lines) * size * pitch <= height + 0.01:
            return Set(tuple(lines), now, size * pitch, cut=False)
        if size <= SMALLEST:
            break
        size = max(SMALLEST, size - 0.5)
    kept = lines[: max(1, int(height / (size * pitch) + 0.01))]
    number, last = kept[-1]
    while last and width(f"{last}…", now) > room:
        last = last[:-1]
    return Set((*kept[:-1], (number, f"{last}…")), now, size * pitch, cut=True)
