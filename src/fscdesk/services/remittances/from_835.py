"""Turns one transaction of an 835 into what this room works with; nothing is matched yet. Pure.

What a payer says stays as it says it. Only what no row could keep is cut: marks that do not print,
and what is longer than X12 allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Cas,
    Plb,
)
from fscdesk.services.x12.remittance import CasAdjustment, Named, PaidClaim, PaidService, Remittance

__all__ = ["answered_of"]

_CODE: Final = 24
_NUMBER: Final = 50
_TRACE: Final = 60
_ID: Final = 80
_NAME: Final = 200
_TOLD: Final = 300
_CONTROL: Final = 40
_UNITS: Final = 16
_MOST_MODIFIERS: Final = 8
_MOST_REMARKS: Final = 12


def answered_of(
    remittance: Remittance, *, read_on: date, position: int | None = None
) -> AnsweredRemittance:
    """Return what a transaction says, claim by claim, with no client, charge or payer of ours.

    It was paid on BPR16, without that on the day it was made, without that on ``read_on``.
    ``position`` is its place in the file, from 1. A claim without services has one line of its
    whole amount, ``itemised`` False; its adjustments stay with the claim. A claim whose services
    do not balance, or leave some of its charge out, is off by that.
    """
    return AnsweredRemittance(
        payer_id=None,
        amount=remittance.amount,
        method=_text(remittance.method, _CODE),
        paid_on=remittance.effective_on or remittance.made_on or read_on,
        trace=_text(remittance.trace, _TRACE),
        claims=tuple(_claim(one, at) for at, one in enumerate(remittance.claims, start=1)),
        plbs=tuple(
            Plb(
                at,
                _text(one.reason, _CODE),
                _text(one.reference, _NUMBER),
                one.amount,
                _text(one.provider, _NUMBER),
            )
            for at, one in enumerate(remittance.provider_adjustments, start=1)
        ),
        payer_name=_text(remittance.payer.name, _NAME),
        payer_code=_text(remittance.payer.id, _ID),
        origin_id=_text(remittance.origin, _TRACE),
        payee_npi=_text(remittance.payee.npi or remittance.payee.tax_id, 20),
        control=_text(remittance.set_control, _CONTROL),
        position=remittance.position if position is None else position,
        test=remittance.test,
        readable=remittance.readable,
        check_off=remittance.check_off,
        claims_off=len(remittance.claims_off),
        services_off=len(remittance.services_off),
        payer_ids=tuple(_text(one, _ID) for one in remittance.payer.ids),
    )


def _claim(one: PaidClaim, position: int) -> AnsweredClaim:
    patient = one.patient or one.insured
    lines = tuple(_line(service, one, at) for at, service in enumerate(one.services, start=1))
    service_off = next((service.off for service in one.services if service.off), 0)
    return AnsweredClaim(
        position=position,
        number=_text(one.number, _NUMBER),
        status=_text(one.status, _CODE),
        charge=one.charge,
        paid=one.paid,
        patient_share=one.patient_share,
        cas=_cas(one.adjustments),
        lines=lines or (_whole(one),),
        payer_number=_text(one.payer_number, _NUMBER),
        frequency=_text(one.frequency, _CODE),
        patient_name="" if patient is None else _text(patient.name, _NAME),
        member_id=_text(one.member_id, _ID),
        corrected=_corrected(one.corrected),
        forwarded=one.forwarded,
        forwarded_to="" if one.crossover is None else _text(one.crossover.name, _NAME),
        interest=one.interest,
        remarks=_remarks(one.remarks),
        received_on=one.received_on,
        first_day=one.first_day,
        last_day=one.last_day,
        off=one.off or service_off or one.unlisted,
    )


def _line(one: PaidService, claim: PaidClaim, position: int) -> AnsweredLine:
    """Return a service; its days are the claim's where it has none."""
    first = one.first_day or claim.first_day
    last = one.last_day if one.first_day else claim.last_day
    units = one.units if one.billed_units is None else one.billed_units
    modifiers = [_text(each, _CODE) for each in one.modifiers[:_MOST_MODIFIERS]]
    while len(" ".join(modifiers)) > _CODE:
        modifiers.pop()
    return AnsweredLine(
        position=position,
        code=_text(one.code, _CODE),
        charge=one.charge,
        paid=one.paid,
        cas=_cas(one.adjustments),
        modifiers=tuple(modifiers),
        billed_code=_text(one.billed_code, _CODE),
        units=_units(units),
        allowed=one.allowed,
        first_day=first,
        last_day=last or first,
        line_id=_text(one.line_id, _NUMBER),
        remarks=_remarks(one.remarks),
    )


def _whole(claim: PaidClaim) -> AnsweredLine:
    """Return the one line of a claim that the payer did not itemise."""
    return AnsweredLine(
        position=1,
        code="",
        charge=claim.charge,
        paid=claim.paid,
        cas=(),
        first_day=claim.first_day,
        last_day=claim.last_day or claim.first_day,
        itemised=False,
    )


def _cas(found: Iterable[CasAdjustment]) -> tuple[Cas, ...]:
    """Return adjustments with their codes free of blanks, as the database keeps them apart."""
    return tuple(
        Cas(_code(one.group) or "--", _code(one.reason) or "--", one.amount) for one in found
    )


def _code(text: str) -> str:
    if text.isalnum():
        return text[:_CODE]
    return "".join(mark for mark in text if mark.isprintable() and mark not in " ;")[:_CODE]


def _corrected(one: Named | None) -> str:
    """Return what the payer has otherwise (NM1*74), in words: a task for a person."""
    if one is None:
        return ""
    parts = [f"name {one.name}"] if one.name else []
    parts += [f"member id {one.id}"] if one.id else []
    return _text(", ".join(parts), _TOLD)


def _remarks(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_code(one) for one in found[:_MOST_REMARKS])) if found else ()


def _units(units: Decimal | None) -> str:
    return "" if units is None else f"{units.normalize():f}"[:_UNITS]


def _text(text: str, longest: int) -> str:
    if len(text) <= longest and text.isprintable():
        return text
    return "".join(mark for mark in text if mark.isprintable())[:longest]
