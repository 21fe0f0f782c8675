"""What becomes of each appointment: its note, its claim, the payer's answers, the client's money.

Drawn so that the figures of Home look like those of a real, decent practice: claims go out
within days, payers answer in two to four weeks, three in a hundred are denied, a few are
silent, a few pay too much and take it back, and some clients pay late or not at all.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from fscdesk.models.session import BillingStatus
from fscdesk.services.demo import cast
from fscdesk.services.demo.corners import give_corners
from fscdesk.services.demo.diary import Answer, Appointment, DeskNote
from fscdesk.services.demo.insurers import takes_files
from fscdesk.services.demo.payers_say import let_payers_remit
from fscdesk.services.demo.people import FRESH, Pays
from fscdesk.services.demo.season import CLAIMS_ANSWERED, WEEK, Season, workday
from fscdesk.services.demo.tales import give_tales

NEVER_SINCE = 240
"""Clients who pay nothing have done so for this many days."""
DENIALS = (
    "Denied: no authorization on file",
    "Denied: member id not found by the payer",
    "Denied: coverage had ended by that day",
    "Denied: another payer comes first",
    "Denied: this clinician is not in the network for the code",
)
_APPEALS = (
    "Appeal sent with the authorization letter",
    "Appeal sent by fax, with the notes of the call",
    "Second look asked for by telephone",
)
_SOONEST: Final = timedelta(days=6)
"""No payer answers sooner after a claim was sent."""
SMALL, MOST_SMALL = 38, 950
"""So many clients owe a few dollars, in cents at most."""
SMALL_SINCE = range(92, 111)
"""For so many days: the office writes off what is older than 90."""


def decide(seed: int, season: Season, diary: Sequence[Appointment]) -> None:
    """Give every appointment its events. The diary is changed in place."""
    rng = random.Random(f"{seed}:fates")
    for one in diary:
        if one.cancelled is not None:
            continue
        if one.missed:
            _pay_fee(one, rng, season)
            continue
        _sign(one, rng)
        one.ours = one.payer is not None and one.day >= season.claims_from
        if one.payer is not None and not _lacks_papers(one, season):
            _bill(one, rng, season)
        _pay(one, rng, season)
    _silence(rng, season, diary)
    _answer_on_paper(rng, season, diary)
    _leave_small(random.Random(f"{seed}:small"), season, diary)
    give_corners(random.Random(f"{seed}:corners"), season, diary)
    let_payers_remit(season, diary)
    give_tales(random.Random(f"{seed}:tales"), season, diary)
    for one in diary:
        if one.payer is not None:
            soonest = (one.sent or one.day) + _SOONEST
            one.answers = [_on_payday(each, one.payer, soonest) for each in one.answers]


def _on_payday(answer: Answer, payer: int, soonest: date) -> Answer:
    """Return an answer on the day of every second week on which its payer sends checks.

    Each payer has a day of its own: that before the answer or, where it would be too soon, the
    next one.
    """
    off = (answer.day.toordinal() - 1 - payer % 5 - 7 * (payer % 2)) % 14
    day = answer.day - timedelta(days=off)
    return answer._replace(day=day if day >= soonest else day + 2 * WEEK)


def _lacks_papers(one: Appointment, season: Season) -> bool:
    """Return whether the office cannot bill yet: a new client, no authorization, no policy."""
    new = (season.today - one.client.first).days <= FRESH
    asks = one.payer == cast.NEEDS_AUTHORIZATION and not one.client.authorized
    lately = (season.today - one.day).days <= FRESH
    return new or (lately and (asks or one.client.lapsed))


def _days(rng: random.Random, least: int, most: int) -> timedelta:
    return timedelta(days=rng.randint(least, most))


def _sign(one: Appointment, rng: random.Random) -> None:
    late = cast.CLINICIANS[one.clinician].writes_late
    drawn = rng.random()
    if rng.random() * 100 < late:
        one.locked = one.day + _days(rng, 6, 15)
    else:
        one.locked = one.day + timedelta(days=1 if drawn < 0.87 else 2 if drawn < 0.98 else 4)


def _bill(one: Appointment, rng: random.Random, season: Season) -> None:
    assert one.locked is not None
    assert one.payer is not None
    payer = cast.PAYERS[one.payer]
    drawn = rng.random()
    one.sent = one.locked  # by itself, when the note is signed
    if drawn >= 0.65:
        one.sent = workday(one.locked + timedelta(days=0 if drawn < 0.93 else 1))
    sent = one.sent
    if rng.random() < 0.028:
        one.refused = True
        one.rejected = sent + _days(rng, 3, 6)
        sent = one.resent = workday(one.rejected + _days(rng, 3, 7))
    one.pending = sent + _days(rng, 4, 9)
    lag = rng.triangular(8, payer.answers * 1.55, payer.answers * 0.85)
    if rng.random() < 0.029:
        _deny(one, sent, rng)
    else:
        _answer(one, sent + timedelta(days=round(lag)), rng)
    if one.ours:
        _bill_from_here(one, season, sent)


def _bill_from_here(one: Appointment, season: Season, sent: date) -> None:
    """Let a claim go with a batch of ours; everything that follows comes so much later.

    What no batch has taken yet is answered as if it went today: nobody will see that.
    """
    one.sent = season.batch_on(one.settled_on)
    one.rejected = one.resent = None
    new = one.sent or season.today
    if one.refused and takes_files(one.payer) and new < season.batches[-1]:
        one.rejected = workday(new + CLAIMS_ANSWERED)
        new = one.resent = season.batch_on(one.rejected) or season.today
    shift = new - sent
    one.pending = None if one.pending is None else one.pending + shift
    one.answers = [answer._replace(day=answer.day + shift) for answer in one.answers]
    one.notes = [note._replace(day=workday(note.day + shift)) for note in one.notes]


def _settled(one: Appointment, day: date) -> Answer:
    """Return the answer that settles a claim: allowed less the client's share is paid."""
    assert one.payer is not None
    allowed = cast.allowed(one.payer, one.fee)
    share = min(one.share, allowed)
    if one.client.deductible and one.day.month <= 2:
        share = allowed
    return Answer(day, share, allowed - share, one.fee - allowed)


