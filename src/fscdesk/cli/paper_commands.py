"""Commands that make papers for clients: receipt, superbill; invoice is beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    day_of,
    opened,
)
from fscdesk.cli.pages import OutOption, require_out, save_pages
from fscdesk.cli.terminal import as_json, counted, print_json, say, say_findings
from fscdesk.services.billing.documents import Kept
from fscdesk.services.billing.eml import EmailFile, write_email
from fscdesk.services.billing.superbills import (
    SuperbillLacks,
    Superbills,
    check_superbill,
    make_superbills,
)
from fscdesk.services.errors import Problem, Severity
from fscdesk.services.named import patient_named
from fscdesk.services.payments.receipts import make_receipt, payment_id_of
from fscdesk.services.work import Work


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(receipt)
    app.command()(superbill)


def receipt(
    ctx: typer.Context,
    payment: Annotated[str, typer.Argument(metavar="PAYMENT", help="PAY-2026-00042.")],
    out: OutOption = None,
    email: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write an e-mail draft with it to this folder."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Make another, for what was applied later.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Give the receipt of a payment; the one that was made before is given again exactly."""
    require_out(out, "No receipt was made.")
    require_out(email, "No receipt was made.")
    with opened(ctx, practice) as office:
        made = office.write(
            lambda work: make_receipt(work, payment_id_of(work, payment), anew=anew)
        ).value
        saved = save_pages(office, out, [made.id], f"receipt {made.number} is kept")
        if saved is None:
            return NEEDS_A_PERSON
        draft: EmailFile | None = None
        if email is not None:
            draft = office.write(lambda work: write_email(work, email, document_id=made.id)).value
    if json:
        print_json({**_page(made, saved), "email": draft})
        return DONE
    say(f"Receipt {made.number} of payment {payment.strip().upper()}.")
    say(*(f"  {path}" for path in saved), *([f"  {draft.path} to {draft.to}"] if draft else []))
    return DONE


def superbill(
    ctx: typer.Context,
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="The client's number: 1042.")],
    first: Annotated[
        date, typer.Option("--from", parser=day_of, metavar="DAY", help="The first day.")
    ],
    last: Annotated[date, typer.Option("--to", parser=day_of, metavar="DAY", help="The last day.")],
    out: OutOption = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what it would hold and lacks; write nothing.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Make the superbill of a client over a period: one page for each clinician."""
    require_out(out, "No superbill was made.")

    def look(work: Work) -> Superbills:
        return check_superbill(work, patient_named(work, client), first, last)

    def act(work: Work) -> Superbills:
        try:
            return make_superbills(work, patient_named(work, client), first, last)
        except SuperbillLacks as lacks:  # here there is room to name every session
            said = "\n".join(one.message for one in lacks.checked.missing)
            raise Problem(said, hint=lacks.hint) from None

    with opened(ctx, practice) as office:
        done = office.read(look) if plan else office.write(act).value
        numbers = ", ".join(one.number for one in done.documents)
        saved = save_pages(office, out, [one.id for one in done.documents], f"{numbers} is kept")
        if saved is None:
            return NEEDS_A_PERSON
    if json:
        print_json(_superbills(done, saved))
    else:
        _tell(done, saved)
    warned = any(one.severity is not Severity.INFO for one in done.findings)
    return NEEDS_A_PERSON if warned else DONE


def _page(one: Kept, saved: tuple[Path, ...]) -> dict[str, Any]:
    files = {path.name: path for path in saved}
    return {
        "document": one.id,
        "number": one.number,
        "sha256": one.sha256,
        "made_at": one.made_at,
        "file": files.get(one.file_name),
    }


def _superbills(done: Superbills, saved: tuple[Path, ...]) -> dict[str, Any]:
    return {
        "from": done.first,
        "to": done.last,
        "services": done.lines,
        "charged": done.charged,
        "paid": done.paid,
        "superbills": [_page(one, saved) for one in done.documents],
        "findings": [as_json(one) for one in done.findings],
    }


def _tell(done: Superbills, saved: tuple[Path, ...]) -> None:
    say(
        f"{counted(done.lines, 'service')} from {done.first:%m/%d/%Y} to {done.last:%m/%d/%Y}:"
        f" charged {done.charged}, paid {done.paid}."
    )
    say_findings(done.findings)
    say(*(f"Superbill {one.number}" for one in done.documents), *(f"  {path}" for path in saved))
    if not done.documents:
        say("Nothing was made.")
