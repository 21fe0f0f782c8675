"""Reads the client details report: addresses, contacts and insurance of clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.services.importing.readers.report_cells import ReportCells
from fscdesk.services.importing.readers.report_reading import Shape, Step, read_rows
from fscdesk.services.importing.readers.report_rows import ReportFile
from fscdesk.services.importing.recognising import Recognised
from fscdesk.services.spreadsheets.files import SourceFile

_CLIENT_KINDS = frozenset({"adult", "minor", "couple", "child", "family", "contact"})
_STATUSES = frozenset({"active", "inactive", "archived", "prospective"})


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client. The report has no id, and two clients may have one name.

    ``payer`` is as the report writes it, ``Name (payer id)``; ``cells.read_payer`` takes it
    apart. Days are None and texts blank where the report has nothing.
    """

    line: int
    raw: str
    client: str
    kind: str
    added_on: date | None
    clinician: str
    last_day: date | None
    next_day: date | None
    address: str
    city: str
    state: str
    zip_code: str
    phone: str
    email: str
    contact_name: str
    contact_phone: str
    contact_email: str
    payer: str
    member_id: str
    status: str


def _row(cells: ReportCells) -> ClientRow:
    return ClientRow(
        line=cells.line,
        raw=cells.raw,
        client=cells.need("client"),
        kind=cells.word("kind", _CLIENT_KINDS),
        added_on=cells.day_or_none("added_on"),
        clinician=cells.name("clinician"),
        last_day=cells.day_or_none("last_day"),
        next_day=cells.day_or_none("next_day"),
        address=cells.text("address"),
        city=cells.text("city"),
        state=cells.text("state"),
        zip_code=cells.zip_code("zip_code"),
        phone=cells.text("phone"),
        email=cells.text("email"),
        contact_name=cells.name("contact_name"),
        contact_phone=cells.text("contact_phone"),
        contact_email=cells.text("contact_email"),
        payer=cells.name("payer"),
        member_id=cells.reference("member_id"),
        status=cells.word("status", _STATUSES) if cells.has("status") else "",
    )


def read_client_details(
    source: SourceFile, recognised: Recognised, *, progress: Step | None = None
) -> ReportFile[ClientRow]:
    """Read the report; it has no amounts and no day of its own.

    Raises Problem as read_rows does.
    """
    shape = Shape(_row, keys=("client", "kind", "added_on"))
    return read_rows(source, recognised, shape, progress=progress)
