"""The measures and letters that all patient paper shares (style/ui.md section 7).

The window of a #10 envelope, with its play, shows what lies between 0.75 and 5.4 in across and
2.0 and 3.67 in down. Only the recipient is drawn there; tests read it back.
"""

from __future__ import annotations

from fscdesk.services.printing.fonts import INK, INK2, INK3, MEDIUM, REGULAR, SEMIBOLD, Style

LEFT, RIGHT = 43.2, 568.8
WIDE = RIGHT - LEFT
ASIDE = 396.2
"""Where title, number, date and the amount stand, right of the window."""
TITLE_LINE = 284.5
"""The first baseline below the window."""
PAGE_END = 738.0
SLIP_END = 577.0
"""The last baseline above the slip, whose dashes are at 8.3 in."""
SLIP = 597.6
FOOT = 762.0
ROW, MORE, TOTAL, HEADING = 17.5, 11.0, 22.0, 24.0
"""Heights: a row, each further line of it, a row of sums, a heading between rows."""
CONTINUED = 14.0

BODY = Style(REGULAR, 9, INK)
HEAVY = Style(SEMIBOLD, 9, INK)
VALUE = Style(MEDIUM, 9, INK)
QUIET = Style(REGULAR, 9, INK2)
FAINT = Style(REGULAR, 9, INK3)
SMALL = Style(REGULAR, 8, INK3)
COLUMN = Style(MEDIUM, 8, INK3)
FOOTER = Style(REGULAR, 7.5, INK3)
TITLE = Style(SEMIBOLD, 12, INK)
SUM = Style(SEMIBOLD, 11, INK)
FIGURE = Style(SEMIBOLD, 19, INK)
PLAIN = Style(REGULAR, 10, INK)
NAME = Style(MEDIUM, 10, INK)
