"""Which check a remittance is about, and whether two say the same of it. Pure.

A payer sends a remittance again, or it comes by two ways, in other files and another order. The
identity finds it again; the digest tells whether it says the same. Both are kept with the
remittance, so what they are made of must not change.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredLine,
    AnsweredRemittance,
    Cas,
)

__all__ = ["digest_of", "identity_of", "without_trace"]

_LONGEST: Final = 160
_FIELD, _LINE, _PART, _END = "\x1f", "\x1e", "\x1d", "\x1c"
"""What parts the texts; none of it is in them, since they print."""
_NO_TRACE: Final = re.compile(r"0*|N/?A|NONE|NON|NOPAY(MENT)?|NOCHECK|NOEFT")
"""What payers write where there is no check or transfer, without blanks and dashes."""


def identity_of(remittance: AnsweredRemittance) -> str:
    """Return by what the same check is found again: its payer and its trace, at most 160 long.

    The payer is TRN03, else its id, else its name. What has no trace that could tell it from
    others (an answer without money) is known by what it says.
    """
    trace = _plain(remittance.trace)
    if without_trace(trace):
        return f"digest|{digest_of(remittance)}"
    payer = _plain(remittance.origin_id or remittance.payer_code or remittance.payer_name)
    found = f"{payer}|{trace}"
    if len(found) <= _LONGEST:
        return found
    return f"long|{hashlib.sha256(found.encode()).hexdigest()}"


def without_trace(trace: str) -> bool:
    """Return whether a payer wrote nothing that could tell one check from another."""
    return _NO_TRACE.fullmatch(re.sub(r"[^A-Z0-9/]", "", _plain(trace))) is not None


def digest_of(remittance: AnsweredRemittance) -> str:
    """Return the SHA-256 of what a remittance says of money, in whatever order it says it.

    Names, remarks, control numbers and what was matched are no part of it: they differ by the
    way on which a file came.
    """
    head = (remittance.amount, remittance.paid_on.isoformat(), _plain(remittance.trace))
    claims = sorted(map(_claim, remittance.claims))
    plbs = sorted(_told(one.reason, one.reference, one.cents) for one in remittance.plbs)
    said = _PART.join((_told(*head), *claims, _END, *plbs))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _claim(one: AnsweredClaim) -> str:
    said = _told(
        one.number,
        one.status,
        one.charge,
        one.paid,
        one.patient_share,
        one.payer_number,
        one.interest,
        _cas(one.cas),
    )
    return _LINE.join((said, *sorted(map(_line, one.lines))))


def _line(one: AnsweredLine) -> str:
    return _told(
        one.code,
        " ".join(sorted(one.modifiers)),
        one.billed_code,
        one.charge,
        one.paid,
        one.line_id,
        one.first_day.isoformat() if one.first_day else "",
        _cas(one.cas),
    )


def _cas(found: tuple[Cas, ...]) -> str:
    return ";".join(sorted(f"{one.group} {one.carc} {one.cents}" for one in found))


def _told(*values: str | int) -> str:
    return _FIELD.join(map(str, values))


def _plain(text: str) -> str:
    return " ".join(text.upper().split())
