"""What a person chose for a report stands there again: each report for itself, for that person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fscdesk.services.office import Office
from fscdesk.services.preferences import preference
from fscdesk.services.reports.report_asked import Param, ParamKind
from fscdesk.services.reports.report_catalogue import CATALOGUE, REPORTS
from tests.support.robots.reports import ReportsRobot

OpenReports = Callable[..., ReportsRobot]
DAYS = {ParamKind.PERIOD: ("Last month", "last_month"), ParamKind.DAY: ("Yesterday", "yesterday")}
PICKED = (ParamKind.CHOICE, ParamKind.NUMBER)


def chosen(param: Param) -> tuple[str, object]:
    """What is picked, in words and as it is kept: never what the report means anyway."""
    if param.kind in DAYS:
        words, value = DAYS[param.kind]
        return (words, value) if value != param.default else ("This year", "this_year")
    value, words = next(
        one for one in reversed(param.choices) if one[0] not in (param.default, str(param.default))
    )
    return words, int(value) if param.kind is ParamKind.NUMBER else value


def asked(name: str) -> list[Param]:
    """The parameters of a report that are picked here: its days, and the first of the others."""
    params = REPORTS[name].params
    days = [one for one in params if one.kind in DAYS]
    return days + [one for one in params if one.kind in PICKED][:1]


@pytest.mark.parametrize("name", [one.name for one in CATALOGUE if asked(one.name)])
def test_what_was_chosen_for_a_report_stands_there_again(
    open_reports: OpenReports, sqlite_books: Office, name: str
) -> None:
    robot = open_reports(report=name)
    kept = {}
    for param in asked(name):
        words, value = chosen(param)
        robot.opens_chip(param.key)
        robot.picks(words)
        robot.settles()
        kept[param.key] = value
        assert robot.chip(param.key) == f"{param.title}: {words}"
    robot.waits(lambda: sqlite_books.read(lambda work: preference(work, f"report/{name}")) == kept)
    again = open_reports()
    assert again.screen.report.name == name, "the report looked at last"
    for param in asked(name):
        assert again.chip(param.key) == f"{param.title}: {chosen(param)[0]}"
    other = "aging" if name != "aging" else "tie-out"
    again.finds(REPORTS[other].title.lower())
    for param in REPORTS[other].params:
        words = again.chip(param.key)
        assert not any(words == f"{one.title}: {chosen(one)[0]}" for one in asked(name))


def test_a_report_that_cannot_be_made_can_be_asked_otherwise(
    open_reports: OpenReports,
) -> None:
    """No budget covers April, nor March; its months stand there to choose all the same."""
    robot = open_reports(report="budget-variance")
    assert robot.screen.shown is None
    assert robot.chip("period").startswith("Months")
    robot.opens_chip("period")
    robot.picks("This month")
    robot.settles()
    assert robot.screen.fault.sentence.text().startswith("No approved budget covers April 2026.")
    assert robot.chip("period") == "Months: This month"
