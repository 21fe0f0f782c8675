"""Commands that teach how a bank's file is read: bank layouts, map, forget-layout.

fscdesk bank map FILE                                    its columns, with what stands in them
fscdesk bank map FILE --name Brook --day 1 --words 2 --amount 3
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.claim_options import read_file
from fscdesk.cli.options import DONE, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import counted, print_json, say, say_findings
from fscdesk.services.banking.layout_keeping import (
    Columns,
    DateOrder,
    FirstRows,
    first_rows,
    guessed,
    kept_layouts,
    preview,
    remove_layout,
    save_layout,
)
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

_SAMPLES = 3
_SHOWN = 5


def add_to(bank: typer.Typer) -> None:
    """Add the commands to those of the bank."""
    bank.command("layouts")(layouts)
    bank.command("map")(map_file)
    bank.command("forget-layout")(forget)


def layouts(ctx: typer.Context, practice: PracticeOption = None, json: JsonOption = False) -> int:
    """List the layouts of bank files that were taught."""
    with opened(ctx, practice) as office:
        found = office.read(kept_layouts)
    if json:
        print_json({"layouts": found})
        return DONE
    for one in found:
        say(f"{one.name}  {one.headings}")
    say(f"{counted(len(found), 'layout')}.")
    return DONE


def map_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A bank's CSV.")],
    name: Annotated[str, typer.Option("--name", help="Save the layout under this name.")] = "",
    day: Annotated[
        str,
        typer.Option("--day", metavar="COLUMN", help="The day: a heading, or a place (1, 2, …)."),
    ] = "",
    words: Annotated[
        list[str] | None,
        typer.Option(
            "--words", metavar="COLUMN", help="The bank's words; twice where they are two."
        ),
    ] = None,
    amount: Annotated[
        str, typer.Option("--amount", metavar="COLUMN", help="One column, with a sign.")
    ] = "",
    money_in: Annotated[
        str, typer.Option("--in", metavar="COLUMN", help="Money in, where it is a column.")
    ] = "",
    money_out: Annotated[
        str, typer.Option("--out", metavar="COLUMN", help="Money out, where it is a column.")
    ] = "",
    flipped: Annotated[
        bool, typer.Option("--flipped", help="Money out is positive, as on a card's statement.")
    ] = False,
    balance: Annotated[str, typer.Option("--balance", metavar="COLUMN")] = "",
    check: Annotated[str, typer.Option("--check", metavar="COLUMN", help="Check number.")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="COLUMN")] = "",
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How days are written.")
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Show the columns of a bank's file and how it would be read; with --name, keep that.

    What no option says is guessed. A file without headings has its columns named by their place.
    """
    first = first_rows(read_file(file), file.name)
    columns = guessed(first)
    if day:
        columns = replace(columns, on=_place(first, day))
    if words:
        columns = replace(columns, words=tuple(_place(first, one) for one in words))
    if amount:
        columns = replace(columns, amount=_place(first, amount), money_in=None, money_out=None)
    if money_in or money_out:
        columns = replace(
            columns,
            amount=None,
            money_in=_maybe(first, money_in),
            money_out=_maybe(first, money_out),
        )
    if balance:
        columns = replace(columns, balance=_place(first, balance))
    if check:
        columns = replace(columns, check_number=_place(first, check))
    if kind:
        columns = replace(columns, kind=_place(first, kind))
    if day_first is not None:
        order = DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
        columns = replace(columns, order=order)
    columns = replace(columns, name=name, flipped=flipped)
    with opened(ctx, practice) as office:
        saved = office.write(lambda work: save_layout(work, first, columns)).value if name else None
    _show(first, columns, saved, json=json)
    return DONE


def forget(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Forget a layout. Statements that were read with it stay."""

    def act(work: Work) -> str:
        wanted = " ".join(name.split()).casefold()
        found = next((one for one in kept_layouts(work) if one.name.casefold() == wanted), None)
        if found is None:
            raise Problem(
                f"There is no layout “{name}”.",
                hint="Nothing was changed. “bank layouts” lists those that were taught.",
            )
        return remove_layout(work, found.id).name

    with opened(ctx, practice) as office:
        was = office.write(act).value
    if json:
        print_json({"layout": was})
    else:
        say(f"The layout {was} is removed. Statements that were read with it stay.")
    return DONE


def _place(first: FirstRows, column: str) -> int:
    """Return the place, from 0, of a column that is named by its heading or by 1, 2, ….

    A heading goes first: one may be a number.
    """
    wanted = " ".join(column.split()).casefold()
    heads = [" ".join(one.split()).casefold() for one in first.headings]
    if wanted in heads:
        return heads.index(wanted)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(heads):
        return int(wanted) - 1
    raise Problem(
        f"{first.name} has no column “{column}”.",
        hint=f"Nothing was saved. It has {len(heads)}: name one by its heading, or by its place.",
    )


def _maybe(first: FirstRows, column: str) -> int | None:
    return _place(first, column) if column else None


def _readable(columns: Columns) -> bool:
    """Return whether it is said where the amount stands."""
    both = columns.money_in is not None and columns.money_out is not None
    return columns.amount is not None or both


def _show(first: FirstRows, columns: Columns, saved: int | None, *, json: bool) -> None:
    read = preview(first, columns) if _readable(columns) else None
    lines = () if read is None else read.lines
    findings = () if read is None else read.findings
    if json:
        shown: list[dict[str, Any]] = [
            {"place": at + 1, "heading": head, "samples": _samples(first, at)}
            for at, head in enumerate(first.headings)
        ]
        print_json(
            {
                "layout": saved,
                "columns": shown,
                "mapping": columns.as_mapping(),
                "lines": [
                    {"on": one.on, "amount": one.amount, "words": one.words} for one in lines
                ],
                "findings": findings,
            }
        )
        return
    meanings = _meanings(columns)
    for at, head in enumerate(first.headings):
        told = "" if first.by_place else f" {head}"
        meant = f"  = {meanings[at]}" if at in meanings else ""
        say(f"Column {at + 1}{told}: {' | '.join(_samples(first, at))}{meant}")
    for one in lines[:_SHOWN]:
        say(f"{one.on:%m/%d/%Y}  {one.amount}  {one.words[:60]}")
    if read is None:
        say("Say with --amount, or with --in and --out, which column is the money.")
    else:
        say(f"{counted(len(lines), 'line')} read so.")
    say_findings(findings)
    if saved is not None:
        say(f"{columns.name} is saved. Files with these columns are read by it.")
    else:
        say("Nothing was saved. --name keeps it.")


def _samples(first: FirstRows, at: int) -> list[str]:
    return [row[at] for row in first.shown if at < len(row) and row[at]][:_SAMPLES]


def _meanings(columns: Columns) -> dict[int, str]:
    found = {
        at: word
        for at, word in (
            (columns.kind, "kind"),
            (columns.check_number, "check number"),
            (columns.balance, "balance"),
            (columns.money_out, "money out"),
            (columns.money_in, "money in"),
            (columns.amount, "amount"),
            (columns.on, "day"),
        )
        if at is not None
    }
    found.update(dict.fromkeys(columns.words, "words"))
    return found
