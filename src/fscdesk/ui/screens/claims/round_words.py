"""The words of a portal round: what can be answered, what was noted, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from fscdesk.models.values import Money
from fscdesk.services.claims.portal_round import Found, Noted
from fscdesk.services.claims.round_sessions import NotedSession
from fscdesk.ui.screens.claims.round_state import Answer, RoundRow, Stand
from fscdesk.ui.text import count_text, day_text, money_text
from fscdesk.ui.theme import Status


@dataclass(frozen=True, slots=True)
class Way:
    """An answer that a portal can give: its key, its words, its badge, and its fields.

    ``day`` is what the day is called that goes with it, "" where there is none; ``short`` the
    words of its button, where ``words`` are too long for one.
    """

    found: Found
    letter: str
    words: str
    mark: Status
    day: str = ""
    denies: bool = False
    numbered: bool = True
    short: str = ""


WAYS: Final = MappingProxyType(
    {
        "p": Way(
            Found.PENDING,
            "P",
            "In process",
            Status("In process", "amber", "clock"),
            "Look again on",
        ),
        "m": Way(
            Found.PAID,
            "M",
            "Paid, money to come",
            Status("Paid, money to come", "teal", "badge-check"),
            "Money by",
            short="Paid",
        ),
        "d": Way(Found.DENIED, "D", "Denied", Status("Denied", "red", "circle-x"), denies=True),
        "n": Way(
            Found.NOT_ON_FILE,
            "N",
            "Not on file",
            Status("Not on file", "orange", "undo-2"),
            numbered=False,
        ),
    }
)
"""By letter; bare letters work on a card, where nothing is searched (ui.md 8)."""
BY_FOUND: Final = MappingProxyType({way.found: way for way in WAYS.values()})
LEFT: Final = Status("To look up", "blue", "search")


def mark_of(row: RoundRow) -> Status:
    """Return the badge of a claim of the round."""
    return LEFT if row.answer is None else BY_FOUND[row.answer.found].mark


ELSEWHERE: Final = "billed in SimplePractice"
"""In place of the number of a claim, where there is none here."""


def count_rows(rows: Sequence[RoundRow]) -> str:
    """Return how many claims they are, and how many sessions without one."""
    sessions = sum(1 for row in rows if row.elsewhere)
    claims = len(rows) - sessions
    parts = [count_text(claims, "claim")] if claims or not sessions else []
    parts += [count_text(sessions, "session")] if sessions else []
    return " and ".join(parts)


def noted_words(
    noted: Noted | NotedSession, answer: Answer, patient: str, again: date | None
) -> str:
    """Return what was noted of a claim or a session, in a sentence."""
    if isinstance(noted, NotedSession):
        said = {
            Found.PENDING: f"in process. It comes up again on {day_text(again)}",
            Found.PAID: f"paid. Its money is looked for on {day_text(again)}",
            Found.DENIED: f"denied, CARC {answer.carc}. It is in the work queue",
            Found.NOT_ON_FILE: "not on file. It is ready to bill from here",
        }
        return f"{noted.number}, {patient}: {said[noted.found]}."
    said = {
        Found.PENDING: f"in process. It comes up again on {day_text(again)}",
        Found.PAID: f"paid. Its money is looked for on {day_text(again)}",
        Found.DENIED: f"denied, CARC {answer.carc}. It is under Denials",
        Found.NOT_ON_FILE: "not on file. It is rejected, and can be sent again",
    }
    return f"{noted.number}, {patient}: {said[noted.found]}."


def round_note(stands: Sequence[Stand]) -> str:
    """Return what stands beside the title: how much is still to be looked up."""
    open_ = [stand for stand in stands if stand.left]
    if not open_:
        return ""
    claims = count_rows([row for stand in open_ for row in stand.left])
    amount = Money(sum(stand.amount.cents for stand in open_))
    silent = f"{claims} silent, {money_text(amount, zero_dash=False)} open"
    return f"{count_text(len(open_), 'payer')}, {silent}"


def stand_words(stand: Stand) -> str:
    """Return the second line of a payer in the list."""
    if not stand.left:
        return f"Done, {count_rows(stand.rows)} looked up"
    days = max(row.claim.days_sent or 0 for row in stand.left)
    mixed = len({row.elsewhere for row in stand.left}) > 1
    # Both words, and its line still fits into the list of payers.
    return f"{count_rows(stand.left)}, {count_text(days, 'day')}{'' if mixed else ' silent'}"


@dataclass(frozen=True, slots=True)
class Sum:
    """What one answer came to in a round; ``count`` in words."""

    way: Way
    count: str
    amount: Money
    elsewhere: bool = False


def sums_of(rows: Sequence[RoundRow]) -> tuple[Sum, ...]:
    """Return what was noted, by answer; what nobody answered so is left out."""
    made: list[Sum] = []
    for way in WAYS.values():
        mine = [row for row in rows if row.noted is not None and row.noted.found is way.found]
        if mine:
            amount = Money(sum(row.claim.insurance_open.cents for row in mine))
            made.append(Sum(way, count_rows(mine), amount, all(row.elsewhere for row in mine)))
    return tuple(made)


def summary_words(done: Sequence[RoundRow], stands: Sequence[Stand]) -> str:
    """Return how a round ended, in a sentence."""
    if not done:
        return "Nothing was noted in this round."
    payers = sum(1 for stand in stands if any(row.noted is not None for row in stand.rows))
    claims, of = count_rows(done), count_text(payers, "payer")
    return f"{claims} of {of} looked up and noted. Nothing of it moved money."
