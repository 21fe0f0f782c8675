"""What a person decides that nobody else could: whose it is, which charge, that it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fscdesk.models.charge import Charge
from fscdesk.models.payer import Payer
from fscdesk.models.remittance import (
    Fate,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
    RemittanceOrigin,
    RemittanceStatus,
    Unposted,
)
from fscdesk.services.audit import record
from fscdesk.services.bulk import run_many
from fscdesk.services.editing import locked, text_of
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.remittances.answered import (
    AnsweredClaim,
    AnsweredRemittance,
    MatchedBy,
    Plb,
)
from fscdesk.services.remittances.from_835 import answered_of
from fscdesk.services.remittances.keeping import keep_provider_adjustments
from fscdesk.services.remittances.known_checks import other_of_number
from fscdesk.services.remittances.loading import load
from fscdesk.services.remittances.matching import match
from fscdesk.services.remittances.setting_aside import OTHERWISE
from fscdesk.services.work import Topic, Work
from fscdesk.services.x12.reading_835 import read_835

__all__ = ["choose_charge", "choose_payer", "forget_charges", "let_go_on", "match_again"]

_DOING: Final = "post remittances"
_TOLD: Final = 300


def choose_payer(work: Work, remittance_id: int, payer_id: int) -> int:
    """Say whose remittance it is, and look for its claims again; return how many are matched.

    Raises Problem for a payer that is not in the books, and once something of it is posted.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    row = _open(work, remittance_id)
    payer = work.db.get(Payer, payer_id)
    if payer is None:
        raise Problem("This payer is not in the books.", hint="Nothing was changed.")
    if row.payer_id is not None and row.payer_id != payer_id:
        _require_no_plbs(work, row)
    first = row.payer_id is None
    row.payer_id = payer_id
    work.db.flush()
    if first:
        keep_provider_adjustments(work, row, _plbs_of_file(work, row))
        _stop_beside_another(work, row)
    record(work, "choose_payer", "remittance", row.id, payer=payer_id)
    return match_again(work, remittance_id)


def match_again(work: Work, remittance_id: int) -> int:
    """Look again whose claims it is about, after something changed; return how many are matched.

    What is posted or set aside stays as it is.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    row = _open(work, remittance_id)
    (found,) = match(work, [load(work, remittance_id)])
    if row.payer_id is None and found.payer_id is not None:
        row.payer_id = found.payer_id
    waiting = [one for one in found.claims if not (one.posted or one.closed)]
    _write(work, waiting)
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
    return _matched(found)


def choose_charge(work: Work, remittance_line_id: int, charge_id: int) -> None:
    """Say by hand which charge a line is about.

    Raises Problem for a charge that is not in the books or is of another day or amount than the
    line, and for a line that is posted.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    line = locked(work, RemittanceLine, remittance_line_id, "this line")
    claim = work.db.get_one(RemittanceClaim, line.remittance_claim_id)
    row = _open(work, claim.remittance_id)
    if claim.fate is not Fate.UNPOSTED:
        raise Problem(f"Claim {claim.number} is {claim.fate.value}.", hint="Nothing was changed.")
    charge = work.db.get(Charge, charge_id)
    if charge is None or charge.voided_on is not None:
        raise Problem("This charge is not in the books any more.", hint="Nothing was changed.")
    other_day = line.first_day is not None and line.first_day != charge.service_day
    if other_day or abs(line.charge.cents) != charge.amount.cents:
        raise Problem(
            f"The payer speaks of {line.charge} on {_day(line)}, this charge is {charge.amount} on"
            f" {charge.service_day:%m/%d/%Y}.",
            hint="Nothing was changed. Choose the charge that it is about.",
        )
    line.charge_id, line.matched_by, line.why, line.words = charge_id, MatchedBy.HAND, "", ""
    claim.patient_id, claim.why, claim.words = charge.patient_id, "", ""
    work.db.flush()
    record(work, "choose_charge", "remittance_line", line.id, charge=charge_id)
    match_again(work, row.id)


