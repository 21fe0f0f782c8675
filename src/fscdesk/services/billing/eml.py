"""E-mail as a file: one letter to one person, with one page, for the mail program to send.

The program itself sends nothing. It writes an ``.eml`` draft (RFC 5322, ``X-Unsent: 1``) to a
folder; opened there, a mail program shows it ready to send. The address is the one on the
guarantor's own record, never a list and never typed in passing, so that no statement reaches
another person's mailbox.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from fscdesk.models.document import SentBy
from fscdesk.models.patient import Guarantor
from fscdesk.models.practice import Practice
from fscdesk.services.billing.documents import document_bytes
from fscdesk.services.billing.page_files import write_with
from fscdesk.services.billing.sendings import log_sending, page_to_send
from fscdesk.services.billing.statements import statement_pdf_of
from fscdesk.services.errors import Problem
from fscdesk.services.work import Work

_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
NOTHING = "No e-mail was written."


@dataclass(frozen=True, slots=True)
class EmailFile:
    """A draft that was written: where, to which address, and its line in the send log."""

    path: Path
    to: str
    sending_id: int


def write_email(
    work: Work, folder: Path, *, document_id: int | None = None, statement_id: int | None = None
) -> EmailFile:
    """Write a draft with one document or statement to ``folder``, and log it as EMAIL_FILE.

    The file is named by the page's number. It is written last, and taken away again should the
    transaction fail. Raises Problem when the guarantor or the practice has no usable address,
    when the page is nobody's, and when the folder does not take the file.
    """
    page = page_to_send(work, document_id=document_id, statement_id=statement_id)
    whose = None if page.guarantor_id is None else work.db.get(Guarantor, page.guarantor_id)
    if whose is None:
        raise Problem(
            f"{page.number} was made for no guarantor, so it has no address.", hint=NOTHING
        )
    to = one_address(whose.email, f"{whose.name} ({whose.number})")
    practice = work.db.get_one(Practice, 1)
    sender = one_address(practice.email, "The practice")
    pdf = (
        document_bytes(work, document_id)
        if document_id is not None
        else statement_pdf_of(work, statement_id or 0)
    )
    path = folder / f"{page.number}.eml"
    if path.exists():
        raise Problem(
            f"{path.name} is in this folder already. {NOTHING}",
            hint="Send or remove that draft first, or choose another folder.",
        )
    words = page.kind.replace("_", " ")
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    message["Date"] = format_datetime(work.now())
    message["From"] = Address(practice.name, addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = f"Your {words} {page.number} from {practice.name}"
    message.set_content(_body(words, page.number, practice))
    message.add_attachment(
        pdf, maintype="application", subtype="pdf", filename=f"{page.number}.pdf"
    )
    sending = log_sending(
        work,
        SentBy.EMAIL_FILE,
        document_id=document_id,
        statement_id=statement_id,
        destination=to,
    )
    write_with(work, path, message.as_bytes())
    return EmailFile(path, to, sending)


def one_address(text: str, whose: str) -> str:
    """Return the one e-mail address that a record holds.

    Raises Problem when there is none, or when it is a list or no address at all.
    """
    found = text.strip()
    if not found:
        raise Problem(f"{whose} has no e-mail address. {NOTHING}", hint="Add it to the record.")
    if not _ADDRESS.fullmatch(found):
        raise Problem(
            f"“{found}” is not one e-mail address. {NOTHING}",
            hint=f"A letter goes to one person. Correct the record: {whose}.",
        )
    return found


def _body(words: str, number: str, practice: Practice) -> str:
    call = f" A question? Call {practice.phone}." if practice.phone else ""
    return (
        f"Attached is your {words} {number} from {practice.name}.{call}\n\n"
        "This message is for the person to whom it is addressed. If you are somebody else,"
        " delete it and tell us.\n"
    )
