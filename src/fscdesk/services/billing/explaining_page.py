"""The page of an explained balance: for who pays, kept as it was made."""

from __future__ import annotations

from dataclasses import dataclass

from fscdesk.models.document import DocumentKind
from fscdesk.models.patient import Guarantor
from fscdesk.services.billing.documents import document_number, keep
from fscdesk.services.billing.explaining import Explanation, for_patient
from fscdesk.services.billing.statement_docs import letterhead_of
from fscdesk.services.billing.statement_people import address_of
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.explanation import (
    ExplainedCharge,
    ExplainedStep,
    ExplanationDoc,
    explanation,
)
from fscdesk.services.printing.parties import Recipient
from fscdesk.services.work import Work


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    """A page that was made and kept."""

    document_id: int
    number: str
    pdf: bytes


def explanation_doc(work: Work, found: Explanation) -> ExplanationDoc:
    """Return what the page says, addressed to the one who pays for the account."""
    pays = work.db.get_one(Guarantor, found.guarantor_id)
    plain = for_patient(found)
    several = found.whole and pays.name != found.patient
    return ExplanationDoc(
        letterhead_of(work),
        pays.number,
        found.as_of,
        Recipient(pays.name, address_of(pays)),
        tuple(
            ExplainedCharge(
                None if one.charge_id is None else one.day,
                one.service,
                one.clinician,
                tuple(
                    ExplainedStep(step.day, step.sentence, step.amount, step.running)
                    for step in one.steps
                ),
                found.patient if several else "",
            )
            for one in plain.charges
        ),
        plain.client_owes,
    )


def make_explanation(work: Work, found: Explanation) -> ExplanationPage:
    """Draw the page for who pays, keep it, and return it.

    What was said to whom can be shown later: the page is kept with the account.
    """
    require(work, Right.MAKE_STATEMENTS, "print explanations")
    number = document_number(work, DocumentKind.EXPLANATION)
    pdf = explanation(explanation_doc(work, found))
    kept = keep(
        work,
        DocumentKind.EXPLANATION,
        found.patient_id,
        pdf,
        guarantor_id=found.guarantor_id,
        patient_id=found.patient_id,
        number=number,
    )
    return ExplanationPage(kept, number, pdf)
