"""The walk through one 277: which level, claim and line is open while its segments go by.

`claim_acknowledgment_277` is the door of this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fscdesk.models.values import Money
from fscdesk.services.x12.claim_statuses import (
    Answer277,
    ClaimStatus,
    Level,
    LevelStatus,
    LineStatus,
    Payment,
    Status,
    verdict_of_all,
)
from fscdesk.services.x12.elements import amount_of, day_of, days_of, number_of
from fscdesk.services.x12.envelopes import TransactionSet
from fscdesk.services.x12.segments import Delimiters, Oddity, Segment
from fscdesk.services.x12.status_words import Verdict, verdict_of

_LEVELS = {"20": Level.SOURCE, "21": Level.BATCH, "19": Level.PROVIDER}
_PATIENTS = {"PT", "22", "23"}
_PARTIES = {
    "PR": Level.SOURCE,
    "AY": Level.SOURCE,
    "41": Level.BATCH,
    "85": Level.PROVIDER,
    "1P": Level.PROVIDER,
}
_PERSONS = {"QC", "IL", "03", "74"}
_COMPOSITES = (1, 10, 11)


@dataclass(slots=True)
class _Told:
    """Statuses, wherever they stand."""

    statuses: list[Status] = field(default_factory=list)


@dataclass(slots=True)
class _OpenLine(_Told):
    control: str = ""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    charge: Money | None = None
    service_from: date | None = None
    service_to: date | None = None

    def closed(self) -> LineStatus:
        return LineStatus(
            control=self.control,
            code=self.code,
            modifiers=self.modifiers,
            charge=self.charge,
            service_from=self.service_from,
            service_to=self.service_to,
            statuses=tuple(self.statuses),
            verdict=verdict_of_all(self.statuses),
        )


@dataclass(slots=True)
class _OpenClaim(_Told):
    reference: str = ""
    position: int = 0
    references: dict[str, str] = field(default_factory=dict)
    service_from: date | None = None
    service_to: date | None = None
    charge: Money | None = None
    payment: Payment = field(default_factory=Payment)
    lines: list[_OpenLine] = field(default_factory=list)


@dataclass(slots=True)
class _OpenLevel(_Told):
    level: Level = Level.SOURCE
    name: str = ""
    identifier: str = ""
    reference: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Money] = field(default_factory=dict)
    claims: int = 0

    def closed(self) -> LevelStatus:
        return LevelStatus(
            level=self.level,
            name=self.name,
            identifier=self.identifier,
            reference=self.reference,
            statuses=tuple(self.statuses),
            verdict=verdict_of_all(self.statuses),
            accepted=self._number("90", "QA"),
            rejected=self._number("AA", "QC"),
            accepted_amount=self.amounts.get("YU"),
            rejected_amount=self.amounts.get("YY"),
            claims=self.claims,
        )

    def _number(self, *qualifiers: str) -> int | None:
        return next((self.numbers[key] for key in qualifiers if key in self.numbers), None)


@dataclass(slots=True)
class _Person:
    last: str = ""
    first: str = ""
    middle: str = ""
    member_id: str = ""


class Walk:
    """Reads one set; ``oddities`` holds what was amiss in it."""

    def __init__(self, found: TransactionSet) -> None:
        self.oddities: list[Oddity] = []
        self._found = found
        self._delimiters: Delimiters = found.delimiters
        self._reference = ""
        self._made_on: date | None = None
        self._is_acknowledgment = "X214" in found.version.upper()
        self._from_clearinghouse = False
        self._received_on: date | None = None
        self._processed_on: date | None = None
        self._levels: list[_OpenLevel] = []
        self._open: dict[Level, _OpenLevel] = {}
        self._level: _OpenLevel | None = None
        self._person = _Person()
        self._claim: _OpenClaim | None = None
        self._line: _OpenLine | None = None
        self._claims: list[ClaimStatus] = []
        self._handlers = {
            "BHT": self._begin,
            "HL": self._hierarchy,
            "NM1": self._party,
            "TRN": self._trace,
            "STC": self._status,
            "SVC": self._service,
            "REF": self._identifier,
            "DTP": self._date,
            "QTY": self._total,
            "AMT": self._total,
        }

    def read(self) -> Answer277:
        """Go through the segments once."""
        for segment in self._found.segments:
            handle = self._handlers.get(segment.name)
            if handle is not None:
                handle(segment)
        self._close_claim()
        source = self._open.get(Level.SOURCE)
        return Answer277(
            control=self._found.control,
            reference=self._reference,
            made_on=self._made_on,
            is_acknowledgment=self._is_acknowledgment,
            from_clearinghouse=self._from_clearinghouse,
            source_name=source.name if source else "",
            source_id=source.identifier if source else "",
            received_on=self._received_on,
            processed_on=self._processed_on,
            levels=tuple(level.closed() for level in self._levels),
            claims=tuple(self._claims),
        )

    def _begin(self, segment: Segment) -> None:
        self._reference = segment.get(3)
        self._made_on = day_of(segment.get(4))
        self._is_acknowledgment |= segment.get(1) == "0085"

    def _hierarchy(self, segment: Segment) -> None:
        self._close_claim()
        code = segment.get(3).upper()
        if code in _LEVELS:
            self._enter(_LEVELS[code])
        elif code in _PATIENTS:
            self._level = None
            if code != "23":
                self._person = _Person()
        else:
            self._level = None
            self._odd("level", "HL names a level that we do not know.", segment)

    def _enter(self, level: Level) -> None:
        """Open a level; those below it are another's now."""
        for lower in tuple(Level)[tuple(Level).index(level) :]:
            self._open.pop(lower, None)
        self._level = self._open[level] = _OpenLevel(level=level)
        self._levels.append(self._level)

    def _party(self, segment: Segment) -> None:
        code = segment.get(1).upper()
        if code in _PERSONS:
            if self._claim is not None:
                self._close_claim()
            member_id = segment.get(9) or self._person.member_id
            self._person = _Person(segment.get(3), segment.get(4), segment.get(5), member_id)
            self._level = None
            return
        level = _PARTIES.get(code)
        if level is None:
            return
        if level is Level.SOURCE:
            self._from_clearinghouse = code == "AY"
        if self._level is None or self._level.level is not level:
            self._close_claim()
            self._enter(level)
        assert self._level is not None
        names = (segment.get(4), segment.get(5), segment.get(3))
        self._level.name = " ".join(name for name in names if name)
        self._level.identifier = segment.get(9)

    def _trace(self, segment: Segment) -> None:
        if self._level is not None:
            self._level.reference = self._level.reference or segment.get(2)
        else:
            self._close_claim()
            self._claim = _OpenClaim(reference=segment.get(2), position=segment.position)

    def _status(self, segment: Segment) -> None:
        target: _Told | None = self._line or self._claim or self._level
        if target is None:
            self._odd("no_trace", "A status stands without the number of its claim.", segment)
            target = self._claim = _OpenClaim(position=segment.position)
        action = segment.get(3).upper()
        amount = self._amount(segment, 4)
        for number in _COMPOSITES:
            parts = segment.components(number, self._delimiters)
            if not any(parts):
                continue
            category, status, entity = (*parts, "", "", "")[:3]
            target.statuses.append(
                Status(
                    category=category.upper(),
                    status=status,
                    entity=entity.upper(),
                    verdict=verdict_of(category, action),
                    on=day_of(segment.get(2)),
                    action=action,
                    amount=amount,
                    text=segment.get(12),
                )
            )
        if isinstance(target, _OpenClaim):
            target.charge = amount if target.charge is None else target.charge
            self._payment(segment, target)
        if action == "U" and verdict_of_all(target.statuses) is Verdict.ACCEPTED:
            self._odd(
                "action_differs", "A status accepts and rejects; its category counts.", segment
            )

    def _payment(self, segment: Segment, claim: _OpenClaim) -> None:
        paid = Payment(
            paid=self._amount(segment, 5),
            decided_on=day_of(segment.get(6)),
            paid_on=day_of(segment.get(8)),
            reference=segment.get(9),
        )
        if claim.payment == Payment():
            claim.payment = paid

    def _service(self, segment: Segment) -> None:
        if self._claim is None:
            self._odd("no_trace", "A service line stands without its claim.", segment)
            self._claim = _OpenClaim(position=segment.position)
        _qualifier, code, *modifiers = (*segment.components(1, self._delimiters), "", "")
        self._line = _OpenLine(
            code=code,
            modifiers=tuple(part for part in modifiers[:4] if part),
            charge=self._amount(segment, 2),
        )
        self._claim.lines.append(self._line)

    def _identifier(self, segment: Segment) -> None:
        qualifier = segment.get(1).upper()
        if self._line is not None and qualifier == "FJ":
            self._line.control = segment.get(2)
        elif self._claim is not None:
            self._claim.references.setdefault(qualifier, segment.get(2))

    def _date(self, segment: Segment) -> None:
        qualifier = segment.get(1)
        first, last = days_of(segment.get(3))
        if qualifier in {"472", "232", "233"}:
            target = self._line or self._claim
            if target is None:
                return
            if first is None:
                self._odd("day", "A day cannot be read.", segment)
            if qualifier != "233" and target.service_from is None:
                target.service_from = first
            if qualifier == "233" or target.service_to is None:
                target.service_to = last
        elif qualifier == "050":
            self._received_on = self._received_on or first
        elif qualifier == "009":
            self._processed_on = self._processed_on or first

    def _total(self, segment: Segment) -> None:
        if self._level is None or self._claim is not None:
            return
        if segment.name == "QTY":
            number = number_of(segment.get(2))
            if number is not None:
                self._level.numbers.setdefault(segment.get(1).upper(), int(number))
        elif (amount := self._amount(segment, 2)) is not None:
            self._level.amounts.setdefault(segment.get(1).upper(), amount)

    def _close_claim(self) -> None:
        claim = self._claim
        self._claim = self._line = None
        if claim is None:
            return
        batch, provider = self._open.get(Level.BATCH), self._open.get(Level.PROVIDER)
        for level in self._open.values():
            level.claims += 1
        lines = tuple(line.closed() for line in claim.lines)
        statuses = tuple(claim.statuses)
        account = claim.references.get("EJ", "")
        own = "" if self._is_acknowledgment else account
        if not (own or claim.reference):
            self._claim_odd("no_claim_number", "A claim is told without its number.", claim)
        if not statuses and not any(line.statuses for line in lines):
            self._claim_odd("no_status", "A claim is told without a status.", claim)
        self._claims.append(
            ClaimStatus(
                claim_number=own or claim.reference,
                reference=claim.reference,
                payer_claim_number=claim.references.get("1K", ""),
                clearinghouse_trace=claim.references.get("D9", ""),
                last_name=self._person.last,
                first_name=self._person.first,
                middle_name=self._person.middle,
                member_id=self._person.member_id,
                service_from=claim.service_from or _earliest(lines),
                service_to=claim.service_to or _latest(lines),
                charge=claim.charge,
                statuses=statuses,
                verdict=verdict_of_all(
                    statuses or [status for line in lines for status in line.statuses]
                ),
                payment=claim.payment,
                lines=lines,
                batch_reference=batch.reference if batch else "",
                provider_name=provider.name if provider else "",
                provider_id=provider.identifier if provider else "",
                position=claim.position,
                account=account,
            )
        )

    def _amount(self, segment: Segment, number: int) -> Money | None:
        text = segment.get(number)
        amount = amount_of(text)
        if text and amount is None:
            self._odd("amount", "An amount cannot be read.", segment)
        return amount

    def _odd(self, code: str, message: str, segment: Segment) -> None:
        self.oddities.append(Oddity(code, message, segment.position))

    def _claim_odd(self, code: str, message: str, claim: _OpenClaim) -> None:
        self.oddities.append(Oddity(code, message, claim.position))


def _earliest(lines: tuple[LineStatus, ...]) -> date | None:
    return min((line.service_from for line in lines if line.service_from), default=None)


def _latest(lines: tuple[LineStatus, ...]) -> date | None:
    return max((line.service_to for line in lines if line.service_to), default=None)
