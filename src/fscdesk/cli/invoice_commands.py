"""The command that makes, sends and voids invoices: invoice."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any

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
from fscdesk.cli.pages import OutOption, require_out, save_pages
from fscdesk.cli.terminal import counted, print_json, say, table
from fscdesk.models.values import Money
from fscdesk.services.billing.invoice_listing import invoice_id_of, invoice_row
from fscdesk.services.billing.invoices import (
    Chosen,
    InvoicePlan,
    InvoicesMade,
    InvoiceStyle,
    SentBy,
    Terms,
    make_invoices,
    plan_invoices,
    send_invoices,
    void_invoice,
)
from fscdesk.services.named import guarantor_named, patient_named
from fscdesk.services.office import Office
from fscdesk.services.work import Work

SHOWN = 12


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(invoice)


def invoice(
    ctx: typer.Context,
    guarantor: Annotated[
        list[str] | None,
        typer.Option("--guarantor", metavar="ACCOUNT", help="Whose charges: G1042; repeatable."),
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option("--client", metavar="NUMBER", help="Whose charges: 1042; repeatable."),
    ] = None,
    charge: Annotated[
        list[int] | None,
        typer.Option("--charge", parser=id_of, metavar="ID", help="A charge; repeatable."),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="All open charges that are on no invoice.")
    ] = False,
    first: Annotated[
        date | None, typer.Option("--from", parser=day_of, metavar="DAY", help="Services since.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day_of, metavar="DAY", help="Services until.")
    ] = None,
    style: Annotated[
        InvoiceStyle | None, typer.Option(help="Left out: the practice's setting.")
    ] = None,
    net: Annotated[int | None, typer.Option(metavar="DAYS", help="Due after so many days.")] = None,
    minimum: Annotated[
        Money | None,
        typer.Option(
            parser=amount_of,
            metavar="AMOUNT",
            help="The smallest invoice. Left out: the practice's setting.",
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say which, and write nothing.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Mark them as sent today.")] = False,
    void: Annotated[
        str | None, typer.Option(metavar="INVOICE", help="Void this one, with --reason.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why it is void.")] = "",
    key: Annotated[
        str | None, typer.Option(help="The same key makes them once, however often it is run.")
    ] = None,
    out: OutOption = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make invoices for what clients owe: of accounts, clients, charges, or of all."""
    if void is not None:
        with opened(ctx, practice) as office:
            return _void(office, void, reason, json=json)
    if not (guarantor or client or charge or everybody):
        raise typer.BadParameter("Say for whom: --guarantor, --client, --charge, or --all.")
    require_out(out, "No invoice was made.")

    def look(work: Work) -> InvoicePlan:
        chosen = Chosen(
            charge_ids=tuple(charge or ()),
            guarantor_ids=tuple(guarantor_named(work, one) for one in guarantor or ()),
            patient_ids=tuple(patient_named(work, one) for one in client or ()),
            first=first,
            last=last,
        )
        return plan_invoices(work, chosen, Terms(style, net, minimum))

    def act(work: Work) -> tuple[InvoicePlan, InvoicesMade]:
        wanted = look(work)
        made = make_invoices(work, wanted, request_key=key)
        if send and not made.repeated:
            how = SentBy.PRINT if out is None else SentBy.FILE
            send_invoices(work, [one.id for one in made.invoices], how)
        return wanted, made

    with opened(ctx, practice) as office:
        if plan:
            _show(office.read(look), None, (), json=json)
            return DONE
        wanted, made = office.write(act).value
        pages = [one.document_id for one in made.invoices]
        kept = f"{counted(len(pages), 'invoice')} kept"
        saved = save_pages(office, out, pages, kept)
        if saved is None:
            return NEEDS_A_PERSON
    _show(wanted, made, saved, json=json)
    return DONE


def _void(office: Office, number: str, reason: str, *, json: bool) -> int:
    def act(work: Work) -> str:
        row = invoice_row(work, invoice_id_of(work, number))
        void_invoice(work, row.id, reason, expected_version=row.version)
        return row.number

    done = office.write(act).value
    if json:
        print_json({"void": done})
    else:
        say(f"Invoice {done} is void. Its charges can be invoiced again.")
    return DONE


def _show(
    plan: InvoicePlan, made: InvoicesMade | None, saved: tuple[Path, ...], *, json: bool
) -> None:
    if json:
        print_json(_document(plan, made, saved))
    else:
        _tell(plan, made, saved)


def _document(
    plan: InvoicePlan, made: InvoicesMade | None, saved: tuple[Path, ...]
) -> dict[str, Any]:
    files = {path.stem: path for path in saved}
    rows: list[dict[str, Any]]
    if made is None:
        rows = [
            {
                "number": None,
                "account": one.account,
                "client": one.patient,
                "amount": one.amount,
                "charges": [line.charge_id for line in one.lines],
            }
            for one in plan.invoices
        ]
    else:
        rows = [
            {
                "id": one.id,
                "number": one.number,
                "amount": one.amount,
                "charges": one.charges,
                "sha256": one.sha256,
                "file": files.get(one.number),
            }
            for one in made.invoices
        ]
    return {
        "style": plan.style,
        "issued_on": plan.issued_on,
        "due_on": plan.due_on,
        "minimum": plan.minimum,
        "made": made is not None and not made.repeated,
        "invoices": rows,
        "total": plan.total if made is None else made.total,
        "left_out": plan.left_out if made is None else made.left_out,
    }


def _tell(plan: InvoicePlan, made: InvoicesMade | None, saved: tuple[Path, ...]) -> None:
    if made is None:
        rows = [(one.account, one.patient, str(one.amount)) for one in plan.invoices]
        say(f"{counted(len(rows), 'invoice')} would be made, {plan.total} in all:")
        say(*(f"  {line}" for line in table(rows, right=(2,))))
    else:
        said = "were made before under this key" if made.repeated else "made"
        numbers = [(one.number, str(one.amount)) for one in made.invoices]
        say(f"{counted(len(numbers), 'invoice')} {said}, {made.total} in all:")
        say(*(f"  {line}" for line in table(numbers, right=(1,))))
    left = plan.left_out if made is None else made.left_out
    if left:
        say(f"Left out: {counted(len(left), 'charge')}")
        for reason, count in Counter(one.reason for one in left).most_common(SHOWN):
            say(f"  {reason}: {counted(count, 'charge')}")
    say(*(str(path) for path in saved))
    if made is None:
        say("Nothing was made.")
