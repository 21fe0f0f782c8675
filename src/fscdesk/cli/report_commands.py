"""Commands that give reports out: one for each report of the catalogue, with its parameters."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    day_of,
    opened,
)
from fscdesk.cli.report_output import FormatOption, OutOption, give_out, wanted_format
from fscdesk.cli.report_told import document_of, tell
from fscdesk.services.reports.report_asked import Asked, Param, ParamKind, PeriodWord
from fscdesk.services.reports.report_catalogue import CATALOGUE, ReportKind

_LEFT_OUT: Final = {
    PeriodWord.THIS_MONTH: "the month's first day",
    PeriodWord.LAST_MONTH: "the first day of last month",
    PeriodWord.TWELVE_MONTHS: "eleven months before",
    PeriodWord.THIS_YEAR: "January 1st",
}
"""Where a period begins when its first day is left out."""


def add_to(app: typer.Typer) -> None:
    """Add the group to the program."""
    reports = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    reports.callback()(_reports)
    for report in CATALOGUE:
        reports.command(report.name)(command_of(report))
    app.add_typer(reports, name="report")


def _reports() -> None:
    """Give out a report."""


def command_of(report: ReportKind) -> Callable[..., int]:
    """Return the command of a report: an option for each parameter, and where to write it."""
    options = [one for param in report.params for one in _options(param)]

    def run(ctx: typer.Context, **given: Any) -> int:
        form, out, practice = given.pop("form"), given.pop("out"), given.pop("practice")
        wanted = wanted_format(form, out, as_json=given.pop("as_document"))
        asked = Asked({key: _plain(value) for key, value in given.items()})
        with opened(ctx, practice) as office:
            made = office.read(lambda work: report.make(work, asked))
        give_out(
            made.table,
            lambda: document_of(report.name, made),
            wanted,
            out,
            lambda: tell(report.name, made),
        )
        return NEEDS_A_PERSON if made.needs_person else DONE

    every = [
        _option("ctx", typer.Context, inspect.Parameter.empty),
        *options,
        _option("form", FormatOption, None),
        _option("out", OutOption, None),
        _option("practice", PracticeOption, None),
        _option("as_document", JsonOption, default=False),
    ]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined] # read by typer
    run.__annotations__ = {one.name: one.annotation for one in every}
    run.__name__ = f"report_{report.name.replace('-', '_')}"
    run.__doc__ = report.answers
    return run


def _options(param: Param) -> list[inspect.Parameter]:
    kind, default, named = param.kind, param.default, param.option
    match kind:
        case ParamKind.PERIOD:
            words = _LEFT_OUT[PeriodWord(str(default))]
            until = "the end of last month" if param.whole else "today"
            return [
                _option("first", _day("--from", words=f"Left out: {words}."), None),
                _option("last", _day("--to", words=f"Left out: {until}."), None),
            ]
        case ParamKind.DAY:
            return [_option(param.key, _day(*param.named, words=param.help), None)]
        case ParamKind.NUMBER:
            annotation: Any = Annotated[int, typer.Option(named, help=param.help)]
            return [_option(param.key, annotation, default)]
        case ParamKind.FLAG:
            annotation = Annotated[bool, typer.Option(named, help=param.help)]
            return [_option(param.key, annotation, default=False)]
        case ParamKind.WORDS:
            metavar = param.key.upper()
            several = typer.Option(named, metavar=metavar, help=param.help)
            return [_option(param.key, Annotated[list[str] | None, several], None)]
    words_of = enum.StrEnum(  # type: ignore[misc] # a choice of typer's is an enum
        f"{param.key.title()}Word", {value.upper(): value for value, _words in param.choices}
    )
    if kind is ParamKind.CHOICES:
        many = typer.Option(named, help=param.help)
        return [_option(param.key, Annotated[list[words_of] | None, many], None)]
    if default is None:
        one = typer.Option(named, help=param.help)
        return [_option(param.key, Annotated[words_of | None, one], None)]
    given = typer.Option(named, help=param.help)
    return [_option(param.key, Annotated[words_of, given], words_of(str(default)))]


def _day(*options: str, words: str) -> Any:
    given = typer.Option(*options, parser=day_of, metavar="DAY", help=words)
    return Annotated[date | None, given]


def _option(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    either = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(name, either, default=default, annotation=annotation)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(one) for one in value)
    return value.value if isinstance(value, enum.Enum) else value
