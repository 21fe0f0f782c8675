"""The command for disputes of card payments: bank dispute.

fscdesk bank dispute PAY-2026-00012 --on 2026-04-11 --amount 30.00 --reason "Client disputes"
fscdesk bank dispute PAY-2026-00012 --won --on 2026-05-20 --reason "Evidence accepted"
fscdesk bank dispute PAY-2026-00012 --undo --reason "It was another payment"
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, JsonOption, PracticeOption, amount_of, day_of, opened
from fscdesk.cli.terminal import counted, print_json, say
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.payments.disputing import (
    charge_back_part,
    payment_named,
    take_dispute_back,
    win_dispute,
)
from fscdesk.services.work import Work


def add_to(bank: typer.Typer) -> None:
    """Add the command to those of the bank."""
    bank.command("dispute")(dispute)


def dispute(
    ctx: typer.Context,
    payment: Annotated[str, typer.Argument(metavar="PAYMENT", help="Its number: PAY-2026-00012.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands with the payment.")],
    on: Annotated[
        date | None,
        typer.Option("--on", parser=day_of, metavar="DAY", help="The bank's day. Else today."),
    ] = None,
    amount: Annotated[
        Money | None,
        typer.Option(
            "--amount",
            parser=amount_of,
            metavar="AMOUNT",
            help="The part that was charged back; with --won what came again, else all of it.",
        ),
    ] = None,
    fee: Annotated[
        Money | None,
        typer.Option(
            "--fee",
            parser=amount_of,
            metavar="AMOUNT",
            help="What the client is charged for it; else the practice's own fee.",
        ),
    ] = None,
    won: Annotated[bool, typer.Option("--won", help="The money came again.")] = False,
    keep_fee: Annotated[
        bool | None,
        typer.Option(
            "--keep-fee/--drop-fee",
            help="With --won: the client's fee stays, or goes. Else it goes when all came again.",
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last of it back: it was a mistake.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Record that a part of a card payment was charged back, or that a dispute is won."""
    _require_fitting(amount, fee, won=won, keep_fee=keep_fee, undo=undo)

    def act(work: Work) -> tuple[dict[str, Any], str]:
        ident, seen = payment_named(work, payment)
        day = on or work.today()
        if undo:
            entry = take_dispute_back(work, ident, reason=reason, expected_version=seen)
            return {"entry": entry}, f"The last act on the dispute of {payment} is taken back."
        if won:
            done = win_dispute(
                work,
                ident,
                on=day,
                reason=reason,
                expected_version=seen,
                amount=amount,
                keep_fee=keep_fee,
            )
            paid = counted(len(done.paid), "charge")
            said = f"{done.amount} of {payment} came again; {paid} paid by it again."
            return {"entry": done.entry_id, "amount": done.amount, "paid": done.paid}, said
        assert amount is not None
        part = charge_back_part(
            work, ident, amount, on=day, reason=reason, expected_version=seen, fee=fee
        )
        opened_again = counted(len(part.reopened), "charge")
        said = f"{amount} of {payment} is charged back; {opened_again} open again."
        if part.fee:
            said += f" A fee of {part.fee} is charged."
        return {
            "entry": part.entry_id,
            "amount": amount,
            "reopened": part.reopened,
            "fee": part.fee,
        }, said

    with opened(ctx, practice) as office:
        document, said = office.write(act).value
    if json:
        print_json({"payment": payment} | document)
    else:
        say(said)
    return DONE


def _require_fitting(
    amount: Money | None, fee: Money | None, *, won: bool, keep_fee: bool | None, undo: bool
) -> None:
    nothing = "Nothing was posted."
    if won and undo:
        raise Problem("A dispute is won, or taken back, not both.", hint=nothing)
    if undo and amount is not None:
        raise Problem("The last act is taken back whole.", hint=f"{nothing} Leave out --amount.")
    if fee is not None and (won or undo):
        raise Problem(
            "A fee is charged with the part that is charged back.",
            hint=f"{nothing} Leave out --fee.",
        )
    if keep_fee is not None and not won:
        said = "--keep-fee" if keep_fee else "--drop-fee"
        raise Problem(f"{said} belongs to --won.", hint=f"{nothing} Leave it out.")
    if amount is None and not (won or undo):
        raise Problem(
            "How much was charged back is missing.", hint=f"{nothing} Say it with --amount."
        )
