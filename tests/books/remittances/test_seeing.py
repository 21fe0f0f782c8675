"""Who may see what payers paid for clients."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fscdesk.models.staff import Role
from fscdesk.services.claims.denial_detail import denial_detail
from fscdesk.services.claims.denials import DenialFilter, page_of_denials
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.remittances.answered import Plb
from fscdesk.services.remittances.detail import remittance_page, remittance_text
from fscdesk.services.remittances.listing import RemittanceFilter, page_of_remittances
from fscdesk.services.remittances.recoupment_detail import item_detail
from fscdesk.services.remittances.recoupment_list import ItemFilter, items_by_payer, page_of_items
from fscdesk.services.remittances.recoupments import recoupments
from fscdesk.services.remittances.underpayments import UnderpaymentFilter, page_of_underpayments
from fscdesk.services.work import Work
from tests.support.payments import Till
from tests.support.remittance_acts import post
from tests.support.remittances_made import claim, line, remittance
from tests.support.second_person import second_person

MONEY: dict[str, Callable[[Work], object]] = {
    "page_of_remittances": lambda work: page_of_remittances(
        work, RemittanceFilter(), Span(0, 9, "paid")
    ),
    "remittance_page": lambda work: remittance_page(work, 1),
    "page_of_items": lambda work: page_of_items(work, ItemFilter(), Span(0, 9, "on")),
    "items_by_payer": items_by_payer,
    "item_detail": lambda work: item_detail(work, 1),
    "recoupments": recoupments,
    "page_of_underpayments": lambda work: page_of_underpayments(
        work, UnderpaymentFilter(), Span(0, 9, "short")
    ),
}
DENIED: dict[str, Callable[[Work], object]] = {
    "page_of_denials": lambda work: page_of_denials(work, DenialFilter(), Span(0, 9, "deadline"))
}


@pytest.fixture
def posted(books: Office, till: Till) -> None:
    """A remittance with a recoupment, posted."""
    taken = [Plb(1, "WO", "A-1", 30_00)]
    post(books, remittance(till.payer, claim(1, line(till.copays[0], 130_00)), plbs=taken))


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize("name", [*MONEY, *DENIED])
def test_a_clinician_without_rights_sees_none_of_it(books: Office, name: str) -> None:
    nobody = second_person(books, Role.PROVIDER)
    with pytest.raises(Problem, match="You may not see"):
        nobody.read((MONEY | DENIED)[name])


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ACCOUNTING, Role.BILLING_CLERK, Role.CFO])
def test_whoever_reads_reports_or_posts_sees_it(books: Office, role: Role) -> None:
    somebody = second_person(books, role)
    for look in (MONEY | DENIED).values():
        assert look is not None
        somebody.read(look)


@pytest.mark.usefixtures("posted")
def test_the_text_of_a_file_and_a_denial_alone_are_not_shown_either(books: Office) -> None:
    nobody = second_person(books, Role.PROVIDER)
    with pytest.raises(Problem, match="You may not see remittances"):
        nobody.read(lambda work: remittance_text(work, 1))
    with pytest.raises(Problem, match="You may not see denials"):
        nobody.read(lambda work: denial_detail(work, None))  # type: ignore[arg-type]