def _answer(one: Appointment, day: date, rng: random.Random) -> None:
    last = _settled(one, day)
    drawn = rng.random()
    if drawn < 0.008 and last.paid:  # paid twice, and taken back later
        one.answers.append(last._replace(paid=last.paid * 2))
        last = last._replace(day=day + _days(rng, 35, 75))
    elif drawn < 0.022 and last.paid > 4000:  # too little at first
        one.answers.append(last._replace(paid=last.paid - 2000))
        last = last._replace(day=day + _days(rng, 20, 40))
    elif drawn < 0.040 and 500 < last.patient < last.paid:  # the copay was smaller
        less = rng.choice((500, 1000, 1000, 1500)) if last.patient > 1500 else 500
        last = last._replace(patient=last.patient - less, paid=last.paid + less)
    one.answers.append(last)


def _deny(one: Appointment, sent: date, rng: random.Random) -> None:
    denied = workday(sent + _days(rng, 10, 20))
    one.notes.append(DeskNote(denied, BillingStatus.DENIED, rng.choice(DENIALS)))
    drawn = rng.random()
    if drawn < 0.45:
        appealed = workday(denied + _days(rng, 3, 12))
        one.notes.append(DeskNote(appealed, BillingStatus.APPEALING, rng.choice(_APPEALS)))
        one.answers.append(_settled(one, appealed + _days(rng, 18, 38)))
        return
    if drawn < 0.8:
        mended = workday(denied + _days(rng, 2, 5))
        again = workday(mended + timedelta(days=1))
        one.notes += [
            DeskNote(mended, BillingStatus.READY_TO_BILL, "Corrected: policy and member id"),
            DeskNote(again, BillingStatus.SUBMITTED, "Corrected claim sent"),
        ]
        one.answers.append(_settled(one, again + _days(rng, 12, 24)))
        return
    written = workday(denied + _days(rng, 30, 50))
    one.answers.append(Answer(written, one.share, 0, one.fee - one.share))


