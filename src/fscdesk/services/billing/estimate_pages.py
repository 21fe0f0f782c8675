"""The page of a good-faith estimate: drawn once, kept, and given again as it was."""

from __future__ import annotations

from fscdesk.models.document import DocumentKind
from fscdesk.models.estimate import Estimate
from fscdesk.models.patient import Patient
from fscdesk.services.billing.documents import Kept, keep, kept, kept_document
from fscdesk.services.billing.estimates import estimate_document
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.estimate import estimate
from fscdesk.services.work import Work


def keep_estimate(work: Work, estimate_id: int) -> Kept:
    """Return the kept page of an estimate, drawn now if it never was.

    Raises Problem when there is no such estimate, and without a date of birth.
    """
    require(work, Right.MAKE_INVOICES, "print estimates")
    before = kept(work, DocumentKind.ESTIMATE, estimate_id)
    if before:
        return before[0]
    pdf = estimate(estimate_document(work, estimate_id))
    row = work.db.get_one(Estimate, estimate_id)
    pays = work.db.get_one(Patient, row.patient_id).guarantor_id
    document = keep(
        work, DocumentKind.ESTIMATE, estimate_id, pdf, "", pays, row.patient_id, row.number
    )
    return kept_document(work, document)
