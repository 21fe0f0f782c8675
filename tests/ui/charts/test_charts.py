"""Charts: marks open their rows, the figures can be heard, the drawing is to scale."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fscdesk.models.values import Money
from fscdesk.ui import theme
from fscdesk.ui.charts.age_bar import AgeBar, AgePart
from fscdesk.ui.charts.cell_bar import CellBar
from fscdesk.ui.charts.chart import Chart
from fscdesk.ui.charts.column_chart import Column, ColumnChart
from fscdesk.ui.charts.scale import GRIDLINES, short_amount, ticks
from fscdesk.ui.charts.sparkline import Sparkline, SparkPoint
from fscdesk.ui.charts.step_line import StepLine, StepPoint
from fscdesk.ui.tables.popup import Popup
from tests.support.focus import comes_to

Show = Callable[[Chart], Chart]


def dollars(*amounts: int) -> tuple[Money, ...]:
    return tuple(Money(amount * 100) for amount in amounts)


def spark() -> Sparkline:
    points = [
        SparkPoint(f"w{at}", f"week {at}", value, f"{value} %")
        for at, value in enumerate((3.0, 4.0, 5.1))
    ]
    return Sparkline("Denial rate", points, goal=5.0, tone="amber")


def ages() -> AgeBar:
    labels = ("0–30", "31–60", "61–90", "91–120", "Over 120")
    amounts = dollars(4934, 1352, 452, 214, 141)
    parts = [AgePart(label, label, money) for label, money in zip(labels, amounts, strict=True)]
    return AgeBar("Open balance by age", parts)


def columns() -> ColumnChart:
    made = [Column(f"c{at}", f"0{at + 1}/05", dollars(700 + at * 100, 300)) for at in range(4)]
    return ColumnChart("Money received by week", ("Insurance", "Clients"), made)


def steps() -> StepLine:
    points = [
        StepPoint(f"s{at}", f"0{at + 1}/26", *dollars(1000, 900 + 50 * at)) for at in range(3)
    ]
    return StepLine("Paid against expected", points)


ALL = (spark, ages, columns, steps, lambda: CellBar("Over 60", 0.13, key="over60"))


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    def shows(chart: Chart) -> Chart:
        chart.setParent(window)
        chart.resize(400, chart.sizeHint().height())
        chart.show()
        chart.setFocus()
        return chart

    yield shows
    theme.apply(qapp)


@pytest.mark.parametrize("make", ALL)
def test_arrows_move_and_enter_opens(show: Show, qtbot: QtBot, make: Callable[[], Chart]) -> None:
    chart = show(make())
    keys = [mark.key for mark in chart.marks()]
    heard: list[str] = []
    chart.opened.connect(heard.append)
    QTest.keyClick(chart, Qt.Key.Key_Home)
    for _key in keys:
        QTest.keyClick(chart, Qt.Key.Key_Return)
        QTest.keyClick(chart, Qt.Key.Key_Right)
    assert heard == keys
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert heard[-1] == keys[-1], "the last mark is the end"


@pytest.mark.parametrize("make", ALL)
def test_a_click_opens_the_mark_under_it(show: Show, make: Callable[[], Chart]) -> None:
    chart = show(make())
    heard: list[str] = []
    chart.opened.connect(heard.append)
    for mark in chart.marks():
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=mark.rect.center())
    assert heard == [mark.key for mark in chart.marks()]


@pytest.mark.parametrize("make", ALL)
def test_t_shows_what_a_screen_reader_hears(show: Show, make: Callable[[], Chart]) -> None:
    chart = show(make())
    QTest.keyClick(chart, Qt.Key.Key_T)
    popup = chart.window().findChild(Popup)
    assert popup is not None
    assert popup.isVisible()
    words = [label.text() for label in popup.findChildren(QLabel)]
    figures = chart.figures()
    assert words == [*figures.headings, *(cell for row in figures.rows for cell in row)]
    for row in figures.rows:
        assert row[-1] in chart.accessibleDescription()
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    comes_to(chart)


@pytest.mark.parametrize("make", ALL)
def test_marks_lie_inside_and_have_a_name(show: Show, make: Callable[[], Chart]) -> None:
    chart = show(make())
    assert chart.accessibleName()
    for mark in chart.marks():
        assert chart.rect().adjusted(-1, -1, 1, 1).contains(mark.rect)
        assert mark.words


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", ALL)
def test_every_chart_paints_in_both_themes(
    show: Show, qapp: QApplication, make: Callable[[], Chart], scheme: str
) -> None:
    theme.apply(qapp, "dark" if scheme == "dark" else "light")
    image = show(make()).grab().toImage()
    shades = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(shades) > 3


def test_ages_share_the_width_by_amount_with_a_pixel_between(show: Show) -> None:
    chart = ages()
    show(chart)
    segments = chart.segments()
    assert segments[0].x() == 0
    assert abs(segments[-1].right() - (chart.width() - 1)) <= 1
    for left, right in itertools.pairwise(segments):
        assert right.x() - left.right() - 1 == 1
    assert next(mark.words for mark in chart.marks()) == "0–30: 4,934.00, 70 %"
    assert chart.figures().rows[-1] == ("All", "7,093.00", "100 %")


def test_a_credit_has_no_length_in_the_bar(show: Show) -> None:
    chart = AgeBar("Open", [AgePart("a", "0–30", Money(100)), AgePart("b", "31–60", Money(-50))])
    show(chart)
    assert chart.segments()[1].width() == 0
    assert "−0.50" in chart.accessibleDescription()


def test_nothing_open_paints_without_dividing_by_zero(show: Show) -> None:
    chart = AgeBar("Open", [AgePart("a", "0–30", Money()), AgePart("b", "31–60", Money())])
    show(chart).grab()
    assert chart.figures().rows[0] == ("0–30", "0.00", "0 %")


def test_columns_stand_on_zero_to_scale(show: Show) -> None:
    chart = columns()
    show(chart)
    top = chart.scale()[-1]
    assert top == 150_000
    bottoms = {chart.parts(place)[0].bottom() for place in range(4)}
    assert len(bottoms) == 1
    tall, low = chart.parts(3)[0].height(), chart.parts(0)[0].height()
    assert abs(tall / low - 1000 / 700) < 0.06
    first, second = chart.parts(0)
    assert first.y() - second.bottom() - 1 == 1, "one pixel between the parts"


def test_a_step_line_is_level_until_the_next_point(show: Show) -> None:
    chart = steps()
    show(chart)
    corners = chart.line(dollars(900, 950, 1000))
    assert len(corners) == 6
    for at in range(0, 6, 2):
        assert corners[at].y() == corners[at + 1].y()
        assert corners[at].x() < corners[at + 1].x()
    assert corners[0].y() > corners[5].y(), "more is higher"


def test_new_figures_are_heard(show: Show) -> None:
    chart = spark()
    show(chart)
    chart.at = 2
    chart.show_points([SparkPoint("a", "today", 1.0, "1.0 %")], 5.0, "green")
    assert chart.at == 0
    assert "today, denial rate 1.0 %" in chart.accessibleDescription()


def test_an_empty_chart_takes_keys_and_says_nothing(show: Show, qtbot: QtBot) -> None:
    chart = show(ColumnChart("Money received", ("Insurance", "Clients")))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Home):
        QTest.keyClick(chart, key)
    assert chart.at == -1
    chart.grab()


@given(st.integers(-(10**6), 10**12))
def test_gridlines_are_few_round_and_reach_the_top(highest: int) -> None:
    lines = ticks(highest)
    assert lines[0] == 0
    assert len(lines) <= GRIDLINES
    assert lines[-1] >= highest
    steps = {after - before for before, after in itertools.pairwise(lines)}
    assert len(steps) <= 1


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "0"),
        (50_000, "500"),
        (150_000, "1.5k"),
        (200_000, "2k"),
        (-200_000, "−2k"),
        (120_000_000, "1.2m"),
    ],
)
def test_axis_words_are_short(cents: int, words: str) -> None:
    assert short_amount(cents) == words
