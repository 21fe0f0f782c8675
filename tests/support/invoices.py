"""A practice that can write to people, with invoices of the little till."""

from __future__ import annotations

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.document import SentBy
from fscdesk.models.invoice import Invoice
from fscdesk.models.patient import Guarantor
from fscdesk.models.practice import Practice
from fscdesk.models.setting import Setting
from fscdesk.models.values import Money
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.invoice_listing import (
    InvoiceFilter,
    InvoiceRow,
    page_of_invoices,
)
from fscdesk.services.billing.invoices import (
    Chosen,
    InvoicesMade,
    Terms,
    make_invoices,
    plan_invoices,
    send_invoices,
)
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.payments import Till, open_till
from tests.support.pdf import page_texts

EVERYBODY, USUAL = Chosen(), Terms()


def open_practice(work: Work) -> Till:
    """The little till, with an address for the practice and for both who pay."""
    practice = work.db.get_one(Practice, 1)
    practice.address1, practice.city = "1 Sample Street", "Nowhere"
    practice.state, practice.zip_code = "NJ", "07000"
    practice.email, practice.phone = "billing@springs.example", "555-0100"
    till = open_till(work)
    for guarantor in work.db.scalars(select(Guarantor)):
        guarantor.address1, guarantor.city = f"{guarantor.id} Fictional Lane", "Elsewhere"
        guarantor.state, guarantor.zip_code = "NJ", "07001"
        guarantor.email = f"payer{guarantor.id}@mail.example"
    work.db.flush()
    return till


def invoiced(
    books: Office,
    chosen: Chosen = EVERYBODY,
    terms: Terms = USUAL,
    *,
    key: str | None = None,
) -> InvoicesMade:
    """Make what the plan says."""

    def act(work: Work) -> InvoicesMade:
        return make_invoices(work, plan_invoices(work, chosen, terms), request_key=key)

    return books.write(act).value


def sent(books: Office, chosen: Chosen = EVERYBODY, terms: Terms = USUAL) -> InvoicesMade:
    """Make and send."""
    made = invoiced(books, chosen, terms)
    ids = [one.id for one in made.invoices]
    books.write(lambda work: send_invoices(work, ids, SentBy.PRINT))
    return made


def listed(books: Office, **how: object) -> dict[str, InvoiceRow]:
    """Every invoice by number."""

    def ask(work: Work) -> dict[str, InvoiceRow]:
        page = page_of_invoices(work, InvoiceFilter(), Span(0, 50, "number"), **how)  # type: ignore[arg-type]
        assert page.total == len(page.rows)
        assert page.totals["open"] == Money(sum(row.open.cents for row in page.rows))
        return {row.number: row for row in page.rows}

    return books.read(ask)


def text_of_page(books: Office, document_id: int) -> str:
    """The words of a page that is kept."""
    return "\n".join(page_texts(books.read(lambda work: document_bytes(work, document_id))))


def set_to(books: Office, key: str, value: object) -> None:
    """Set a setting of the practice."""

    def act(work: Work) -> None:
        work.db.merge(
            Setting(key=key, value=value, changed_by=work.actor.staff_id, changed_at=work.now())
        )

    books.write(act)


def session_of(work: Work, charge_id: int) -> int:
    """The session of a charge."""
    found = work.db.get_one(Charge, charge_id).session_id
    assert found is not None
    return found


def version_of(books: Office, invoice_id: int) -> int:
    """The version that a person sees now."""
    return books.read(lambda work: work.db.get_one(Invoice, invoice_id).version)
