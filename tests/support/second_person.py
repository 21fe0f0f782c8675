"""Somebody else at another desk of the same books: for approvals, rights, and lost races."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event
from typing import Any

from sqlalchemy import delete

from fscdesk.models.staff import Role, RoleRight, Staff, StaffRole
from fscdesk.models.values import StaffId
from fscdesk.services.office import Office
from fscdesk.services.permissions import Right
from fscdesk.services.work import Actor, Work

_logins = count(1)


def second_person(
    books: Office, *roles: Role, name: str = "Wren Otherdesk", login: str = ""
) -> Office:
    """Return the same books as another member of the staff with these roles sees them.

    Without a role the person has no right at all. The office shares the engine of ``books``:
    it need not be closed.
    """
    known_as = login or f"person-{next(_logins)}"

    def hire(work: Work) -> int:
        person = Staff(login=known_as, name=name, created_at=work.now())
        work.db.add(person)
        work.db.flush()
        work.db.add_all(StaffRole(staff_id=person.id, role=role) for role in roles)
        return person.id

    staff_id = books.write(hire).value
    return Office(
        books._engine,
        actor=Actor(StaffId(staff_id), name),
        zone=books.zone,
        name=books.name,
        where=books.where,
        now=books._now,
    )


def manager(books: Office) -> Office:
    """Return the desk of a billing manager: approves refunds, and write-offs up to $500."""
    return second_person(books, Role.BILLING_MANAGER, name="Mara Nager")


def clerk(books: Office) -> Office:
    """Return the desk of a billing clerk: posts, adjusts, approves write-offs up to $50."""
    return second_person(books, Role.BILLING_CLERK, name="Cleo Clerkson")


def nobody(books: Office) -> Office:
    """Return the desk of somebody without any right."""
    return second_person(books, name="Nemo Norights")


def without(books: Office, *rights: Right) -> Office:
    """Return the desk of a billing manager from whose role these rights were taken."""

    def take(work: Work) -> None:
        work.db.execute(
            delete(RoleRight).where(
                RoleRight.role == Role.BILLING_MANAGER,
                RoleRight.right.in_([right.value for right in rights]),
            )
        )

    other = manager(books)
    books.write(take)
    return other


def at_once(*acts: tuple[Office, Callable[[Work], Any]]) -> list[Any]:
    """Run acts at several desks in the same moment, each in a transaction of its own.

    Returns what each returned, or the exception that refused it, in their order.
    """
    gate = Barrier(len(acts))

    def run(one: tuple[Office, Callable[[Work], Any]]) -> Any:
        office, act = one
        gate.wait(timeout=20)
        try:
            return office.write(act).value
        except Exception as refused:  # noqa: BLE001 - the caller looks at what it was
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def before_saving(
    first: tuple[Office, Callable[[Work], Any]], second: tuple[Office, Callable[[Work], Any]]
) -> list[Any]:
    """Run the first act and, before it is saved, the second at its desk; return both outcomes.

    The first waits until the second is through, or for a moment where that one has to wait for it.
    """
    acted, through = Event(), Event()

    def act(work: Work) -> Any:
        value = first[1](work)
        work.db.flush()
        acted.set()
        through.wait(1.5)
        return value

    def run(office: Office, does: Callable[[Work], Any]) -> Any:
        try:
            return office.write(does).value
        except Exception as refused:  # noqa: BLE001 - the caller looks at what it was
            return refused

    def follow() -> Any:
        acted.wait(timeout=20)
        try:
            return run(*second)
        finally:
            through.set()

    with ThreadPoolExecutor(2) as pool:
        both = pool.submit(run, first[0], act), pool.submit(follow)
        return [one.result() for one in both]


def winners(outcomes: Iterable[Any]) -> list[Any]:
    """Return what was not refused."""
    return [one for one in outcomes if not isinstance(one, Exception)]


def refusals(outcomes: Iterable[Any]) -> list[Exception]:
    """Return the refusals."""
    return [one for one in outcomes if isinstance(one, Exception)]
