"""Copies of a practice: whole, checked, never over another file; older practices brought up."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import sqlcipher3.dbapi2
from alembic.config import Config

from fscdesk.services import backups, schema_version, upgrading
from fscdesk.services.connecting import open_office
from fscdesk.services.errors import Problem
from fscdesk.services.office import Office
from fscdesk.services.work import Work
from tests.support.accounts import a_draft, add_account, add_cast, record
from tests.support.cli import run_cli
from tests.support.clock import Clock
from tests.support.tables import digest_of


def fill(office: Office, name: str = "Quill Fakerson") -> None:
    def act(work: Work) -> None:
        guarantor, patient = add_account(work, name)
        cast = add_cast(work)
        draft = a_draft(cast, guarantor, patient, date(2026, 3, 4), share=5_500)
        record(work, draft, paid_on=date(2026, 3, 31))

    office.write(act)


def test_a_backup_is_the_practice_and_can_take_its_place(
    sqlite_practice: str, sqlite_books: Office, tmp_path: Path
) -> None:
    fill(sqlite_books)
    full = digest_of(sqlite_practice)
    made = run_cli("backup", tmp_path / "b.fscdesk", "--json", "--practice", sqlite_practice)
    assert made.status == 0, made.err
    assert made.json["rows"]["journal_line"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.fscdesk"]
    assert digest_of(str(tmp_path / "b.fscdesk")) == full
    fill(sqlite_books, "Later")
    sqlite_books.close()
    later = digest_of(sqlite_practice)
    assert later != full
    refused = run_cli("restore", tmp_path / "b.fscdesk", "--practice", sqlite_practice)
    assert (refused.status, refused.out) == (2, "")
    assert digest_of(sqlite_practice) == later
    done = run_cli(
        *("restore", tmp_path / "b.fscdesk", "--replace", "--json"),
        *("--practice", sqlite_practice),
    )
    assert done.status == 0, done.err
    assert digest_of(sqlite_practice) == full
    assert digest_of(done.json["kept"]) == later
    assert run_cli("verify", "--practice", sqlite_practice).status == 0


def test_a_backup_is_of_one_moment_while_others_write(
    sqlite_practice: str, sqlite_books: Office, tmp_path: Path
) -> None:
    def act(work: Work) -> None:
        add_account(work, "Not saved yet")
        backups.back_up(sqlite_practice, tmp_path / "b.fscdesk")  # another program, meanwhile

    before = digest_of(sqlite_practice)
    sqlite_books.write(act)
    assert digest_of(str(tmp_path / "b.fscdesk")) == before


def test_a_restore_makes_a_practice_where_none_was(sqlite_practice: str, tmp_path: Path) -> None:
    backups.back_up(sqlite_practice, tmp_path / "b.fscdesk")
    restored = backups.restore(tmp_path / "b.fscdesk", tmp_path / "new.fscdesk")
    assert restored.kept is None
    open_office(tmp_path / "new.fscdesk", now=Clock()).close()


def test_a_practice_that_is_open_is_not_replaced(
    sqlite_practice: str, sqlite_books: Office, tmp_path: Path
) -> None:
    backups.back_up(sqlite_practice, tmp_path / "b.fscdesk")
    fill(sqlite_books)
    with pytest.raises(Problem, match="Somebody has this practice open"):
        backups.restore(tmp_path / "b.fscdesk", sqlite_practice, replace=True)
    fill(sqlite_books, "Still works")


def test_a_damaged_practice_is_kept_and_replaced(sqlite_practice: str, tmp_path: Path) -> None:
    backups.back_up(sqlite_practice, tmp_path / "b.fscdesk")
    damaged = tmp_path / "damaged.fscdesk"
    damaged.write_bytes(b"not a database any more" * 100)
    restored = backups.restore(tmp_path / "b.fscdesk", damaged, replace=True)
    assert restored.kept is not None
    assert restored.kept.read_bytes().startswith(b"not a database")
    open_office(damaged, now=Clock()).close()


def test_what_is_no_backup_changes_nothing(sqlite_practice: str, tmp_path: Path) -> None:
    before = digest_of(sqlite_practice)
    junk = tmp_path / "junk.fscdesk"
    junk.write_bytes(b"junk" * 1000)
    empty = tmp_path / "empty.fscdesk"
    sqlcipher3.dbapi2.connect(str(empty)).close()
    torn = tmp_path / "torn.fscdesk"
    whole = Path(sqlite_practice).read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    for bad in (junk, empty, torn, tmp_path / "nothing", tmp_path):
        with pytest.raises(Problem):
            backups.restore(bad, sqlite_practice, replace=True)
    assert digest_of(sqlite_practice) == before
    assert not list(Path(sqlite_practice).parent.glob(".fscdesk-*"))


def test_no_file_is_ever_written_over(sqlite_practice: str, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    for path, said in ((taken, "exists already"), (tmp_path / "no" / "b", "does not exist")):
        with pytest.raises(Problem, match=said):
            backups.back_up(sqlite_practice, path)
    assert taken.read_text() == "mine"
    with pytest.raises(Problem, match="no practice at"):
        backups.back_up(tmp_path / "nowhere", tmp_path / "b")


def test_a_copy_that_is_not_whole_is_not_kept(
    sqlite_practice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = iter([{"practice": 1}, {"practice": 0}])
    monkeypatch.setattr(backups, "_rows", lambda _connection: next(counts))
    with pytest.raises(Problem, match="is not sound"):
        backups.back_up(sqlite_practice, tmp_path / "b.fscdesk")
    assert list(tmp_path.iterdir()) == []


def test_a_shared_practice_is_backed_up_by_its_server(tmp_path: Path) -> None:
    shared = "postgresql://user@localhost/practice"
    for line in (("backup", "b"), ("restore", "b")):
        ran = run_cli(*line, "--practice", shared)
        assert (ran.status, ran.out) == (2, "")
        assert "pg_dump" in ran.err


# Older practices


def use_scripts(scripts: Path, schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this program be one that knows these migrations, to this schema."""

    def config() -> Config:
        made = Config()
        made.set_main_option("script_location", str(scripts))
        made.set_main_option("path_separator", "os")
        return made

    monkeypatch.setattr(upgrading, "migration_config", config)
    monkeypatch.setattr(schema_version, "SCHEMA", schema)


