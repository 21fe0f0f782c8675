"""What payers say of our own claims in remittances (835): drawn from the answers of the diary.

SimplePractice never learns of it, so these answers leave its reports: who reads the files here
does not type them there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle
from typing import Final

from fscdesk.models.claim_batch import Route
from fscdesk.models.session import BillingStatus
from fscdesk.services.demo.diary import Answer, Appointment, Said
from fscdesk.services.demo.insurers import CLAIMS
from fscdesk.services.demo.season import WEEK, Season, workday

REMITS: Final = frozenset(
    number for number, one in enumerate(CLAIMS) if one.route is not Route.PAPER
)
"""Payers (by their places in the cast) that send 835 files; one answers on paper only."""
_APPEALED: Final = ("CO-197", "CO-97", "CO-50")
_CORRECTED: Final = ("CO-16", "CO-31", "CO-4")
_LEFT: Final = ("PR-204", "CO-29", "PR-27")


def let_payers_remit(season: Season, diary: Sequence[Appointment]) -> None:
    """Let what payers answer to our claims come in files. The diary is changed in place."""
    appealed, corrected, left = cycle(_APPEALED), cycle(_CORRECTED), cycle(_LEFT)
    for one in diary:
        if not (one.ours and one.held and one.payer in REMITS):
            continue
        if one.corner is not None or one.on_paper:
            continue
        statuses = {note.status for note in one.notes}
        if BillingStatus.APPEALING in statuses:
            reasons = appealed
        elif BillingStatus.READY_TO_BILL in statuses:
            reasons = corrected
        else:
            reasons = left
        _remit(one, season, reasons)


def _remit(one: Appointment, season: Season, reasons: Iterator[str]) -> None:
    answers = _in_order(one.answers)
    denied = next((note for note in one.notes if note.status is BillingStatus.DENIED), None)
    if denied is not None:
        read = season.reading_on(denied.day)
        if read is None:
            one.notes, answers = [], []
        else:
            later = read - denied.day
            one.notes = [
                note._replace(day=workday(note.day + later))
                for note in one.notes
                if note is not denied
            ]
            answers = [answer._replace(day=answer.day + later) for answer in answers]
            one.remitted.append(Said(read, carc=next(reasons)))
            if answers and not answers[-1].paid:  # SimplePractice is told to write it off
                one.answers = answers
                return
    _say(one, answers, season)
    one.answers = []
    one.paid = [(day, cents) for day, cents in one.paid if cents <= one.share]


def _in_order(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers without what was paid twice: a payer that sends files sees that."""
    if len(answers) > 1 and answers[0].paid > answers[-1].paid:
        return [answers[-1]._replace(day=answers[0].day)]
    return list(answers)


def _say(one: Appointment, answers: Sequence[Answer], season: Season) -> None:
    for answer in answers:
        read = season.reading_on(answer.day)
        if read is None:
            return
        if one.remitted and one.remitted[-1].day >= read:
            read = season.reading_on(read + WEEK)
            if read is None:
                return
        one.remitted.append(Said(read, answer.patient, answers[-1].paid - answer.paid))


def said_on(diary: Sequence[Appointment], on: date) -> list[tuple[Appointment, Said]]:
    """Return what payers say in the files that are read on a day."""
    return [(one, said) for one in diary for said in one.remitted if said.day == on]
