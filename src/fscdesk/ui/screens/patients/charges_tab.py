"""The open charges of an account: what each side owes, why it waits, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from fscdesk.models.values import Money
from fscdesk.services.billing.explaining import Told, explain
from fscdesk.services.billing.explaining_waits import Waiting
from fscdesk.services.billing.plan_reading import plan_position
from fscdesk.services.paging import Page, Span
from fscdesk.services.work import Topic, Work
from fscdesk.ui import theme
from fscdesk.ui.screen import Shell
from fscdesk.ui.screens.patients.charge_acts import ChargeActs
from fscdesk.ui.tables.columns import Column, date_column, money_column
from fscdesk.ui.tables.filter_state import FilterState
from fscdesk.ui.tables.short_list import query_of
from fscdesk.ui.tables.spec import Choice, ChoiceFilter, Empty, ListSpec, RowsAct
from fscdesk.ui.text import count_text, day_text, money_text

TOPICS = frozenset(
    {
        Topic.LEDGER,
        Topic.SESSIONS,
        Topic.PLANS,
        Topic.PAYMENTS,
        Topic.APPROVALS,
        Topic.INVOICES,
        Topic.COLLECTIONS,
    }
)
_SIDE = "side"
_ALL = Span(0, 1_000_000, "day")
_SIDES = (Choice("client", "The client’s"), Choice("payer", "A payer’s"))


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """An open charge; ``id`` is the charge's. ``waits`` says for whom, since when and why."""

    id: int
    session_id: int | None
    day: date
    code: str
    clinician: str
    payer_name: str
    client: Money
    payer: Money
    waits: str
    in_plan: bool

    @property
    def what(self) -> str:
        """Return how a sentence calls it: ``90837 of 03/02/2026``."""
        return f"{self.code} of {self.day:%m/%d/%Y}"


def charge_lines(patient_id: int, work: Work) -> Sequence[ChargeLine]:
    """Return the open charges of a patient, the newest first."""
    found = explain(work, patient_id=patient_id)
    position = plan_position(work, found.guarantor_id, work.today())
    held = frozenset[int]() if position is None else position.charge_ids
    return [
        _line(one, one.charge_id, in_plan=one.charge_id in held)
        for one in found.charges
        if one.charge_id is not None
    ]


def charges_spec(
    shell: Shell,
    patient_id: int,
    acts: ChargeActs,
    plan: Callable[[Sequence[int]], object],
) -> ListSpec[ChargeLine]:
    """Declare the list: what is ticked is acted on together."""
    word = shell.practice.patient
    columns = _columns(word)
    rows = partial(charge_lines, patient_id)

    def query(work: Work, state: FilterState, span: Span) -> Page[ChargeLine]:
        sides = state.values(_SIDE)

        def chosen(work: Work) -> list[ChargeLine]:
            return [
                one
                for one in rows(work)
                if not sides
                or ("client" in sides and one.client)
                or ("payer" in sides and one.payer)
            ]

        listed = query_of(chosen, columns)
        page, every = listed(work, state, span), listed(work, state, _ALL).rows
        sums = {
            "client": sum((one.client for one in every), Money()),
            "payer": sum((one.payer for one in every), Money()),
        }
        return Page(page.start, page.total, page.rows, sums)

    return ListSpec(
        key="account-charges",
        name="Charges",
        columns=columns,
        query=query,
        noun=("open charge", "open charges"),
        filters=(ChoiceFilter(_SIDE, "Whose part", _SIDES),),
        bulk=_acts(acts, plan, word),
        title=False,
        sort="day",
        descending=True,
        topics=TOPICS,
        empty=Empty("Nothing is open on this account.", "circle-check"),
        none_words=lambda _state: "No open charge is so.",
        picked_words=_picked,
        totals_words=_totals,
    )


def _acts(
    acts: ChargeActs, plan: Callable[[Sequence[int]], object], word: str
) -> tuple[RowsAct[ChargeLine], ...]:
    small = word.lower()

    def plannable(rows: Sequence[ChargeLine]) -> str:
        if any(one.in_plan for one in rows):
            return "A charge is in one plan at a time; one of these is in a plan already."
        return client_only(rows)

    def client_only(rows: Sequence[ChargeLine]) -> str:
        free = [one for one in rows if one.client.cents > 0]
        return "" if free else f"The {small} owes nothing of this."

    def payer_only(rows: Sequence[ChargeLine]) -> str:
        return "" if any(one.payer.cents > 0 for one in rows) else "No payer owes any of this."

    def open_only(rows: Sequence[ChargeLine]) -> str:
        found = any(one.client.cents > 0 or one.payer.cents > 0 for one in rows)
        return "" if found else "Nothing is owed of this."

    return (
        RowsAct(
            "plan",
            "Payment plan",
            lambda rows: plan([one.id for one in rows if one.client.cents > 0]),
            off_because=plannable,
            likely=lambda rows: len(rows) > 1,
        ),
        RowsAct(
            "invoice",
            "Invoice",
            acts.invoice,
            shortcut="Ctrl+Shift+I",
            off_because=client_only,
            likely=lambda _rows: True,
        ),
        RowsAct(
            "adjust",
            "Adjust or write off…",
            acts.adjust,
            shortcut="Ctrl+Shift+A",
            off_because=open_only,
        ),
        RowsAct("sliding", "Sliding fee", acts.sliding_fee, off_because=client_only),
        RowsAct(
            "move", f"Move to the {small}…", acts.move, shortcut="Ctrl+Shift+M",
            off_because=payer_only,
        ),
    )  # fmt: skip


def _columns(word: str) -> tuple[Column[ChargeLine], ...]:
    return (
        date_column("day", "Date", lambda row: row.day, priority=1),
        Column("code", "Code", lambda row: row.code, width=84, priority=2),
        Column(
            "waits",
            "Waits for",
            lambda row: row.waits,
            names=True,
            width=300,
            sortable=False,
            priority=1,
        ),
        Column(
            "clinician", "Clinician", lambda row: row.clinician, width=150, priority=6, shown=False
        ),
        Column("payer_name", "Payer", lambda row: row.payer_name, width=120, priority=5),
        money_column("payer", "Payer owes", lambda row: row.payer, width=100, priority=3),
        money_column("client", f"{word} owes", lambda row: row.client, width=100, priority=1),
    )


def _line(told: Told, charge_id: int, *, in_plan: bool) -> ChargeLine:
    return ChargeLine(
        charge_id,
        told.session_id,
        told.day,
        told.code or told.service,
        told.clinician,
        told.payer_name,
        told.client,
        told.payer,
        "; ".join(_waits(one, in_plan=in_plan) for one in told.waits),
        in_plan,
    )


def _waits(one: Waiting, *, in_plan: bool) -> str:
    words = f"{one.name} since {day_text(one.since)}, {count_text(one.days, 'day')}"
    status = theme.now.status("billing", one.status).word.lower() if one.status else ""
    return ", ".join(filter(None, (words, status, "in a plan" * (in_plan and not one.status))))


def _picked(rows: Sequence[ChargeLine]) -> str:
    client = money_text(sum((one.client for one in rows), Money()), zero_dash=False)
    payer = money_text(sum((one.payer for one in rows), Money()), zero_dash=False)
    return f"{client} of the client, {payer} of payers"


def _totals(total: int, _sums: Mapping[str, Money]) -> str:
    return count_text(total, "open charge")
