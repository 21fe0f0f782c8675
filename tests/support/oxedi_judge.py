"""What oxedi, an independent reader, finds in an 835: claims, services, reasons, and money.

Its tables leave it as Arrow only; what it prints of them is enough, and needs no Arrow here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import oxedi

from fscdesk.services.x12.remittance import Reading835

_NOTHING = "∅"


@dataclass(frozen=True)
class Found:
    """Amounts in cents, in the order of the file. ``off`` are the levels that do not balance.

    Codes of services are left out: oxedi does not divide them where a file uses another mark
    than its ISA says.
    """

    checks: tuple[tuple[str, int], ...]
    claims: tuple[tuple[str, str, int, int, int, str], ...]
    services: tuple[tuple[int, int, int, str], ...]
    reasons: tuple[tuple[str, str, int], ...]
    provider_adjustments: tuple[tuple[str, int], ...]
    off: frozenset[str]


def judge(data: bytes) -> Found | None:
    """Return what oxedi finds; None where it does not read the file at all."""
    try:
        result = oxedi.parse(data)
    except oxedi.ParseError:
        return None
    rows = {name: _rows(result.tables[name]) for name in result.tables}
    return Found(
        checks=tuple(
            (row["trace_number"], _cents(row["total_payment_amount"])) for row in rows["payments"]
        ),
        claims=tuple(
            (
                *(row["claim_id"], row["claim_status"], _cents(row["charge_amount"])),
                *(_cents(row["payment_amount"]), _cents(row["patient_responsibility"])),
                row["payer_control_number"],
            )
            for row in rows["claims"]
        ),
        services=tuple(
            (
                *(int(row["claim"]), _cents(row["charge_amount"])),
                *(_cents(row["payment_amount"]), row["line_item_control_number"]),
            )
            for row in rows["services"]
        ),
        reasons=tuple(
            (row["group_code"], row["reason_code"], _cents(row["amount"]))
            for row in rows["adjustments"]
        ),
        provider_adjustments=tuple(
            (row["reason_code"], _cents(row["amount"])) for row in rows["provider_adjustments"]
        ),
        off=frozenset(
            one.rule.split('"')[1].removesuffix("_balance").replace("transaction", "check")
            for one in result.diagnostics
            if one.kind == "BalanceMismatch"
        ),
    )


def ours(reading: Reading835) -> Found:
    """The same of our own reading."""
    claims = [claim for found in reading.remittances for claim in found.claims]
    off = set()
    for found in reading.remittances:
        off |= {"check"} if found.check_off else set()
        off |= {"claim"} if found.claims_off else set()
        off |= {"service"} if found.services_off else set()
    return Found(
        checks=tuple((found.trace, found.amount) for found in reading.remittances),
        claims=tuple(
            (one.number, one.status, one.charge, one.paid, one.patient_share, one.payer_number)
            for one in claims
        ),
        services=tuple(
            (at, one.charge, one.paid, one.line_id)
            for at, claim in enumerate(claims)
            for one in claim.services
        ),
        reasons=tuple(
            (why.group, why.reason, why.amount)
            for claim in claims
            for level in (claim.adjustments, *(one.adjustments for one in claim.services))
            for why in level
        ),
        provider_adjustments=tuple(
            (one.reason, one.amount)
            for found in reading.remittances
            for one in found.provider_adjustments
        ),
        off=frozenset(off),
    )


def _rows(table: oxedi.Table) -> list[dict[str, str]]:
    rows = [line.split(" | ") for line in table.render().splitlines()[2:] if line]
    assert len(rows) == len(table), table.name
    return [
        {
            name: "" if cell == _NOTHING else cell
            for name, cell in zip(table.columns, row, strict=True)
        }
        for row in rows
    ]


def _cents(amount: str) -> int:
    return int(Decimal(amount or "0") * 100)
