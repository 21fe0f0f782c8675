"""Client details: addresses, contacts, kind and insurance of clients; unknown clients are made.

Nothing that a person typed here is overwritten without being asked, and taking the import back
gives each value back that was not changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from fscdesk.models.coverage import Policy
from fscdesk.models.import_batch import ImportBatch, ImportRow, Verdict
from fscdesk.models.patient import Guarantor, Patient, PatientKind
from fscdesk.models.session import Session
from fscdesk.services.errors import Finding, Severity
from fscdesk.services.importing.readers.client_details import ClientRow
from fscdesk.services.importing.report_signatures import CLIENT_DETAILS
from fscdesk.services.importing.reports.client_books import (
    NOUN,
    ClientBooks,
    read_client_books,
    seen_with,
)
from fscdesk.services.importing.reports.client_plan import (
    ON_GUARANTOR,
    ON_PATIENT,
    ClientStep,
    RowPlan,
)
from fscdesk.services.importing.reports_engine import (
    Applying,
    Decision,
    Kept,
    Named,
    Planning,
    ReportKind,
)
from fscdesk.services.importing.taking_back import delete_policies
from fscdesk.services.patients.names import fold
from fscdesk.services.spreadsheets.cells import read_payer
from fscdesk.services.work import Topic, Work

_ADDRESS = ("address1", "address2", "city", "state", "zip_code")


class ClientDetails(ReportKind[ClientRow]):
    """Fills and updates clients; a row is about one client, and a client has one row."""

    profile = CLIENT_DETAILS
    makes_clients = True
    makes_others = True
    one_row_each = True
    topics = (Topic.PATIENTS,)

    def named(self, row: ClientRow) -> Named:
        """Return client, clinician and primary payer; a contact is nobody's client."""
        if _is_contact(row):
            return Named()
        return Named(row.client, row.clinician, read_payer(row.payer))

    def begin(self, planning: Planning[ClientRow]) -> None:
        """Tell the resolving of names with whom each client has been."""
        planning.known.sessions = seen_with(planning.work)

    def which(self, planning: Planning[ClientRow], at: int, patients: Sequence[int]) -> int | None:
        """Tell clients of one name apart by the clinician with whom only one of them has been."""
        provider = planning.names.provider_of[at]
        there = {
            session.patient_id
            for session in planning.known.sessions
            if session.patient_id in patients and session.provider_id == provider
        }
        return there.pop() if len(there) == 1 else None

    def plan_row(self, planning: Planning[ClientRow], at: int, row: ClientRow) -> Decision:
        """Say what a row fills, changes, or asks."""
        patient_id = planning.patient(at)
        if _is_contact(row):
            return Decision(Verdict.SKIPPED, reason="A contact is no client")
        if patient_id is None:
            return Decision(Verdict.SKIPPED, reason=f"“{row.client}” could not be placed")
        books = _books(planning)
        other = books.taken.setdefault(patient_id, row.line)
        if other != row.line:
            reason = f"Row {other} is this client already"
            planning.findings.append(
                Finding(
                    "client-twice",
                    f"{reason}: two rows have one name and one clinician. Tell them apart in "
                    "SimplePractice, then export again.",
                    f"line {row.line}",
                    Severity.WARNING,
                )
            )
            return Decision(Verdict.SKIPPED, reason=reason)
        return RowPlan(planning, at, row, patient_id).decide()

    def apply(self, applying: Applying) -> None:
        """Write clients, guarantors and policies; remember what was there and what was said."""
        for step in applying.steps:
            wanted: ClientStep = step.step
            patient_id = applying.patient(wanted.patient_id)
            assert patient_id is not None
            was = _write(applying, patient_id, wanted)
            said = dict(wanted.said)
            if "provider_id" in said:
                said["provider_id"] = applying.provider(said["provider_id"])
            before = {"was": was, "said": said}
            applying.kept[step.row_id] = Kept(NOUN, patient_id, before)
        applying.work.db.flush()

    def later_work(self, work: Work, batch: ImportBatch) -> list[str]:
        """Name the sessions of clients that the batch made or brought back: they stand on it."""
        made = [
            patient_id
            for patient_id, verdict, was in _rows(work, batch)
            if verdict is Verdict.NEW or "withdrawn" in was.get("patient", {})
        ]
        count = work.db.scalar(
            select(func.count())
            .select_from(Session)
            .where(Session.patient_id.in_(made), Session.withdrawn_by.is_(None))
        )
        return [f"{count:,} sessions of clients that it made"] if count else []

    def undo(self, work: Work, batch: ImportBatch) -> int:
        """Give back each value that is still as the import wrote it; drop its policies."""
        count = 0
        for patient_id, _verdict, was in _rows(work, batch):
            patient = work.db.get(Patient, patient_id)
            if patient is not None:
                count += _give_back(work, patient, was)
        work.db.flush()
        # What a person changed since is a person's: it stays, and is no import's any more.
        work.db.execute(update(Policy).where(Policy.batch_id == batch.id).values(batch_id=None))
        work.db.expire_all()
        return count


