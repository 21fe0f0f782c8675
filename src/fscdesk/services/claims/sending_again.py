"""The files of batches: looked at, saved where somebody chooses, and sent again as they were."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from fscdesk.models.claim_batch import BatchState, ClaimBatch, ClaimSending, Route
from fscdesk.services.audit import record
from fscdesk.services.billing.page_files import require_writable, write_with
from fscdesk.services.claims.as_837p import FileControls, write_claims
from fscdesk.services.claims.as_cms1500 import CmsMode, as_form, print_offset
from fscdesk.services.claims.frozen import thawed
from fscdesk.services.claims.going import judge, sender_of
from fscdesk.services.claims.undoing import STATE_WORDS
from fscdesk.services.editing import locked
from fscdesk.services.errors import Problem
from fscdesk.services.permissions import Right, require
from fscdesk.services.printing.cms1500 import NO_OFFSET, draw_cms1500
from fscdesk.services.work import Topic, Work

__all__ = ["BatchFile", "batch_file", "batch_pdf", "copy_for_test", "save_batch_file", "send_again"]

_LONGEST_REFERENCE = 80


@dataclass(frozen=True, slots=True)
class BatchFile:
    """The very file of a batch: the 837P, or the pages that were printed."""

    number: str
    name: str
    data: bytes


def send_again(work: Work, batch_id: int) -> str:
    """Let a batch's file go once more, byte for byte as it was; return the batch's number.

    For a file that the clearinghouse has lost. Call ``write_missing`` afterwards, in a work of
    its own. Raises Problem for paper and portals, and when something was answered already.
    """
    require(work, Right.SEND_CLAIMS, "send a batch again")
    batch = locked(work, ClaimBatch, batch_id, "this batch")
    if batch.route is not Route.ELECTRONIC:
        raise Problem(
            f"{batch.number} has no file for the clearinghouse.",
            hint="Nothing was sent. Print its forms again, or open its check-list.",
        )
    if batch.state is not BatchState.SENT:
        raise Problem(
            f"{batch.number} is {STATE_WORDS[batch.state]}.",
            hint="Nothing was sent. Only a batch that nobody has answered is sent again.",
        )
    batch.reference = ""
    work.db.flush()
    record(work, "send_claims_again", "claim_batch", batch_id, number=batch.number)
    work.touch(Topic.CLAIMS)
    return batch.number


def batch_file(work: Work, batch_id: int) -> BatchFile:
    """Return the file of a batch as it was made. Raises Problem for a portal's, which has none."""
    require(work, Right.SEND_CLAIMS, "look at the files of claims")
    batch = work.db.get(ClaimBatch, batch_id)
    if batch is None:
        raise Problem("This batch is not in the books.", hint="Nothing was opened.")
    if batch.content is None:
        raise Problem(
            f"{batch.number} went through a portal and has no file.",
            hint="Its check-list says what was entered.",
        )
    return BatchFile(batch.number, batch.file_name, bytes(batch.content))


def save_batch_file(work: Work, batch_id: int, folder: Path) -> Path:
    """Save the file of a batch in a folder that somebody chose, and return where it is.

    Who takes an 837P away brings it to the clearinghouse: a file that still waited for the
    outbox does not go there any more, or its claims would be billed twice. Raises Problem, with
    nothing saved, when the batch was taken back, or another file has that name.
    """
    require_writable(folder, "Nothing was saved.")
    file = batch_file(work, batch_id)
    batch = locked(work, ClaimBatch, batch_id, "this batch")
    if batch.state is BatchState.UNDONE:
        raise Problem(
            f"{batch.number} was taken back, so its file must not go to the clearinghouse.",
            hint="Nothing was saved. Its claims go in a new batch.",
        )
    path = folder / file.name
    if path.exists() and path.read_bytes() != file.data:
        raise Problem(
            f"{path.name} is in this folder already and is another file. Nothing was saved.",
            hint="Choose an empty folder.",
        )
    if not path.exists():
        write_with(work, path, file.data)
    if batch.route is Route.ELECTRONIC and not batch.reference:
        batch.reference = f"Folder {folder.name}"[:_LONGEST_REFERENCE]
    work.db.flush()
    record(work, "save_claim_file", "claim_batch", batch_id, number=batch.number)
    work.touch(Topic.CLAIMS)
    return path


def copy_for_test(work: Work, claim_ids: Collection[int]) -> BatchFile:
    """Return an 837P of claims that were not sent, marked as a test: to look at, and to try.

    Nothing is sent and no number is taken. Raises Problem, naming the claim, where one of them
    cannot go, or goes on paper or through a portal.
    """
    require(work, Right.SEND_CLAIMS, "look at the files of claims")
    judged = judge(work, claim_ids)
    if judged.staying:
        first = judged.staying[0]
        raise Problem(
            f"Claim {first.number} cannot go: {first.reason}.",
            hint=f"Nothing was written. {first.hint}",
        )
    claims = [content for claim, content in judged.going if claim.route is Route.ELECTRONIC]
    if not claims:
        raise Problem(
            "None of these claims goes in an 837P.",
            hint="Nothing was written. Paper claims are printed, others are typed in a portal.",
        )
    sender = replace(sender_of(work, claims[0]), test=True)
    made_at = work.now().astimezone(work.zone).replace(tzinfo=None)
    numbers = FileControls(1, 1, tuple(range(1, len(claims) + 1)), made_at, "TEST")
    _, text = write_claims(claims, sender, numbers)
    return BatchFile("", f"837P-test-{work.today():%Y%m%d}.837", text.encode("ascii"))


def batch_pdf(work: Work, batch_id: int, mode: CmsMode, *, printer: str = "") -> bytes:
    """Return the claims of a batch as CMS-1500 pages, as they were sent, whatever its route.

    Red forms are moved as the named printer needs it. Raises Problem for a batch that is not in
    the books, and a printer that nobody knows.
    """
    require(work, Right.SEND_CLAIMS, "print claims")
    rows = work.db.scalars(
        select(ClaimSending.content)
        .where(ClaimSending.batch_id == batch_id)
        .order_by(ClaimSending.id)
    ).all()
    if not rows:
        raise Problem("This batch is not in the books.", hint="Nothing was printed.")
    offset = print_offset(work, printer) if mode is CmsMode.RED_FORM else NO_OFFSET
    return draw_cms1500([as_form(thawed(one)) for one in rows], mode, offset)
