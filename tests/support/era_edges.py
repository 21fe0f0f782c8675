"""A practice that gets 835s, for tests of the hard cases: send, read by a click, and look.

    edge = books.write(open_edge).value …               # or the fixture `edge`
    one = edge.send()                                   # a claim over 160.00: 130.00 and 30.00
    page = edge.reads(era(edge.answer(one, "CO45=40 PR3=30")))
    assert edge.owed(one) == (0, 30_00)

Every amount that is returned is in cents; debits are positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from fscdesk.models.charge import Charge
from fscdesk.models.claim import Claim, ClaimStatus
from fscdesk.models.ledger import JournalEntry, JournalLine
from fscdesk.models.payer import Payer
from fscdesk.models.payment import Payment
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Automation
from fscdesk.models.session import BillingStatus, Session
from fscdesk.services.office import Office
from fscdesk.services.queue.items import ItemKind
from fscdesk.services.queue.reading_items import read_items
from fscdesk.services.remittances.detail import PageClaim, RemittancePage, remittance_page
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.work import Work
from tests.support.claims import ClaimDesk, add_claim_desk, build, put_at, ready
from tests.support.era_lines import EraClaim
from tests.support.era_matching import ALMA, BEN, SentClaim, sent
from tests.support.eras import claim, era, service
from tests.support.payments import verify
from tests.support.remittance_acts import fund

MONDAY: Final = date(2026, 3, 2)
KEPT: Final = "CO45=30 PR3=30"
"""What the payer says where it pays 100.00 of 160.00, as everybody had expected."""
_OF_THE_SESSIONS: Final = ("1100", "1110")


@dataclass
class EraOffice:
    """The practice; ``read`` counts the files, so that each has a name and a check number."""

    books: Office
    desk: ClaimDesk
    files: int = field(default=0)

    def send(
        self,
        *,
        week: int = 0,
        sessions: int = 1,
        ben: bool = False,
        minutes: Sequence[int] = (540,),
        payer: int | None = None,
    ) -> SentClaim:
        """A claim that its payer has: one session a week at each of ``minutes``, of Alma or Ben."""
        patient = self.desk.ben if ben else self.desk.alma

        def sit(work: Work) -> list[int]:
            return [
                ready(
                    work,
                    self.desk,
                    patient=patient,
                    payer=payer,
                    day=MONDAY + timedelta(weeks=week + at),
                    minute=minute,
                )
                for at in range(sessions)
                for minute in minutes
            ]

        (claim_id,) = build(self.books, self.books.write(sit).value)
        self.books.write(lambda work: put_at(work, claim_id, ClaimStatus.ACCEPTED))
        return sent(self.books, claim_id)

    def answer(self, one: SentClaim, *cas: str, ben: bool = False, **said: Any) -> EraClaim:
        """What a payer says of a claim: of each of its lines the same, or each its own.

        ``lines`` are more words of every service (``remarks``, ``billed``, …).
        """
        lines = said.pop("lines", {})
        each = cas * len(one.lines) if len(cas) == 1 else cas
        services = [
            service(charge="160", cas=words, line_id=str(line), day=day, **lines)
            for words, line, day in zip(each, one.lines, one.days, strict=True)
        ]
        return claim(one.account, *services, **{"patient": BEN if ben else ALMA} | said)

    def reads(self, text: str, *, clicked: bool = True) -> RemittancePage:
        """Read a file by a click, and return the page of its first remittance."""
        return self.all_of(text, clicked=clicked)[0]

    def all_of(self, text: str, *, clicked: bool = True) -> list[RemittancePage]:
        """Read a file by a click, and return the page of each of its remittances."""
        self.files += 1
        name, data = f"file-{self.files}.835", text.encode()
        done = self.books.write(lambda work: apply_era(work, name, data, clicked=clicked)).value
        return [self.page(one) for one in done.kept]

    def says(self, *claims: EraClaim, **settings: Any) -> RemittancePage:
        """Read a file of one transaction with a check number of its own."""
        return self.reads(era(*claims, **{"trace": f"EFT{self.files + 1:04d}"} | settings))

    def page(self, remittance_id: int) -> RemittancePage:
        """How a remittance stands now."""
        return self.books.read(lambda work: remittance_page(work, remittance_id))

    def post(self, page: RemittancePage, **wanted: Any) -> RemittancePage:
        """Post what can post of a remittance, by a person's word."""
        self.books.write(lambda work: post_remittance(work, page.row.id, **wanted))
        return self.page(page.row.id)

    def accounts(self) -> dict[str, int]:
        """Each account that does not stand at nothing, but the revenue of the sessions."""
        rows = self.books.read(
            lambda work: work.db.execute(
                select(JournalLine.account, func.sum(JournalLine.amount))
                .group_by(JournalLine.account)
                .order_by(JournalLine.account)
            ).all()
        )
        return {code: total.cents for code, total in rows if total.cents and code != "4010"}

    def moved(self) -> dict[str, int]:
        """`accounts` without what is open of sessions: where payers' money stands."""
        return {
            code: cents for code, cents in self.accounts().items() if code not in _OF_THE_SESSIONS
        }

    def owed(self, one: SentClaim, line: int = 0) -> tuple[int, int]:
        """What payer and client owe of a line of a claim."""
        row = self.books.read(lambda work: work.db.get_one(Charge, one.charges[line]))
        return row.insurance_balance.cents, row.patient_balance.cents

    def stands(self, one: SentClaim) -> tuple[ClaimStatus, BillingStatus]:
        """How a claim and the session of its first line stand."""

        def look(work: Work) -> tuple[ClaimStatus, BillingStatus]:
            session_id = work.db.get_one(Charge, one.charges[0]).session_id
            session = work.db.get_one(Session, session_id)
            return work.db.get_one(Claim, one.id).status, session.billing_status

        return self.books.read(look)

    def reason_of(self, one: SentClaim) -> str:
        """The reason of a claim's denial."""
        return self.books.read(lambda work: work.db.get_one(Claim, one.id).reason_code)

    def items(self) -> list[tuple[str, int, int]]:
        """Each recoupment in its order: its reason, its amount, and what is open of it."""
        rows = self.books.read(
            lambda work: work.db.scalars(select(Recoupment).order_by(Recoupment.id)).all()
        )
        return [(one.reason_code, one.amount.cents, one.open.cents) for one in rows]

    def payments(self) -> list[int]:
        """The amounts of all payments."""
        rows = self.books.read(
            lambda work: work.db.scalars(select(Payment).order_by(Payment.id)).all()
        )
        return [one.amount.cents for one in rows]

    def history(self, one: SentClaim) -> list[tuple[str, date, int]]:
        """What the ledger says of a claim's first charge: kind, day, and what it changed of it."""
        rows = self.books.read(
            lambda work: work.db.execute(
                select(JournalEntry.kind, JournalEntry.entry_date, JournalLine.amount)
                .join(JournalLine, JournalLine.entry_id == JournalEntry.id)
                .where(
                    JournalLine.charge_id == one.charges[0],
                    JournalLine.account.in_(_OF_THE_SESSIONS),
                )
                .order_by(JournalEntry.id, JournalLine.id)
            ).all()
        )
        return [(row.kind.value, row.entry_date, row.amount.cents) for row in rows]

    def waits(self, *kinds: ItemKind) -> list[str]:
        """The titles of what waits in the queue of these kinds."""
        return [one.title for one in self.books.read(lambda work: read_items(work, kinds))]

    def left(self, page: RemittancePage) -> int:
        """What a check still holds for claims that stay."""
        return fund(self.books, page.row.id)

    def verify(self) -> None:
        """Fail unless every check of the books holds."""
        verify(self.books)


def open_edge(books: Office) -> EraOffice:
    """Set the practice up; a click posts what its payers send."""

    def act(work: Work) -> ClaimDesk:
        desk = add_claim_desk(work)
        for payer in (desk.payer, desk.next_payer):
            work.db.get_one(Payer, payer).automation = Automation.ONE_CLICK
        return desk

    return EraOffice(books, books.write(act).value)


def only(page: RemittancePage) -> PageClaim:
    """The one claim of a page."""
    (found,) = page.claims
    return found
