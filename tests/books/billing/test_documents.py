"""Pages that are kept, the send log, and e-mail as a file for one person."""

from __future__ import annotations

import email
import email.policy
import os
from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.exc import IntegrityError

from fscdesk.models.document import Document, DocumentKind, Sending, SentBy
from fscdesk.models.patient import Guarantor
from fscdesk.models.practice import Practice
from fscdesk.models.staff import RoleRight
from fscdesk.services.billing.documents import (
    document_bytes,
    documents_of,
    keep,
    kept,
    kept_document,
)
from fscdesk.services.billing.eml import write_email
from fscdesk.services.billing.page_files import write_pages
from fscdesk.services.billing.sendings import (
    SendingFilter,
    SendingRow,
    log_sending,
    page_of_sendings,
)
from fscdesk.services.billing.statements import make_statements, plan_statements
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Topic, Work
from tests.support.fail_at import Broken, _cut_at, assert_all_or_nothing
from tests.support.invoices import open_practice
from tests.support.payments import Till

PDF = b"%PDF-1.4 a page"


@pytest.fixture
def till(books: Office) -> Till:
    """Open charges, and addresses."""
    return books.write(open_practice).value


@pytest.fixture
def page(books: Office, till: Till) -> int:
    """A page for Alma's guarantor."""
    return books.write(
        lambda work: keep(
            work, DocumentKind.EXPLANATION, till.alma, PDF, "", till.alma_pays, till.alma
        )
    ).value


def log(books: Office, wanted: SendingFilter = SendingFilter()) -> tuple[SendingRow, ...]:  # noqa: B008
    return books.read(lambda work: page_of_sendings(work, wanted, Span(0, 50, "at"))).rows


def test_a_page_is_kept_with_its_hash_and_a_number_of_its_kind(
    books: Office, till: Till, page: int
) -> None:
    found = books.read(lambda work: kept_document(work, page))
    assert (found.number, found.file_name) == ("EX-2026-00001", "EX-2026-00001.pdf")
    assert books.read(lambda work: document_bytes(work, page)) == PDF
    second = assert_all_or_nothing(
        books, lambda work: keep(work, DocumentKind.EXPLANATION, till.alma, b"%PDF 2")
    )
    assert Topic.DOCUMENTS in second.topics
    newest = books.read(lambda work: kept(work, DocumentKind.EXPLANATION, till.alma))
    assert [one.number for one in newest] == ["EX-2026-00002", "EX-2026-00001"]
    assert books.read(lambda work: kept(work, DocumentKind.RECEIPT, till.alma)) == ()
    mine = books.read(lambda work: documents_of(work, guarantor_id=till.alma_pays))
    assert [one.id for one in mine] == [page]


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_has_a_number_series(books: Office, kind: DocumentKind) -> None:
    document = books.write(lambda work: keep(work, kind, 1, PDF)).value
    number = books.read(lambda work: kept_document(work, document)).number
    assert number.endswith("-2026-00001")
    with pytest.raises(Problem, match="You may not"):
        books.write(
            lambda work: (work.db.execute(delete(RoleRight)), document_bytes(work, document))
        )


def test_a_second_page_of_one_number_is_told_apart(books: Office) -> None:
    def act(work: Work) -> list[str]:
        ids = [keep(work, DocumentKind.INVOICE, 7, PDF, number="INV-2026-00007") for _ in "abc"]
        return [kept_document(work, one).number for one in ids]

    assert books.write(act).value == ["INV-2026-00007", "INV-2026-00007-2", "INV-2026-00007-3"]


