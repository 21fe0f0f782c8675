"""Reads our PDFs back as a stranger would: with pdfium, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2


class Letter(NamedTuple):
    """One letter and its box, in points from the top left of the page."""

    letter: str
    left: float
    top: float
    right: float
    bottom: float


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, in the order in which it was drawn, lines parted by a newline."""
    return [page.replace("\r\n", "\n") for page in _texts(pdf)]


def _texts(pdf: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()
    document.close()


def letters(pdf: bytes, page_number: int = 0) -> list[Letter]:
    """Every letter of a page that leaves ink, and where."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[page_number]
    high = page.get_height()
    text = page.get_textpage()
    whole = text.get_text_range()
    found = []
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        if right > left and whole[index : index + 1].strip():
            found.append(Letter(whole[index], left, high - top, right, high - bottom))
    text.close()
    page.close()
    document.close()
    return found


def picture(pdf: bytes, page_number: int = 0, scale: float = 2) -> Any:
    """A page as a grey Pillow image; `scale` pixels for each point."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[page_number]
    image = page.render(scale=scale).to_pil().convert("L")
    page.close()
    document.close()
    return image


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    document = pypdfium2.PdfDocument(pdf)
    sizes = [document.get_page_size(number) for number in range(len(document))]
    document.close()
    return [(float(wide), float(high)) for wide, high in sizes]
