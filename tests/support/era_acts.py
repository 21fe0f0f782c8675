"""Every command on remittances that stands ready to be run: for their battery."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select

from fscdesk.models.charge import Charge
from fscdesk.models.payment import Payment
from fscdesk.models.recoupment import Recoupment
from fscdesk.models.remittance import Remittance, RemittanceClaim, RemittanceLine, RuleAction
from fscdesk.services.banking.accounts import account_named
from fscdesk.services.office import Office
from fscdesk.services.payments.receiving import Rest, receive
from fscdesk.services.remittances.accepting_less import accept_less, take_up_again
from fscdesk.services.remittances.answered import Cas, Plb
from fscdesk.services.remittances.bouncing import bounce
from fscdesk.services.remittances.choosing import (
    choose_charge,
    choose_payer,
    forget_charges,
    let_go_on,
)
from fscdesk.services.remittances.closing import set_aside, take_up
from fscdesk.services.remittances.incoming import apply_era
from fscdesk.services.remittances.posting import post_remittance
from fscdesk.services.remittances.recoupments import explain, pair, unpair
from fscdesk.services.remittances.returned_lines import record_return
from fscdesk.services.remittances.rule_setup import (
    RuleFields,
    remove_rule,
    set_rule,
)
from fscdesk.services.remittances.setting_aside import set_all_aside, take_all_up
from fscdesk.services.remittances.undoing import undo_claim, undo_remittance
from fscdesk.services.work import Work
from tests.support import bank_books
from tests.support.claim_acts import Act, Ready
from tests.support.claims import add_claim_desk
from tests.support.era_matching import ALMA, STRANGER, send_claim
from tests.support.eras import claim, era, service
from tests.support.payments import Till, open_till, pay
from tests.support.remittance_acts import post
from tests.support.remittances_made import DEDUCTIBLE, kept, line, remittance
from tests.support.remittances_made import claim as answer

WHY = "The payer said so on the telephone"
RULE = RuleFields("CO", "A1", RuleAction.TRACK, note="Only told")


def _till(books: Office) -> Till:
    return books.write(open_till).value


def _kept(books: Office) -> int:
    """One claim that can be posted, and one that is nobody's."""
    till = _till(books)
    first = answer(1, line(till.copays[0], 91_40, Cas("CO", "45", 48_60), DEDUCTIBLE))
    said = remittance(till.payer, first, answer(2, line(None, 75_00)))
    return books.write(lambda work: kept(work, said)).value


def _posted(books: Office) -> int:
    one = _kept(books)
    books.write(lambda work: post_remittance(work, one))
    return one


def _claim_of(books: Office, remittance_id: int, position: int) -> int:
    found = select(RemittanceClaim.id).filter_by(remittance_id=remittance_id, position=position)
    return books.read(lambda work: work.db.scalars(found).one())


def _post(books: Office) -> Act:
    return _posting(books, _kept(books))


def _posting(books: Office, one: int) -> Act:
    """Posting as the screen does it: of the version that the person saw."""
    seen = books.read(lambda work: work.db.get_one(Remittance, one).version)
    return lambda work: post_remittance(work, one, expected_version=seen)


def _undo(books: Office) -> Act:
    one = _posted(books)
    return lambda work: undo_remittance(work, one, WHY)


def _undo_claim(books: Office) -> Act:
    one = _claim_of(books, _posted(books), 1)
    return lambda work: undo_claim(work, one, WHY)


def _line_of(books: Office) -> int:
    """A posted line, as the list of underpayments names it."""
    claim_id = _claim_of(books, _posted(books), 1)
    found = select(RemittanceLine.id).filter_by(remittance_claim_id=claim_id)
    return books.read(lambda work: work.db.scalars(found).one())


def _accept(books: Office) -> Act:
    one = _line_of(books)
    return lambda work: accept_less(work, [one], WHY)


def _take_up_again(books: Office) -> Act:
    one = _line_of(books)
    books.write(lambda work: accept_less(work, [one], WHY))
    return lambda work: take_up_again(work, [one])


def _bounce(books: Office) -> Act:
    """The bank takes back a check that settled something beside its claims."""
    till = _till(books)
    said = answer(1, line(till.copays[0], 91_40, Cas("CO", "45", 48_60), DEDUCTIBLE))
    post(books, remittance(till.payer, said, plbs=(Plb(1, "WO", "A", 20_00),)))
    paid = books.read(lambda work: work.db.scalars(select(Payment)).one())
    return lambda work: bounce(
        work, paid.id, on=work.today(), reason=WHY, expected_version=paid.version
    )


def _post_again(books: Office) -> Act:
    one = _posted(books)
    books.write(lambda work: undo_remittance(work, one, WHY))
    return _posting(books, one)


def _set_aside(books: Office) -> Act:
    one = _claim_of(books, _posted(books), 2)
    return lambda work: set_aside(work, one, WHY)


def _take_up(books: Office) -> Act:
    one = _claim_of(books, _posted(books), 2)
    books.write(lambda work: set_aside(work, one, WHY))
    return lambda work: take_up(work, one)


def _set_all_aside(books: Office) -> Act:
    one = _stopped(books)
    return lambda work: set_all_aside(work, one, WHY)


def _take_all_up(books: Office) -> Act:
    one = _stopped(books)
    books.write(lambda work: set_all_aside(work, one, WHY))
    return lambda work: take_all_up(work, one)


def _go_on(books: Office) -> Act:
    stopped = _stopped(books)
    return lambda work: let_go_on(work, stopped, WHY)


