"""An agency, and what is handed to it, in a line each."""

from __future__ import annotations

from fscdesk.services.billing.agencies import AgencyFields
from fscdesk.services.billing.collection_reading import CaseRow, case_detail
from fscdesk.services.billing.collections import NewPlacement, Placed, place
from fscdesk.services.office import Office

AGENCY = AgencyFields("Fictional Recovery", 3000, contact="Cora Collect", phone="555-0199")


def placed(books: Office, new: NewPlacement) -> Placed:
    """Hand something over."""
    return books.write(lambda work: place(work, new)).value


def case_row(books: Office, case_id: int) -> CaseRow:
    """A case as the list shows it."""
    return books.read(lambda work: case_detail(work, case_id)).row