def _pay(one: Appointment, rng: random.Random, season: Season) -> None:
    """Let the client pay what is the client's, by habit."""
    habit = one.client.pays
    if habit is Pays.NEVER and (season.today - one.day).days > NEVER_SINCE:
        habit = Pays.SLOW
    if habit is Pays.OFFICE and (season.today - one.day).days > one.client.unpaid_since:
        habit = Pays.CARD
    first = one.share
    share = one.answers[-1].patient if one.answers else first
    if habit is Pays.CARD:
        one.invoiced = one.day
        late = rng.random() < 0.025
        paid_on = one.day + (_days(rng, 10, 40) if late else timedelta(days=rng.randint(0, 1)))
    else:
        one.invoiced = one.day + _days(rng, 1, 6)
        paid_on = one.invoiced + (
            _days(rng, 5, 32) if habit is Pays.INVOICE else _days(rng, 35, 110)
        )
    if habit in (Pays.NEVER, Pays.OFFICE):
        return
    if first:
        one.paid.append((paid_on, first))
    if share != first:
        answered = one.answers[-1].day
        if share > first:
            one.paid.append((max(paid_on, answered) + _days(rng, 2, 12), share))
        elif rng.random() < 0.7:  # paid back, after a while
            one.paid.append((max(paid_on, answered) + _days(rng, 25, 70), share))


def _pay_fee(one: Appointment, rng: random.Random, season: Season) -> None:
    one.invoiced = one.day + _days(rng, 0, 2)
    habit = one.client.pays
    age = (season.today - one.day).days
    if habit is Pays.NEVER and age <= NEVER_SINCE:
        return
    if habit is Pays.OFFICE and age <= one.client.unpaid_since:
        return
    if rng.random() < 0.93:
        soon = habit is Pays.CARD and rng.random() < 0.8
        amount = cast.rate(one.missed, one.day, season.first.year)
        one.paid.append((one.invoiced + (_days(rng, 0, 3) if soon else _days(rng, 8, 60)), amount))


def _silence(rng: random.Random, season: Season, diary: Sequence[Appointment]) -> None:
    """Let some payers not answer: a handful of claims of each age, some denied in between."""
    for oldest, newest, wanted in ((136, 93, 5), (88, 62, 3), (60, 40, 5)):
        ages = range(newest, oldest)
        fit = [
            one
            for one in diary
            if one.payer is not None
            and one.held
            and not one.notes
            and not one.refused
            and one.pending is not None
            and (season.today - one.day).days in ages
        ]
        for number, one in enumerate(rng.sample(fit, min(season.share(wanted), len(fit)))):
            assert one.pending is not None
            one.answers.clear()
            one.paid = one.paid[:1]
            if number % 3 == 0:
                denied = workday(one.pending + _days(rng, 12, 20))
                one.notes.append(DeskNote(denied, BillingStatus.DENIED, rng.choice(DENIALS)))
                if number % 2 == 0:
                    appealed = workday(denied + _days(rng, 3, 8))
                    reason = rng.choice(_APPEALS)
                    one.notes.append(DeskNote(appealed, BillingStatus.APPEALING, reason))


def _answer_on_paper(rng: random.Random, season: Season, diary: Sequence[Appointment]) -> None:
    """Let one payer answer some claims of the last weeks by a check with a letter."""
    ages = range(24, 62)
    fit: dict[int, list[Appointment]] = defaultdict(list)
    for one in diary:
        settles = one.held and len(one.answers) == 1 and not one.notes and not one.refused
        if one.payer is not None and settles and (season.today - one.day).days in ages:
            fit[one.payer].append(one)
    if not fit:
        return
    payer = max(fit, key=lambda number: (min(len(fit[number]), 12), number))
    for one in rng.sample(fit[payer], min(12, len(fit[payer]))):
        one.answers.clear()
        one.paid = one.paid[:1]
        one.on_paper = True


def _leave_small(rng: random.Random, season: Season, diary: Sequence[Appointment]) -> None:
    """Let clients who pay at once pay a few dollars too little, too long ago for another letter.

    They were not old enough yet when the desk wrote small balances off the last time.
    """
    fit: dict[str, Appointment] = {}
    for one in diary:
        quiet = one.client.pays is Pays.CARD and one.client.story is None
        if (
            quiet
            and one.held
            and (season.today - one.day).days in SMALL_SINCE
            and len(one.paid) == 1
            and one.paid[0][1] == one.share
            and one.share > MOST_SMALL
        ):
            fit.setdefault(one.client.key, one)
    keys = sorted(fit)
    for key in rng.sample(keys, min(season.share(SMALL), len(keys))):
        ((day, cents),) = fit[key].paid
        fit[key].paid = [(day, cents - rng.randrange(150, MOST_SMALL, 25))]
