"""Why a line of a report is not a session: blank lines, totals, notes, and faulty cells."""

from __future__ import annotations

import re

from fscdesk.services.spreadsheets.cells import CellFault
from fscdesk.services.spreadsheets.tables import Cell, cell_text, heading_key, is_blank

_TOTALS = re.compile(
    r"(?:(?:grand|sub|report|overall)[ -]?)?totals?\b|summary\b|sums?\b", re.IGNORECASE
)


def fit(cells: tuple[Cell, ...], width: int, needed: int) -> tuple[Cell, ...]:
    """Return the row in the width of its header; raises CellFault where cells would be guessed.

    Missing cells are harmless only past the last column that is read, surplus ones only while
    they are blank: an unquoted comma in a name would move every amount by one column.
    """
    if len(cells) > width:
        if not is_blank(cells[width:]):
            raise CellFault(
                "long-row",
                f"The row has {len(cells)} cells where the header has {width}: a comma in a name "
                "or a number may stand without quotes.",
            )
        return cells[:width]
    if len(cells) < needed:
        raise CellFault(
            "short-row",
            f"The row ends after {len(cells)} of {width} cells: the file may have been cut off.",
        )
    return cells + ("",) * (width - len(cells))


def why_skipped(
    cells: tuple[Cell, ...], names: tuple[int, ...], headings: tuple[str, ...], fault: CellFault
) -> tuple[str, str, bool]:
    """Return the code and the sentence for a line that is not used, and whether that is normal.

    ``names`` are the places of day, client, clinician and code. Blank lines, totals, notes and
    repeated headers are normal; all else meant to be a session and has to be told.
    """
    texts = [cell_text(cell).strip() for cell in cells]
    filled = [text for text in texts if text]
    if not filled:
        return "empty", "The row is blank.", True
    if [heading_key(text) for text in texts] == [heading_key(text) for text in headings]:
        return "header", "The header is repeated here.", True
    if fault.code in {"date", "short-row", "long-row"}:
        unnamed = all(place >= len(texts) or not texts[place] for place in names)
        if (unnamed and len(filled) > 1) or any(map(_TOTALS.match, filled)):
            return "totals", "The row holds totals, not a session.", True
        if len(filled) == 1:
            return "note", "The row holds a note, not a session.", True
    return fault.code, fault.message, False
