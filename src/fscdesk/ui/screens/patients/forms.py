"""What is typed of a patient and of who pays: fields with what each of them brings about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from fscdesk.services.patients.changing import PatientFields, edit_patient
from fscdesk.services.patients.details import CLAIM_FIELDS
from fscdesk.services.patients.guarantors import (
    GuarantorFields,
    GuarantorRow,
    edit_guarantor,
    guarantor,
)
from fscdesk.services.patients.queries import PatientDetail, patient_detail
from fscdesk.services.setup.numbers import SEXES, email_of, state_of, zip_of
from fscdesk.services.setup.providers import providers
from fscdesk.services.work import Work
from fscdesk.ui.forms.amounts import DateField
from fscdesk.ui.forms.bound import rule_of
from fscdesk.ui.forms.fields import CheckField, ChoiceField, TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.forms.record_pane import Options, Record, RecordAct
from fscdesk.ui.screen import PracticeFacts
from fscdesk.ui.screens.patients.wording import KIND_WORDS


def guarantor_record(
    patient_id: int, change: Callable[[GuarantorRow], object]
) -> Record[GuarantorRow, GuarantorFields]:
    """Return how the guarantor of a patient is edited; ``change`` lets somebody else pay."""

    def rows(work: Work) -> tuple[GuarantorRow, ...]:
        return (guarantor(work, patient_detail(work, patient_id).guarantor.id),)

    return Record(
        noun="guarantor",
        heading="Who pays",
        rows=rows,
        fields_of=lambda row: row.fields,
        blank=lambda: GuarantorFields(""),
        build=build_guarantor,
        name_of=lambda fields: fields.name,
        edit=lambda work, row, fields: edit_guarantor(
            work, row.id, fields, expected_version=row.version
        ),
        line_of=lambda row: f"Guarantor {row.number}, pays for {_and(row.patients)}",
        acts=(RecordAct("Somebody else pays…", change, "users"),),
    )


def patient_record(
    practice: PracticeFacts, patient_id: int, today: Callable[[], date]
) -> Record[PatientDetail, PatientFields]:
    """Return how a patient is edited."""
    return Record(
        noun=practice.patient.lower(),
        heading=f"The {practice.patient.lower()}",
        rows=lambda work: (patient_detail(work, patient_id),),
        fields_of=patient_fields,
        blank=lambda: PatientFields(""),
        build=partial(build_patient, practice, today),
        name_of=lambda fields: fields.name,
        edit=lambda work, row, fields: edit_patient(
            work, row.id, fields, expected_version=row.version
        ),
        line_of=lambda row: f"{practice.patient} {row.number}",
        options=clinician_options,
    )


def patient_fields(row: PatientDetail) -> PatientFields:
    """Return what the form shows of a patient."""
    return PatientFields(
        row.name,
        row.kind,
        row.birth_date,
        row.provider_id,
        row.active,
        **{name: getattr(row, name) for name in CLAIM_FIELDS},
    )


def clinician_options(work: Work) -> Options:
    """Return the clinicians who can be chosen."""
    return {"provider_id": [(row.id, row.fields.name) for row in providers(work)]}


def build_guarantor(form: Form) -> None:
    """Add the fields of a guarantor."""
    form.row(name=TextField("Name", hint="Stands above the address on statements."))
    form.row(
        address1=TextField("Address", optional=True),
        address2=TextField("Second line", optional=True),
    )
    form.row(
        city=TextField("City", optional=True),
        state=TextField("State", optional=True, longest=20, rule=rule_of(state_of)),
    )
    form.row(
        zip_code=TextField("ZIP code", optional=True, longest=20, rule=rule_of(zip_of)),
        phone=TextField("Phone", optional=True),
    )
    form.row(email=TextField("E-mail", optional=True, rule=rule_of(email_of)))
    form.row(
        bad_address=CheckField(
            "Bad address", hint="Mail came back: statements wait, the proof list says why."
        ),
        do_not_bill=CheckField("Do not bill", hint="No statement is made, whatever is owed."),
    )


def build_patient(practice: PracticeFacts, today: Callable[[], date], form: Form) -> None:
    """Add the fields of a patient."""
    patient = practice.patient.lower()
    form.row(name=TextField("Name", hint="A former name stays a spelling that imports know."))
    form.row(
        kind=ChoiceField(
            "Kind", list(KIND_WORDS.items()), "adult", hint="A couple has its own account."
        ),
        birth_date=DateField(
            "Date of birth", today=today, optional=True, rule=partial(_born, today)
        ),
    )
    form.row(
        provider_id=ChoiceField[int](
            "Clinician", optional=True, hint=f"Who sees this {patient}: for lists and reminders."
        )
    )
    form.row(active=CheckField("Active", value=True, hint="Inactive: nothing new is expected."))
    form.heading("On claims")
    form.row(
        first_name=TextField(
            "First name", optional=True, longest=35, hint="Where it does not follow from the name."
        ),
        last_name=TextField("Last name", optional=True, longest=60),
    )
    form.row(
        sex=ChoiceField("Sex", list(SEXES.items()), "", hint="Box 3 of a claim."),
        phone=TextField("Phone", optional=True),
    )
    form.row(
        address1=TextField("Address", optional=True, hint="Empty: that of who pays."),
        address2=TextField("Second line", optional=True),
    )
    form.row(
        city=TextField("City", optional=True),
        state=TextField("State", optional=True, longest=20, rule=rule_of(state_of)),
    )
    form.row(
        zip_code=TextField("ZIP code", optional=True, longest=20, rule=rule_of(zip_of)),
        hold_claims=CheckField("Hold claims", hint="Nothing goes to a payer until this is off."),
    )


def _born(today: Callable[[], date], day: date) -> str:
    return "" if day <= today() else f"{day:%m/%d/%Y} has not come yet."


def _and(names: tuple[str, ...]) -> str:
    if not names:
        return "nobody"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
