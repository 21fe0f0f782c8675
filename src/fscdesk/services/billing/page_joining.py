"""Puts kept pages of several people one behind the other, to print them in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fscdesk.services.billing.documents import DocumentKind, document_bytes, kept
from fscdesk.services.billing.statement_files import PrintFile
from fscdesk.services.billing.statements import statement_pdf_of
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work


def joined_documents(work: Work, document_ids: Sequence[int]) -> bytes:
    """Return the pages of documents as one PDF, as they are kept. Raises Problem for none."""
    return _joined(work, (document_bytes(work, one) for one in document_ids), len(document_ids))


def joined_statements(work: Work, statement_ids: Sequence[int]) -> bytes:
    """Return the pages of statements as one PDF, as they are kept. Raises Problem for none."""
    return _joined(work, (statement_pdf_of(work, one) for one in statement_ids), len(statement_ids))


def page_of_invoice(work: Work, invoice_id: int) -> int:
    """Return the newest page of an invoice, marked VOID where it is. Raises Problem for none."""
    pages = kept(work, DocumentKind.INVOICE, invoice_id)
    if not pages:
        raise Problem("This invoice has no page.", hint="Nothing was printed.")
    return max(page.id for page in pages)


def _joined(work: Work, pages: Iterable[bytes], count: int) -> bytes:
    if not count:
        raise Problem("No page is chosen.", hint="Nothing was printed.")
    with PrintFile(two_sided=False) as together:
        for done, pdf in enumerate(pages):
            work.job.step(done, count, "Putting pages together")
            together.add(pdf)
        return together.pdf()
