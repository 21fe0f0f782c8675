"""Commands for the bank's lines beside the books: match, unmatch, take-out.

fscdesk bank match --list                      the open lines and our items, by number
fscdesk bank match 12                          take what was proposed for line 12
fscdesk bank match 13 --with payment-7         it is this payment, deposited by it
fscdesk bank match 14 --to 7500 --memo "Fee"   it is an entry of its own
fscdesk bank match --matched                   the matches that stand, for unmatch
fscdesk bank take-out 15                       a line that came twice
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import counted, print_json, say
from fscdesk.services.banking.accepting import accept, take_apart
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.banking.certain import CertainDone, HeldLine, apply_certain, held_lines
from fscdesk.services.banking.match_items import Item
from fscdesk.services.banking.matching import Proposal, Reach, proposals
from fscdesk.services.banking.named_matches import (
    NamedMatch,
    StandingMatch,
    item_name,
    named_match,
    open_items,
    standing_matches,
)
from fscdesk.services.banking.typed_lines import take_back_line
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work


def add_to(bank: typer.Typer) -> None:
    """Add the commands to those of the bank."""
    bank.command("match")(match)
    bank.command("unmatch")(unmatch)
    bank.command("take-out")(take_out)


def match(
    ctx: typer.Context,
    lines: Annotated[
        list[int] | None,
        typer.Argument(metavar="LINE", help="Lines to match, by the numbers that --list tells."),
    ] = None,
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
    listed: Annotated[
        bool,
        typer.Option("--list", help="Name the open lines, and what of ours waits for the bank."),
    ] = False,
    matched: Annotated[
        bool, typer.Option("--matched", help="Name the matches that stand, for “bank unmatch”.")
    ] = False,
    choice: Annotated[
        int | None,
        typer.Option("--choice", metavar="N", help="Take this one of several that were found."),
    ] = None,
    items: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="ITEM", help="What of ours it is: entry-31, payment-7, …"),
    ] = None,
    to: Annotated[
        str,
        typer.Option("--to", metavar="CODE", help="Post the line, or the rest of it, there."),
    ] = "",
    memo: Annotated[str, typer.Option("--memo", help="What the entry is for, with --to.")] = "",
    cost_centre: Annotated[
        str, typer.Option("--cost-centre", metavar="CODE", help="The cost centre, with --to.")
    ] = "",
    hold: Annotated[
        bool, typer.Option("--hold", help="Keep the money until somebody can explain it.")
    ] = False,
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Say what each open line of a bank account is, and why; with LINE, match it.

    Without LINE and --apply-certain nothing is changed.
    """
    asked = NamedMatch(
        tuple(lines or ()), choice, tuple(items or ()), to.strip(), cost_centre.strip(), memo, hold
    )
    _require_fitting(asked, certain=certain, shown=listed or matched)
    with opened(ctx, practice) as office:
        if asked.lines:
            return _make(office, account, asked, json=json)
        if matched:
            return _tell_matched(
                office.read(lambda work: standing_matches(work, account_named(work, account))),
                json=json,
            )

        def apply(work: Work) -> CertainDone:
            return apply_certain(work, account_named(work, account))

        done = office.write(apply).value if certain else CertainDone()
        found = office.read(lambda work: proposals(work, account_named(work, account)))
        held = office.read(lambda work: held_lines(work, account_named(work, account)))
        ours = (
            office.read(lambda work: open_items(work, account_named(work, account)))
            if listed
            else ()
        )
    if json:
        document = {
            "matched": done.matches,
            "offsets": done.offsets,
            "explained": done.explained,
            "proposals": [_document(one) for one in found],
            "held": held,
        }
        print_json(document | ({"items": [_item(one) for one in ours]} if listed else {}))
    else:
        _tell(done, found)
        _tell_held(held)
        _tell_items(ours)
    return NEEDS_A_PERSON if found or any(one.explained_by for one in held) else DONE


def _require_fitting(asked: NamedMatch, *, certain: bool, shown: bool) -> None:
    says = asked.choice is not None or bool(
        asked.items or asked.account or asked.memo or asked.cost_centre or asked.hold
    )
    if says and not asked.lines:
        raise Problem(
            "No line was named.",
            hint="Nothing was matched. “bank match --list” tells the numbers of the open lines.",
        )
    if asked.lines and (certain or shown):
        raise Problem(
            "A line is matched by itself.",
            hint="Nothing was matched. Leave out --list, --matched and --apply-certain.",
        )
    if (asked.memo or asked.cost_centre) and not asked.account:
        raise Problem(
            "A memo and a cost centre belong to an entry.",
            hint="Nothing was matched. Say with --to which account the line is.",
        )


