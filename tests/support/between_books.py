"""Small books in which every place of the books has something that another place leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fscdesk.models.values import Money
from fscdesk.services.banking.reconciling import complete, start
from fscdesk.services.banking.typed_lines import type_line
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.work import Work
from tests.support.bank_books import day, entry, line, match, other_account, starts, suspense
from tests.support.deposits import deposit
from tests.support.payments import open_till, pay, received
from tests.support.remittance_acts import post
from tests.support.remittances_made import CONTRACT, claim, remittance
from tests.support.remittances_made import line as service_line


@dataclass(frozen=True)
class Between:
    """What stands in the books, by id.

    A remittance over 111.40 that was posted; a check of 160.00 in the drawer; a deposit of 30.00
    that the bank has not shown; 61.75 held; a fee of 15.00 on the operating account; 4.20 on the
    savings account, open; an entry of 22.00 that is matched with the line ``matched``; the line
    ``locked`` in March, which is reconciled as ``period``.
    """

    remittance: int
    check: int
    deposit: int
    held: int
    fee: int
    savings: int
    saved: int
    entry: int
    matched: int
    locked: int
    period: int


def books_between(office: Office) -> Between:
    """Make the books, and return what stands in them."""
    till = office.write(open_till).value
    answer = claim(1, service_line(till.copays[0], 111_40, CONTRACT, charge=130_00))
    ident = post(office, remittance(till.payer, answer))
    fee_of_ben = Application(till.own, Money(160_00))
    new = replace(pay(till, 160_00, fee_of_ben, reference="1047"), guarantor_id=till.ben_pays)
    check = received(office, new)
    second = Application(till.copays[1], Money(30_00))
    other = received(office, pay(till, 30_00, second, reference="1052"))
    made = deposit(office, other.payment_id)

    def bank(work: Work) -> tuple[int, ...]:
        account = starts(work, "3/1", 0)
        locked = line(work, "3/10", 33_00)
        match(work, [locked], [entry(work, "3/10", 33_00)])
        period = start(work, account, day("3/31"), Money(33_00))
        complete(work, period)
        held = line(work, "4/9", 61_75, "SOMETHING")
        suspense(work, held)
        fee = line(work, "4/8", -15_00, "MONTHLY FEE")
        savings = other_account(work)
        saved = type_line(work, savings, on=day("4/7"), amount=Money(4_20), words="INTEREST MAYBE")
        booked, banked = entry(work, "4/6", 22_00, "Refund of rent"), line(work, "4/6", 22_00)
        match(work, [banked], [booked])
        return held, fee, savings, saved, booked, banked, locked, period

    return Between(ident, check.payment_id, made.id, *office.write(bank).value)