def scripts_in(folder: Path) -> Path:
    source = Path(str(upgrading.migration_config().get_main_option("script_location")))
    scripts = folder / "migrations"
    shutil.copytree(source, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    return scripts


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This program, one release later: a migration more."""
    scripts = scripts_in(tmp_path)
    (scripts / "versions" / "0006_later.py").write_text(
        '"""Later."""\nfrom alembic import op\nrevision = "0006"\ndown_revision = "0005"\n'
        "branch_labels = None\ndepends_on = None\n"
        'def upgrade():\n    op.execute("CREATE TABLE later (id INTEGER)")\n'
        'def downgrade():\n    op.execute("DROP TABLE later")\n',
        encoding="utf-8",
    )
    use_scripts(scripts, "0006", monkeypatch)


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """This program, one release earlier: without the newest migration. Returns what it knows."""
    scripts = scripts_in(tmp_path)
    files = sorted((scripts / "versions").glob("0*.py"))
    files[-1].unlink()
    known = files[-2].name[:4]
    use_scripts(scripts, known, monkeypatch)
    return known


def test_a_desk_that_was_not_updated_cannot_open_what_the_others_use(
    practice: str, before: str, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """One practice on a server, a new program at one desk and the old one at another."""
    with pytest.raises(Problem, match=rf"newer fscdesk \(schema \d+; .* knows {before}\)") as no:
        open_office(practice, now=clock)
    assert "Update fscdesk on this computer" in no.value.hint
    for line in (("verify",), ("migrate",), ("report", "trial-balance")):
        ran = run_cli(*line, "--practice", practice)
        assert (ran.status, ran.out) == (2, "")
        assert "newer fscdesk" in ran.err
    monkeypatch.undo()
    open_office(practice, now=clock).close()


def test_an_older_practice_is_backed_up_and_brought_up_to_date(
    practice: str, newer: None, clock: Clock
) -> None:
    opened = run_cli("verify", "--practice", practice)
    assert opened.status == 2
    assert "older fscdesk" in opened.err
    shared = practice.startswith("postgres")
    if shared:
        refused = run_cli("migrate", "--practice", practice)
        assert refused.status == 2
        assert "pg_dump" in refused.err
    done = run_cli("migrate", *(["--dumped"] if shared else []), "--json", "--practice", practice)
    assert done.status == 0, done.err
    assert (done.json["before"], done.json["after"]) == ("0005", "0006")
    open_office(practice, now=clock).close()
    again = run_cli("migrate", "--practice", practice)
    assert (again.status, "up to date" in again.out) == (0, True)
    if not shared:
        kept = Path(done.json["backup"])
        assert kept.name.endswith(".before-upgrade-from-0005-20260412-120000.fscdesk")
        with pytest.raises(Problem, match="older fscdesk"):
            open_office(kept, now=clock)
        kept.unlink()


def test_a_newer_practice_is_left_alone(
    sqlite_practice: str, newer: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backups.migrate(sqlite_practice, now=Clock())
    backups.back_up(sqlite_practice, tmp_path / "newer.fscdesk")
    monkeypatch.undo()
    for line in (("migrate",), ("verify",)):
        ran = run_cli(*line, "--practice", sqlite_practice)
        assert (ran.status, ran.out) == (2, "")
        assert "newer fscdesk" in ran.err
    with pytest.raises(Problem, match="newer fscdesk"):
        backups.restore(tmp_path / "newer.fscdesk", tmp_path / "target.fscdesk")
    for left in Path(sqlite_practice).parent.glob("*.before-upgrade-*"):
        left.unlink()
