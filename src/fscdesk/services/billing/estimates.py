"""Good-faith estimates for who pays alone: made, listed, withdrawn, and compared with the bill.

A bill that is $400 or more above its estimate can be disputed within 120 days (45 CFR 149.620), so
the office is warned before it sends one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.estimate import Estimate, EstimateLine
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.practice import Location, Practice
from fscdesk.models.provider import Provider
from fscdesk.models.service import Service
from fscdesk.models.values import LARGEST_CENTS, ZERO, Money
from fscdesk.services.audit import record
from fscdesk.services.billing.invoice_docs import recipient_of
from fscdesk.services.billing.limits import dispute_above
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.editing import key_of, locked, text_of
from fscdesk.services.errors import ChangedElsewhere, Problem
from fscdesk.services.id_sets import among
from fscdesk.services.numbering import next_number
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.estimate_document import EstimateDoc, EstimateService, year_after
from fscdesk.services.printing.parties import Clinician, Diagnosis, Recipient
from fscdesk.services.work import Topic, Work

SERIES = "GFE"
MOST_TIMES = 1000
VIDEO_PLACES = frozenset({"02", "10"})
"""Places of service of telehealth: elsewhere, and with the client at home."""
_ICD = re.compile(r"[A-Z][\dA][0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)
_DOING = "make estimates"
_NOTHING = "Nothing was saved."


@dataclass(frozen=True, slots=True)
class NewLine:
    """A service and how often; ``rate`` None is the service's base rate."""

    service_id: int
    count: int
    rate: Money | None = None


@dataclass(frozen=True, slots=True)
class NewEstimate:
    """An estimate as it is asked for; it holds for twelve months from ``valid_from``.

    ``provider_id`` None is the patient's clinician, ``valid_from`` None is today.
    """

    patient_id: int
    lines: tuple[NewLine, ...]
    provider_id: int | None = None
    valid_from: date | None = None
    diagnoses: tuple[str, ...] = ()
    note: str = ""
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A service of an estimate; ``amount`` is count by rate."""

    code: str
    name: str
    count: int
    rate: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An estimate as it was made; ``in_force`` says whether it holds today."""

    id: int
    number: str
    patient_id: int
    provider: str
    made_on: date
    valid_from: date
    valid_to: date
    diagnoses: tuple[str, ...]
    lines: tuple[LineRow, ...]
    total: Money
    note: str
    withdrawn_on: date | None
    in_force: bool
    withdrawn_reason: str = ""


@dataclass(frozen=True, slots=True)
class DisputeWarning:
    """What was billed is so far above the estimate that the patient can dispute it."""

    estimate_id: int
    number: str
    total: Money
    billed: Money
    above: Money
    words: str


def make_estimate(work: Work, new: NewEstimate) -> int:
    """Make an estimate and return its id; the same key makes it once.

    Raises Problem for no service, an unknown one, a count or a rate that cannot be, a code that
    is no diagnosis, and where no clinician is known.
    """
    require(work, Right.MAKE_INVOICES, _DOING)
    patient = locked(work, Patient, new.patient_id, "this client")
    provider_id = new.provider_id or patient.provider_id
    if provider_id is None or work.db.get(Provider, provider_id) is None:
        raise Problem(
            "An estimate names who gives the care.", hint=f"{_NOTHING} Choose a clinician."
        )
    lines = _lines(work, new.lines)
    total = sum((one.amount for one in lines), ZERO)
    if total.cents > LARGEST_CENTS:
        raise Problem(f"{total} is more than these books can hold.", hint=_NOTHING)
    repeated = _made_before(work, new, total)
    if repeated is not None:
        return repeated
    first = new.valid_from or work.today()
    row = Estimate(
        number=next_number(work, SERIES, work.today().year),
        patient_id=patient.id,
        provider_id=provider_id,
        valid_from=first,
        valid_to=year_after(first) - timedelta(days=1),
        diagnoses=" ".join(_diagnoses(new.diagnoses)),
        total=total,
        note=text_of(new.note, "the note", longest=300),
        request_key=new.request_key,
        made_by=work.actor.staff_id,
        made_at=work.now(),
    )
    work.db.add(row)
    work.db.flush()
    work.db.add_all(
        EstimateLine(
            estimate_id=row.id,
            position=position,
            service_id=wanted.service_id,
            code=line.code,
            name=line.name,
            count=line.count,
            rate=line.rate,
        )
        for position, (wanted, line) in enumerate(zip(new.lines, lines, strict=True), start=1)
    )
    work.db.flush()
    record(work, "make_estimate", "estimate", row.id, number=row.number, amount=total.plain())
    work.touch(Topic.PATIENTS, Topic.INVOICES)
    return row.id


