"""What a person must look at in a remittance: another's claim, an amount that differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from fscdesk.services.demo.era_writing import SaidClaim, SaidService, Taken

_NOBODY: Final = ("Elsewhere", "Erwin", "XX900417001")
_LESS: Final = 10_00


def stranger(like: SaidClaim, on: date) -> SaidClaim:
    """Return a claim of another practice, which the payer has put into this remittance."""
    service = SaidService(
        "90834", (), 1, on - timedelta(days=20), "", 150_00, (Taken("CO", "45", 55_00),)
    )
    return SaidClaim(
        f"NX{on:%y%m%d}-7",
        "1",
        f"{like.payer_number[:5]}X{on:%m%d}",
        like.filing,
        like.place,
        "1",
        _NOBODY,
        (service,),
    )


def differing(claims: Sequence[SaidClaim]) -> tuple[SaidClaim, ...]:
    """Return the claims, one of them with another amount than was billed.

    The payer has read 10.00 less, and takes so much less off.
    """
    for at, one in enumerate(claims):
        service = one.services[0]
        fits = len(one.services) == 1 and service.paid > 0
        if fits and service.taken and service.taken[0].cents > _LESS:
            first, *others = service.taken
            less = replace(
                service,
                charge=service.charge - _LESS,
                taken=(first._replace(cents=first.cents - _LESS), *others),
            )
            return (*claims[:at], replace(one, services=(less,)), *claims[at + 1 :])
    return tuple(claims)
