"""All things of the queue: who may see which, read once until something changes, in one order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Final

from fscdesk.services.permissions import Right, may
from fscdesk.services.queue import (
    answered_items,
    around_claims,
    bank_items,
    bills,
    books_items,
    claim_items,
    claims,
    corrected_facts,
    money,
    money_items,
    office_items,
    portals,
    remittance_items,
    reported,
    session_items,
)
from fscdesk.services.queue.groups import Group, as_items
from fscdesk.services.queue.items import SHOWN, ItemKind, ItemReader, QueueItem
from fscdesk.services.remembering import remembered
from fscdesk.services.reports.needs_you import Urgency
from fscdesk.services.work import Topic, Work

__all__ = ["READERS", "ItemKind", "QueueItem", "lost_first", "read_items"]

_NAMES: Final = frozenset({Topic.PATIENTS, Topic.PAYERS, Topic.PROVIDERS, Topic.STAFF})
_CLAIMS: Final = _NAMES | {Topic.CLAIMS, Topic.SESSIONS, Topic.LEDGER, Topic.IMPORTS}
_MONEY: Final = _NAMES | {
    *(Topic.PAYMENTS, Topic.LEDGER, Topic.IMPORTS, Topic.REMITTANCES, Topic.APPROVALS),
    *(Topic.SESSIONS, Topic.SETTINGS),
}
_BANK: Final = _MONEY | {Topic.BANK, Topic.BOOKS}
_BILLS: Final = _NAMES | {
    *(Topic.STATEMENTS, Topic.PLANS, Topic.LEDGER, Topic.PAYMENTS, Topic.APPROVALS),
    *(Topic.SETTINGS, Topic.DOCUMENTS, Topic.INVOICES),
}
_ACCOUNTS: Final = _BILLS | {
    *(Topic.COLLECTIONS, Topic.SESSIONS, Topic.CLAIMS, Topic.IMPORTS, Topic.SERVICES),
    *(Topic.REMITTANCES, Topic.PRACTICE),
}
"""What a plan over all accounts goes by."""
_BOOKS: Final = frozenset({Topic.BOOKS, Topic.LEDGER})
_FILES: Final = frozenset(
    {Topic.IMPORTS, Topic.SESSIONS, Topic.SERVICES, Topic.LEDGER, Topic.PATIENTS}
)
_DENIED: Final = _CLAIMS | {Topic.REMITTANCES, Topic.PAYMENTS}
_K = ItemKind


def _group(
    kinds: tuple[ItemKind, ...],
    right: Right,
    topics: frozenset[Topic],
    read: Callable[[Work], Iterator[Group]],
) -> ItemReader:
    return ItemReader(kinds, right, topics, as_items(read), grave=False)


READERS: Final[tuple[ItemReader, ...]] = (
    ItemReader((_K.DENIED,), Right.MAKE_CLAIMS, _DENIED, claim_items.denied),
    ItemReader((_K.DENIED,), Right.MAKE_CLAIMS, _DENIED, session_items.denied_sessions),
    ItemReader((_K.REJECTED,), Right.MAKE_CLAIMS, _CLAIMS, claim_items.rejected),
    ItemReader((_K.DEADLINE,), Right.MAKE_CLAIMS, _CLAIMS, claim_items.deadlines),
    ItemReader((_K.HELD,), Right.MAKE_CLAIMS, _CLAIMS, claim_items.held),
    _group((_K.READY,), Right.MAKE_CLAIMS, _CLAIMS, claims.ready),
    _group((_K.TO_ENTER,), Right.SEND_CLAIMS, _CLAIMS, portals.to_type_in),
    ItemReader((_K.FOLLOW_UP,), Right.MAKE_CLAIMS, _CLAIMS, claim_items.follow_up, grave=False),
    ItemReader((_K.SILENT,), Right.MAKE_CLAIMS, _CLAIMS, claim_items.silent),
    ItemReader((_K.SILENT,), Right.MAKE_CLAIMS, _CLAIMS, session_items.silent_sessions),
    _group((_K.ACKNOWLEDGMENT,), Right.SEND_CLAIMS, _CLAIMS, around_claims.unmatched),
    ItemReader((_K.UNBILLED,), Right.MAKE_CLAIMS, _CLAIMS, session_items.unbilled),
    ItemReader((_K.NOT_READY,), Right.MAKE_CLAIMS, _CLAIMS, session_items.not_ready),
    ItemReader((_K.UNDOCUMENTED,), Right.SEE_REPORTS, _CLAIMS, session_items.undocumented),
    ItemReader((_K.REMITTANCE,), Right.POST_PAYMENT, _MONEY, remittance_items.not_posted),
    ItemReader((_K.REMITTANCE,), Right.POST_PAYMENT, _MONEY, remittance_items.money_went_back),
    ItemReader((_K.UNPOSTED,), Right.POST_PAYMENT, _MONEY, remittance_items.unposted, grave=False),
    ItemReader(
        (_K.RECOUPMENT,), Right.POST_PAYMENT, _MONEY, remittance_items.open_recoupments, grave=False
    ),
    ItemReader(
        (_K.UNDERPAID,), Right.POST_PAYMENT, _MONEY, remittance_items.underpaid, grave=False
    ),
    ItemReader(
        (_K.CORRECTED,), Right.EDIT_PATIENTS, _MONEY, corrected_facts.corrected_facts, grave=False
    ),
    ItemReader((_K.OVERPAID,), Right.SEE_REPORTS, _MONEY, money_items.overpaid),
    ItemReader((_K.OVERPAID,), Right.SEE_REPORTS, _MONEY, answered_items.clients_overpaid),
    ItemReader((_K.MONEY_OFF,), Right.POST_PAYMENT, _MONEY, answered_items.money_off, grave=False),
    ItemReader((_K.CREDIT,), Right.POST_PAYMENT, _MONEY, money_items.credits_left),
    ItemReader((_K.REFUND,), Right.REFUND, _MONEY, money_items.refunds),
    _group((_K.RETURNED,), Right.POST_PAYMENT, _MONEY, money.returned),
    ItemReader((_K.CLEARING,), Right.SEE_REPORTS, _MONEY, money_items.clearing, grave=False),
    ItemReader(
        (_K.MONEY_MISSING,), Right.POST_PAYMENT, _BANK, bank_items.money_missing, grave=False
    ),
    ItemReader(
        (_K.MONEY_UNNAMED,), Right.POST_PAYMENT, _BANK, bank_items.money_unnamed, grave=False
    ),
    _group((_K.BANK_LINES,), Right.RECONCILE, _BANK, bank_items.bank_lines),
    ItemReader((_K.NOT_BANKED,), Right.RECONCILE, _BANK, bank_items.not_banked, grave=False),
    _group((_K.TO_DEPOSIT,), Right.MAKE_DEPOSITS, _BANK, bank_items.to_deposit),
    ItemReader((_K.RECURRING,), Right.KEEP_BOOKS, _BOOKS, books_items.recurring_due, grave=False),
    ItemReader((_K.AUTHORIZATION,), Right.MAKE_CLAIMS, _CLAIMS, office_items.authorizations),
    ItemReader((_K.INSTALMENT,), Right.MANAGE_PLANS, _BILLS, office_items.instalments),
    _group((_K.PLAN_DUE,), Right.MANAGE_PLANS, _BILLS, bills.plan_dues),
    ItemReader(
        (_K.APPROVAL,),
        None,
        _BILLS | _MONEY,
        office_items.approvals,
        personal=True,
        grave=False,
    ),
    _group((_K.STATEMENT_RUN,), Right.MAKE_STATEMENTS, _ACCOUNTS, bills.statement_run),
    _group((_K.STATEMENT_HELD,), Right.MAKE_STATEMENTS, _ACCOUNTS, bills.held_statements),
    ItemReader(
        (_K.STATEMENTS,), Right.MAKE_STATEMENTS, _BILLS, office_items.unsent_statements, grave=False
    ),
    _group((_K.INVOICE_CHANGED,), Right.MAKE_INVOICES, _ACCOUNTS, bills.changed_invoices),
    _group((_K.INVOICE_DRAFT,), Right.MAKE_INVOICES, _ACCOUNTS, bills.draft_invoices),
    _group((_K.REMINDER,), Right.MAKE_INVOICES, _ACCOUNTS, bills.reminders),
    _group((_K.COLLECTION,), Right.MANAGE_COLLECTIONS, _ACCOUNTS, bills.collections),
    _group((_K.WRITE_OFF,), Right.ADJUST, _ACCOUNTS, bills.write_offs),
    _group((_K.GONE, _K.UNANSWERED, _K.NEW_CODES), Right.SEE_REPORTS, _FILES, reported.reported),
)
"""``grave``: kinds of which something can be high or critical, and that alerts go by."""
_ORDER: Final = {urgency: at for at, urgency in enumerate(Urgency)}


def read_items(
    work: Work, kinds: Collection[ItemKind] | None = None, *, most: int = SHOWN
) -> tuple[QueueItem, ...]:
    """Return the things that wait, of all kinds or of some, for the person at the desk.

    What people did about them is not in them yet (``listing_items``). A kind is there only for
    who may do something about it.
    """
    found: dict[str, QueueItem] = {}
    for reader in READERS:
        wanted = kinds is None or any(kind in kinds for kind in reader.kinds)
        if not wanted or (reader.right is not None and not may(work, reader.right)):
            continue
        for item in _read(work, reader, most):
            found.setdefault(item.key, item)
    return tuple(found.values())


def grave_items(work: Work, *, most: int) -> tuple[QueueItem, ...]:
    """Return the things that alerts go by, whoever is at the desk."""
    found: dict[str, QueueItem] = {}
    for reader in READERS:
        if reader.grave:
            found.update((one.key, one) for one in reader.read(work, most))
    return tuple(found.values())


def lost_first(item: QueueItem) -> tuple[int, date, int, str]:
    """Return the order of the list: how urgent, the last day, the money, the key."""
    return (_ORDER[item.urgency], item.due_on or date.max, -item.amount.cents, item.key)


def _read(work: Work, reader: ItemReader, most: int) -> tuple[QueueItem, ...]:
    who = work.actor.staff_id if reader.personal else 0
    name = f"{reader.read.__module__}.{reader.read.__name__}"
    return remembered(
        work,
        reader.topics,
        ("queue items", name, most, who, work.today()),
        lambda: tuple(reader.read(work, most)),
    )
