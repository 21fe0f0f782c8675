"""The receiver's answer to a file's syntax: 999, the older 997, and the TA1 of an envelope.

A 999 says nothing of payment, only whether the file could be read. Its AK2 carries the control
number of our ST, by which the caller finds the claims; ``CTX*CLM01`` names a single claim.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import date

from fscdesk.services.x12.acknowledgment_words import (
    ELEMENT_FAULTS,
    GROUP_FAULTS,
    INTERCHANGE_FAULTS,
    SEGMENT_FAULTS,
    SET_FAULTS,
    words_of,
)
from fscdesk.services.x12.elements import day_of
from fscdesk.services.x12.envelopes import TransactionSet, read_interchanges
from fscdesk.services.x12.segments import Delimiters, Oddity, Segment


class Syntax(enum.StrEnum):
    """What became of a set or a group; ``partial`` is only of a group, ``unknown`` not said."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted_with_errors"
    PARTIAL = "partial"
    REJECTED = "rejected"
    UNKNOWN = "unknown"

    @property
    def went_on(self) -> bool:
        """Return whether the receiver took it."""
        return self in {Syntax.ACCEPTED, Syntax.ACCEPTED_WITH_ERRORS}


_CODES = {
    "A": Syntax.ACCEPTED,
    "E": Syntax.ACCEPTED_WITH_ERRORS,
    "P": Syntax.PARTIAL,
    **dict.fromkeys("MRWX", Syntax.REJECTED),
}


@dataclass(frozen=True, slots=True)
class ElementFault:
    """One element that is wrong: ``element`` 9 and ``component`` 2 of NM1 are NM109-2."""

    element: int
    component: int
    code: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class SegmentFault:
    """One segment that is wrong; ``position`` counts from ST as 1.

    ``claim_number`` is our CLM01 where the receiver names it, "" otherwise. ``context`` holds what
    else it names, such as the segment that made this one required.
    """

    segment: str
    position: int
    loop: str
    code: str
    words: str
    claim_number: str
    context: tuple[str, ...]
    elements: tuple[ElementFault, ...]

    def __str__(self) -> str:
        where = f"{self.segment or 'A segment'}, segment {self.position}"
        parts = [
            f"{self.segment}{fault.element:02d}"
            f"{f'-{fault.component}' if fault.component else ''} {fault.words}"
            f"{f' ({fault.value})' if fault.value else ''}"
            for fault in self.elements
        ]
        return f"{where}: {'; '.join(parts) if parts else self.words}"


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """What became of one of our transaction sets; ``control`` is its ST02."""

    kind: str
    control: str
    version: str
    syntax: Syntax
    reasons: tuple[str, ...]
    faults: tuple[SegmentFault, ...]


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """What became of one of our groups; ``control`` is its GS06.

    A set that is not in ``sets`` shares the group's lot. ``sender`` and ``made_on`` are those of
    the answering file, ``receivers`` whom it goes to (ISA08, GS03).
    """

    functional_code: str
    control: str
    version: str
    syntax: Syntax
    reasons: tuple[str, ...]
    included: int | None
    received: int | None
    accepted: int | None
    sets: tuple[SetAnswer, ...]
    sender: str = ""
    made_on: date | None = None
    receivers: tuple[str, ...] = ()

    def of_set(self, control: str) -> Syntax:
        """Return what became of the set with this ST02; the group's lot where it is not named."""
        for answer in self.sets:
            if answer.control.lstrip("0") == control.lstrip("0"):
                return answer.syntax
        return Syntax.UNKNOWN if self.syntax is Syntax.PARTIAL else self.syntax


@dataclass(frozen=True, slots=True)
class EnvelopeAnswer:
    """A TA1: what became of the whole file with this ISA13."""

    control: str
    made_on: date | None
    syntax: Syntax
    reason: str
    receivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading999:
    """All that a file acknowledges."""

    groups: tuple[GroupAnswer, ...]
    envelopes: tuple[EnvelopeAnswer, ...]
    oddities: tuple[Oddity, ...]


def read_999(text: str) -> Reading999:
    """Read a 999, a 997 or a TA1; never raises. Whatever is amiss is an oddity."""
    reading = read_interchanges(text)
    oddities = list(reading.oddities)
    groups: list[GroupAnswer] = []
    envelopes: list[EnvelopeAnswer] = []
    for interchange in reading.interchanges:
        to = (interchange.receiver,)
        envelopes += [replace(_envelope(one), receivers=to) for one in interchange.receipts]
        for group in interchange.groups:
            for found in group.sets:
                if found.kind not in ("999", "997"):
                    oddities.append(_other_kind(found))
                    continue
                walk = _Walk(found.delimiters, interchange.sender, interchange.made_on)
                both = (*to, group.header.get(3) if group.header else "")
                groups += [replace(one, receivers=both) for one in walk.read(found)]
                oddities += walk.oddities
    if not groups and not envelopes:
        oddities.append(Oddity("nothing_acknowledged", "The file acknowledges nothing."))
    return Reading999(tuple(groups), tuple(envelopes), tuple(oddities))


@dataclass(slots=True)
class _OpenFault:
    segment: Segment
    claim_number: str = ""
    context: list[str] = field(default_factory=list)
    elements: list[ElementFault] = field(default_factory=list)

    def closed(self) -> SegmentFault:
        code = self.segment.get(4) or ("8" if self.elements else "")
        return SegmentFault(
            segment=self.segment.get(1),
            position=_count(self.segment.get(2)) or 0,
            loop=self.segment.get(3),
            code=code,
            words=words_of(SEGMENT_FAULTS, code),
            claim_number=self.claim_number,
            context=tuple(self.context),
            elements=tuple(self.elements),
        )


