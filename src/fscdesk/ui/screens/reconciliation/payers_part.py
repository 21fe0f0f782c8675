"""Payer by payer: what they told, what is posted, deposited and at the bank, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fscdesk.models.values import ZERO, Money
from fscdesk.services.paging import Page, Span
from fscdesk.services.reports.payer_money import PayerMoney, payer_money
from fscdesk.services.work import Topic, Work
from fscdesk.ui.screen import Shell
from fscdesk.ui.tables.columns import Column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.keeping import Keeping
from fscdesk.ui.tables.list_tab import ListTab
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec
from fscdesk.ui.text import count_text

APART = "apart"
TOPICS = frozenset({Topic.BANK, Topic.PAYMENTS, Topic.REMITTANCES, Topic.LEDGER})
_FIGURES: tuple[tuple[str, str, Callable[[PayerMoney], Money]], ...] = (
    ("remitted", "Remitted", lambda row: row.remitted),
    ("unposted", "Not posted", lambda row: row.unposted),
    ("posted", "Posted", lambda row: row.posted),
    ("deposited", "Deposited", lambda row: row.deposited),
    ("banked", "At the bank", lambda row: row.banked),
    (APART, "Not come yet", lambda row: row.apart),
)


def payers_part(shell: Shell, keeping: Keeping) -> ListTab[PayerMoney]:
    """Return the part. Enter opens the payments of a payer."""
    part = ListTab(shell, _spec(), keeping=keeping)

    def open_payer(row: PayerMoney) -> None:
        if shell.has("payments"):
            state = FilterState().with_values("payer", (str(row.id),))
            shell.open("payments", tab="payments", filters=state.to_json())

    part.list.opened.connect(open_payer)
    return part


def _spec() -> ListSpec[PayerMoney]:
    return ListSpec(
        key="payer_money",
        name="Payers",
        title=False,
        columns=(
            Column("payer", "Payer", lambda row: row.name, names=True, width=200, priority=0),
            *(
                money_column(
                    key, title, amount, width=132, priority=0 if key == APART else place + 1
                )
                for place, (key, title, amount) in enumerate(_FIGURES)
            ),
        ),
        query=_page,
        noun=("payer", "payers"),
        filters=(ChoiceFilter(APART, "Show", (Choice("yes", "Only what is apart"),), single=True),),
        sort=APART,
        descending=True,
        ticking=False,
        topics=TOPICS,
        empty=Empty("No bank statement was read yet; there is nothing to compare.", "landmark"),
        none_words=lambda state: "" if state.text else "All money of every payer is at the bank.",
        totals_words=lambda count, _totals: count_text(count, "payer"),
    )


def _page(work: Work, state: FilterState, span: Span) -> Page[PayerMoney]:
    words = state.text.casefold().split()
    rows = [
        row
        for row in payer_money(work).rows
        if all(word in row.name.casefold() for word in words)
        and (bool(row.apart) or not state.values(APART))
    ]
    keys: Mapping[str, Callable[[PayerMoney], Any]] = {key: of for key, _title, of in _FIGURES}
    rows.sort(key=lambda row: (row.name.casefold(), row.id))
    if span.sort in keys:
        rows.sort(key=keys[span.sort], reverse=span.descending)
    elif span.descending:
        rows.reverse()
    sums = {key: sum((of(row) for row in rows), ZERO) for key, _title, of in _FIGURES}
    return Page(span.start, len(rows), tuple(rows[span.start : span.start + span.size]), dict(sums))
