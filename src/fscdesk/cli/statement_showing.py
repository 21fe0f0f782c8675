"""Writes the files of a run of statements and says what it was, in words or as JSON."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from fscdesk.cli.options import DONE, NEEDS_A_PERSON
from fscdesk.cli.terminal import as_json, complain, counted, print_json, say, say_findings, table
from fscdesk.services.billing.statement_files import Written, require_folder, write_statements
from fscdesk.services.billing.statements import Flag, LeftOut, Made, StatementPlan
from fscdesk.services.errors import Finding, Problem, Severity
from fscdesk.services.office import Office


def ready_folder(out: Path) -> None:
    """Make the folder where only it is missing, and refuse one that takes no files."""
    if out.parent.is_dir() and not out.exists():
        out.mkdir()
    require_folder(out)
    if not os.access(out, os.W_OK):
        raise Problem(
            f"Nothing can be written to the folder {out}.",
            hint="No statement was made. Choose another folder.",
        )


def write_files(
    office: Office,
    plan: StatementPlan | None,
    made: Made,
    out: Path | None,
    *,
    two_sided: bool,
    json: bool,
    emailed: Collection[int] = (),
) -> int:
    """Write what is kept already, show it, and return the exit status.

    Should that fail, it can be repeated from the practice.
    """
    folder = out or Path()
    try:
        written = office.read(
            lambda work: write_statements(
                work, folder, made, plan, two_sided=two_sided, emailed=emailed
            )
        )
    except Problem as problem:
        if plan is None:
            raise
        complain(
            problem.message,
            f"{counted(len(made.statements), 'statement')} are made and kept as run {made.run_id}."
            f" Write their files with: fscdesk statements --run {made.run_id} --out DIR",
        )
        return NEEDS_A_PERSON
    show(plan, made, written, json=json)
    warned = any(finding.severity is not Severity.INFO for finding in made.findings)
    return NEEDS_A_PERSON if warned else DONE


def show(
    plan: StatementPlan | None, made: Made | None, written: Written | None, *, json: bool
) -> None:
    """Print a run, or what it would be."""
    if json:
        print_json(_document(plan, made, written))
    else:
        _tell(plan, made, written)


def _document(
    plan: StatementPlan | None, made: Made | None, written: Written | None
) -> dict[str, Any]:
    whole = made or plan
    pages = {} if written is None else {page.stem: page for page in written.pages}
    rows: list[dict[str, Any]]
    if made is not None:
        rows = [
            {
                "number": one.number,
                "account": one.account,
                "name": one.name,
                "amount": one.amount,
                "sha256": one.sha256,
                "file": pages.get(one.number),
            }
            for one in made.statements
        ]
    else:
        rows = [
            {"number": None, "account": one.number, "name": one.name, "amount": one.balance}
            for one in (plan.recipients if plan else ())
        ]
    flags = {one.number: one.flags for one in plan.recipients} if plan else {}
    for row in rows:
        row["flags"] = flags.get(str(row["account"]), ())
    left = plan.left_out if plan else ()
    return {
        "as_of": whole.as_of if whole else None,
        "run": made.run_id if made else None,
        "minimum": plan.minimum if plan else None,
        "statements": rows,
        "total": whole.total if whole else None,
        "left_out": [_left_out(one) for one in left],
        "total_left_out": plan.total_left_out if plan else None,
        "print_file": written.print_file if written else None,
        "proof_list": written.proof_list if written else None,
        "findings": [as_json(finding) for finding in _findings(plan, made)],
    }


def _findings(plan: StatementPlan | None, made: Made | None) -> tuple[Finding, ...]:
    """Return what the plan and the pages themselves gave to look at."""
    return (*(plan.findings if plan else ()), *(made.findings if made else ()))


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {
        "account": one.number,
        "name": one.name,
        "balance": one.balance,
        "reason_code": one.reason_code,
        "reason": one.reason,
    }


def _tell(plan: StatementPlan | None, made: Made | None, written: Written | None) -> None:
    if made is not None:
        rows = [(one.number, one.account, one.name, str(one.amount)) for one in made.statements]
        say(f"{counted(len(rows), 'statement')} as of {made.as_of:%m/%d/%Y}, {made.total} due:")
        say(*(f"  {line}" for line in table(rows, right=(3,))))
    elif plan is not None:
        chosen = [(one.number, one.name, str(one.balance)) for one in plan.recipients]
        said = f"would get a statement as of {plan.as_of:%m/%d/%Y}, {plan.total} due"
        say(f"{counted(len(chosen), 'account')} {said}{':' if chosen else '.'}")
        say(*(f"  {line}" for line in table(chosen, right=(2,))))
    if plan is not None:
        _tell_left_out(plan)
    say_findings(_findings(plan, made))
    if written is not None and made is not None:
        say(f"To print: {written.print_file}", f"Proof list: {written.proof_list}")
        say(f"Kept as run {made.run_id}.")
    else:
        say("Nothing was made.")


def _tell_left_out(plan: StatementPlan) -> None:
    without = sum(Flag.NO_ADDRESS in one.flags for one in plan.recipients)
    if without:
        say(f"{counted(without, 'account')} without an address, last in the print file.")
    if plan.left_out:
        say(f"Left out: {counted(len(plan.left_out), 'account')}, {plan.total_left_out}")
        settled = Counter(one.reason for one in plan.left_out if not one.balance)
        for reason, count in settled.items():
            say(f"  {reason}: {counted(count, 'account')}")
        rows = [
            (one.number, one.name, str(one.balance), one.reason)
            for one in plan.left_out
            if one.balance
        ]
        say(*(f"  {line}" for line in table(rows, right=(2,))))
