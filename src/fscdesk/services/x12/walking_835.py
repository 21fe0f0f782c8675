"""Reads one transaction of an 835: its head, its claims, its PLB, and whether they balance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fscdesk.services.x12.odd_835 import Notes
from fscdesk.services.x12.pieces import SetPieces
from fscdesk.services.x12.reading_835_claim import ClaimReader
from fscdesk.services.x12.reading_835_head import Head, HeadReader
from fscdesk.services.x12.reading_835_service import ServiceReader
from fscdesk.services.x12.remittance import (
    PaidClaim,
    PaidService,
    Party,
    ProviderAdjustment,
    Remittance,
)
from fscdesk.services.x12.segments import Delimiters, Oddity, Segment
from fscdesk.services.x12.values_835 import Values

VERSION: Final = "005010X221"
_MOST_PAIRS: Final = 6
_FIRST_PAIR: Final = 3
_CLAIM, _SERVICE = "CLP", "SVC"
_STRAY: Final = {"BPR": "second_bpr", "CAS": "stray_money", "AMT": "stray_money"}
LOOPS: Final = ("CLP", "SVC", "LX", "TS3", "TS2", "PLB")
"""What begins a part of a transaction: a claim, a service, and what is neither."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the envelopes say of a transaction."""

    interchange_control: str
    group_control: str
    set_control: str
    version: str
    test: bool
    delimiters: Delimiters
    oddities: tuple[Oddity, ...]


class Walk:
    """What is gathered while the loops of one transaction go by."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._element = outside.delimiters.element
        self._notes = Notes()
        self._values = Values(outside.delimiters, self._notes)
        self._reader = ClaimReader(outside.delimiters, self._values, self._notes)
        self._services = ServiceReader(outside.delimiters, self._values, self._notes)
        self._claims: list[PaidClaim] = []
        self._claims_off: list[int] = []
        self._services_off: list[tuple[int, int]] = []
        self._adjustments: list[ProviderAdjustment] = []
        self._headed = False
        self._provider = ""

    def read(self, found: SetPieces) -> Remittance:
        """Read the pieces of one transaction; never raises."""
        pieces, position, loops = found
        places = [*loops, len(pieces)]
        heads = HeadReader(self._outside.delimiters, self._values, self._notes)
        head = heads.read(pieces[: places[0]], position)
        claim: tuple[int, int] | None = None
        services: list[PaidService] = []
        for span in pairwise(places):
            start, end = span
            if pieces[start][:3] == _SERVICE:
                if claim is None:
                    self._notes.add("stray_money", position + start)
                else:
                    services.append(self._services.read(pieces, span, position))
                continue
            if claim is not None:
                self._claim(pieces, claim, position, services)
                claim, services = None, []
            if pieces[start][:3] == _CLAIM:
                if not self._headed:
                    self._notes.add("no_lx", position + start)
                    self._headed = True
                claim = span
            else:
                self._beside(pieces[start:end], position + start)
        if claim is not None:
            self._claim(pieces, claim, position, services)
        return self._whole(head, position)

    def _claim(
        self, pieces: list[str], span: tuple[int, int], before: int, services: list[PaidService]
    ) -> None:
        """Read the claim that ends here."""
        claim = self._reader.read(pieces, span, before, self._provider, services)
        at = len(self._claims)
        self._claims.append(claim)
        if claim.off:
            self._claims_off.append(at)
        for index, one in enumerate(services):
            if one.off:
                self._services_off.append((at, index))

    def _beside(self, pieces: list[str], position: int) -> None:
        """Read a loop that is no claim: LX, TS3, PLB, the end; nothing should stand behind it."""
        name = pieces[0][:3]
        if name == "PLB":
            self._provider_adjustments(pieces[0], position)
        elif name == "TS3":
            self._provider = pieces[0].partition(self._element)[2].partition(self._element)[0]
        elif name[:2] == "LX":
            self._headed, self._provider = True, ""
        for at, piece in enumerate(pieces[1:], start=position + 1):
            found = piece.split(self._element, 1)[0]
            self._notes.add(_STRAY.get(found, "out_of_place"), at)

    def _provider_adjustments(self, piece: str, position: int) -> None:
        name, *elements = piece.split(self._element)
        plb = Segment(name, tuple(elements), position)
        provider, day = plb.get(1), self._values.day(plb.get(2), position)
        count = 0
        for at in range(_FIRST_PAIR, len(elements) + 1, 2):
            if not plb.get(at) and not plb.get(at + 1):
                continue
            count += 1
            parts = self._values.parts(plb.get(at), position)
            reason, reference, qualifier = (*parts, "", "")[:3]
            if not reason:
                self._notes.add("plb", position)
            amount = self._values.cents(plb.get(at + 1), position)
            self._adjustments.append(
                ProviderAdjustment(position, provider, day, reason, reference, qualifier, amount)
            )
        if count > _MOST_PAIRS:
            self._notes.add("many_pairs", position)

    def _whole(self, head: Head, position: int) -> Remittance:
        outside, notes = self._outside, self._notes
        if outside.version and not outside.version.startswith(VERSION):
            notes.add("version", position)
        if not self._claims and not self._adjustments:
            notes.add("no_claims", position)
        amount = head.paid or 0
        paid = sum(claim.paid for claim in self._claims)
        taken = sum(one.amount for one in self._adjustments)
        trace = head.trace or Segment("TRN", (), position)
        return Remittance(
            position=position,
            interchange_control=outside.interchange_control,
            group_control=outside.group_control,
            set_control=outside.set_control,
            version=outside.version,
            test=outside.test,
            handling=head.handling,
            amount=amount,
            method=head.method,
            effective_on=head.effective_on,
            account_tail=head.account_tail,
            trace=trace.get(2),
            origin=trace.get(3),
            supplement=trace.get(4),
            made_on=head.made_on,
            currency=head.currency,
            references=head.references,
            payer=head.payer or Party(),
            payee=head.payee or Party(),
            other_parties=head.others,
            claims=tuple(self._claims),
            provider_adjustments=tuple(self._adjustments),
            oddities=(*outside.oddities, *notes.oddities()),
            readable=not notes.spoiled,
            check_off=amount - (paid - taken),
            claims_off=tuple(self._claims_off),
            services_off=tuple(self._services_off),
        )
