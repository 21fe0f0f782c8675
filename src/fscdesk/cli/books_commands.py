"""Commands for the books: periods, close, open, entry, reverse, recurring, year-end, ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from fscdesk.cli.claim_options import read_file
from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    day_of,
    opened,
)
from fscdesk.cli.terminal import counted, print_json, say, table
from fscdesk.models.values import Money
from fscdesk.services.accounting.attachments import attach
from fscdesk.services.accounting.before_closing import before_closing
from fscdesk.services.accounting.closing_periods import close, open_again, periods
from fscdesk.services.accounting.journal import (
    EntryKind,
    ManualEntry,
    ManualLeg,
    PostedEntry,
    post_manual,
    reverse_manual,
)
from fscdesk.services.accounting.ledgers import account_ledger, entry_named
from fscdesk.services.accounting.recurring import recurring_entries
from fscdesk.services.accounting.recurring_due import due_days, post_days
from fscdesk.services.accounting.year_end import (
    YearEndPlan,
    close_year,
    plan_year_end,
    undo_year_end,
)
from fscdesk.services.ledger.periods import month_words
from fscdesk.services.work import Work


def month_of(text: str) -> date:
    """Read ``2026-03``, or any day of the month."""
    words = text.strip()
    return day_of(f"{words}-01" if len(words.split("-")) == 2 else words).replace(day=1)  # noqa: PLR2004


MonthArgument = Annotated[
    date, typer.Argument(parser=month_of, metavar="MONTH", help="Like 2026-03.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why: it is kept on record.")]
LateOption = Annotated[
    str | None,
    typer.Option("--late-reason", help="Why it belongs into a month that is closed."),
]
MOST = 10_000

books = typer.Typer(
    help="The general ledger: months, entries, years.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add the group to the program."""
    app.add_typer(books, name="books")


def line_of(text: str) -> ManualLeg:
    """Read ``7000:1200.00`` or ``7000:1200.00:MAIN``; an amount below zero is a credit."""
    account, *rest = (part.strip() for part in text.split(":"))
    try:
        amount = Money.parse(rest[0])
    except (IndexError, ValueError):
        raise typer.BadParameter(
            f"{text} is no line. Write account and amount, like 7000:1200.00 or 1000:-1200.00."
        ) from None
    return ManualLeg(account, amount.cents, rest[1] if len(rest) > 1 else None)


@books.command("periods")
def list_periods(
    ctx: typer.Context, practice: PracticeOption = None, json: JsonOption = False
) -> int:
    """List the months of the books: open, soft-closed or closed."""
    with opened(ctx, practice) as office:
        rows = office.read(periods)
    if json:
        print_json({"periods": rows})
        return DONE
    for one in rows:
        late = f", {one.late} of them late" if one.late else ""
        status = one.status.value.replace("_", "-")
        say(f"{one.month:%Y-%m}  {status}, {counted(one.entries, 'entry', 'entries')}{late}")
    return DONE


