"""The command that makes statements: statements. Runs with filters: statement_run_commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from fscdesk.cli import statement_run_commands
from fscdesk.cli.options import (
    DONE,
    AsOfOption,
    JsonOption,
    PracticeOption,
    amount_of,
    day_of,
    id_of,
    opened,
    surroundings,
)
from fscdesk.cli.statement_options import (
    MailOnlyOption,
    OutOption,
    PlanOption,
    TwoSidedOption,
    require_out,
)
from fscdesk.cli.statement_showing import show, write_files
from fscdesk.models.values import Money
from fscdesk.services.billing.statements import (
    made_statements,
    make_statements,
    plan_statements,
)


def add_to(app: typer.Typer) -> None:
    """Add this command, and those below it, to the program."""
    group = typer.Typer(rich_markup_mode=None, no_args_is_help=False)
    group.callback(invoke_without_command=True)(statements)
    statement_run_commands.add_to(group)
    app.add_typer(group, name="statements")


def statements(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    out: OutOption = None,
    minimum: Annotated[
        Money | None,
        typer.Option(
            parser=amount_of,
            metavar="AMOUNT",
            help="The smallest balance. Left out: the practice's setting.",
        ),
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=day_of,
            metavar="DAY",
            help="The first day of the period. Left out: the day after each one's last statement.",
        ),
    ] = None,
    plan: PlanOption = False,
    mail_only: MailOnlyOption = False,
    two_sided: TwoSidedOption = False,
    run: Annotated[
        int | None,
        typer.Option(
            parser=id_of, metavar="RUN", help="Write the files of this run again; make nothing."
        ),
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make statements for those who pay: one PDF each, a print file and the proof list.

    A file is named by the number of its statement, never by a person.
    """
    if ctx.invoked_subcommand is not None:
        around = surroundings(ctx)
        ctx.obj = replace(around, practice=practice or around.practice)
        return DONE
    require_out(out, plan=plan)
    with opened(ctx, practice) as office:
        if run is not None:
            made = office.read(lambda work: made_statements(work, run))
            return write_files(office, None, made, out, two_sided=two_sided, json=json)
        day = as_of or office.read(lambda work: work.today())
        wanted = office.read(
            lambda work: plan_statements(
                work, as_of=day, minimum=minimum, since=since, mail_only=mail_only
            )
        )
        if plan or not wanted.recipients:
            show(wanted, None, None, json=json)
            return DONE
        made = office.write(lambda work: make_statements(work, wanted)).value
        return write_files(office, wanted, made, out, two_sided=two_sided, json=json)
