"""Where a report's columns stand: upright, across or smaller, so that nothing has to be cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.printing.fonts import MEDIUM, REGULAR, SEMIBOLD, Style, width
from fscdesk.services.printing.page import LANDSCAPE, PORTRAIT
from fscdesk.services.printing.words import amount, day
from fscdesk.services.table_report import Cell, TableReport

MARGIN, GAP = 43.2, 14.0
LARGEST = 9.0
WIDEST_TEXT, COMFORT_TEXT, NARROWEST_TEXT = 190.0, 140.0, 48.0
COMFORTABLE = (
    (PORTRAIT, 9.0), (PORTRAIT, 8.5), (LANDSCAPE, 9.0), (LANDSCAPE, 8.5),
    (LANDSCAPE, 8.0), (LANDSCAPE, 7.5), (LANDSCAPE, 7.0),
)  # fmt: skip
TIGHT = tuple((LANDSCAPE, points / 2) for points in range(15, 9, -1))
MEASURED = 5_000
"""Rows whose cells decide the widths; what is wider further down wraps, or shrinks."""


@dataclass(frozen=True, slots=True)
class Want:
    """Points at the largest size: on one line, readable, and the least without broken words."""

    natural: float
    comfort: float
    least: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the columns stand, and in which sizes the text is."""

    size: tuple[float, float]
    points: float
    edges: tuple[tuple[float, float], ...]

    @property
    def pitch(self) -> float:
        """The height of a row with one line."""
        return self.points * 1.85

    @property
    def leading(self) -> float:
        """Between the lines of one cell."""
        return self.points * 1.25


def cell_text(cell: Cell, kind: str) -> str:
    """A cell as it is read on paper: ``1,235.00``, ``03/31/2026``, ``5.1 %``."""
    match cell:
        case None:
            return ""
        case Money():
            return amount(cell)
        case date():
            return day(cell)
        case str():
            return cell
        case _:
            number = f"{cell:,}".replace("-", "−")
            return f"{number} %" if kind == "percent" else number


def lay_out(report: TableReport) -> Grid:
    """Upright in 9 points if rows read well so, else across, else smaller, else broken more."""
    wants = [_want(report, at) for at in range(len(report.columns))]
    least = [want.least for want in wants]
    for size, points, widths in (
        *((*paper, [want.comfort for want in wants]) for paper in COMFORTABLE),
        *((*paper, least) for paper in TIGHT),
    ):
        scale, room = points / LARGEST, size[0] - 2 * MARGIN
        gaps = GAP * scale * (len(wants) - 1)
        if sum(widths) * scale + gaps <= room:
            return Grid(size, points, _spread(report, wants, widths, scale, room - gaps))
    # A hundred columns: each cell shrinks by itself when it is drawn.
    points = TIGHT[-1][1]
    squeeze = (LANDSCAPE[0] - 2 * MARGIN) / (sum(least) + GAP * (len(least) - 1))
    return Grid(LANDSCAPE, points, _edges([each * squeeze for each in least], GAP * squeeze))


def _want(report: TableReport, at: int) -> Want:
    """What one column asks for."""
    column = report.columns[at]
    body, strong, small = (
        Style(REGULAR, LARGEST), Style(SEMIBOLD, LARGEST), Style(MEDIUM, LARGEST * 8 / 9)
    )  # fmt: skip
    texts = {cell_text(row[at], column.kind) for row in report.rows[:MEASURED]}
    total = cell_text(report.totals[at], column.kind) if report.totals else ""
    cells = max((width(text, body) for text in texts), default=0.0)
    cells = max(cells, width(total, strong))
    natural = max(cells, width(column.title, small))
    title = max((width(word, small) for word in column.title.split()), default=0.0)
    if column.kind != "text":
        return Want(natural, natural, max(cells, title))
    word = max((width(word, strong) for text in texts for word in text.split()), default=0.0)
    word = min(word, WIDEST_TEXT)
    return Want(
        natural,
        comfort=min(natural, max(COMFORT_TEXT, word)),
        least=min(natural, max(NARROWEST_TEXT, word, title)),
    )


def _spread(
    report: TableReport, wants: list[Want], given: list[float], scale: float, room: float
) -> tuple[tuple[float, float], ...]:
    """Give each column what was agreed, then what it likes, then the rest to the texts."""
    likes = [max(0.0, want.natural - each) for want, each in zip(wants, given, strict=True)]
    spare = room - sum(given) * scale
    share = min(1.0, spare / (sum(likes) * scale)) if any(likes) else 0.0
    widths = [(each + like * share) * scale for each, like in zip(given, likes, strict=True)]
    spare = room - sum(widths)
    takers = [at for at, column in enumerate(report.columns) if column.kind == "text"]
    if report.looks:  # a statement: the account's code stands close to its name
        takers = [at for at in takers if report.columns[at].key == "name"] or takers
    takers = takers or list(range(len(widths)))
    for at in takers:
        widths[at] += spare / len(takers)
    return _edges(widths, GAP * scale)


def _edges(widths: list[float], gap: float) -> tuple[tuple[float, float], ...]:
    lefts = [MARGIN]
    for each in widths[:-1]:
        lefts.append(lefts[-1] + each + gap)
    return tuple((left, left + each) for left, each in zip(lefts, widths, strict=True))
