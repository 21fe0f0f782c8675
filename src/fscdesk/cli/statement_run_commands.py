"""Statement runs with filters: statements run, unsent, sent, undo."""

from __future__ import annotations

from typing import Annotated

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    AsOfOption,
    JsonOption,
    PracticeOption,
    amount_of,
    id_of,
    opened,
)
from fscdesk.cli.statement_options import (
    MailOnlyOption,
    OutOption,
    PlanOption,
    TwoSidedOption,
    require_out,
)
from fscdesk.cli.statement_showing import show, write_files
from fscdesk.cli.terminal import as_json, counted, print_json, say, table
from fscdesk.models.values import Money
from fscdesk.services.billing.flags import SendBy
from fscdesk.services.billing.sendings import SentBy
from fscdesk.services.billing.statement_sending import (
    mark_sent,
    undo_run,
    unsent,
    write_statement_emails,
)
from fscdesk.services.billing.statements import RunFilters, make_statements, plan_statements

MOST_DAYS = 36_500
"""A hundred years: more days than any balance is old."""


def add_to(group: typer.Typer) -> None:
    """Add these commands below ``statements``."""
    for command in (run, sent, undo):
        group.command()(command)
    group.command(name="unsent")(unsent_list)


def run(
    ctx: typer.Context,
    as_of: AsOfOption = None,
    out: OutOption = None,
    minimum: Annotated[
        Money | None,
        typer.Option("--min", parser=amount_of, metavar="AMOUNT", help="The smallest balance."),
    ] = None,
    age: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_DAYS, metavar="DAYS", help="Only what is open for so many days."
        ),
    ] = 0,
    repeat: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MOST_DAYS,
            metavar="DAYS",
            help="Remind where the last statement is so many days old.",
        ),
    ] = None,
    changed_only: Annotated[
        bool, typer.Option("--changed-only", help="Only where something happened since the last.")
    ] = False,
    leave_pending: Annotated[
        bool, typer.Option("--leave-pending", help="Leave out where insurance has not answered.")
    ] = False,
    leave_on_plan: Annotated[
        bool, typer.Option("--leave-on-plan", help="Leave out who pays by a plan.")
    ] = False,
    leave_in_collections: Annotated[
        bool, typer.Option("--leave-in-collections", help="Leave out whom an agency has.")
    ] = False,
    billing_type: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Only this billing type; can be repeated."),
    ] = None,
    with_credits: Annotated[
        bool, typer.Option("--with-credits", help="Also accounts with a credit.")
    ] = False,
    bad_addresses: Annotated[
        bool, typer.Option("--bad-addresses", help="Also those whose mail came back.")
    ] = False,
    mail_only: MailOnlyOption = False,
    most: Annotated[
        int | None, typer.Option(min=1, metavar="COUNT", help="At most so many in this run.")
    ] = None,
    plan: PlanOption = False,
    two_sided: TwoSidedOption = False,
    email: Annotated[
        bool,
        typer.Option(
            "--email", help="Write an e-mail file for who gets it so, not in the print file."
        ),
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make a run of statements for the accounts that the filters choose."""
    require_out(out, plan=plan)
    filters = RunFilters(
        age_days=age,
        repeat_days=repeat,
        changed_only=changed_only,
        leave_pending=leave_pending,
        leave_on_plan=leave_on_plan,
        leave_in_collections=leave_in_collections,
        billing_types=tuple(billing_type or ()),
        with_credits=with_credits,
        bad_addresses=bad_addresses,
        most=most,
    )
    with opened(ctx, practice) as office:
        day = as_of or office.read(lambda work: work.today())
        wanted = office.read(
            lambda work: plan_statements(
                work, as_of=day, minimum=minimum, mail_only=mail_only, filters=filters
            )
        )
        if plan or out is None or not wanted.recipients:
            show(wanted, None, None, json=json)
            return NEEDS_A_PERSON if wanted.to_proof else DONE
        made = office.write(lambda work: make_statements(work, wanted)).value
        emailed: frozenset[int] = frozenset()
        if email:
            waiting = office.read(lambda work: unsent(work, made.run_id))
            emailed = frozenset(one.id for one in waiting if one.send_by is SendBy.EMAIL)
            office.write(lambda work: write_statement_emails(work, out, made.run_id))
        return write_files(
            office, wanted, made, out, two_sided=two_sided, json=json, emailed=emailed
        )


def unsent_list(
    ctx: typer.Context,
    run: Annotated[
        int | None, typer.Option(parser=id_of, metavar="RUN", help="Only of this run.")
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """List the statements that were made and have not been sent."""
    with opened(ctx, practice) as office:
        rows = office.read(lambda work: unsent(work, run))
    if json:
        print_json({"statements": [as_json(row) for row in rows]})
        return DONE
    say(f"{counted(len(rows), 'statement')} not sent{':' if rows else '.'}")
    told = [
        (row.number, f"run {row.run_id}", row.name, str(row.amount), _since(row.paid_since))
        for row in rows
    ]
    say(*(f"  {line}" for line in table(told, right=(3,))))
    return DONE


def sent(
    ctx: typer.Context,
    run: Annotated[int, typer.Argument(metavar="RUN", help="The run.")],
    how: Annotated[
        SentBy, typer.Option(help="How they left the office.", case_sensitive=False)
    ] = SentBy.PRINT,
    destination: Annotated[
        str, typer.Option("--to", metavar="WHERE", help="The printer, or the folder.")
    ] = "",
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Mark what is unsent of a run as sent, and put it into the send log."""
    with opened(ctx, practice) as office:
        ids = [row.id for row in office.read(lambda work: unsent(work, run))]
        count = (
            office.write(lambda work: mark_sent(work, ids, how=how, destination=destination)).value
            if ids
            else 0
        )
    if json:
        print_json({"run": run, "sent": count})
    else:
        say(f"{counted(count, 'statement')} of run {run} marked as sent.")
    return DONE


def undo(
    ctx: typer.Context,
    run: Annotated[int, typer.Argument(metavar="RUN", help="The run.")],
    reason: Annotated[str, typer.Option(metavar="WHY", help="Why; it is kept on record.")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Undo a run of which nothing was sent: its statements count as never sent."""
    with opened(ctx, practice) as office:
        count = office.write(lambda work: undo_run(work, run, reason=reason)).value
    if json:
        print_json({"run": run, "undone": count})
    else:
        say(f"Run {run} is undone: {counted(count, 'statement')} count as never sent.")
    return DONE


def _since(paid: Money) -> str:
    return f"{paid} paid since" if paid else ""