def _books(planning: Planning[ClientRow]) -> ClientBooks:
    """Return what the books know of the clients of the rows, read when the first is planned."""
    if planning.state is None:
        ids = (planning.patient(at) for at in range(len(planning.report.rows)))
        planning.state = read_client_books(
            planning.work, (one for one in ids if one is not None), planning.known.providers
        )
    books: ClientBooks = planning.state
    return books


def _rows(work: Work, batch: ImportBatch) -> list[tuple[int, Verdict, dict[str, Any]]]:
    """Return client, verdict and what was there of each row that wrote, the last one first."""
    rows = work.db.execute(
        select(ImportRow.noun_id, ImportRow.verdict, ImportRow.before)
        .where(
            ImportRow.batch_id == batch.id,
            ImportRow.noun == NOUN,
            ImportRow.before.is_not(None),
        )
        .order_by(ImportRow.id.desc())
    ).all()
    return [
        (patient_id, Verdict(verdict), json.loads(text)["was"])
        for patient_id, verdict, text in rows
        if patient_id is not None and text is not None
    ]


def _is_contact(row: ClientRow) -> bool:
    return fold(row.kind) == "contact"


def _write(applying: Applying, patient_id: int, wanted: ClientStep) -> dict[str, Any]:
    """Write one client and return, by record and field, what was there and what is there now."""
    work, was = applying.work, dict[str, Any]()
    patient = work.db.get_one(Patient, patient_id, with_for_update=True)
    values = dict(wanted.values)
    if "provider_id" in values:
        values["provider_id"] = applying.provider(values["provider_id"])
    if "kind" in values:
        values["kind"] = PatientKind(values["kind"])
    own = {key: values[key] for key in ON_PATIENT if key in values}
    if own:
        was["patient"] = _set(patient, own)
    if "withdrawn" in own:  # names that are used wake before anything is written
        was["patient"]["withdrawn"] = [True, False]
    pays = {key: values[key] for key in ON_GUARANTOR if key in values}
    if pays:
        guarantor = work.db.get_one(Guarantor, patient.guarantor_id, with_for_update=True)
        was["guarantor"] = {"id": guarantor.id, "fields": _set(guarantor, _columns(pays))}
    if wanted.policy_id is not None and "member_id" in values:
        policy = work.db.get_one(Policy, wanted.policy_id, with_for_update=True)
        member = {"member_id": str(values["member_id"])}
        was["policy"] = {"id": policy.id, "fields": _set(policy, member)}
    if wanted.policy is not None:
        payer_id = applying.payer(wanted.policy.payer_id)
        assert payer_id is not None
        policy = Policy(
            patient_id=patient_id,
            payer_id=payer_id,
            rank=1,
            member_id=wanted.policy.member_id,
            valid_from=wanted.policy.valid_from,
            batch_id=applying.batch.id,
        )
        work.db.add(policy)
        work.db.flush()
        was["new_policy"] = {"id": policy.id, "as_made": _typed(policy)}
    return was


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for key, value in values.items():
        if key == "address":
            columns |= dict(zip(_ADDRESS, value, strict=True))
        else:
            columns["name" if key == "payer_name" else key] = value
    return columns


def _set(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set values and return [old, new] of each that differs, as JSON keeps them."""
    changed = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            changed[name] = [_plain(old), _plain(value)]
    return changed


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, PatientKind) else value


def _give_back(work: Work, patient: Patient, was: Mapping[str, Any]) -> int:
    count = _put_back(patient, was.get("patient", {}))
    pays = was.get("guarantor")
    if pays is not None:
        guarantor = work.db.get(Guarantor, pays["id"])
        if guarantor is not None:
            count += _put_back(guarantor, pays["fields"])
    kept = was.get("policy")
    if kept is not None:
        policy = work.db.get(Policy, kept["id"])
        if policy is not None:
            count += _put_back(policy, kept["fields"])
    made = was.get("new_policy")
    if made is not None:
        policy = work.db.get(Policy, made["id"])
        if policy is not None and _typed(policy) == made["as_made"]:
            work.db.flush()
            count += delete_policies(work, select(Policy.id).where(Policy.id == policy.id))
    return count


def _put_back(row: Any, changed: Mapping[str, Any]) -> int:
    count = 0
    for name, (old, new) in changed.items():
        if _plain(getattr(row, name)) == new:
            setattr(row, name, PatientKind(old) if name == "kind" else old)
            count += 1
    return count


def _typed(policy: Policy) -> list[Any]:
    """Return what a person could have changed of a policy, as JSON keeps it."""
    end = None if policy.valid_to is None else policy.valid_to.isoformat()
    more = (policy.copay, policy.coinsurance_percent, policy.deductible)
    return [
        *(policy.member_id, policy.group_number or "", policy.valid_from.isoformat(), end),
        *(None if one is None else str(one) for one in more),
    ]