def forget_charges(work: Work, remittance_line_ids: Sequence[int]) -> int:
    """Let lines be about what can be found again, not about what a person chose; return how many.

    Raises Problem for a line of a claim that is posted or set aside.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    rows: set[int] = set()
    count = 0
    for one in remittance_line_ids:
        line = locked(work, RemittanceLine, one, "this line")
        claim = work.db.get_one(RemittanceClaim, line.remittance_claim_id)
        row = _open(work, claim.remittance_id)
        if claim.fate is not Fate.UNPOSTED:
            raise Problem(
                f"Claim {claim.number} is {claim.fate.value}.", hint="Nothing was changed."
            )
        if line.matched_by != MatchedBy.HAND:
            continue
        rows.add(row.id)
        count += 1
        record(work, "forget_charge", "remittance_line", line.id, charge=line.charge_id)
        line.charge_id, line.claim_line_id, line.matched_by = None, None, ""
        claim.patient_id = None
        work.db.flush()
    for one in sorted(rows):
        match_again(work, one)
    return count


def let_go_on(work: Work, remittance_id: int, reason: str) -> str:
    """Let a stopped remittance be posted after a look, with the reason; return its number.

    Claims that do not balance stay unposted all the same. Raises Problem for what no look makes
    right: a test, amounts that cannot be read, a check that does not balance.
    """
    require(work, Right.POST_PAYMENT, _DOING)
    words = text_of(reason, "the reason", longest=300, required=True)
    row = locked(work, Remittance, remittance_id, "this remittance")
    if row.status is not RemittanceStatus.STOPPED:
        raise Problem(f"Remittance {row.number} is not stopped.", hint="Nothing was changed.")
    if row.test or row.check_off:
        raise Problem(
            f"Remittance {row.number} cannot be posted: {row.reason}",
            hint="Nothing was changed. Ask the payer for a correct file, or enter its EOB by hand.",
        )
    record(work, "let_remittance_go_on", "remittance", row.id, was=row.reason, reason=words)
    row.status, row.reason = RemittanceStatus.TO_POST, ""
    work.touch(Topic.REMITTANCES, Topic.QUEUE)
    return row.number


def _stop_beside_another(work: Work, row: Remittance) -> None:
    """Stop a check whose payer is known now, where that payer's number says something else."""
    other = other_of_number(work, load(work, row.id))
    if other is not None and row.conflict_id is None and row.status is RemittanceStatus.TO_POST:
        row.conflict_id, row.status, row.reason = other, RemittanceStatus.STOPPED, OTHERWISE


def _require_no_plbs(work: Work, row: Remittance) -> None:
    """Raise Problem where documents of the payer that was known until now stand with it."""
    if load(work, row.id).plbs:
        raise Problem(
            f"Remittance {row.number} has amounts beside its claims that stand with its payer.",
            hint="Nothing was changed. Set it aside, and ask the payer whose it is.",
        )


def _open(work: Work, remittance_id: int) -> Remittance:
    row = locked(work, Remittance, remittance_id, "this remittance")
    if row.origin is RemittanceOrigin.TYPED:
        raise Problem(
            f"{row.number} was typed in: whose it is has been said.",
            hint="Nothing was changed. Undo the EOB, and type it in anew.",
        )
    if row.status is RemittanceStatus.POSTED:
        raise Problem(
            f"Remittance {row.number} is posted.", hint="Nothing was changed. Undo it first."
        )
    if row.status is RemittanceStatus.CLOSED:
        raise Problem(
            f"Remittance {row.number} is set aside.", hint="Nothing was changed. Take it up first."
        )
    return row


def _plbs_of_file(work: Work, row: Remittance) -> tuple[Plb, ...]:
    """Return what the file says beside the claims: it was not kept while nobody was its payer."""
    file = None if row.file_id is None else work.db.get(RemittanceFile, row.file_id)
    if file is None:
        return ()
    read = read_835(file.content).remittances
    if not 0 < row.position <= len(read):
        return ()
    return answered_of(read[row.position - 1], read_on=row.paid_on, position=row.position).plbs


def _write(work: Work, claims: Sequence[AnsweredClaim]) -> None:
    """Write what matching found of claims that wait."""
    run_many(
        work,
        "UPDATE remittance_claim SET claim_id = ?, patient_id = ?, matched_by = ?, why = ?,"
        " words = ? WHERE id = ?",
        [
            (
                *(one.claim_id, one.patient_id, str(one.matched_by), _why(one.why)),
                *(one.words[:_TOLD], one.row_id),
            )
            for one in claims
        ],
    )
    run_many(
        work,
        "UPDATE remittance_line SET charge_id = ?, claim_line_id = ?, matched_by = ?, why = ?,"
        " words = ? WHERE id = ?",
        [
            (
                *(line.charge_id, line.claim_line_id, str(line.matched_by), _why(line.why)),
                *(line.words[:_TOLD], line.row_id),
            )
            for one in claims
            for line in one.lines
        ],
    )
    work.db.expire_all()


def _why(one: Unposted | None) -> str:
    return "" if one is None else one.value


def _matched(found: AnsweredRemittance) -> int:
    return sum(
        1
        for claim in found.claims
        if claim.lines and all(line.charge_id is not None for line in claim.lines)
    )


def _day(line: RemittanceLine) -> str:
    return "an unknown day" if line.first_day is None else f"{line.first_day:%m/%d/%Y}"
