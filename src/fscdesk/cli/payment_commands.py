"""Commands for money that comes in: payment add, payment list."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    amount_of,
    day_of,
    id_of,
    opened,
)
from fscdesk.cli.terminal import counted, print_json, say, say_findings, table
from fscdesk.models.values import Money
from fscdesk.services.errors import Problem
from fscdesk.services.payments.line_entry import (
    RESTS,
    CreditKind,
    PaymentLine,
    PaymentMethod,
    Received,
    enter_line,
)
from fscdesk.services.reports.payment_list import ListedPayment, payments_between
from fscdesk.services.work import Work


def add_to(app: typer.Typer) -> None:
    """Add the group to the program."""
    payments = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    payments.callback()(_payments)
    payments.command("add")(payment_add)
    payments.command("list")(payment_list)
    app.add_typer(payments, name="payment")


def _payments() -> None:
    """Enter money that came in, and list it."""


def rest_of(text: str) -> CreditKind:
    """Read why money that is left over stays."""
    for kind in RESTS:
        if text.strip().lower() == kind.value:
            return kind
    names = ", ".join(kind.value for kind in RESTS)
    raise typer.BadParameter(f"{text} is no kind of credit. It is one of {names}.")


def payment_add(
    ctx: typer.Context,
    amount: Annotated[
        Money, typer.Option(parser=amount_of, metavar="AMOUNT", help="How much came.")
    ],
    method: Annotated[PaymentMethod, typer.Option(help="How it came.")],
    guarantor: Annotated[
        str | None, typer.Option("--from", metavar="ACCOUNT", help="Who paid: G1042.")
    ] = None,
    payer: Annotated[
        str | None, typer.Option(metavar="CODE", help="Which payer paid: its id or short name.")
    ] = None,
    reference: Annotated[str, typer.Option(help="The check's number, or the like.")] = "",
    received: Annotated[
        date | None,
        typer.Option(parser=day_of, metavar="DAY", help="The day it came. Left out: today."),
    ] = None,
    posted: Annotated[
        date | None,
        typer.Option(
            parser=day_of, metavar="DAY", help="The day in the books. Left out: as above."
        ),
    ] = None,
    check_day: Annotated[
        date | None,
        typer.Option("--check-day", parser=day_of, metavar="DAY", help="The day on the check."),
    ] = None,
    memo: Annotated[str, typer.Option(help="A note on it.")] = "",
    oldest: Annotated[
        bool, typer.Option("--oldest-first", help="Pay the oldest open charges first.")
    ] = False,
    charge: Annotated[
        list[str] | None,
        typer.Option("--charge", metavar="ID=AMOUNT", help="Pay this of a charge; repeatable."),
    ] = None,
    rest: Annotated[
        CreditKind,
        typer.Option(parser=rest_of, metavar="KIND", help="Why what is left over stays."),
    ] = CreditKind.OVERPAYMENT,
    client: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Whose credit the rest becomes: 1042.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The same key posts once, however often it is run.")
    ] = None,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Post it although it was asked back: it is meant."),
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Post a payment of a guarantor or a payer, and apply it to open charges."""
    if (guarantor is None) == (payer is None):
        raise typer.BadParameter("Say who paid: --from ACCOUNT, or --payer CODE.")
    if oldest and charge:
        raise typer.BadParameter("Either --oldest-first or --charge, not both.")
    line = PaymentLine(
        amount,
        method,
        guarantor=guarantor,
        payer=payer,
        reference=reference,
        received_on=received,
        posted_on=posted,
        check_on=check_day,
        memo=memo,
        charges=tuple(_part(text) for text in charge or []),
        oldest=oldest,
        rest=rest,
        client=client,
        request_key=key,
    )
    with opened(ctx, practice) as office:
        done = office.write(lambda work: enter_line(work, line, meant=anyway)).value
    if json:
        print_json(done)
    else:
        _tell(done)
    return NEEDS_A_PERSON if done.findings else DONE


def payment_list(
    ctx: typer.Context,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=day_of, metavar="DAY", help="Left out: the last 30 days."),
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day_of, metavar="DAY", help="Left out: today.")
    ] = None,
    search: Annotated[str, typer.Option(help="Words of number, reference or name.")] = "",
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """List the payments that were posted in a period."""

    def ask(work: Work) -> tuple[ListedPayment, ...]:
        until = last or work.today()
        since = first or date.fromordinal(until.toordinal() - 30)
        if since > until:
            raise Problem(
                f"{since:%m/%d/%Y} has not come yet."
                if last is None
                else f"The period cannot begin on {since:%m/%d/%Y} and end on {until:%m/%d/%Y}.",
                hint="Nothing was listed. Give an earlier --from"
                + (", or an end with --to." if last is None else ", or a later --to."),
            )
        return payments_between(work, since, until, text=search)

    with opened(ctx, practice) as office:
        rows = office.read(ask)
    standing = [row for row in rows if row.status.value == "posted"]
    total = Money(sum(row.amount.cents for row in standing))
    gone = len(rows) - len(standing)
    if json:
        print_json({"payments": rows, "total": total})
        return DONE
    left_out = f", {gone} returned or voided not counted" if gone else ""
    say(f"{counted(len(rows), 'payment')}, {total} in all{left_out}{':' if rows else '.'}")
    cells = [
        (
            *(row.number, f"{row.posted_on:%m/%d/%Y}", row.account, row.name, row.method.value),
            *(row.reference, str(row.amount), str(row.unapplied), row.status.value),
        )
        for row in rows
    ]
    say(*(f"  {line}" for line in table(cells, right=(6, 7))))
    return DONE


def _part(text: str) -> tuple[int, Money]:
    number, mark, amount = text.partition("=")
    if not mark or not number.strip().isascii() or not number.strip().isdigit():
        raise typer.BadParameter(f"{text} is not a charge and its amount. Write it like 117=30.00.")
    return id_of(number), amount_of(amount)


def _tell(done: Received) -> None:
    if done.repeated:
        say(f"Payment {done.number} was posted before under this key. Nothing was posted again.")
    else:
        say(f"Posted payment {done.number}: {done.amount}.")
    say(f"  Applied {done.applied}, left as credit {done.unapplied}.")
    say_findings(done.findings, indent="  ")
