"""The sentences of an explained balance: for a biller, and for who pays. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from fscdesk.models.adjustment import AdjustmentKind
from fscdesk.models.ledger import EntryKind, Part
from fscdesk.models.values import Money
from fscdesk.services.ledger.sources import ADJUSTED, DocumentOf, EntrySource
from fscdesk.services.printing.words import day as day_words


@dataclass(frozen=True, slots=True)
class Subject:
    """What is explained: a charge, with whom and against whom; a credit has only a name."""

    session_id: int | None
    day: date
    service: str
    code: str
    clinician: str
    payer: str
    guarantor: str


@dataclass(frozen=True, slots=True)
class Move:
    """What one part of one entry did to one charge or credit, in cents.

    ``payer_after`` is what the payer owes after it; ``elsewhere`` the charge that a credit paid.
    """

    part: Part
    to_client: int
    to_payer: int
    payer_after: int
    memo: str
    source: EntrySource
    is_credit: bool
    guarantor_id: int
    elsewhere: Subject | None

    @property
    def amount(self) -> Money:
        """Return the size of what moved."""
        return Money(abs(self.to_client + self.to_payer) or abs(self.to_client))


@dataclass(frozen=True, slots=True)
class Said:
    """One movement in two sentences."""

    biller: str
    plain: str


def say(move: Move, subject: Subject) -> Said:
    """Return what happened, in a sentence for a biller and in one for who pays."""
    said = _credit(move) if move.is_credit else _charge(move, subject)
    if not move.source.undoes:
        return said
    why = f" ({move.memo})" if move.memo else ""
    return Said(
        f"Taken back{why}: {_small(said.biller)}", f"This was taken back: {_small(said.plain)}"
    )


def _small(sentence: str) -> str:
    word = sentence.partition(" ")[0]
    return sentence if word.isupper() else sentence[:1].lower() + sentence[1:]


def _charge(move: Move, subject: Subject) -> Said:
    kind = move.source.kind
    if move.part is Part.CHARGE:
        return _charged(move, subject)
    if move.source.adjustment is not None or kind is EntryKind.RESPONSIBILITY:
        return _adjusted(move, subject)
    if kind is EntryKind.AGENCY:
        return _agency(move)
    if kind is EntryKind.APPLIED:
        return _applied(move, subject)
    if kind is EntryKind.SP_RECORDED:
        return _recorded(move, subject)
    if kind is EntryKind.TAKEN_BACK:
        return _taken_back(move, subject)
    return _other(move)


def _charged(move: Move, subject: Subject) -> Said:
    payer = subject.payer or "the payer"
    client, share = Money(abs(move.to_client)), Money(abs(move.to_payer))
    if move.source.kind is EntryKind.OPENING:
        words = f"A balance of {move.amount} was brought forward."
        return Said(words, words)
    if subject.session_id is None:
        words = f"{subject.service}: {move.amount} was charged to the account."
        return Said(words, words)
    who = f" with {subject.clinician}" if subject.clinician else ""
    first = f"The session{who}, {subject.code}, was charged."
    plain = f"Your session{who} was charged at {move.amount}."
    if client and share:
        return Said(
            f"{first} {client} of it is the client’s part, {share} that of {payer}.",
            f"{plain} Your part of it was {client}; your insurance was asked for {share}.",
        )
    if share:
        return Said(f"{first} All of it is the part of {payer}.", f"{plain} Your insurance"
                    " was asked for all of it.")  # fmt: skip
    return Said(f"{first} All of it is the client’s part.", plain)


def _recorded(move: Move, subject: Subject) -> Said:
    payer = subject.payer or "the payer"
    if move.part is Part.PATIENT_PAID:
        if move.to_client > 0:
            return Said(
                f"SimplePractice says that the client got {move.amount} back.",
                f"You got {move.amount} back.",
            )
        return Said(
            f"SimplePractice says that the client paid {move.amount}.",
            f"You paid {move.amount}, thank you.",
        )
    if move.part is Part.WRITE_OFF:
        return Said(
            f"SimplePractice says that {move.amount} was written off.",
            f"{move.amount} was taken off by agreement with your insurance.",
        )
    return Said(
        f"SimplePractice says that {payer} paid {move.amount}.{_too_much(move, payer)}",
        f"Your insurance paid {move.amount}.",
    )


def _applied(move: Move, subject: Subject) -> Said:
    payment = move.source.payment
    by = f" {payment.by}" if payment is not None and payment.by else ""
    if move.source.opens is DocumentOf.CREDIT_MEMO:
        return Said(
            f"Credit memo {move.source.number} took {move.amount} off.",
            f"A credit of {move.amount} from us was taken off.",
        )
    if move.part is Part.INSURANCE_PAID:
        payer = subject.payer or "The payer"
        return Said(
            f"{payer} paid {move.amount}{by}.{_too_much(move, payer)}",
            f"Your insurance paid {move.amount}.",
        )
    if payment is not None and payment.guarantor_id != move.guarantor_id:
        return Said(
            f"{move.amount} was paid{by}, by another account.",
            f"{move.amount} was paid for you, thank you.",
        )
    return Said(f"The client paid {move.amount}{by}.", f"You paid {move.amount}{by}, thank you.")


def _too_much(move: Move, payer: str) -> str:
    """Say whose the money is where a payer has paid more than its part."""
    if move.payer_after >= 0 or move.to_payer >= 0:
        return ""
    over = Money(min(-move.payer_after, -move.to_payer))
    return f" {over} of that is more than its part, and belongs to {payer}, not to the client."


def _taken_back(move: Move, subject: Subject) -> Said:
    """Say that a payer reversed what it had paid: the payer owes it again, not the client."""
    payer = subject.payer or "The payer"
    return Said(
        f"{payer} took {move.amount} back that it had paid, {move.source.number}.",
        f"Your insurance took {move.amount} back that it had paid.",
    )


def _adjusted(move: Move, subject: Subject) -> Said:
    one, payer = move.source.adjustment, subject.payer or "the payer"
    why = "" if one is None else ", ".join(filter(None, (one.codes, one.reason)))
    told = f": {why}." if why else "."
    if move.to_client and move.to_payer:
        to_client = (move.to_client > 0) != move.source.undoes
        amount = Money(abs(move.to_client))
        if to_client:
            return Said(
                f"{payer} leaves {amount} to the client{told}",
                f"Your insurance leaves {amount} of this to you.",
            )
        return Said(
            f"{amount} goes from the client to {payer}{told}",
            f"Your insurance was asked for {amount} of this instead of you.",
        )
    kind = AdjustmentKind.CORRECTION if one is None else one.kind
    name = ADJUSTED[kind]
    grows = (move.to_client + move.to_payer > 0) != move.source.undoes
    way = "adds" if grows else "takes"
    end = "" if grows else " off"
    return Said(
        f"{name}: {way} {move.amount}{end}{told}",
        f"{move.amount} was {'added' if grows else 'taken off'}: {name.lower()}.",
    )


def _agency(move: Move) -> Said:
    agency = move.source.agency or "the collection agency"
    back = (move.to_client > 0) != move.source.undoes
    if back:
        return Said(
            f"{agency} gave {move.amount} back to the practice.",
            f"{move.amount} came back from the collection agency.",
        )
    return Said(
        f"{move.amount} was handed to {agency}.",
        f"{move.amount} was handed to a collection agency.",
    )


def _credit(move: Move) -> Said:
    """Say what filled or drew a credit: it grows by what lowers the balance."""
    source, amount = move.source, move.amount
    payment = source.payment
    by = f" {payment.by}" if payment is not None and payment.by else ""
    which = ""
    if move.elsewhere is not None:
        which = f" for {move.elsewhere.code} of {day_words(move.elsewhere.day)}"
    fills = (move.to_client < 0) != source.undoes
    if source.kind is EntryKind.APPLIED and not fills:
        when = "" if move.elsewhere is None else f" for {day_words(move.elsewhere.day)}"
        return Said(f"{amount} of it was used{which}.", f"{amount} of it was used{when}.")
    if source.kind is EntryKind.SP_RECORDED and fills:
        return Said(
            f"SimplePractice says that {amount} more was paid than was owed{which}.",
            f"You paid {amount} more than was owed.",
        )
    words = _CREDITS.get(source.kind)
    return _other(move) if words is None else words(amount, by, source)


def _received(amount: Money, by: str, _source: EntrySource) -> Said:
    return Said(f"{amount} came in{by}.", f"You paid {amount}{by}, thank you.")


def _bounced(amount: Money, by: str, _source: EntrySource) -> Said:
    return Said(
        f"The bank took {amount} back that had come{by}.",
        f"The bank took {amount} back that you had paid{by}.",
    )


_CREDITS: Mapping[EntryKind, Callable[[Money, str, EntrySource], Said]] = MappingProxyType(
    {
        EntryKind.RECEIPT: _received,
        EntryKind.RETURNED: _bounced,
        EntryKind.REFUND: lambda amount, _by, source: Said(
            f"{amount} was refunded, {source.number}.", f"{amount} was paid back to you."
        ),
        EntryKind.CREDIT_MEMO: lambda amount, _by, source: Said(
            f"Credit memo {source.number} gave {amount}.", f"We gave you a credit of {amount}."
        ),
        EntryKind.TRANSFER: lambda amount, _by, _source: Said(
            f"{amount} was moved between accounts.", f"{amount} was moved between accounts."
        ),
    }
)


def _other(move: Move) -> Said:
    """Say what has no words of its own by its entry."""
    memo = f": {move.memo}" if move.memo else ""
    grows = move.to_client + move.to_payer > 0
    words = f"{move.amount} was {'added' if grows else 'taken off'}"
    return Said(f"{words}{memo}.", f"{words}.")
