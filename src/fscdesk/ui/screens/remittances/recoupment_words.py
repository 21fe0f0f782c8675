"""Recoupments in the words of the office: how an item stands, what settled it, what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from fscdesk.models.values import ZERO, Money
from fscdesk.services.remittances.recoupment_detail import ItemDetail, Partner, Settlement
from fscdesk.services.remittances.recoupment_list import ItemRow, ItemState
from fscdesk.ui.screens.remittances.wording import PLB_KINDS
from fscdesk.ui.tables.facts import Fact, Section
from fscdesk.ui.tables.story import StoryStep
from fscdesk.ui.text import count_text, day_text, moment_text, money_text
from fscdesk.ui.theme import Status

STATES: Final[Mapping[ItemState, Status]] = MappingProxyType(
    {
        ItemState.TO_EXPLAIN: Status("To explain", "orange", "circle-question-mark"),
        ItemState.WILL_TAKE: Status("Will take", "amber", "clock"),
        ItemState.SETTLED: Status("Settled", "green", "circle-check"),
        ItemState.BOOKED: Status("Booked", "slate", "book-open"),
    }
)


def item_mark(row: ItemRow) -> Status:
    """Return the badge of an item."""
    return STATES[row.state]


def kind_words(row: ItemRow) -> str:
    """Return what an item is, in words."""
    return PLB_KINDS[row.kind]


def about_words(row: ItemRow) -> str:
    """Return whose claim an item is about; "" where nobody knows."""
    return ", ".join(one for one in (row.patient, row.claim) if one)


def item_line(row: ItemRow) -> str:
    """Return the line under an item's number: whose, why, and which reference."""
    why = f"{row.reason_code} {row.reference}".strip()
    return ", ".join(one for one in (row.payer, why) if one)


def states(amount: Money) -> str:
    """Return an amount in a sentence, without its sign."""
    return money_text(abs(amount), zero_dash=False)


def history_steps(zone: ZoneInfo, detail: ItemDetail) -> list[StoryStep]:
    """Return what became of an item, newest first; its remittance is the last."""
    row = detail.row
    steps = [_settled(zone, one) for one in reversed(detail.history)]
    if not steps and row.open:
        steps.append(StoryStep("Nothing has settled it yet", icon="clock", tone="amber"))
    way = "Taken by" if row.amount > ZERO else "Added by"
    trace = f" {detail.trace}" if detail.trace else ""
    steps.append(
        StoryStep(
            f"{way} {row.remittance}",
            f"{row.payer}{trace}, paid {day_text(detail.paid_on)}",
            states(row.amount),
            day_text(row.on),
            icon="scroll-text",
            tone="slate",
            key=f"remittance:{row.remittance_id}",
        )
    )
    return steps


def _settled(zone: ZoneInfo, one: Settlement) -> StoryStep:
    with_ = one.other or one.refund or one.account
    verb = "Paired with" if one.other else "Refunded by" if one.refund else "Explained by"
    who = f"by {one.remittance}" if one.remittance else f"by {one.by}"
    words = f"{one.reason}, {who}" if one.reason else who
    key = f"pair:{one.pair_id}" if one.may_be_taken_apart else ""
    if not key and one.other_id is not None:
        key = f"item:{one.other_id}"
    icon, tone = "arrow-left-right", "green"
    if one.undone_at is not None:
        apart = moment_text(one.undone_at, zone)
        verb, words = f"Taken apart: {verb.lower()}", f"{words}. Taken apart {apart}"
        icon, tone = "undo-2", "neutral"
    return StoryStep(
        f"{verb} {with_}",
        words[:1].upper() + words[1:],
        states(one.amount),
        day_text(one.at.astimezone(zone).date()),
        icon=icon,
        tone=tone,
        key=key,
    )


def partner_steps(detail: ItemDetail) -> list[StoryStep]:
    """Return what could settle an item, the likeliest first; Enter on one asks to pair them."""
    if not detail.row.open:
        return [StoryStep("Nothing of it is open", icon="circle-check", tone="green")]
    if not detail.partners:
        way = "will take" if detail.row.open > ZERO else "has taken and nothing explains"
        return [
            StoryStep(
                "No partner yet",
                f"There is nothing that {detail.row.payer} {way}.",
                icon="circle-question-mark",
                tone="amber",
            )
        ]
    return [_partner(one) for one in detail.partners]


def _partner(one: Partner) -> StoryStep:
    likely = bool(one.words)
    parts = (one.words, one.reference, one.remittance)
    return StoryStep(
        f"{one.number} {PLB_KINDS[one.kind].lower()}",
        ", ".join(part for part in parts if part),
        states(one.open),
        day_text(one.on),
        icon="link-2" if likely else "circle",
        tone="green" if likely else "neutral",
        key=f"partner:{one.id}",
    )


def item_facts(detail: ItemDetail) -> Sequence[Section]:
    """Return an item's facts, and what is open with each payer."""
    row = detail.row
    pairs = (
        ("Kind", kind_words(row)),
        ("Reason", row.reason_code),
        ("Reference", row.reference),
        ("About", about_words(row)),
        ("Stands on", row.account),
        ("Since", f"{day_text(row.on)}, {count_text(row.age, 'day')}"),
        ("Note", row.note),
    )
    facts = tuple(Fact(label, (words,)) for label, words in pairs if words)
    payers = tuple(
        Fact(
            one.payer,
            (money_text(one.to_explain), money_text(one.will_take)),
            strong=one.payer_id == row.payer_id,
        )
        for one in detail.payers
    )
    found = [Section("The item", facts)]
    if payers:
        found.append(Section("Open by payer", payers, ("To explain", "Will take")))
    return found
