"""Where the money stories happen: three people at three desks, and the accounts of the stories."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.invoice import InvoiceLine
from fscdesk.models.patient import Patient
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.plan import PlanCharge
from fscdesk.models.values import ZERO, Money, StaffId
from fscdesk.services.demo.at_office import Story
from fscdesk.services.demo.diary import Appointment
from fscdesk.services.demo.intake import Intake
from fscdesk.services.demo.people import Client
from fscdesk.services.demo.season import Season, workday
from fscdesk.services.office import Office
from fscdesk.services.payments.applying import Application
from fscdesk.services.payments.receiving import NewPayment, Received, Rest, receive
from fscdesk.services.setup.people import people
from fscdesk.services.work import Actor, Work

T = TypeVar("T")
CLERK, MANAGER = "demo.clerk", "demo.manager"


class Account(NamedTuple):
    """A client of a story, and who pays."""

    patient_id: int
    guarantor_id: int
    client: Client


class Scene:
    """The office with its people; knows whose account each story is about."""

    def __init__(
        self, office: Office, season: Season, intake: Intake, diary: Sequence[Appointment]
    ) -> None:
        self.office, self.season, self.diary = office, season, diary
        self._intake = intake
        self._people: dict[str, Actor] = {}
        self._checks = 1040

    def day(self, ago: int) -> date:
        """Return the workday that lies so many days back, or the next one; never after today."""
        return min(workday(self.season.today - timedelta(days=ago)), self.season.today)

    def clerk(self, act: Callable[[Work], T]) -> T:
        """Let the clerk do something, in a transaction of its own."""
        return self._do(act, CLERK)

    def manager(self, act: Callable[[Work], T]) -> T:
        """Let the manager do something, in a transaction of its own."""
        return self._do(act, MANAGER)

    def owner(self, act: Callable[[Work], T]) -> T:
        """Let the person at this computer do something."""
        return self.office.write(act).value

    def _do(self, act: Callable[[Work], T], login: str) -> T:
        if not self._people:
            rows = self.office.read(people)
            self._people = {row.login: Actor(StaffId(row.id), row.name) for row in rows}
        actor = self._people[login]
        return self.office.write(lambda work: act(replace(work, actor=actor))).value

    def accounts(self, *stories: Story) -> list[Account]:
        """Return the accounts of these stories that are in the books, in a fixed order."""
        return [one for client in self._intake.clients(stories) if (one := self.account(client))]

    def first(self, *stories: Story) -> Account | None:
        """Return the first account of these stories, by the order in which they are named."""
        for story in stories:
            found = self.accounts(story)
            if found:
                return found[0]
        return None

    def account(self, client: Client) -> Account | None:
        """Return the account of a client, or None before the client is in the books."""
        patient_id = self._intake.patient_id(client)
        if patient_id is None:
            return None
        found = select(Patient.guarantor_id).where(Patient.id == patient_id)
        guarantor_id = self.office.read(lambda work: work.db.scalars(found).one())
        return Account(patient_id, guarantor_id, client)

    def patient_id(self, client: Client) -> int | None:
        """Return a client's id in the books, or None before the client is there."""
        return self._intake.patient_id(client)

    def check_number(self) -> str:
        """Return the number of another paper check."""
        self._checks += 17
        return str(self._checks)


def owed(
    work: Work, patient_ids: Collection[int], *, until: date | None = None, bound: bool = False
) -> list[Charge]:
    """Return what clients owe of services until a day, oldest first.

    What stands on a plan or on an invoice is left out, unless ``bound`` asks for it too.
    """
    query = (
        select(Charge)
        .where(
            Charge.patient_id.in_(patient_ids),
            Charge.patient_balance > ZERO,
            Charge.voided_on.is_(None),
            Charge.service_day <= (until or work.today()),
        )
        .order_by(Charge.service_day, Charge.id)
    )
    if not bound:
        planned = select(PlanCharge.live).where(PlanCharge.live.is_not(None))
        invoiced = select(InvoiceLine.live).where(InvoiceLine.live.is_not(None))
        query = query.where(Charge.id.not_in(planned), Charge.id.not_in(invoiced))
    return list(work.db.scalars(query))


def take_check(
    work: Work,
    account: Account,
    charges: Sequence[Charge],
    number: str,
    *,
    over: int = 0,
    rest: Rest | None = None,
) -> Received:
    """Post a check that pays charges in full, and so many cents more, which stay a credit."""
    parts = tuple(Application(one.id, one.patient_balance) for one in charges)
    total = sum(one.amount.cents for one in parts) + over
    return receive(
        work,
        NewPayment(
            Money(total),
            PaymentMethod.CHECK,
            work.today(),
            guarantor_id=account.guarantor_id,
            reference=number,
            check_on=work.today() - timedelta(days=3),
            applications=parts,
            rest=rest or Rest(patient_id=account.patient_id),
        ),
    )