@dataclass(slots=True)
class _OpenSet:
    kind: str = ""
    control: str = ""
    version: str = ""
    faults: list[SegmentFault] = field(default_factory=list)
    end: Segment | None = None

    def closed(self) -> SetAnswer:
        return SetAnswer(
            kind=self.kind,
            control=self.control,
            version=self.version,
            syntax=_syntax(self.end),
            reasons=_reasons(self.end, SET_FAULTS, range(2, 7)),
            faults=tuple(self.faults),
        )


class _Walk:
    """One acknowledging set: what is open while its segments go by."""

    def __init__(self, delimiters: Delimiters, sender: str, made_on: date | None) -> None:
        self.oddities: list[Oddity] = []
        self._delimiters = delimiters
        self._sender = sender
        self._made_on = made_on
        self._group: Segment | None = None
        self._sets: list[SetAnswer] = []
        self._set: _OpenSet | None = None
        self._fault: _OpenFault | None = None
        self._answers: list[GroupAnswer] = []

    def read(self, found: TransactionSet) -> list[GroupAnswer]:
        for segment in found.segments:
            match segment.name:
                case "AK1":
                    self._close_group(None)
                    self._group = segment
                case "AK2":
                    self._close_set()
                    self._set = _OpenSet(segment.get(1), segment.get(2), segment.get(3))
                case "IK3" | "AK3":
                    self._close_fault()
                    self._set = self._set or self._nameless(segment)
                    self._fault = _OpenFault(segment)
                case "CTX":
                    self._context(segment)
                case "IK4" | "AK4":
                    self._element(segment)
                case "IK5" | "AK5":
                    self._set = self._set or self._nameless(segment)
                    self._set.end = segment
                    self._close_set()
                case "AK9":
                    self._close_group(segment)
                case _:
                    pass
        self._close_group(None)
        return self._answers

    def _nameless(self, segment: Segment) -> _OpenSet:
        self._odd("no_ak2", "An answer does not say which transaction it is for.", segment)
        return _OpenSet()

    def _context(self, segment: Segment) -> None:
        if self._fault is None:
            return
        name, *values = segment.components(1, self._delimiters) or ("",)
        value = values[0] if values else ""
        if name.upper() == "CLM01":
            self._fault.claim_number = value
        elif value:
            self._fault.context.append(f"{name} {value}")
        if len(segment.elements) > 1 and segment.get(2):
            place = segment.component(5, 1, self._delimiters)
            self._fault.context.append(
                f"{segment.get(2)}{place.zfill(2) if place else ''}, segment {segment.get(3)}"
            )

    def _element(self, segment: Segment) -> None:
        if self._fault is None:
            self._odd("no_ik3", "A wrong element is told without its segment.", segment)
            return
        code = segment.get(3)
        self._fault.elements.append(
            ElementFault(
                element=_count(segment.component(1, 1, self._delimiters)) or 0,
                component=_count(segment.component(1, 2, self._delimiters)) or 0,
                code=code,
                words=words_of(ELEMENT_FAULTS, code),
                value=segment.get(4),
            )
        )

    def _close_fault(self) -> None:
        if self._fault is not None and self._set is not None:
            self._set.faults.append(self._fault.closed())
        self._fault = None

    def _close_set(self) -> None:
        self._close_fault()
        if self._set is not None:
            if self._set.end is None:
                self._odd("no_ik5", "An answer does not say what became of its set.", None)
            self._sets.append(self._set.closed())
        self._set = None

    def _close_group(self, end: Segment | None) -> None:
        self._close_set()
        if self._group is None and end is None and not self._sets:
            return
        if self._group is None:
            self._odd("no_ak1", "An answer does not say which group it is for.", end)
        if end is None:
            self._odd("no_ak9", "An answer does not say what became of its group.", self._group)
        group = self._group
        self._answers.append(
            GroupAnswer(
                functional_code=group.get(1) if group else "",
                control=group.get(2) if group else "",
                version=group.get(3) if group else "",
                syntax=_syntax(end),
                reasons=_reasons(end, GROUP_FAULTS, range(5, 10)),
                included=_count(end.get(2)) if end else None,
                received=_count(end.get(3)) if end else None,
                accepted=_count(end.get(4)) if end else None,
                sets=tuple(self._sets),
                sender=self._sender,
                made_on=self._made_on,
            )
        )
        self._group = None
        self._sets = []

    def _odd(self, code: str, message: str, segment: Segment | None) -> None:
        self.oddities.append(Oddity(code, message, segment.position if segment else 0))


def _envelope(receipt: Segment) -> EnvelopeAnswer:
    code = receipt.get(5).zfill(3)
    return EnvelopeAnswer(
        control=receipt.get(1),
        made_on=day_of(receipt.get(2)),
        syntax=_CODES.get(receipt.get(4).upper(), Syntax.UNKNOWN),
        reason=words_of(INTERCHANGE_FAULTS, code),
    )


def _syntax(end: Segment | None) -> Syntax:
    return _CODES.get(end.get(1).upper(), Syntax.UNKNOWN) if end else Syntax.UNKNOWN


def _reasons(end: Segment | None, faults: dict[str, str], numbers: range) -> tuple[str, ...]:
    if end is None:
        return ()
    return tuple(words_of(faults, end.get(number)) for number in numbers if end.get(number))


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004


def _other_kind(found: TransactionSet) -> Oddity:
    position = found.segments[0].position if found.segments else 0
    return Oddity(
        "other_kind", "A transaction of another kind is no acknowledgment of syntax.", position
    )
