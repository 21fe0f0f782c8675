"""How a fictional payer answers a claim of ours: by its percentage, to the charges that it got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fscdesk.services.claims.content import ClaimContent, ContentLine
from fscdesk.services.demo import cast
from fscdesk.services.demo.clearinghouse import payers_number
from fscdesk.services.demo.diary import Appointment, Said
from fscdesk.services.demo.era_writing import SaidClaim, SaidService, Taken

DENIED, FIRST, SECOND, PASSED_ON = "4", "1", "2", "19"
_CONTRACT, _EARLIER = "45", "23"
_DEDUCTIBLE, _COINSURANCE, _COPAY = "1", "2", "3"
_REMARKS: Final = {"16": ("M127",), "97": ("M15",), "204": ("N130",)}
"""Remark codes that come with a reason: which record is missing, and so on."""
LOWERED: Final = (1, "90837", 64)
"""A payer (by its place in the cast) that allows less of a code lately than its contract says."""


def services_of(
    content: ClaimContent,
    session_id: int,
    one: Appointment,
    said: Said,
    shares: Mapping[int, int],
    *,
    lowered: bool,
) -> tuple[SaidService, ...]:
    """Return the answer to what a claim bills for a session.

    ``shares`` are the clients' parts by charge as the office expects them; what the payer says
    of the whole session is spread over its services. ``lowered``: in the time in which the
    payer of `LOWERED` pays too little.
    """
    lines = [line for line in content.lines if line.session_id == session_id]
    if said.carc:
        group, _, carc = said.carc.partition("-")
        return tuple(
            _service(line, (Taken(group, carc, line.amount.cents),), _REMARKS.get(carc, ()))
            for line in lines
        )
    allowed = [_allowed(one, line, lowered=lowered) for line in lines]
    parts = _spread(said.patient, allowed, [shares.get(line.charge_id, 0) for line in lines])
    return tuple(_paid(lines, allowed, parts, said.short, _reason(one, said)))


def claim_of(
    content: ClaimContent, services: Sequence[SaidService], *, status: str = ""
) -> SaidClaim:
    """Return the answer to a claim, or to some services of it; denied where nothing else is."""
    denied = not any(one.carc == _CONTRACT for each in services for one in each.taken)
    member = "" if content.coverage is None else content.coverage.member_id
    return SaidClaim(
        number=content.account,
        status=status or (DENIED if denied else FIRST),
        payer_number=payers_number(content.payer.payer_code, content.account),
        filing=content.payer.filing_indicator,
        place=content.place_of_service,
        frequency=content.frequency,
        person=(content.patient.last_name, content.patient.first_name, member),
        services=tuple(services),
    )


def second_answer(
    first: SaidClaim, *, member_id: str, filing: str, number: str, keeps: int
) -> SaidClaim:
    """Return what a second payer says of a claim that the first one answered.

    It pays what was left to the client, but for ``keeps`` cents of each service.
    """
    services = []
    for one in first.services:
        left = one.left_to_patient
        part = min(keeps, left)
        taken = [Taken("OA", _EARLIER, one.charge - left)]
        taken += [Taken("PR", _COPAY, part)] if part else []
        services.append(replace(one, taken=tuple(taken), remarks=()))
    last, given, _ = first.person
    return replace(
        first,
        status=SECOND,
        payer_number=number,
        filing=filing,
        person=(last, given, member_id),
        services=tuple(services),
        passed_on=None,
    )


def _allowed(one: Appointment, line: ContentLine, *, lowered: bool) -> int:
    assert one.payer is not None
    payer, code, percent = LOWERED
    if lowered and (one.payer, line.code) == (payer, code):
        return line.amount.cents * percent // 100
    return cast.allowed(one.payer, line.amount.cents)


def _spread(whole: int, allowed: Sequence[int], shares: Sequence[int]) -> list[int]:
    """Return the client's part of each service: as the office expects it, then the difference."""
    parts = [min(share, most) for share, most in zip(shares, allowed, strict=True)]
    left = min(whole, sum(allowed)) - sum(parts)
    for at, most in enumerate(allowed):
        change = min(left, most - parts[at]) if left > 0 else max(left, -parts[at])
        parts[at] += change
        left -= change
    return parts


def _paid(
    lines: Sequence[ContentLine],
    allowed: Sequence[int],
    parts: Sequence[int],
    short: int,
    reason: str,
) -> Iterator[SaidService]:
    for line, most, part in zip(lines, allowed, parts, strict=True):
        less = min(short, most - part)
        short -= less
        above = line.amount.cents - most + less
        taken = [Taken("CO", _CONTRACT, above)] if above else []
        taken += [Taken("PR", reason, part)] if part else []
        yield _service(line, tuple(taken))


def _service(
    line: ContentLine, taken: tuple[Taken, ...], remarks: tuple[str, ...] = ()
) -> SaidService:
    return SaidService(
        line.code,
        line.modifiers,
        line.units,
        line.service_day,
        line.control,
        line.amount.cents,
        taken,
        remarks,
    )


def _reason(one: Appointment, said: Said) -> str:
    if said.patient <= one.share:
        return _COPAY
    return _DEDUCTIBLE if one.client.deductible else _COINSURANCE
