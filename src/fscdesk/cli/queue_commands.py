"""The command for what waits for a person: queue."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fscdesk.cli.options import DONE, NEEDS_A_PERSON, JsonOption, PracticeOption, opened
from fscdesk.cli.terminal import counted, print_json, say, table
from fscdesk.services.paging import Page, Span
from fscdesk.services.queue.listing_items import (
    ItemCounts,
    ItemKind,
    QueueFilter,
    QueueItem,
    Urgency,
    item_counts,
    page_of_items,
)

_MANY = 1_000_000


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("queue")(queue)


def queue(
    ctx: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="Only what is mine.")] = False,
    kind: Annotated[
        list[ItemKind] | None, typer.Option(help="Only this kind; may be said several times.")
    ] = None,
    practice: PracticeOption = None,
    as_json: JsonOption = False,
) -> int:
    """What waits for a person, what is lost first at the top.

    Exit status 1 where something critical waits.
    """
    wanted = QueueFilter(
        view="mine" if mine else "all", kinds=tuple(one.value for one in kind or ())
    )
    with opened(ctx, practice) as office:
        found = office.read(lambda work: page_of_items(work, wanted, Span(0, _MANY, "lost")))
        counts = office.read(item_counts)
    if as_json:
        print_json(_document(found, counts))
    else:
        _tell(found)
    critical = any(one.urgency is Urgency.CRITICAL for one in found.rows)
    return NEEDS_A_PERSON if critical else DONE


def _document(found: Page[QueueItem], counts: ItemCounts) -> dict[str, Any]:
    return {
        "open": sum(one.counts for one in found.rows),
        "amount": found.totals["amount"],
        "views": dict(counts.views),
        "kinds": {kind.value: count for kind, count in counts.kinds.items()},
        "items": found.rows,
    }


def _tell(found: Page[QueueItem]) -> None:
    open_ = sum(one.counts for one in found.rows)
    if not open_:
        say("Nothing waits.")
        return
    say(f"{counted(open_, 'thing')} open, {found.totals['amount']} at stake")
    say(*table([_cells(one) for one in found.rows], right=(4,)))


def _cells(one: QueueItem) -> tuple[str, ...]:
    due = "" if one.due_on is None else f"{one.due_on:%m/%d/%Y}"
    amount = str(one.amount) if one.amount else ""
    return (one.urgency.value, due, one.title, one.about, amount, one.assignee)