def withdraw_estimate(work: Work, estimate_id: int, *, reason: str) -> None:
    """Withdraw an estimate from today, for a reason; it stays in the list, and so does its page.

    Raises Problem without a reason, ChangedElsewhere if it was withdrawn before.
    """
    require(work, Right.MAKE_INVOICES, _DOING)
    row = locked(work, Estimate, estimate_id, "this estimate")
    if row.withdrawn_on is not None:
        raise ChangedElsewhere(
            f"Estimate {row.number} was withdrawn on {row.withdrawn_on:%m/%d/%Y} already.",
            hint="Nothing was changed.",
        )
    row.withdrawn_reason = text_of(reason, "the reason", longest=300, required=True)
    row.withdrawn_on = work.today()
    work.db.flush()
    record(work, "withdraw_estimate", "estimate", row.id, number=row.number)
    work.touch(Topic.PATIENTS, Topic.INVOICES)


def estimates_of(work: Work, patient_id: int) -> tuple[EstimateRow, ...]:
    """Return the estimates of a patient, the newest first."""
    found = select(Estimate).where(Estimate.patient_id == patient_id).order_by(Estimate.id.desc())
    return _rows(work, list(work.db.scalars(found)))


def estimate_of(work: Work, estimate_id: int) -> EstimateRow:
    """Return one estimate. Raises Problem when there is none of that id."""
    row = work.db.get(Estimate, estimate_id)
    if row is None:
        raise Problem("This estimate is not in the books.", hint="Look at the list again.")
    return _rows(work, [row])[0]


def dispute_warning(
    work: Work, patient_id: int, *, on: date | None = None
) -> DisputeWarning | None:
    """Return a warning when what was billed can be disputed, for the estimate of a day.

    What counts is every charge without a payer since the estimate holds, at its full fee, of the
    estimate's clinician. None where there is no estimate, or the bill is not so far above it.
    """
    day = on or work.today()
    estimate = work.db.scalars(
        select(Estimate)
        .where(
            Estimate.patient_id == patient_id,
            Estimate.withdrawn_on.is_(None),
            Estimate.valid_from <= day,
            Estimate.valid_to >= day,
        )
        .order_by(Estimate.valid_from.desc(), Estimate.id.desc())
    ).first()
    if estimate is None:
        return None
    billed = work.db.scalar(
        select(func.sum(Charge.amount)).where(
            Charge.patient_id == patient_id,
            Charge.provider_id == estimate.provider_id,
            Charge.payer_id.is_(None),
            Charge.session_id.is_not(None),
            Charge.voided_on.is_(None),
            Charge.service_day >= estimate.valid_from,
            Charge.service_day <= day,
        )
    )
    above = (billed or ZERO) - estimate.total
    if billed is None or above < dispute_above(work):
        return None
    return DisputeWarning(
        estimate.id,
        estimate.number,
        estimate.total,
        billed,
        above,
        f"{billed} was billed since {estimate.valid_from:%m/%d/%Y}, {above} above estimate"
        f" {estimate.number}. The client can dispute that: make a new estimate first.",
    )


def estimate_document(work: Work, estimate_id: int) -> EstimateDoc:
    """Return what an estimate says on paper. Raises Problem without a date of birth."""
    one = estimate_of(work, estimate_id)
    kept = work.db.get_one(Estimate, estimate_id)
    patient = work.db.get_one(Patient, one.patient_id)
    if patient.birth_date is None:
        raise Problem(
            "An estimate names the date of birth, which is not known.",
            hint="Nothing was printed. Add it to the client first.",
        )
    practice = work.db.get_one(Practice, 1)
    provider = work.db.get_one(Provider, kept.provider_id)
    pays = recipient_of(work.db.get_one(Guarantor, patient.guarantor_id))
    place, video = _where(work)
    return EstimateDoc(
        letterhead=letterhead_of(work),
        tax_id=practice.tax_id,
        npi=practice.npi,
        number=one.number,
        account=patient.number,
        issued=one.made_on,
        patient=Recipient(patient.name, pays.address),
        birth_date=patient.birth_date,
        clinician=Clinician(
            provider.name, provider.credentials, provider.npi, provider.licence, provider.taxonomy
        ),
        services=tuple(
            EstimateService(line.name, line.code, line.count, line.rate, line.amount)
            for line in one.lines
        ),
        total=one.total,
        period_from=one.valid_from,
        period_to=one.valid_to,
        diagnoses=tuple(Diagnosis(code) for code in one.diagnoses),
        place=place,
        video=video,
    )


