"""What a person sees before an import: the file, its rows, what each would post."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

from sqlalchemy import text

from fscdesk.models.values import Money
from fscdesk.services.importing.applying import Applied, apply_prepared, import_file
from fscdesk.services.importing.looking import look_at, map_again
from fscdesk.services.importing.planning import plan_import
from fscdesk.services.importing.preview import Previews, count_entries
from fscdesk.services.importing.proposing import Proposal, propose
from fscdesk.services.importing.reading import read_file
from fscdesk.services.office import Office
from fscdesk.services.paging import Span
from fscdesk.services.work import Work
from tests.support.appointment_files import MARCH, REEXPORT
from tests.support.shared import samples


def announced(books: Office, name: str) -> tuple[Counter[str], int, Applied]:
    """Preview every row of a sample with the proposals taken, then apply it."""
    file = read_file(samples() / name)
    prepared = books.read(lambda work: plan_import(work, file, accept_proposals=True))

    def ask(work: Work) -> tuple[Counter[str], int]:
        sums: Counter[str] = Counter()
        previews = Previews(prepared)
        for row in prepared.plan.rows:
            shown = previews.of_row(work, row.id)
            assert sum(one.amount.cents for one in shown.postings) == 0
            for one in shown.postings:
                sums[one.account] += one.amount.cents
        return sums, count_entries(work, prepared)

    sums, count = books.read(ask)
    applied = books.write(
        lambda work: apply_prepared(work, file, prepared, accept_proposals=True)
    ).value
    return sums, count, applied


def posted(books: Office, batch: int | None) -> tuple[Counter[str], int]:
    """What a batch really left in the ledger."""
    lines = text(
        "SELECT l.account, sum(l.amount) FROM journal_line l JOIN journal_entry e"
        " ON e.id = l.entry_id WHERE e.batch_id = :batch GROUP BY l.account"
    )
    counted = text("SELECT count(*) FROM journal_entry WHERE batch_id = :batch")
    told = {"batch": batch}
    sums = books.read(
        lambda work: {row[0]: int(row[1]) for row in work.db.execute(lines, told).all()}
    )
    return Counter(sums), int(books.read(lambda work: work.db.scalar(counted, told)) or 0)


def test_what_is_announced_is_what_is_posted_to_the_cent(books: Office) -> None:
    for name in (MARCH, REEXPORT):
        sums, count, applied = announced(books, name)
        really, entries = posted(books, applied.batch_id)
        assert {one: cents for one, cents in sums.items() if cents} == {
            one: cents for one, cents in really.items() if cents
        }
        assert count == entries > 0


def proposal(books: Office, name: str, **answers: str) -> Proposal:
    looked = books.read(lambda work: look_at(work, samples() / name))
    file = looked.file
    assert file is not None
    return books.read(lambda work: propose(work, file, answers=answers, file_day=None))


def april(books: Office) -> Proposal:
    before = read_file(samples() / MARCH)
    books.write(lambda work: import_file(work, before, accept_proposals=True))
    return proposal(books, REEXPORT)


def test_a_changed_row_shows_old_and_new_and_the_net_of_both_entries(books: Office) -> None:
    found = april(books)
    row = next(row for row in found.plan.rows if row.line == 32)
    shown = books.read(lambda work: found.previews.of_row(work, row.id))
    facts = {one.field: (one.was, one.will) for one in shown.fields if one.changed}
    assert facts == {
        "Code": ("90837", "90834"),
        "Fee": (Money(16000), Money(13000)),
        "Payer share": (Money(13000), Money(10000)),
        "Note": ("NO NOTE", "LOCKED"),
        "Claim": ("UNBILLED", "UNPAID"),
    }
    assert [(one.account, one.name, one.amount.cents) for one in shown.postings] == [
        ("4010", "Service revenue", 3000),
        ("1110", "A/R insurance", -3000),
    ]
    assert "The first entry stays as it is." in shown.words


def test_rows_that_wait_or_stay_post_nothing_and_say_why(books: Office) -> None:
    found = april(books)
    words = {}
    for row in found.plan.rows:
        preview = books.read(partial(found.previews.of_row, row_id=row.id))
        words[found.lines.line(row.id).verdict] = preview
    assert words["question"].words == "Nothing is posted until the question is answered."
    assert words["unchanged"].words == "Nothing is posted: nothing changed."
    assert words["gone"].words == "Nothing is posted: the session stays as it is."
    assert all(not words[verdict].postings for verdict in ("question", "unchanged", "gone"))


def test_rows_are_found_filtered_sorted_and_paged(books: Office) -> None:
    lines = april(books).lines
    everything = lines.page("", "", Span(0, 500, "line"))
    assert everything.total == len(lines.plan.rows)
    assert [one.id for one in everything.rows] == list(range(everything.total))
    for shows in ("new", "unchanged", "gone", "question", "findings"):
        page = lines.page("", shows, Span(0, 500, "day"))
        assert page.total == lines.count(shows) == len(page.rows)
    waiting = lines.page("", "question", Span(0, 500, "verdict"))
    assert waiting.total == lines.waiting + sum(one.verdict == "gone" for one in waiting.rows)
    assert lines.page("ROBERTA dummy", "", Span(0, 5, "line")).total == 2
    assert lines.page("ficcion", "", Span(0, 5, "line")).total >= 1  # as it is typed: no accent
    up = lines.page("", "", Span(0, 500, "open"))
    down = lines.page("", "", Span(0, 500, "open", descending=True))
    assert [one.id for one in down.rows] == [one.id for one in up.rows][::-1]
    second = lines.page("", "", Span(10, 10, "open"))
    assert second.rows == up.rows[10:20]
    ranks = [one.verdict for one in lines.page("", "", Span(0, 500, "verdict")).rows]
    assert ranks[0] == "question"
    assert ranks[-1] == "unchanged"


def test_a_finding_stands_beside_its_row(books: Office) -> None:
    found = proposal(books, MARCH)
    page = found.lines.page("", "findings", Span(0, 10, "line"))
    assert [(one.row.line, one.findings[0].code) for one in page.rows] == [(46, "repeated-row")]
    assert found.lines.loose == ()


def test_a_file_nobody_knows_offers_its_columns(books: Office, tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("When,Patient,Therapist,CPT\n03/02/2026,A B,C D,90837\n", encoding="utf-8")
    looked = books.read(lambda work: look_at(work, path))
    assert looked.can_be_mapped
    assert looked.headings == ("When", "Patient", "Therapist", "CPT")
    assert looked.suggested == {"client": "patient", "clinician": "therapist", "codes": "cpt"}
    assert [row.cells for row in looked.rows] == [("03/02/2026", "A B", "C D", "90837")]
    assert map_again(looked) == looked
