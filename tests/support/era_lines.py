"""The parts of an 835 that a test describes, as segments; `tests.support.eras` makes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fscdesk.services.x12.segments import Delimiters

NPI, TAX_ID = "1234567893", "221234567"
"""Of the practice that `tests.support.claims.add_claim_desk` makes."""

Part = str | tuple[str, ...]
Line = tuple[Part, ...]
_CAS = re.compile(r"(?P<group>[A-Z]{2})(?P<reason>\w*)=(?P<amount>[^x\s]+)(?:x(?P<quantity>\S+))?")


@dataclass(frozen=True)
class EraService:
    """One SVC loop; `service` makes it."""

    code: str
    charge: str
    paid: str
    cas: str
    line_id: str
    first_day: str
    last_day: str
    modifiers: tuple[str, ...]
    qualifier: str
    units: str
    billed: tuple[str, ...]
    billed_units: str
    allowed: str
    remarks: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(frozen=True)
class EraClaim:
    """One CLP loop; `claim` makes it, `reversal_of` turns it round."""

    number: str
    services: tuple[EraService, ...]
    status: str
    charge: str
    paid: str
    patient_share: str
    cas: str
    payer_number: str
    filing: str
    place: str
    frequency: str
    names: tuple[str, ...]
    group_number: str
    remarks: tuple[str, ...]
    interest: str
    received_on: str
    days: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(frozen=True)
class EraPlb:
    """One PLB segment of one to six pairs; `plb` and `plbs` make it."""

    pairs: tuple[tuple[str, str, str], ...]
    provider: str = NPI
    fiscal_day: str = "20261231"


def lines_of_claim(one: EraClaim) -> list[Line]:
    """The segments of a CLP loop."""
    clp: Line = (
        *("CLP", one.number, one.status, one.charge, one.paid, one.patient_share, one.filing),
        *(one.payer_number, one.place, one.frequency),
    )
    own = [*one.names]
    own += [f"MOA***{'*'.join(one.remarks)}"] if one.remarks else []
    own += [f"REF*1L*{one.group_number}"] if one.group_number else []
    own += [f"DTM*{kind}*{day}" for kind, day in zip(("232", "233"), one.days, strict=False)]
    own += [f"DTM*050*{one.received_on}"] if one.received_on else []
    own += [f"AMT*I*{one.interest}"] if one.interest else []
    lines = [clp, *_cas(one.cas), *raw_lines(own), *raw_lines(one.extra)]
    for line in one.services:
        lines += _service(line)
    return lines


def _service(one: EraService) -> list[Line]:
    svc: Line = (
        *("SVC", (one.qualifier, one.code, *one.modifiers), one.charge, one.paid, "", one.units),
        (one.qualifier, *one.billed) if one.billed else "",
        one.billed_units,
    )
    days = (
        [f"DTM*150*{one.first_day}", f"DTM*151*{one.last_day}"]
        if one.last_day
        else [f"DTM*472*{one.first_day}" if one.first_day else ""]
    )
    after = [f"REF*6R*{one.line_id}"] if one.line_id else []
    after += [f"AMT*B6*{one.allowed}"] if one.allowed else []
    after += [f"LQ*HE*{remark}" for remark in one.remarks]
    return [svc, *raw_lines(days), *_cas(one.cas), *raw_lines(after), *raw_lines(one.extra)]


def line_of_plb(one: EraPlb) -> Line:
    """One PLB segment."""
    pairs: list[Part] = []
    for reason, reference, amount in one.pairs:
        pairs += [(reason, reference) if reference else reason, amount]
    return ("PLB", one.provider, one.fiscal_day, *pairs)


def _cas(text: str) -> list[Line]:
    """CAS segments: trios of one group that stand together share one, six at most."""
    lines: list[list[Part]] = []
    for group, reason, amount, quantity in trios_of(text):
        if not lines or lines[-1][1] != group or len(lines[-1]) > 2 + 3 * 5:
            lines.append(["CAS", group])
        lines[-1] += [reason, amount, quantity]
    return [tuple(line) for line in lines]


def trios_of(text: str) -> list[tuple[str, str, str, str]]:
    """Group, reason, amount and quantity of ``CO45=30 PR3=20x2``."""
    found = [_CAS.fullmatch(one) for one in text.split()]
    assert all(found), f"no CAS: {text}"
    return [(m["group"], m["reason"], m["amount"], m["quantity"] or "") for m in found if m]


def raw_lines(texts: Iterable[str]) -> list[Line]:
    """Segments written with the usual delimiters; empty texts are left away."""
    return [
        tuple(tuple(one.split(":")) if ":" in one else one for one in text.split("*"))
        for text in texts
        if text
    ]


def written(line: Line, marks: Delimiters) -> str:
    """A segment without its terminator and without an empty tail."""
    written = [marks.component.join(one) if isinstance(one, tuple) else one for one in line]
    while not written[-1]:
        written.pop()
    return marks.element.join(written)
