"""What stands on an account as a flag: deceased, bad address, do not bill, how and what to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fscdesk.models.patient import Guarantor, Patient, SendBy
from fscdesk.services.editing import apply_changes, locked, require_version, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.work import Topic, Work

__all__ = ["AccountFlags", "FlagsRow", "SendBy", "flags_of", "set_flags"]

LONGEST_TYPE = 24


@dataclass(frozen=True, slots=True)
class AccountFlags:
    """The flags of one account: ``deceased_on`` is the patient's, the others the guarantor's.

    ``billing_type`` is the office's own word, by which a statement run can choose accounts.
    """

    deceased_on: date | None = None
    bad_address: bool = False
    do_not_bill: bool = False
    billing_type: str = ""
    send_by: SendBy = SendBy.MAIL


@dataclass(frozen=True, slots=True)
class FlagsRow:
    """The flags of an account with the versions of the two records that hold them.

    ``email`` is where the guarantor's things go by e-mail; empty where none is known.
    """

    patient_id: int
    guarantor_id: int
    guarantor: str
    email: str
    fields: AccountFlags
    patient_version: int
    guarantor_version: int


def flags_of(work: Work, patient_id: int) -> FlagsRow:
    """Return the flags of an account. Raises Problem when there is none of that id."""
    patient = work.db.get(Patient, patient_id)
    if patient is None:
        raise Problem("This client is not in the books.", hint="Look at the list again.")
    pays = work.db.get_one(Guarantor, patient.guarantor_id)
    return FlagsRow(
        patient.id,
        pays.id,
        pays.name,
        pays.email,
        AccountFlags(
            patient.deceased_on,
            pays.bad_address,
            pays.do_not_bill,
            pays.billing_type,
            SendBy(pays.send_by),
        ),
        patient.version,
        pays.version,
    )


def set_flags(
    work: Work,
    patient_id: int,
    fields: AccountFlags,
    *,
    patient_version: int,
    guarantor_version: int,
) -> frozenset[str]:
    """Set the flags of an account, with old and new on record; return the names that changed.

    The guarantor's hold for everybody he pays for. Raises ChangedElsewhere when somebody else
    saved the patient or the guarantor first, Problem for a day that has not come, and for
    e-mail without an address.
    """
    require(work, Right.EDIT_PATIENTS, "change the flags of an account")
    patient = locked(work, Patient, patient_id, "this client")
    pays = locked(work, Guarantor, patient.guarantor_id, "this guarantor")
    require_version(patient, patient_version, "this client")
    require_version(pays, guarantor_version, "this guarantor")
    _require(work, patient, pays, fields)
    changed = apply_changes(
        work,
        patient,
        {"deceased_on": fields.deceased_on},
        action="flag_patient",
        noun="patient",
    )
    changed |= apply_changes(
        work,
        pays,
        {
            "bad_address": fields.bad_address,
            "do_not_bill": fields.do_not_bill,
            "billing_type": text_of(fields.billing_type, "the billing type", longest=LONGEST_TYPE),
            "send_by": fields.send_by,
        },
        action="flag_guarantor",
        noun="guarantor",
    )
    if changed:
        work.touch(Topic.PATIENTS)
    return changed


def _require(work: Work, patient: Patient, pays: Guarantor, fields: AccountFlags) -> None:
    died = fields.deceased_on
    if died is not None and died > work.today():
        raise Problem(
            f"{died:%m/%d/%Y} has not come yet.",
            hint="Nothing was saved. Change the day of death.",
        )
    if died is not None and patient.birth_date is not None and died < patient.birth_date:
        raise Problem(
            f"{died:%m/%d/%Y} lies before the date of birth.",
            hint="Nothing was saved. Change the day of death.",
        )
    if fields.send_by is SendBy.EMAIL and not pays.email.strip():
        raise Problem(
            "The guarantor has no e-mail address.",
            hint="Nothing was saved. Add the address first, or send by mail.",
        )
