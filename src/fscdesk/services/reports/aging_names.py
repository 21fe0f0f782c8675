"""Names for the rows of aging: of payers, patients, guarantors, clinicians and sessions."""

# ruff: noqa: S608 - every name in these questions is our own; values are bound

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Select, bindparam, or_, select, text

from fscdesk.models.charge import Charge
from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.models.setting import Setting
from fscdesk.services.ledger.open_items import sources
from fscdesk.services.reports.aging_sums import By
from fscdesk.services.work import Work

PATIENT_WORD: Final = "patient_word"
"""The setting that says what the practice calls its patients; SimplePractice says Client."""
CHUNK = 500


class Named(NamedTuple):
    """What a row shows, and by what it is sorted."""

    name: str
    second: str
    sort: str


def names_of(
    work: Work, by: By, keys: Sequence[int], *, as_of: date, past: bool
) -> dict[int, Named]:
    """Return the names of these ids; a session's by the charges that were open on that day.

    A session may be moved or coded anew later. Its charges keep the facts of their own time, so
    that the report of a past day reads the same next year. ``past`` is what ``is_past`` says.
    """
    out: dict[int, Named] = {}
    if by is By.SESSION and keys:
        out = _sessions_then(work, set(keys), as_of, past=past)
        keys = [key for key in keys if key not in out]
    for start in range(0, len(keys), CHUNK):
        out.update(_some(work, by, keys[start : start + CHUNK]))
    return out


def patient_word(work: Work) -> str:
    """Return the practice's word for one patient: ``Client`` unless Setup says otherwise."""
    setting = work.db.get(Setting, PATIENT_WORD)
    return str(setting.value) if setting is not None and setting.value else "Client"


def patients_word(work: Work) -> str:
    """Return the word for several of them."""
    return f"{patient_word(work)}s"


def _some(work: Work, by: By, keys: Sequence[int]) -> Iterator[tuple[int, Named]]:
    for row in work.db.execute(_question(by, keys)):
        if by is By.SESSION:
            yield row.id, _session_named(row[1], row[2], [row[3]])
        else:
            yield row.id, Named(row[1], row[2], row[3].casefold())


def _sessions_then(work: Work, keys: set[int], as_of: date, *, past: bool) -> dict[int, Named]:
    """Name sessions by the charges that carry their balance on a day, voided since or not.

    One question for all keys, as the sums ask it; those that carry a credit alone are named by
    the charges that stood on the day. What has neither is left to its session.
    """
    columns = ("session_id", "position", "id")
    facts: dict[int, list[Any]] = {}
    for source in sources(columns, past=past):
        sql = (
            "SELECT i.session_id AS key, c.service_day AS day, c.code AS code, p.name AS name,"
            f" i.position AS position, i.id AS id FROM {source.sql}"
            " JOIN charge c ON c.id = i.id JOIN patient p ON p.id = c.patient_id"
            " WHERE i.insurance <> 0 OR i.patient <> 0"
        )
        asked = text(sql).columns(day=Date)
        if past:
            asked = asked.bindparams(bindparam("as_of", as_of, type_=Date))
        _gather(facts, keys, work.db.execute(asked))
    missing = sorted(keys - facts.keys())
    for start in range(0, len(missing), CHUNK):
        standing = (
            select(
                Charge.session_id.label("key"),
                Charge.service_day.label("day"),
                Charge.code.label("code"),
                Patient.name.label("name"),
                Charge.position.label("position"),
                Charge.id.label("id"),
            )
            .join(Patient, Patient.id == Charge.patient_id)
            .where(
                Charge.session_id.in_(missing[start : start + CHUNK]),
                Charge.first_day <= as_of,
                or_(Charge.voided_on.is_(None), Charge.voided_on > as_of),
            )
        )
        _gather(facts, keys, work.db.execute(standing))
    out = {}
    for key, found in facts.items():
        once = {row.id: row for row in found}  # a charge is open with its payer and its patient
        rows = sorted(once.values(), key=lambda row: (row.position, row.id))
        out[key] = _session_named(rows[0].day, rows[0].name, [row.code for row in rows])
    return out


def _gather(facts: dict[int, list[Any]], keys: set[int], rows: Iterable[Any]) -> None:
    for row in rows:
        if row.key in keys:
            facts.setdefault(row.key, []).append(row)


def _session_named(day: date, name: str, codes: Sequence[str]) -> Named:
    second = codes[0] if len(codes) == 1 else f"{codes[0]} +{len(codes) - 1}"
    return Named(f"{day:%m/%d/%Y} {name}", second, f"{day.isoformat()} {name}")


def _question(by: By, keys: Sequence[int]) -> Select[*tuple[Any, ...]]:
    if by is By.PAYER:
        return select(Payer.id, Payer.name, Payer.payer_code, Payer.name).where(Payer.id.in_(keys))
    if by is By.PATIENT:
        return select(Patient.id, Patient.name, Patient.number, Patient.sort_name).where(
            Patient.id.in_(keys)
        )
    if by is By.GUARANTOR:
        return select(Guarantor.id, Guarantor.name, Guarantor.number, Guarantor.name).where(
            Guarantor.id.in_(keys)
        )
    if by is By.PROVIDER:
        return select(Provider.id, Provider.name, Provider.credentials, Provider.name).where(
            Provider.id.in_(keys)
        )
    return (
        select(Session.id, Session.day, Patient.name, Session.code_text)
        .join(Patient, Patient.id == Session.patient_id)
        .where(Session.id.in_(keys))
    )