def _make(office: Office, account: str, asked: NamedMatch, *, json: bool) -> int:
    """Match the named lines, and tell the number of the match."""

    def act(work: Work) -> int:
        return accept(work, named_match(work, account_named(work, account), asked))

    made = office.write(act).value
    if json:
        print_json({"match": made, "lines": asked.lines})
    else:
        numbers = ", ".join(str(one) for one in asked.lines)
        say(f"Match {made}: {'line' if len(asked.lines) == 1 else 'lines'} {numbers}.")
    return DONE


def unmatch(
    ctx: typer.Context,
    number: Annotated[
        int, typer.Argument(metavar="MATCH", help="Its number, as “bank match --matched” tells it.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken apart.")],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a match apart; what it had made is reversed."""
    with opened(ctx, practice) as office:
        office.write(lambda work: take_apart(work, number, reason))
    if json:
        print_json({"match": number})
    else:
        say(f"Match {number} was taken apart; its lines are open again.")
    return DONE


def take_out(
    ctx: typer.Context,
    line: Annotated[
        int, typer.Argument(metavar="LINE", help="Its number, as “bank match --list” tells it.")
    ],
    practice: PracticeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a line out that the bank has once: typed wrong, or come twice under other words."""
    with opened(ctx, practice) as office:
        office.write(lambda work: take_back_line(work, line))
    if json:
        print_json({"line": line})
    else:
        say(f"Line {line} was taken out; later files do not bring it again.")
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
        "items": [_item(item) for item in one.items],
        "entry": one.entry_to_make,
        "alternatives": [choice.words for choice in one.alternatives],
        "choices": [[_item(item) for item in choice.items] for choice in one.alternatives],
        "returns": [payment.number for payment in one.returns],
        "hold": one.hold,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "name": item_name(item),
        "what": item.kind,
        "id": item.id,
        "on": item.on,
        "amount": item.amount,
        "label": item.label,
    }


def _tell_matched(found: tuple[StandingMatch, ...], *, json: bool) -> int:
    if json:
        print_json({"matches": found})
        return DONE
    for one in found:
        locked = f"  locked by {one.locked}" if one.locked else ""
        say(f"Match {one.id}  {one.on:%m/%d/%Y}  {one.amount}  {one.why}{locked}")
        for line in one.lines:
            say(f"    line {line.id}  {line.on:%m/%d/%Y}  {line.amount}  {line.words[:60]}")
        say(f"    {'entry' if len(one.entries) == 1 else 'entries'} {', '.join(one.entries)}")
    say(f"{counted(len(found), 'match', 'matches')}.")
    return DONE


def _tell_held(held: tuple[HeldLine, ...]) -> None:
    for one in held:
        say(f"{one.number}: {one.on:%m/%d/%Y}  {one.open}  {one.words[:60]}")
        if one.explained_by:
            say(f"    the same trace as {one.explained_by}: --apply-certain explains it.")
        else:
            say("    held: its remittance or its payment explains it.")
    if held:
        say(f"{counted(len(held), 'amount')} held to explain.")


def _tell_items(ours: tuple[Item, ...]) -> None:
    for one in ours:
        say(f"{item_name(one)}  {one.on:%m/%d/%Y}  {one.amount}  {one.label}")
    if ours:
        say(f"{counted(len(ours), 'item')} of ours not at the bank.")


def _tell(done: CertainDone, found: tuple[Proposal, ...]) -> None:
    for made in done.matches:
        say(f"Match {made.id}: {made.why}.")
    if done.offsets:
        say(f"{counted(done.offsets, 'reversed entry', 'reversed entries')} cancelled out.")
    if done.explained:
        say(f"{counted(done.explained, 'amount')} to identify explained by trace.")
    for one in found:
        first = one.lines[0]
        more = f" and {len(one.lines) - 1} more" if len(one.lines) > 1 else ""
        numbers = ", ".join(str(line.id) for line in one.lines)
        which = "Line" if len(one.lines) == 1 else "Lines"
        say(f"{which} {numbers}: {first.on:%m/%d/%Y}  {one.amount}  {first.words[:60]}{more}")
        say(f"    {_WORDS[one.reach]}: {one.why}.")
        for place, choice in enumerate(one.alternatives, start=1):
            say(f"    --choice {place}: {choice.words}")
        for back in one.returns:
            say(f"    {back.number} of {back.who}, deposited {back.deposited_on:%m/%d/%Y}")
    proposed = sum(one.is_complete for one in found)
    say(f"{counted(len(found), 'open line')}, {proposed} with a proposal.")


_WORDS = {
    Reach.ONE: "proposed",
    Reach.SEVERAL: "choose",
    Reach.NONE: "open",
    Reach.UNDECIDED: "open",
}
