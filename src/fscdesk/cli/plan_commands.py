"""Commands for payment plans: plans due, plans charge."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

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
from fscdesk.services.billing.plan_dues import Dues, DuesNow, charge_due, dues_now

OnOption = Annotated[
    date | None,
    typer.Option("--on", parser=day_of, metavar="DAY", help="As of this day. Left out: today."),
]


def add_to(app: typer.Typer) -> None:
    """Add the group to the program."""
    plans = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    plans.callback()(_plans)
    plans.command("due")(plans_due)
    plans.command("charge")(plans_charge)
    app.add_typer(plans, name="plans")


def _plans() -> None:
    """Say what is due on payment plans, and charge it."""


def plans_due(
    ctx: typer.Context,
    on: OnOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """List the interest and late fees that are due and not charged yet; write nothing."""
    with opened(ctx, practice) as office:
        found: DuesNow = office.read(lambda work: dues_now(work, on or work.today()))
    waits = bool(found.parts or found.failing)
    if json:
        print_json({"parts": found.parts, "amount": found.amount, "failing": found.failing})
        return NEEDS_A_PERSON if waits else DONE
    if not waits:
        say("Nothing is due that was not charged.")
        return DONE
    say(f"{counted(len(found.parts), 'amount')} to charge, {found.amount} in all:")
    rows = [
        (
            *(one.plan, f"payment {one.position}", f"{one.due_on:%m/%d/%Y}"),
            *("late fee" if one.late else "interest", str(one.amount)),
        )
        for one in found.parts
    ]
    say(*(f"  {line}" for line in table(rows, right=(4,))))
    if found.failing:
        say(f"{counted(len(found.failing), 'plan')} would end by default.")
    say("Nothing was charged. “fscdesk plans charge” does it.")
    return NEEDS_A_PERSON


def plans_charge(
    ctx: typer.Context,
    on: OnOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Charge what is due: each part once, however often it is run."""
    with opened(ctx, practice) as office:
        done: Dues = office.write(lambda work: charge_due(work, on or work.today())).value
    total = Money(sum(one.amount.cents for one in (*done.interest, *done.late_fees)))
    if json:
        print_json({"dues": done, "amount": total})
    else:
        say(
            f"{counted(done.plans, 'plan')} looked at: interest for"
            f" {counted(len(done.interest), 'instalment')},"
            f" {counted(len(done.late_fees), 'late fee')}, {total} in all.",
            f"{counted(len(done.defaulted), 'plan')} ended by default,"
            f" {counted(len(done.completed), 'plan')} paid to the end.",
        )
    return NEEDS_A_PERSON if done.defaulted else DONE
