"""Commands for the bank: bank accounts, import, undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fscdesk.cli import (
    bank_layout_commands,
    bank_match_commands,
    deposit_commands,
    dispute_commands,
    reconcile_commands,
)
from fscdesk.cli.claim_options import PlanOption, read_file
from fscdesk.cli.options import (
    DONE,
    NEEDS_A_PERSON,
    JsonOption,
    PracticeOption,
    amount_of,
    day_of,
    opened,
)
from fscdesk.cli.terminal import counted, print_json, say, say_findings
from fscdesk.models.values import Money
from fscdesk.services.banking.accounts import (
    BankAccountDraft,
    account_named,
    bank_accounts,
    save_bank_account,
)
from fscdesk.services.banking.reading import UnknownLayout
from fscdesk.services.banking.statement_plan import AppliedStatement, StatementPlan
from fscdesk.services.banking.statements import (
    apply_statement,
    plan_statement,
    statement_named,
    undo_statement,
)
from fscdesk.services.errors import Severity
from fscdesk.services.importing.no_statement import no_statement
from fscdesk.services.work import Work

AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="NAME",
        help="A bank account by name or last digits. Left out: known "
        "by the number in the file, else the first one.",
    ),
]

bank = typer.Typer(help="The bank's statements, beside the books.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(bank, name="bank")
    deposit_commands.add_to(bank)
    bank_match_commands.add_to(bank)
    bank_layout_commands.add_to(bank)
    reconcile_commands.add_to(bank)
    dispute_commands.add_to(bank)


@bank.command("accounts")
def accounts(ctx: typer.Context, practice: PracticeOption = None, json: JsonOption = False) -> int:
    """List the bank accounts with what the books say of each."""
    with opened(ctx, practice) as office:
        found = office.read(bank_accounts)
    if json:
        print_json({"accounts": found})
        return DONE
    for one in found:
        until = f", reconciled to {one.reconciled_to:%m/%d/%Y}" if one.reconciled_to else ""
        say(f"{one.account}  {one.label}  {one.book}{until}")
    return DONE


@bank.command("account")
def account(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="New, or one that is there.")],
    number: Annotated[
        str, typer.Option(help="The whole number; its last digits and a digest are kept.")
    ] = "",
    bank_name: Annotated[str | None, typer.Option("--bank", help="The bank's name.")] = None,
    starts_on: Annotated[
        date | None,
        typer.Option(
            "--starts-on", parser=day_of, metavar="DAY", help="The first day reconciled here."
        ),
    ] = None,
    starts_with: Annotated[
        Money | None,
        typer.Option(
            "--starts-with",
            parser=amount_of,
            metavar="AMOUNT",
            help="What the bank had before that day.",
        ),
    ] = None,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Add a bank account with its own account of the chart, or change one."""

    def save(work: Work) -> int:
        there = next(
            (
                one
                for one in bank_accounts(work, also_inactive=True)
                if one.name.casefold() == " ".join(name.split()).casefold()
            ),
            None,
        )
        if there is None:
            draft = BankAccountDraft(name)
        else:
            draft = BankAccountDraft(
                there.name,
                there.kind,
                there.bank,
                starts_on=there.starts_on,
                starts_with=there.starts_with,
                active=there.active,
                is_default=there.is_default,
            )
        draft = replace(
            draft,
            number=number,
            bank=draft.bank if bank_name is None else bank_name,
            starts_on=starts_on or draft.starts_on,
            starts_with=draft.starts_with if starts_with is None else starts_with,
        )
        return save_bank_account(
            work,
            draft,
            account_id=None if there is None else there.id,
            expected_version=None if there is None else there.version,
        )

    with opened(ctx, practice) as office:
        saved = office.write(save).value
        found = next(one for one in office.read(bank_accounts) if one.id == saved)
    if json:
        print_json(found)
    else:
        say(f"{found.label} is account {found.account} of the chart.")
    return DONE


@bank.command("import")
def import_statement(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A bank's CSV, OFX or QFX file.")],
    account: AccountOption = None,
    plan: PlanOption = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Read a bank statement. Lines that are known already are not added again."""
    data = read_file(file)
    with opened(ctx, practice) as office:

        def chosen(work: Work) -> int | None:
            return None if account is None else account_named(work, account)

        def look(work: Work) -> AppliedStatement:
            planned = plan_statement(work, file.name, data, account_id=chosen(work))
            return AppliedStatement(None, "", planned)

        def read(work: Work) -> AppliedStatement:
            return apply_statement(work, file.name, data, account_id=chosen(work))

        try:
            done = office.read(look) if plan else office.write(read).value
        except UnknownLayout as unknown:
            raise (no_statement(unknown.source) or unknown) from None
    seen, number = done.plan, done.number
    reasons = [one.why for one in (seen.matches if plan else done.certain.matches)]
    if json:
        print_json(_document(seen, number) | {"matched": reasons})
    else:
        _tell(seen, number, planned=plan)
        for why in reasons:
            say(f"{'Would match' if plan else 'Matched'} by itself: {why}.")
    needs = any(one.severity is not Severity.INFO for one in seen.findings)
    return NEEDS_A_PERSON if needs else DONE


@bank.command("undo")
def undo(
    ctx: typer.Context,
    statement: Annotated[
        str, typer.Argument(metavar="STATEMENT", help="Its number: BST-2026-00042.")
    ],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take the lines of a statement out again; the file can be read again later."""
    with opened(ctx, practice) as office:
        lines = office.write(
            lambda work: undo_statement(work, statement_named(work, statement))
        ).value
    if json:
        print_json({"statement": statement, "lines": lines})
    else:
        say(f"{statement} was taken back: {counted(lines, 'line')} left the account.")
    return DONE


def _document(plan: StatementPlan, number: str) -> dict[str, Any]:
    return {
        "file": plan.file_name,
        "statement": number,
        "account": plan.account_name,
        "layout": plan.layout,
        "first_day": plan.first_day,
        "last_day": plan.last_day,
        "opening": plan.opening,
        "closing": plan.closing,
        "read": plan.read,
        "created": plan.created,
        "unchanged": plan.unchanged,
        "skipped": plan.skipped,
        "credits": plan.credits,
        "debits": plan.debits,
        "duplicate_of": plan.duplicate_of,
        "lines": [
            {
                "on": one.line.on,
                "amount": one.line.amount,
                "words": one.line.words,
                "verdict": one.verdict,
                "reason": one.reason,
            }
            for one in plan.lines
        ],
        "findings": plan.findings,
    }


def _tell(plan: StatementPlan, number: str, *, planned: bool) -> None:
    did = "would be added to" if planned else "were added to"
    say(
        f"{plan.file_name} ({plan.layout}): {counted(plan.read, 'line')} read, {plan.created:,} "
        f"{did} {plan.account_name}, {plan.unchanged:,} known, {plan.skipped:,} left out."
    )
    if plan.created:
        say(f"In {plan.credits}, out {-plan.debits}." + (f" {number}" if number else ""))
    if plan.closing is not None:
        say(f"The bank's balance at the end: {plan.closing}.")
    if plan.duplicate_of:
        say(f"The same file is {plan.duplicate_of}.")
    say_findings(plan.findings)
