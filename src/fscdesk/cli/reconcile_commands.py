"""Commands that prove a bank account: bank reconcile, bank undo-reconciliation, bank give-up."""

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
from fscdesk.cli.terminal import counted, print_json, say
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.reconciliation_state import BookItem, summed
from fscdesk.services.banking.reconciling import (
    ReconciliationState,
    complete,
    drop,
    open_one,
    standing,
    start,
    undo_last,
)
from fscdesk.services.banking.starting import take_start
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.errors import Problem
from fscdesk.services.reports.reconciliation_page import keep_reconciliation_page
from fscdesk.services.reports.saving import save_bytes
from fscdesk.services.work import Work

AccountOption = Annotated[
    str,
    typer.Option(
        "--account", metavar="NAME", help="A bank account by name or last digits; else the first."
    ),
]


def add_to(bank: typer.Typer) -> None:
    """Add the commands to the group."""
    bank.command("reconcile")(reconcile)
    bank.command("undo-reconciliation")(undo_reconciliation)
    bank.command("give-up")(give_up)


def reconcile(
    ctx: typer.Context,
    to: Annotated[
        date,
        typer.Option("--to", parser=day_of, metavar="DAY", help="The statement's last day."),
    ],
    statement: Annotated[
        Money,
        typer.Option(
            "--statement", parser=amount_of, metavar="AMOUNT", help="Its closing balance."
        ),
    ],
    account: AccountOption = "",
    complete_it: Annotated[
        bool, typer.Option("--complete", help="Complete and lock it where all of it agrees.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="With --complete: its page as PDF."),
    ] = None,
    take_opening: Annotated[
        bool,
        typer.Option("--take-opening", help="Begin the account with what its oldest file says."),
    ] = False,
    plan: PlanOption = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Begin or go on with a reconciliation, and say what is cleared, on the way, and missing."""
    _require_fitting(complete_it=complete_it, plan=plan, out=out)
    with opened(ctx, practice) as office:

        def begin(work: Work) -> int:
            ident = account_named(work, account)
            if take_opening:
                take_start(work, ident)
            return start(work, ident, to, statement)

        def finish(work: Work) -> tuple[ReconciliationState, bytes]:
            ident = begin(work)
            done = complete(work, ident)
            page = keep_reconciliation_page(work, ident)
            return done, document_bytes(work, page.id)

        before = office.read(lambda work: _going(work, account))
        if plan:
            state = office.read(lambda work: standing(work, begin(work)))
        elif complete_it:
            state, pdf = office.write(finish).value
            if out is not None:
                save_bytes(out, pdf)
        else:
            ident = office.write(begin).value
            state = office.read(lambda work: standing(work, ident))
    if json:
        print_json(_document(state) | {"changed": _changed(before, state, planned=plan)})
    else:
        say(*_changed(before, state, planned=plan))
        _tell(state)
    return NEEDS_A_PERSON if not complete_it and not state.ready else DONE


def undo_reconciliation(
    ctx: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken back.")],
    account: AccountOption = "",
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take the last completed reconciliation of an account back; its matches open again."""
    with opened(ctx, practice) as office:
        back = office.write(
            lambda work: undo_last(work, account_named(work, account), reason)
        ).value
    if json:
        print_json({"reconciliation": back.number, "given_up": back.given_up})
    else:
        say(back.words)
    return DONE


def give_up(
    ctx: typer.Context,
    account: AccountOption = "",
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Give up the reconciliation that is begun; what is matched stays matched."""

    def act(work: Work) -> str:
        ident = open_one(work, account_named(work, account))
        if ident is None:
            raise Problem("No reconciliation is begun.", hint="Nothing was changed.")
        return drop(work, ident)

    with opened(ctx, practice) as office:
        number = office.write(act).value
    if json:
        print_json({"reconciliation": number})
    else:
        say(f"{number} is given up; what is matched stays matched.")
    return DONE


def _require_fitting(*, complete_it: bool, plan: bool, out: Path | None) -> None:
    if out is not None and not complete_it:
        raise typer.BadParameter("--out needs --complete: a page is made of what is completed.")
    if plan and complete_it:
        raise typer.BadParameter("--plan only looks; leave --complete out.")


def _going(work: Work, account: str) -> ReconciliationState | None:
    """Return the one that is begun, before anything is done to it."""
    ident = open_one(work, account_named(work, account))
    return None if ident is None else standing(work, ident)


def _changed(
    before: ReconciliationState | None, now: ReconciliationState, *, planned: bool
) -> list[str]:
    """Say what another day or balance has changed of the one that was begun, if anything."""
    if before is None:
        return ["It is not begun yet; nothing was written."] if planned else []
    was = (before.last_day, before.statement)
    if was == (now.last_day, now.statement):
        return []
    did = "would be changed" if planned else "was changed"
    return [
        (
            f"{before.number} {did}: it was begun to {was[0]:%m/%d/%Y} with {was[1]}, "
            f"now to {now.last_day:%m/%d/%Y} with {now.statement}."
        )
    ]


def _document(state: ReconciliationState) -> dict[str, Any]:
    return {
        "reconciliation": state.number,
        "account": state.account_name,
        "ledger_account": state.account,
        "status": state.status,
        "first_day": state.first_day,
        "last_day": state.last_day,
        "opening": state.opening,
        "cleared_in": state.cleared_in,
        "cleared_out": state.cleared_out,
        "cleared_balance": state.cleared_balance,
        "statement": state.statement,
        "difference": state.difference,
        "deposits_in_transit": summed(state.in_transit),
        "outstanding": summed(state.outstanding),
        "booked_after": summed(state.booked_after),
        "adjusted": state.adjusted,
        "book": state.book,
        "unexplained": state.unexplained,
        "missing": state.missing,
        "open_lines": state.open_lines,
        "items": [_item(one) for one in (*state.in_transit, *state.outstanding)],
        "cleared_lines": len(state.cleared),
    }


def _item(one: BookItem) -> dict[str, Any]:
    return {
        "on": one.on,
        "document": one.document,
        "amount": one.amount,
        "words": one.words,
        "note": one.note,
    }


def _tell(state: ReconciliationState) -> None:
    say(
        f"{state.number}, {state.account_name}, "
        f"{state.first_day:%m/%d/%Y} to {state.last_day:%m/%d/%Y}: {state.status.value}",
        f"Opening {state.opening}, in {state.cleared_in}, out {state.cleared_out} "
        f"({counted(len(state.cleared), 'line')} cleared): {state.cleared_balance}",
        f"Statement {state.statement}, difference {state.difference}",
        f"In transit {summed(state.in_transit)}, outstanding {summed(state.outstanding)}: "
        f"our books should hold {state.adjusted}, they hold {state.book}",
    )
    for one in (*state.in_transit, *state.outstanding):
        say(f"  on the way: {one.on:%m/%d/%Y} {one.document} {one.amount} {one.words}")
    for sentence in state.missing:
        say(f"look: {sentence}")
    if state.lacks_start and state.told_start is not None and not state.ready:
        say("Take that with --take-opening.")