def _where(work: Work) -> tuple[str, bool]:
    """Return the addresses at which the practice sees people, and whether it does so by video."""
    places = work.db.scalars(select(Location).where(Location.active).order_by(Location.id)).all()
    offices = [one for one in places if one.place_of_service not in VIDEO_PLACES]
    words = [", ".join(one.address.splitlines()) for one in offices if one.address]
    return " or at ".join(dict.fromkeys(words)), len(offices) < len(places)


def _made_before(work: Work, new: NewEstimate, total: Money) -> int | None:
    if key_of(new.request_key) is None:
        return None
    row = work.db.scalars(select(Estimate).filter_by(request_key=new.request_key)).one_or_none()
    if row is None:
        return None
    if (row.patient_id, row.total) != (new.patient_id, total):
        raise Problem(
            f"Estimate {row.number} was made under the same key with other facts.",
            hint=f"{_NOTHING} Enter this one anew.",
        )
    return row.id


def _lines(work: Work, wanted: Sequence[NewLine]) -> list[LineRow]:
    if not wanted:
        raise Problem("An estimate needs a service.", hint=f"{_NOTHING} Choose one.")
    services = {
        row.id: row
        for row in work.db.scalars(
            select(Service).where(among(work, Service.id, {one.service_id for one in wanted}))
        )
    }
    lines: list[LineRow] = []
    for one in wanted:
        service = services.get(one.service_id)
        if service is None:
            raise Problem("A service is not in the catalogue.", hint=_NOTHING)
        rate = service.base_rate if one.rate is None else one.rate
        if not 0 < one.count <= MOST_TIMES:
            raise Problem(
                f"{service.code} cannot be expected {one.count} times.",
                hint=f"{_NOTHING} It is from 1 to {MOST_TIMES:,}.",
            )
        if not 0 < rate.cents <= LARGEST_CENTS:
            raise Problem(
                f"{rate} is no rate for {service.code}.",
                hint=f"{_NOTHING} Type what it will cost.",
            )
        amount = Money(rate.cents * one.count)
        lines.append(LineRow(service.code, service.name, one.count, rate, amount))
    return lines


def _diagnoses(codes: Iterable[str]) -> list[str]:
    known: list[str] = []
    for code in (one.strip().upper() for one in codes):
        if not _ICD.fullmatch(code):
            raise Problem(
                f"{code} does not look like a diagnosis.",
                hint=f"{_NOTHING} Type the ICD-10-CM code, such as F41.1.",
            )
        known.append(code)
    if len(" ".join(known)) > 200:  # noqa: PLR2004 - the column's length
        raise Problem("These are too many diagnoses.", hint=f"{_NOTHING} Leave some out.")
    return list(dict.fromkeys(known))


def _rows(work: Work, rows: Sequence[Estimate]) -> tuple[EstimateRow, ...]:
    ids = [row.id for row in rows]
    lines: dict[int, list[LineRow]] = {one: [] for one in ids}
    for line in work.db.scalars(
        select(EstimateLine)
        .where(among(work, EstimateLine.estimate_id, ids))
        .order_by(EstimateLine.estimate_id, EstimateLine.position)
    ):
        amount = Money(line.rate.cents * line.count)
        lines[line.estimate_id].append(LineRow(line.code, line.name, line.count, line.rate, amount))
    names = {row[0]: row[1] for row in work.db.execute(select(Provider.id, Provider.name))}
    today = work.today()
    return tuple(
        EstimateRow(
            row.id,
            row.number,
            row.patient_id,
            names.get(row.provider_id or 0, ""),
            row.made_at.astimezone(work.zone).date(),
            row.valid_from,
            row.valid_to,
            tuple(row.diagnoses.split()),
            tuple(lines[row.id]),
            row.total,
            row.note,
            row.withdrawn_on,
            row.withdrawn_on is None and row.valid_from <= today <= row.valid_to,
            row.withdrawn_reason,
        )
        for row in rows
    )
