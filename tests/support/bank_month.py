"""A bank month of 60 lines as ten_jobs.md tells it: 54 agree, 6 are to decide, 2 are on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from fscdesk.models.ledger import EntryKind
from fscdesk.models.payment import PaymentMethod
from fscdesk.models.values import Money
from fscdesk.services.banking.deposits import DepositDraft, DepositKind, make_deposit
from fscdesk.services.payments.receiving import NewPayment, Rest, receive
from fscdesk.services.work import Work
from tests.support.bank_books import entry, starts
from tests.support.payments import Till, open_till

HEADING: Final = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #"
OPENING: Final = 5000_00
LUMPS: Final = (
    (6, (100_01, 200_02, 400_04)),
    (14, (101_07, 203_11)),
    (22, (57_13, 114_29, 228_61)),
)
"""The day of the month, and the checks that went to the bank together."""
AMBIGUOUS: Final = (29, 100_00, (60_00, 40_00, 70_00, 30_00))
"""Two sets of these checks come to the amount."""
OUTSTANDING: Final = (95_31, 45_57)
UNKNOWN: Final = (30, 61_75)


@dataclass(frozen=True)
class BankMonth:
    """The account, and the bank's file of the month."""

    account: int
    csv: str


class _Month:
    """Writes both sides of each line."""

    def __init__(self, work: Work, till: Till) -> None:
        self.work, self.till = work, till
        self.rows: list[tuple[int, str, int, str]] = []

    def line(self, day: int, words: str, cents: int, kind: str = "ACH") -> None:
        """Let the bank write a line."""
        self.rows.append((day, words, cents, kind))

    def check(self, day: int, cents: int) -> int:
        """Receive a client's check, and return the payment."""
        return self._paid(day, cents, PaymentMethod.CHECK)

    def eft(self, day: int, cents: int, trace: str) -> None:
        """Receive a payer's EFT that the bank shows with its trace."""
        new = NewPayment(
            Money(cents),
            PaymentMethod.EFT,
            date(2026, 3, day),
            payer_id=self.till.payer,
            reference=trace,
        )
        receive(self.work, new)
        self.line(day, rf"FICTA HCCLAIMPMT TRN*1*{trace}*1999010000\ ".strip(), cents)

    def card(self, day: int, cents: int, payout: str) -> None:
        """Receive a card payment that reaches the bank as a payout."""
        paid = self._paid(day, cents, PaymentMethod.CARD)
        self.deposit(day, (paid,), DepositKind.CARD, payout)
        self.line(day, f"Stripe           TRANSFER   ST-{payout} FICTIONAL SPRINGS CO", cents)

    def slip(self, day: int, cents: int, number: str) -> None:
        """Carry a check to the bank on a slip whose number the bank writes."""
        self.deposit(day, (self.check(day, cents),), DepositKind.COUNTER, number)
        self.line(day, f"DEPOSIT  ID NUMBER {number}", cents, "DEPOSIT")

    def paid_out(self, day: int, cents: int, who: str) -> None:
        """Pay somebody; the bank writes it a day later."""
        entry(self.work, f"3/{day}", -cents, f"{who} paid")
        self.line(day + 1, f"{who.upper()} WEB PMT", -cents)

    def deposit(
        self, day: int, payments: tuple[int, ...], kind: DepositKind, number: str = ""
    ) -> None:
        """Make a deposit of payments."""
        draft = DepositDraft(None, kind, date(2026, 3, day), payments, reference=number)
        make_deposit(self.work, draft)

    def csv(self) -> str:
        """Return the bank's file, the newest line first, with its balances."""
        held, told = OPENING, []
        for day, words, cents, kind in sorted(self.rows, key=lambda row: row[0]):
            held += cents
            side = "CREDIT" if cents > 0 else "DEBIT"
            told.append(
                f'{side},03/{day:02d}/2026,"{words}",{Money(cents).plain()},{kind},'
                f"{Money(held).plain()},,"
            )
        return "\n".join([HEADING, *reversed(told), ""])

    def _paid(self, day: int, cents: int, method: PaymentMethod) -> int:
        new = NewPayment(
            Money(cents),
            method,
            date(2026, 3, day),
            guarantor_id=self.till.alma_pays,
            rest=Rest(patient_id=self.till.alma),
        )
        return receive(self.work, new).payment_id


def bank_month(work: Work) -> BankMonth:
    """Fill March at the bank and in the books: 40 credits and 20 debits."""
    month = _Month(work, open_till(work))
    entry(work, "2/28", OPENING, kind=EntryKind.OPENING)
    account = starts(work, "3/1", OPENING)
    for at in range(21):
        month.eft(2 + at, 300_37 + 1_013 * at, f"EFT77{at:05d}")
    for at in range(12):
        month.card(3 + 2 * at, 52_19 + 317 * at, f"PAYOUT{at:04d}")
    for at, number in enumerate(("000071", "000072")):
        month.slip(9 + 9 * at, 510_83 + 29 * at, number)
    for day, checks in LUMPS:
        for cents in checks:
            month.check(day - 1, cents)
        month.line(day, f"REMOTE ONLINE DEPOSIT #  {day}", sum(checks), "CHECK_DEPOSIT")
    day, amount, checks_ = AMBIGUOUS
    for cents in checks_:
        month.check(day - 1, cents)
    month.line(day, f"REMOTE ONLINE DEPOSIT #  {day}", amount, "CHECK_DEPOSIT")
    for at in range(19):
        month.paid_out(2 + at, 31_41 + 271 * at, f"Fictional Vendor {chr(65 + at)}")
    month.line(31, "MONTHLY SERVICE FEE", -15_00, "FEE_TRANSACTION")
    unknown, cents = UNKNOWN
    month.line(
        unknown, r"UNKNOWN PAYER EFT HCCLAIMPMT TRN*1*EFT0000000001*1999990000\ ".strip(), cents
    )
    for cents in OUTSTANDING:
        month.deposit(31, (month.check(31, cents),), DepositKind.COUNTER)
    return BankMonth(account, month.csv())
