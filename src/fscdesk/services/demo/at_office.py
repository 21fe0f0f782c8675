"""Clients who pay at the office and not in SimplePractice: each has a story with the billing desk.

The roster gives every story to a client. SimplePractice never calls their last months paid, so
what happens to that money happens in the books alone.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from fscdesk.models.patient import PatientKind
from fscdesk.services.demo.people import NICKNAMED, TWIN, Client, Pays
from fscdesk.services.demo.season import WEEK, Season


class Story(enum.Enum):
    """What happens between a client and the billing desk."""

    PLAN_KEPT = "plan kept"
    PLAN_LATE = "plan late"
    AGENCY = "agency"
    AGENCY_PAYS = "agency pays"
    PLAN_DONE = "plan done"
    SLIDING_FEE = "sliding fee"
    BAD_DEBT = "bad debt"
    PARKED = "parked"
    INVOICE_LATE = "invoice late"
    INVOICES = "invoices"
    OVERPAID = "overpaid"
    BOUNCED = "bounced"
    ADJUSTED = "adjusted"
    FAMILY = "family"
    CHECKS = "checks"


class Terms(NamedTuple):
    """Since how many days ago SimplePractice knows no payment, and until when the client comes.

    ``own``: no payer covers this client.
    """

    since: int
    until: int = 0
    own: bool = False


TERMS: Final = {
    Story.PLAN_KEPT: Terms(140, own=True),
    Story.PLAN_LATE: Terms(140, own=True),
    Story.AGENCY: Terms(175, until=126, own=True),
    Story.AGENCY_PAYS: Terms(175, until=126, own=True),
    Story.PLAN_DONE: Terms(150),
    Story.SLIDING_FEE: Terms(60, own=True),
    Story.BAD_DEBT: Terms(150, until=110),
    Story.PARKED: Terms(110, until=90),
    Story.INVOICE_LATE: Terms(110),
    Story.INVOICES: Terms(90),
    Story.OVERPAID: Terms(60),
    Story.BOUNCED: Terms(60),
    Story.ADJUSTED: Terms(75),
    Story.CHECKS: Terms(90),
}
FAMILY_SINCE: Final = 100
_KNOWN: Final = frozenset({TWIN, NICKNAMED, "Newton Notyet", "Nonesuch, JR, of Nowhere Maxim"})
_CODES: Final = frozenset({"90837", "90834", "90847"})
_MORE: Final = 4
"""In the usual size, so many more clients pay by check."""


def give_stories(rng: random.Random, season: Season, clients: Sequence[Client]) -> None:
    """Give each story to a client whom it fits, as far as there are such clients."""
    fit = [client for client in clients if _fits(client)]
    rng.shuffle(fit)
    for story in _stories(season):
        terms = TERMS[story]
        wanted = [one for one in fit if _there(one, terms, season)]
        if not wanted:
            continue
        # Who pays alone anyway loses no payer by it.
        chosen = min(wanted, key=lambda one: (one.payer is None) is not terms.own)
        fit.remove(chosen)
        _give(chosen, story, terms, season)
    for client in clients:
        if client.name.endswith(" Minorsample"):
            client.story, client.pays, client.unpaid_since = Story.FAMILY, Pays.OFFICE, FAMILY_SINCE
            client.copay, client.secondary = client.copay or 2000, None
            client.deductible = False


def _stories(season: Season) -> Iterator[Story]:
    yield from TERMS
    for _ in range(min(_MORE, season.share(_MORE)) - 1):
        yield Story.CHECKS


def _fits(client: Client) -> bool:
    return (
        client.kind is not PatientKind.MINOR
        and client.name not in _KNOWN
        and client.code in _CODES
        and client.every <= 2
        and not client.lapsed
        and client.changes_on is None
        and client.guarantor is None
        and bool(client.address.street)
        and not (client.address.bad or client.address.do_not_bill)
    )


def _there(client: Client, terms: Terms, season: Season) -> bool:
    """Return whether a client comes for so long that the story can happen."""
    begins = season.today - timedelta(days=max(terms.since - 20, terms.until + 28))
    ends = season.today - timedelta(days=terms.until)
    return client.first <= max(begins, season.first + WEEK) and client.last >= ends


def _give(client: Client, story: Story, terms: Terms, season: Season) -> None:
    client.story, client.pays, client.unpaid_since = story, Pays.OFFICE, terms.since
    client.deductible, client.secondary = False, None
    if terms.own:
        client.payer, client.copay = None, 0
    elif client.payer is not None:
        client.copay = max(client.copay, 1500)
    if terms.until:
        client.last = season.today - timedelta(days=terms.until)