@books.command("close")
def close_month(
    ctx: typer.Context,
    month: MonthArgument,
    soft: Annotated[
        bool, typer.Option("--soft", help="Adjusting and closing entries may still come.")
    ] = False,
    reason: ReasonOption = "",
    plan: Annotated[bool, typer.Option("--plan", help="Say what is not done of it yet.")] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Close a month, and every month before it. What comes later lands on the first open day."""
    with opened(ctx, practice) as office:
        if plan:
            waits = office.read(lambda work: before_closing(work, month))
            if json:
                print_json({"waits": waits})
            else:
                say(*([one.words for one in waits] or [f"{month_words(month)} waits for nothing."]))
            return NEEDS_A_PERSON if waits else DONE
        done = office.write(lambda work: close(work, month, soft=soft, reason=reason)).value
        waits = office.read(lambda work: before_closing(work, month))
    if json:
        print_json({"months": done.months, "status": done.status, "waits": waits})
    else:
        how = "soft-closed" if soft else "closed"
        say(*(f"{month_words(one)} is {how}." for one in done.months))
        say(*(f"Still not done: {one.words}" for one in waits))
    return DONE


@books.command("open")
def open_month(
    ctx: typer.Context,
    month: MonthArgument,
    reason: ReasonOption,
    soft: Annotated[bool, typer.Option("--soft", help="For adjusting entries only.")] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Open the last closed month again."""
    with opened(ctx, practice) as office:
        done = office.write(lambda work: open_again(work, month, reason=reason, soft=soft)).value
    if json:
        print_json(done)
    else:
        say(f"{month_words(month)} is {done.status.value.replace('_', '-')}.")
    return DONE


@books.command("entry")
def post_entry(
    ctx: typer.Context,
    lines: Annotated[
        list[str],
        typer.Argument(metavar="LINE...", help="ACCOUNT:AMOUNT[:CENTRE]; credits below zero."),
    ],
    on: Annotated[date, typer.Option("--on", parser=day_of, metavar="DAY")],
    memo: Annotated[str, typer.Option("--memo", help="What the entry is for.")],
    reference: Annotated[str, typer.Option("--reference")] = "",
    adjusting: Annotated[bool, typer.Option("--adjusting", help="At the end of a month.")] = False,
    reverse_on: Annotated[
        date | None,
        typer.Option("--reverse-on", parser=day_of, metavar="DAY", help="It turns back then."),
    ] = None,
    late_reason: LateOption = None,
    paper: Annotated[Path | None, typer.Option("--attach", help="A bill to keep with it.")] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Post a journal entry. A line that begins with a minus stands behind ``--``."""
    entry = ManualEntry(
        on,
        memo,
        tuple(line_of(one) for one in lines),
        kind=EntryKind.ADJUSTING if adjusting else EntryKind.MANUAL,
        reference=reference,
        reverse_on=reverse_on,
        late_reason=late_reason,
    )
    data = None if paper is None else read_file(paper)

    def write(work: Work) -> PostedEntry:
        done = post_manual(work, entry)
        if paper is not None and data is not None:
            attach(work, done.id, paper.name, data)
        return done

    with opened(ctx, practice) as office:
        _tell(office.write(write).value, json=json)
    return DONE


@books.command("reverse")
def reverse_entry(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="ENTRY", help="Its number: 2026-000042.")],
    reason: ReasonOption,
    on: Annotated[
        date | None, typer.Option("--on", parser=day_of, metavar="DAY", help="Left out: today.")
    ] = None,
    late_reason: LateOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Turn back an entry that a person posted, by its opposite."""
    with opened(ctx, practice) as office:
        done = office.write(
            lambda work: reverse_manual(
                work, entry_named(work, number), reason=reason, on=on, late_reason=late_reason
            )
        ).value
    _tell(done, json=json)
    return DONE


@books.command("recurring")
def list_recurring(
    ctx: typer.Context,
    post: Annotated[
        bool, typer.Option("--post", help="Post the next day of each whose day has come.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """List the entries that come again, or post those that are due."""
    with opened(ctx, practice) as office:
        rows, due = office.read(lambda work: (recurring_entries(work), due_days(work)))
        nexts = {one.recurring_id: one for one in reversed(due)}
        done: tuple[PostedEntry, ...] = ()
        if post and nexts:
            done = office.write(lambda work: post_days(work, tuple(nexts.values()))).value
    if json:
        print_json({"recurring": rows, "posted": done})
    elif post:
        say(f"{counted(len(done), 'entry', 'entries')} posted.")
    else:
        for one in rows:
            when = "ended" if one.next_on is None else f"next {one.next_on:%m/%d/%Y}"
            say(f"{one.name}: {one.amount} every {one.every.value}, {when}")
    return NEEDS_A_PERSON if due and not post else DONE


@books.command("year-end")
def year_end(
    ctx: typer.Context,
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1990, max=2200)],
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be carried.")] = False,
    undo: Annotated[
        str | None, typer.Option("--undo", metavar="REASON", help="Take the close back.")
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Carry the income and expense of a fiscal year to retained earnings."""
    with opened(ctx, practice) as office:
        if plan:
            found = office.read(lambda work: plan_year_end(work, year))
            _tell_plan(found, json=json)
            return NEEDS_A_PERSON if found.missing and not found.carried_by else DONE
        if undo is not None:
            done = office.write(lambda work: undo_year_end(work, year, reason=undo)).value
        else:
            done = office.write(lambda work: close_year(work, year)).value
    _tell(done, json=json)
    return DONE


@books.command("ledger")
def show_ledger(
    ctx: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its number: 7000.")],
    first: Annotated[date | None, typer.Option("--from", parser=day_of, metavar="DAY")] = None,
    last: Annotated[date | None, typer.Option("--to", parser=day_of, metavar="DAY")] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Show the lines of an account with its running balance."""
    with opened(ctx, practice) as office:
        found = office.read(
            lambda work: account_ledger(
                work, account, first=first, last=last or work.today(), size=MOST
            )
        )
    if json:
        print_json(found)
        return DONE
    say(f"{found.account} {found.name}: {found.opening} before")
    rows = [
        (f"{one.on:%m/%d/%Y}", one.number, one.memo, str(one.amount), str(one.balance))
        for one in found.page.rows
    ]
    say(*table(rows, right=(3, 4)), f"{found.closing} at the end of {found.last:%m/%d/%Y}")
    if found.page.total > len(rows):
        say(f"{found.page.total - len(rows):,} more lines; choose fewer days.")
    return DONE


def _tell(done: PostedEntry, *, json: bool) -> None:
    if json:
        print_json(done)
    else:
        say(f"Entry {done.number} was posted on {done.on:%m/%d/%Y}.")
        if done.back is not None:
            say(f"The day to turn it back has passed: entry {done.back} did.")


def _tell_plan(found: YearEndPlan, *, json: bool) -> None:
    if json:
        print_json(found)
        return
    rows = [
        (one.account, one.name, str(-one.balance), "")
        if one.is_income
        else (one.account, one.name, "", str(one.balance))
        for one in found.lines
    ]
    if rows:
        say(*table([("", "", "Income", "Expense"), *rows], right=(2, 3)))
    if found.carried_by:
        say(
            f"{found.year} earned {found.earned}. It is carried to 3100 Retained earnings "
            f"by entry {found.carried_by}."
        )
    else:
        say(f"{found.year} earned {found.earned}.", *found.missing)