@pytest.mark.parametrize(
    "name", ["alma.pdf", "EX-anyone-1.pdf", "a page.pdf", "../up.pdf", "x", "a/b.pdf"]
)
def test_a_file_name_tells_nobodys_name(books: Office, till: Till, name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        books.write(
            lambda work: keep(work, DocumentKind.RECEIPT, 1, PDF, name, till.alma_pays, till.alma)
        )


def test_a_page_that_was_changed_is_not_printed(books: Office, page: int) -> None:
    books.write(lambda work: work.db.execute(update(Document).values(content=b"%PDF forged")))
    with pytest.raises(Problem, match="changed outside of fscdesk"):
        books.read(lambda work: document_bytes(work, page))
    with pytest.raises(Problem, match="There is no document 99"):
        books.read(lambda work: document_bytes(work, 99))


# The send log


def test_what_left_is_on_record_and_stays(books: Office, till: Till, page: int) -> None:
    assert_all_or_nothing(
        books,
        lambda work: log_sending(work, SentBy.PRINT, document_id=page, destination="Front desk"),
    )
    (line,) = log(books)
    assert (line.number, line.kind, line.account, line.how) == (
        "EX-2026-00001",
        "explanation",
        "G-1",
        SentBy.PRINT,
    )
    assert (line.destination, line.by) == ("Front desk", books.actor.name)
    assert log(books, SendingFilter(how=SentBy.FILE)) == ()
    for forge in (delete(Sending), update(Sending).values(destination="elsewhere")):

        def act(work: Work, forge: Executable = forge) -> None:
            work.db.execute(forge)

        with pytest.raises(IntegrityError, match="record is kept as it is"):
            books.write(act)
    with pytest.raises(Problem, match="There is no document 99"):
        books.write(lambda work: log_sending(work, SentBy.PRINT, document_id=99))
    with pytest.raises(ValueError, match="either"):
        books.write(lambda work: log_sending(work, SentBy.PRINT))


def test_statements_are_in_the_same_log(books: Office, till: Till) -> None:
    def act(work: Work) -> int:
        made = make_statements(work, plan_statements(work, as_of=work.today()))
        log_sending(work, SentBy.PRINT, statement_id=made.statements[0].id)
        return made.statements[0].id

    statement = books.write(act).value
    (line,) = log(books, SendingFilter(statement_id=statement))
    assert (line.kind, line.number[:3]) == ("statement", "ST-")


# E-mail


def test_a_draft_goes_to_one_person_with_one_page(
    books: Office, till: Till, page: int, tmp_path: Path
) -> None:
    made = books.write(lambda work: write_email(work, tmp_path, document_id=page)).value
    assert made.path.name == "EX-2026-00001.eml"
    raw = made.path.read_bytes()
    assert b"\r\n" in raw
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["To"] == f"payer{till.alma_pays}@mail.example"
    assert len(message["To"].addresses) == 1
    assert [message.get_all(name) for name in ("Cc", "Bcc")] == [None, None]
    assert message["X-Unsent"] == "1"
    assert message["From"].addresses[0].addr_spec == "billing@springs.example"
    assert "Alma" not in str(message["Subject"])
    (attached,) = message.iter_attachments()
    assert attached.get_content() == PDF
    assert attached.get_filename() == "EX-2026-00001.pdf"
    (line,) = log(books)
    assert (line.how, line.destination) == (SentBy.EMAIL_FILE, message["To"])
    with pytest.raises(Problem, match="in this folder already"):
        books.write(lambda work: write_email(work, tmp_path, document_id=page))
    assert len(log(books)) == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "has no e-mail address"),
        ("a@x.example, b@x.example", "not one e-mail address"),
        ("a@x.example;b@x.example", "not one e-mail address"),
        ("Alma <a@x.example>", "not one e-mail address"),
        ("a@x.example\nBcc: b@x.example", "not one e-mail address"),
        ("alma at home", "not one e-mail address"),
    ],
)
def test_never_two_and_never_a_guess(
    books: Office, till: Till, page: int, tmp_path: Path, address: str, words: str
) -> None:
    books.write(
        lambda work: work.db.execute(
            update(Guarantor).where(Guarantor.id == till.alma_pays).values(email=address)
        )
    )
    with pytest.raises(Problem, match=words):
        books.write(lambda work: write_email(work, tmp_path, document_id=page))
    assert list(tmp_path.iterdir()) == []
    assert log(books) == ()


def test_the_practice_needs_an_address_and_the_page_an_owner(
    books: Office, till: Till, page: int, tmp_path: Path
) -> None:
    def act(work: Work) -> int:
        work.db.get_one(Practice, 1).email = ""
        return keep(work, DocumentKind.HAND_OFF, 1, PDF)

    nobodys = books.write(act).value
    with pytest.raises(Problem, match="The practice has no e-mail address"):
        books.write(lambda work: write_email(work, tmp_path, document_id=page))
    with pytest.raises(Problem, match="for no guarantor"):
        books.write(lambda work: write_email(work, tmp_path, document_id=nobodys))


def test_a_transaction_that_fails_leaves_no_file(
    books: Office, till: Till, page: int, tmp_path: Path
) -> None:
    for place in range(1, 200):
        try:
            with _cut_at(books, place):
                books.write(lambda work: write_email(work, tmp_path, document_id=page))
        except Broken:
            assert list(tmp_path.iterdir()) == []
            assert log(books) == ()
            continue
        break
    assert place > 10
    assert len(log(books)) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["EX-2026-00001.eml"]


# Files


def test_pages_are_written_all_or_none(
    books: Office, till: Till, page: int, tmp_path: Path
) -> None:
    other = books.write(lambda work: keep(work, DocumentKind.ESTIMATE, 1, b"%PDF e")).value
    (tmp_path / "GFE-2026-00001.pdf").write_bytes(b"mine")
    with pytest.raises(Problem, match="is another file"):
        books.write(lambda work: write_pages(work, tmp_path, [page, other]))
    assert [one.name for one in tmp_path.iterdir()] == ["GFE-2026-00001.pdf"]
    assert log(books) == ()
    (tmp_path / "GFE-2026-00001.pdf").unlink()
    paths = books.write(lambda work: write_pages(work, tmp_path, [page, other])).value
    assert [path.read_bytes() for path in paths] == [PDF, b"%PDF e"]
    assert {line.how for line in log(books)} == {SentBy.FILE}
    again = books.write(lambda work: write_pages(work, tmp_path, [page])).value
    assert again == paths[:1]
    with pytest.raises(Problem, match="does not exist"):
        books.write(lambda work: write_pages(work, tmp_path / "nowhere", [page]))


def test_a_full_disk_leaves_nothing(
    books: Office, page: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="The disk is full"):
        books.write(lambda work: write_pages(work, tmp_path, [page]))
    assert list(tmp_path.iterdir()) == []
    assert log(books) == ()
