"""The head of the details: what a row is, and the buttons of what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol

from fscdesk.services.banking.bank_sheet import SheetMark, SheetRow
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.reconciliation.bank_acts import ENTRY, BankActs
from fscdesk.ui.screens.reconciliation.bank_page import RowFacts
from fscdesk.ui.screens.reconciliation.finishing import Finishing
from fscdesk.ui.screens.reconciliation.words import about_of, mark_of, name_of, stated
from fscdesk.ui.tables.detail import Figure, NextStep, PaneHead

PAYMENTS = "payments"
SHOWN = 3
"""So many buttons need two rows at most, and leave the pane to what is to be decided."""


class Ways(Protocol):
    """What the buttons of the details lead to."""

    acts: BankActs
    finishing: Finishing

    def decide(self, row: SheetRow) -> None:
        """Do what a row asks for."""

    def into_sets(self) -> None:
        """Go to what the line could be."""

    def return_(self, row: SheetRow, at: int) -> None:
        """Record that a line is the return of one of its payments."""

    def hold(self, row: SheetRow) -> None:
        """Hold a line's money in suspense, or ask whether that is meant."""

    def begin_hand(self, row: SheetRow) -> None:
        """Tick a line, so that its other side can be ticked."""


def head_of(shell: Shell, ways: Ways, detail: RowFacts) -> PaneHead:
    """Return the head of a row's details."""
    row = detail.row
    steps = list(_steps(shell, ways, detail))
    return PaneHead(
        name=name_of(row),
        line=about_of(row, detail.label),
        badges=(mark_of(row),),
        figures=(
            Figure("At the bank", row.bank_amount, text="" if row.line_ids else "–", plain=True),
            Figure(
                "In our books",
                row.book_amount,
                text="" if row.book_amount is not None else "–",
                plain=True,
            ),
        ),
        next_steps=tuple(steps[:SHOWN]),
        more=tuple(steps[SHOWN:]),
    )


def _steps(shell: Shell, ways: Ways, detail: RowFacts) -> Iterator[NextStep]:
    row, acts = detail.row, ways.acts
    if detail.completed:
        yield NextStep("Open the report", ways.finishing.report, "file-text")
        yield NextStep("Take the reconciliation back…", ways.finishing.take_back, "undo-2")
        return
    if row.match_id is not None:
        if row.mark is SheetMark.HELD and shell.has(ENTRY):
            yield NextStep("Enter the EOB", partial(acts.enter_eob, row), "plus")
        yield NextStep("Take apart…", partial(acts.take_apart, [row]), "unlink", quiet=True)
        return
    if not row.line_ids:
        if row.mark is SheetMark.IN_TRANSIT:
            verb = "Confirm again" if row.seen else "Confirm"
            yield NextStep(verb, partial(acts.confirm, row, row.note), "check")
            yield NextStep("Note…", partial(acts.note, row), "sticky-note")
        yield NextStep("Match by hand", partial(ways.begin_hand, row), "link-2")
        return
    yield from _open_line(shell, ways, row)


def _open_line(shell: Shell, ways: Ways, row: SheetRow) -> Iterator[NextStep]:
    acts, came = ways.acts, row.amount.cents > 0
    proposal = row.proposal
    if row.mark is SheetMark.PROPOSED:
        posts = proposal is not None and proposal.entry_to_make is not None
        verb = f"Post {stated(row.amount)}" if posts else f"Match {stated(row.amount)}"
        yield NextStep(verb, partial(ways.decide, row), "check")
    elif row.sets:
        yield NextStep("Choose", ways.into_sets, "list-checks")
    elif len(row.returns) > 1:
        yield NextStep("Choose the payment", ways.into_sets, "list-checks")
    elif row.returns:
        yield NextStep("Record the return…", partial(ways.return_, row, 0), "undo-2")
    elif row.may_be_payers and shell.has(ENTRY):
        yield NextStep("Enter the EOB", partial(acts.enter_eob, row), "plus")
    yield NextStep("Match by hand", partial(ways.begin_hand, row), "link-2")
    if came:
        yield NextStep("Hold as money to identify (Q)", partial(ways.hold, row), "pause")
    yield NextStep("Enter what it is…", partial(acts.enter, row), "pen-line")
    proposed = row.sets or row.mark is SheetMark.PROPOSED
    if came and shell.has(ENTRY) and (proposed or not row.may_be_payers):
        yield NextStep("Enter the EOB", partial(acts.enter_eob, row))
    if len(row.returns) == 1 and shell.has(PAYMENTS):
        first = row.returns[0]
        go = partial(shell.open, PAYMENTS, payment=first.payment_id)
        yield NextStep(f"Open {first.number}", go, "arrow-up-right")
