"""The appointment status report as SimplePractice would show it on a day (20 columns, CSV)."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from fscdesk.services.demo import cast
from fscdesk.services.demo.diary import COMING, Answer, Appointment, Line
from fscdesk.services.demo.people import NICKNAMED
from fscdesk.services.demo.season import WEEK, Season
from fscdesk.services.patients.names import without_nickname

HEADER: Final = (
    "Date of Service",
    "Client",
    "Clinician",
    "Billing Code",
    "Primary Insurance",
    "Secondary Insurance",
    "Rate per Unit",
    "Units",
    "Total Fee",
    "Progress Note Status",
    "Client Payment Status",
    "Charge",
    "Uninvoiced",
    "Paid",
    "Unpaid",
    "Insurance Payment Status",
    "Charge",
    "Paid",
    "Write Off",
    "Unpaid",
)


class _Shown(NamedTuple):
    """Where and with whom an appointment stands in the report of one day."""

    day: date
    minute: int
    clinician: int
    lines: tuple[Line, ...]
    missed: bool


def report(season: Season, diary: Sequence[Appointment], on: date) -> str:
    """Return the CSV text of the export of that day, a week of coming appointments included.

    ``diary`` is in the order of its days.
    """
    first, last = season.looks_back(on), on + COMING
    rows = []
    begin = bisect_left(diary, first - WEEK, key=_day)  # some stand in another week than before
    end = bisect_left(diary, last + WEEK, key=_day)
    for one in diary[begin:end]:
        if one.booked > on or (one.cancelled is not None and one.cancelled <= on):
            continue
        shown = _shown(one, on, season)
        if first <= shown.day <= last:
            rows.append((shown.day, shown.minute, one.client.key, _cells(one, shown, on, season)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(cells for _, _, _, cells in sorted(rows))
    return out.getvalue()


def _day(one: Appointment) -> date:
    return one.day


def _shown(one: Appointment, on: date, season: Season) -> _Shown:
    day, minute, clinician, lines = one.day, one.minute, one.clinician, one.lines
    if one.earlier_place is not None and on < one.earlier_place.until:
        day, minute = one.earlier_place.what
    if one.earlier_clinician is not None and on < one.earlier_clinician.until:
        clinician = one.earlier_clinician.what
    if one.earlier_lines is not None and on < one.earlier_lines.until:
        lines = one.earlier_lines.what
    missed = bool(one.missed) and on >= day
    if missed:
        lines = (Line(one.missed, 1, cast.rate(one.missed, day, season.first.year)),)
    return _Shown(day, minute, clinician, lines, missed)


def _cells(one: Appointment, shown: _Shown, on: date, season: Season) -> list[str]:
    fee = sum(line.units * line.rate for line in shown.lines)
    payer = None if shown.missed else one.payer
    answer = _answer(one, payer, fee, on)
    paid = next((total for day, total in reversed(one.paid) if day <= on and shown.day <= on), 0)
    invoiced = one.invoiced is not None and one.invoiced <= on
    uninvoiced = 0 if invoiced else max(answer.patient - paid, 0)
    unpaid = answer.patient - paid - uninvoiced
    charge = fee - answer.patient
    owed = charge - answer.paid - answer.write_off
    late = on >= season.today - WEEK * (season.weeks // 4)
    return [
        f"{shown.day:%m/%d/%Y} {shown.minute // 60:02d}:{shown.minute % 60:02d}",
        _client(one, late=late),
        _clinician(shown.clinician, late=late),
        _each(line.code for line in shown.lines),
        _payer(payer, late=late),
        _payer(None if payer is None else one.client.secondary, late=late),
        _each(_dollars(line.rate) for line in shown.lines),
        _each(str(line.units) for line in shown.lines),
        _dollars(fee),
        _note(one, shown, on),
        _client_status(answer.patient, paid, uninvoiced, unpaid),
        *map(_dollars, (answer.patient, uninvoiced, paid, unpaid)),
        "" if payer is None else _insurance_status(one, answer, owed, on),
        *map(_dollars, (charge, answer.paid, answer.write_off, owed)),
    ]


def _answer(one: Appointment, payer: int | None, fee: int, on: date) -> Answer:
    """Return the payer's newest answer of that day; before the first, what is expected."""
    for answer in reversed(one.answers):
        if answer.day <= on and payer is not None:
            return answer
    return Answer(date.max, fee if payer is None else min(one.client.copay, fee), 0, 0)


def _client(one: Appointment, *, late: bool) -> str:
    name = one.client.name
    return without_nickname(name) if name == NICKNAMED and not late else name


def _clinician(number: int, *, late: bool) -> str:
    return cast.SHOWN_AS if number == cast.RENAMED and late else cast.CLINICIANS[number].name


def _payer(number: int | None, *, late: bool) -> str:
    if number is None:
        return ""
    payer = cast.PAYERS[number]
    name = cast.PAYER_SHOWN_AS if number == cast.PAYER_RENAMED and late else payer.name
    return f"{name} ({payer.code})"


def _note(one: Appointment, shown: _Shown, on: date) -> str:
    if shown.missed or shown.day >= on or one.locked is None:
        return "NO NOTE"
    if one.locked <= on:
        return "LOCKED"
    return "DRAFT" if shown.minute % 120 == 0 else "NO NOTE"


def _client_status(charge: int, paid: int, uninvoiced: int, unpaid: int) -> str:
    if not charge and not paid:
        return "NO CHARGE"
    if uninvoiced:
        return "UNINVOICED"
    return "UNPAID" if unpaid > 0 else "PAID"


def _insurance_status(one: Appointment, answer: Answer, owed: int, on: date) -> str:
    if answer.day <= on:
        return "OVER" if owed < 0 else "PAID" if not owed else "UNPAID"
    if one.ours or one.sent is None or on < one.sent:
        return "UNBILLED"
    if one.rejected is not None and one.resent is not None and one.rejected <= on < one.resent:
        return "UNBILLED"
    return "PENDING" if one.pending is not None and one.pending <= on else "UNPAID"


def _each(words: Iterable[str]) -> str:
    """Return the words as SimplePractice writes several in a cell: a blank after each."""
    return "".join(f"{word} " for word in words)


def _dollars(cents: int) -> str:
    """Return an amount as SimplePractice writes it: ``160.0``, ``30.85``, ``-32.0``."""
    whole, part = divmod(abs(cents), 100)
    fraction = f"{part:02d}".removesuffix("0") if part else "0"
    return f"{'-' if cents < 0 else ''}{whole}.{fraction}"
