"""Commands for deposits: bank deposits, bank deposit, bank undo-deposit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.claim_options import PlanOption
from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    amount_of,
    day_of,
    opened,
)
from fscdesk.cli.terminal import counted, print_json, say, say_findings, table
from fscdesk.models.values import ZERO, Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.deposit_choosing import Chosen, choose
from fscdesk.services.banking.deposit_list import DepositRow, deposits
from fscdesk.services.banking.deposit_plan import DepositPlan, PaymentMethod, plan_deposits
from fscdesk.services.banking.deposit_words import DEPOSIT_KINDS, DEPOSIT_STATUSES
from fscdesk.services.banking.deposits import (
    MadeDeposit,
    deposit_named,
    deposit_with_key,
    make_deposit,
    undo_deposit,
)
from fscdesk.services.billing.deposit_slips import make_deposit_slip
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Work

AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="NAME",
        help="A bank account by name or last digits. Left out: the first one, or all of them.",
    ),
]
FirstOption = Annotated[
    date | None, typer.Option("--from", parser=day_of, metavar="DAY", help="The first day.")
]
LastOption = Annotated[
    date | None, typer.Option("--to", parser=day_of, metavar="DAY", help="The last day.")
]


def add_to(bank: typer.Typer) -> None:
    """Add the commands to those of the bank."""
    bank.command("deposits")(list_deposits)
    bank.command("deposit")(deposit)
    bank.command("undo-deposit")(undo)


def list_deposits(
    ctx: typer.Context,
    plan: PlanOption = False,
    first: FirstOption = None,
    last: LastOption = None,
    account: AccountOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """List the deposits; with --plan, which could be made of what is not deposited yet."""
    with opened(ctx, practice) as office:
        if plan:
            could = office.read(lambda work: plan_deposits(work, until=last))
            return _tell_plan(could, json=json)
        rows = office.read(
            lambda work: deposits(
                work,
                first=first,
                last=last,
                account_id=None if account is None else account_named(work, account),
            )
        )
    if json:
        print_json({"deposits": rows})
        return DONE
    say(*_lines(rows), f"{counted(len(rows), 'deposit')}.")
    return DONE


def deposit(
    ctx: typer.Context,
    on: Annotated[
        date | None,
        typer.Option("--date", parser=day_of, metavar="DAY", help="Its day. Left out: today."),
    ] = None,
    method: Annotated[
        list[PaymentMethod] | None,
        typer.Option("--method", help="What came so, up to its day; repeatable."),
    ] = None,
    payment: Annotated[
        list[str] | None,
        typer.Option("--payment", metavar="PAYMENT", help="PAY-2026-00042; repeatable."),
    ] = None,
    payout: Annotated[
        str | None, typer.Option(metavar="PAYOUT", help="A payout of the card report: po_1AbC.")
    ] = None,
    fees: Annotated[
        Money | None,
        typer.Option(parser=amount_of, metavar="AMOUNT", help="What was kept back of it."),
    ] = None,
    reference: Annotated[str, typer.Option(help="The slip's number, or the batch's.")] = "",
    note: Annotated[str, typer.Option(help="A note on it.")] = "",
    slip: Annotated[
        Path | None, typer.Option("--slip", metavar="FILE", help="Save its slip as PDF.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The same key makes it once, however often it is run.")
    ] = None,
    account: AccountOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make a deposit of payments, of what came by a method, or of a card payout."""
    if bool(method) + bool(payment) + (payout is not None) != 1:
        raise typer.BadParameter("Say what to deposit: --payment, --method or --payout.")
    wanted = Chosen(
        on,
        tuple(payment or ()),
        tuple(method or ()),
        payout or "",
        fees or ZERO,
        reference,
        note,
        key,
    )
    with opened(ctx, practice) as office:

        def act(work: Work) -> tuple[MadeDeposit, bytes]:
            account_id = None if account is None else account_named(work, account)
            done = deposit_with_key(work, key)
            if done is None:
                done = make_deposit(work, choose(work, wanted, account_id))
            if slip is None:
                return done, b""
            return done, document_bytes(work, make_deposit_slip(work, done.id).id)

        done, pdf = office.write(act).value
    if slip is not None:
        save_bytes(slip, pdf)
    if json:
        print_json(_document(done, slip))
        return DONE
    said = "was made before" if done.repeated else "is made"
    say(f"{done.number} of {done.on:%m/%d/%Y} {said}: {counted(done.items, 'item')}, {done.amount}")
    if done.fees:
        say(f"{done.gross} less fees of {done.fees}.")
    if slip is not None:
        say(f"Its slip is {slip}.")
    return DONE


def undo(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="DEPOSIT", help="Its number: DEP-2026-00042.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays with the deposit.")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a deposit back; its payments are undeposited again."""
    with opened(ctx, practice) as office:
        entry = office.write(
            lambda work: undo_deposit(work, deposit_named(work, number), reason)
        ).value
    if json:
        print_json({"deposit": number, "entry": entry})
    else:
        say(f"{number} was taken back. Its payments are undeposited again.")
    return DONE


def _tell_plan(plan: DepositPlan, *, json: bool) -> int:
    if json:
        print_json(
            {
                "deposits": [
                    {
                        "kind": one.kind,
                        "on": one.on,
                        "amount": one.amount,
                        "fees": one.fees,
                        "cash": one.cash,
                        "checks": one.checks,
                        "reference": one.reference,
                        "items": one.items,
                    }
                    for one in plan.groups
                ],
                "in_transit": plan.in_transit,
                "total": plan.total,
                "findings": plan.findings,
            }
        )
    else:
        say(*_groups(plan))
        waiting = sum((one.amount for one in plan.in_transit), ZERO)
        say(f"{plan.total} is undeposited; {waiting} of it waits for a payout.")
        say_findings(plan.findings)
    return NEEDS_A_PERSON if plan.findings else DONE


def _lines(rows: tuple[DepositRow, ...]) -> list[str]:
    cells = [
        (
            one.number,
            f"{one.on:%m/%d/%Y}",
            one.account,
            DEPOSIT_KINDS[one.kind],
            str(one.items),
            str(one.amount),
            DEPOSIT_STATUSES[one.status],
        )
        for one in rows
    ]
    return table(cells, right=(4, 5))


def _groups(plan: DepositPlan) -> list[str]:
    cells = [
        (
            f"{one.on:%m/%d/%Y}",
            DEPOSIT_KINDS[one.kind],
            counted(len(one.items), "item"),
            str(one.amount),
            one.reference,
        )
        for one in plan.groups
    ]
    return table(cells, right=(3,))


def _document(done: MadeDeposit, slip: Path | None) -> dict[str, Any]:
    return {
        "deposit": done.number,
        "on": done.on,
        "entered_on": done.entered_on,
        "items": done.items,
        "gross": done.gross,
        "fees": done.fees,
        "amount": done.amount,
        "repeated": done.repeated,
        "slip": None if slip is None else str(slip),
    }
