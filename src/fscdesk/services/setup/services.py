"""The practice's services: codes in its own words, their rates, what a missed one costs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from fscdesk.models.account import Account, AccountType
from fscdesk.models.charge import Charge
from fscdesk.models.service import Service, ServiceKind
from fscdesk.models.values import ZERO, Money
from fscdesk.services.editing import (
    apply_changes,
    locked,
    recorded_new,
    require_version,
    text_of,
    values_of,
)
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

KIND_WORDS = {
    ServiceKind.SESSION: "Session",
    ServiceKind.ADD_ON: "Add-on",
    ServiceKind.LATE_CANCEL_FEE: "Late cancellation fee",
    ServiceKind.NO_SHOW_FEE: "No-show fee",
    ServiceKind.NOT_BILLED: "Not billed",
    ServiceKind.ACCOUNT_FEE: "Account fee",
}
LONGEST_MINUTES = 24 * 60
_DOING = "change services"


@dataclass(frozen=True, slots=True)
class ServiceFields:
    """What a person types of a service.

    ``late_cancel_fee`` and ``no_show_fee`` are what a client is charged for missing it;
    None means nothing.
    """

    code: str
    name: str
    kind: str = ServiceKind.SESSION.value
    minutes: int | None = None
    base_rate: Money = ZERO
    revenue_account: str = "4010"
    late_cancel_fee: Money | None = None
    no_show_fee: Money | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service as Setup shows it; ``charges`` counts those made under it."""

    id: int
    fields: ServiceFields
    kind_word: str
    charges: int
    version: int


def services(work: Work) -> tuple[ServiceRow, ...]:
    """Return every service by code, inactive ones last."""
    counts = {
        row[0]: row[1]
        for row in work.db.execute(
            select(Charge.service_id, func.count())
            .where(Charge.voided_on.is_(None))
            .group_by(Charge.service_id)
        )
    }
    rows = [
        ServiceRow(
            id=one.id,
            fields=_fields(one),
            kind_word=KIND_WORDS[ServiceKind(one.kind)],
            charges=counts.get(one.id, 0),
            version=one.version,
        )
        for one in work.db.scalars(select(Service))
    ]
    return tuple(sorted(rows, key=lambda row: (not row.fields.active, row.fields.code)))


def revenue_accounts(work: Work) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of the accounts that a service's revenue can go to."""
    found = work.db.execute(
        select(Account.code, Account.name)
        .where(Account.type == AccountType.INCOME, Account.active.is_(True))
        .order_by(Account.code)
    )
    return tuple((code, name) for code, name in found)


def add_service(work: Work, fields: ServiceFields) -> int:
    """Add a service and return its id."""
    require(work, Right.CHANGE_SETUP, _DOING)
    values = _checked(work, fields, but=None)
    new_id = recorded_new(work, Service(**values), values, action="add_service", noun="service")
    work.touch(Topic.SERVICES)
    return new_id


def edit_service(
    work: Work, service_id: int, fields: ServiceFields, *, expected_version: int
) -> None:
    """Change a service; charges made before keep their code and rate.

    What a code means holds for sessions that are imported or changed from now on. A code
    under which charges stand keeps its code.
    """
    require(work, Right.CHANGE_SETUP, _DOING)
    row = locked(work, Service, service_id, "this service")
    require_version(row, expected_version, "this service")
    values = _checked(work, fields, but=service_id)
    if values["code"] != row.code:
        _require_unused(work, row)
    if not apply_changes(work, row, values, action="edit_service", noun="service"):
        return
    work.touch(Topic.SERVICES)


def _require_unused(work: Work, row: Service) -> None:
    used = work.db.scalar(select(Charge.id).where(Charge.service_id == row.id).limit(1))
    if used is not None:
        raise Problem(
            f"Charges stand under {row.code}, so it keeps its code.",
            hint="Nothing was saved. Make it inactive and add the new code as a service.",
        )


def _checked(work: Work, fields: ServiceFields, *, but: int | None) -> dict[str, object]:
    code = text_of(fields.code, "the code", longest=24, required=True)
    if " " in code or "," in code:
        raise Problem(
            f"{code} holds a blank or a comma.", hint="Nothing was saved. A code is one word."
        )
    taken = select(Service.id).where(Service.code == code, Service.id != (but or 0))
    if work.db.scalar(taken) is not None:
        raise Problem(f"There is a service {code} already.", hint="Nothing was saved.")
    if fields.kind not in set(ServiceKind):
        raise Problem(f"{fields.kind} is not a kind of service.", hint="Nothing was saved.")
    if fields.minutes is not None and not 1 <= fields.minutes <= LONGEST_MINUTES:
        raise Problem(f"{fields.minutes} minutes is not a length.", hint="Nothing was saved.")
    for amount, what in (
        (fields.base_rate, "base rate"),
        (fields.late_cancel_fee, "fee for a late cancellation"),
        (fields.no_show_fee, "fee for a no-show"),
    ):
        if amount is not None and amount < ZERO:
            raise Problem(f"The {what} is below 0.00.", hint="Nothing was saved.")
    if fields.revenue_account not in {account for account, _ in revenue_accounts(work)}:
        raise Problem(
            f"{fields.revenue_account} is not an account for revenue.",
            hint="Nothing was saved. Choose one of the 4000s.",
        )
    return {
        **values_of(fields),
        "code": code,
        "name": text_of(fields.name, "the name", required=True),
        "kind": ServiceKind(fields.kind),
    }


def _fields(row: Service) -> ServiceFields:
    return ServiceFields(
        code=row.code,
        name=row.name,
        kind=str(row.kind),
        minutes=row.minutes,
        base_rate=row.base_rate,
        revenue_account=row.revenue_account,
        late_cancel_fee=row.late_cancel_fee,
        no_show_fee=row.no_show_fee,
        active=row.active,
    )
