"""Names for the rows of aging: of payers, patients, guarantors, clinicians and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, select

from fscdesk.models.patient import Guarantor, Patient
from fscdesk.models.payer import Payer
from fscdesk.models.provider import Provider
from fscdesk.models.session import Session
from fscdesk.models.setting import Setting
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


def names_of(work: Work, by: By, keys: Sequence[int]) -> dict[int, Named]:
    """Return the names of these ids."""
    out: dict[int, Named] = {}
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
            day, name, second = row[1], row[2], row[3]
            yield row.id, Named(f"{day:%m/%d/%Y} {name}", second, f"{day.isoformat()} {name}")
        else:
            yield row.id, Named(row[1], row[2], row[3].casefold())


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