def _stopped(books: Office) -> int:
    """The same check number came with other words: it is stopped."""
    desk = books.write(add_claim_desk).value
    sent = send_claim(books, desk)
    for off in ("40", "50"):
        one = service("90837", "160", cas=f"CO45={off}", day=sent.days[0])
        data = era(claim(sent.account, one, patient=ALMA)).encode()
        done = books.write(lambda work, data=data: apply_era(work, "a.835", data)).value  # type: ignore[misc]
    stopped: int = done.kept[0]
    return stopped


def _items(books: Office) -> tuple[int, int]:
    """What a payer has taken, and what it will take."""
    till = _till(books)
    for trace, cents in (("EFT0001", 60_00), ("EFT0002", -60_00)):
        strange = answer(1, line(None, 500_00))
        plb = Plb(1, "CS", trace, cents)
        post(books, remittance(till.payer, strange, trace=trace, plbs=(plb,)))
    found = books.read(lambda work: work.db.scalars(select(Recoupment.id).order_by("id")).all())
    return found[0], found[1]


def _pair(books: Office) -> Act:
    one, other = _items(books)
    return lambda work: pair(work, one, other, WHY)


def _explain(books: Office) -> Act:
    one, _ = _items(books)
    return lambda work: explain(work, one, "7620", WHY)


def _unpair(books: Office) -> Act:
    one, other = _items(books)
    done = books.write(lambda work: pair(work, one, other, WHY)).value
    return lambda work: unpair(work, done, WHY)


def _add_rule(books: Office) -> Act:
    _till(books)
    return lambda work: set_rule(work, RULE)


def _change_rule(books: Office) -> Act:
    one = books.write(lambda work: set_rule(work, RULE)).value
    new = RuleFields("CO", "A1", RuleAction.DENY)
    return lambda work: set_rule(work, new, rule_id=one, expected_version=1)


def _remove_rule(books: Office) -> Act:
    one = books.write(lambda work: set_rule(work, RULE)).value
    return lambda work: remove_rule(work, one, expected_version=1)


def _read(books: Office) -> Act:
    """A file that posts when it is read."""
    desk = books.write(add_claim_desk).value
    sent = send_claim(books, desk)
    one = service("90837", "160", cas="CO45=40", day=sent.days[0])
    data = era(claim(sent.account, one, patient=ALMA)).encode()
    return lambda work: apply_era(work, "a.835", data, clicked=True)


def _unknown(books: Office) -> tuple[int, int]:
    """A remittance of nobody knows whom, and a payer."""
    desk = books.write(add_claim_desk).value
    text = era(claim("X-1", service(), patient=STRANGER), payer="WHO KNOWS", payer_id="00000")
    done = books.write(lambda work: apply_era(work, "a.835", text.encode())).value
    return done.kept[0], desk.payer


def _choose_payer(books: Office) -> Act:
    one, payer = _unknown(books)
    return lambda work: choose_payer(work, one, payer)


def _choose_charge(books: Office) -> Act:
    row, charge = _to_choose(books)
    return lambda work: choose_charge(work, row, charge)


def _forget_charges(books: Office) -> Act:
    row, charge = _to_choose(books)
    books.write(lambda work: choose_charge(work, row, charge))
    return lambda work: forget_charges(work, [row])


def _to_choose(books: Office) -> tuple[int, int]:
    """A line that is about no charge, and the charge that it is about."""
    till = _till(books)
    said = remittance(till.payer, answer(1, line(None, 75_00)))
    books.write(lambda work: kept(work, said))
    row = books.read(lambda work: work.db.scalars(select(RemittanceLine.id)).one())
    day = books.read(lambda work: work.db.scalars(select(RemittanceLine.first_day)).one())
    fits = select(Charge.id).where(Charge.id.in_(till.copays), Charge.service_day == day)
    charge = books.read(lambda work: work.db.scalars(fits).first()) or till.copays[0]
    return row, charge


def _record_return(books: Office) -> Act:
    """The bank tells of a client's check, deposited before, that came back."""

    def prepare(work: Work) -> tuple[int, int, int]:
        till = open_till(work)
        ident = receive(work, pay(till, 60_00, rest=Rest(patient_id=till.alma))).payment_id
        bank_books.deposit(work, ident, "4/10")
        told = bank_books.line(work, "4/11", -60_00, "RETURNED CHECK")
        return account_named(work), told, ident

    account, told, ident = books.write(prepare).value
    return lambda work: record_return(work, account, told, ident, reason=WHY)


ONCE: Mapping[str, Ready] = MappingProxyType(
    {
        "post_remittance": _post,
        "post_remittance after its undo": _post_again,
        "undo_remittance": _undo,
        "undo_claim": _undo_claim,
        "bounce": _bounce,
        "record_return": _record_return,
        "set_aside": _set_aside,
        "take_up": _take_up,
        "set_all_aside": _set_all_aside,
        "take_all_up": _take_all_up,
        "let_go_on": _go_on,
        "accept_less": _accept,
        "take_up_again": _take_up_again,
        "pair": _pair,
        "explain": _explain,
        "unpair": _unpair,
        "set_rule": _add_rule,
        "set_rule of one that is there": _change_rule,
        "remove_rule": _remove_rule,
    }
)
"""By name; each prepares the books and returns the act, which can be done once only."""
AGAIN: Mapping[str, Ready] = MappingProxyType(
    {
        "apply_era": _read,
        "choose_payer": _choose_payer,
        "choose_charge": _choose_charge,
        "forget_charges": _forget_charges,
    }
)
"""What can be said twice, and is done once."""
