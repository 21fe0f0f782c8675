"""Commands for the bank's lines beside the books: match, unmatch."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import counted, print_json, say
from fscdesk.services.banking.accepting import take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import CertainDone, apply_certain
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.work import Work


def add_to(bank: typer.Typer) -> None:
    """Add the commands to those of the bank."""
    bank.command("match")(match)
    bank.command("unmatch")(unmatch)


def match(
    ctx: typer.Context,
    account: Annotated[
        str,
        typer.Option(
            "--account",
            metavar="NAME",
            help="A bank account by name or last digits. Left out: the first one.",
        ),
    ] = "",
    certain: Annotated[
        bool,
        typer.Option("--apply-certain", help="Match what a trace and its amount prove exactly."),
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Say what each open line of a bank account is, and why. Nothing else is ever applied."""
    with opened(ctx, practice) as office:

        def apply(work: Work) -> CertainDone:
            return apply_certain(work, account_named(work, account))

        done = office.write(apply).value if certain else CertainDone()
        found = office.read(lambda work: proposals(work, account_named(work, account)))
    if json:
        print_json(
            {
                "matched": done.matches,
                "offsets": done.offsets,
                "explained": done.explained,
                "proposals": [_document(one) for one in found],
            }
        )
    else:
        _tell(done, found)
    return NEEDS_A_PERSON if found else DONE


def unmatch(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="MATCH", help="Its number, as match told it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken apart.")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a match apart; what it had made is reversed by today's day."""
    with opened(ctx, practice) as office:
        office.write(lambda work: take_apart(work, number, reason))
    if json:
        print_json({"match": number})
    else:
        say(f"Match {number} was taken apart; its lines are open again.")
    return DONE


def _document(one: Proposal) -> dict[str, Any]:
    return {
        "by": one.by,
        "reach": one.reach,
        "certain": one.certain,
        "why": one.why,
        "amount": one.amount,
        "lines": [
            {"id": line.id, "on": line.on, "amount": line.amount, "words": line.words}
            for line in one.lines
        ],
        "items": [
            {"what": item.kind, "id": item.id, "on": item.on, "amount": item.amount}
            | {"label": item.label}
            for item in one.items
        ],
        "entry": one.entry_to_make,
        "alternatives": [choice.words for choice in one.alternatives],
        "returns": [payment.number for payment in one.returns],
        "hold": one.hold,
    }


def _tell(done: CertainDone, found: tuple[Proposal, ...]) -> None:
    for made in done.matches:
        say(f"Match {made.id}: {made.why}.")
    if done.offsets:
        say(f"{counted(done.offsets, 'reversed entry', 'reversed entries')} cancelled out.")
    if done.explained:
        say(f"{counted(done.explained, 'amount')} in suspense explained by trace.")
    for one in found:
        first = one.lines[0]
        more = f" and {len(one.lines) - 1} more" if len(one.lines) > 1 else ""
        say(f"{first.on:%m/%d/%Y}  {one.amount}  {first.words[:60]}{more}")
        say(f"    {_WORDS[one.reach]}: {one.why}.")
        for choice in one.alternatives:
            say(f"    - {choice.words}")
    proposed = sum(one.is_complete for one in found)
    say(f"{counted(len(found), 'open line')}, {proposed} with a proposal.")


_WORDS = {
    Reach.ONE: "proposed",
    Reach.SEVERAL: "choose",
    Reach.NONE: "open",
    Reach.UNDECIDED: "open",
}
