"""What is delivered: dependencies, licences, and nothing of the machine it was made on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from fscdesk import __version__
from fscdesk.resources import resource
from tests.support.shared import ROOT

PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)( ; [^\\]+?)? \\$", re.MULTILINE)
REGISTRY = re.compile(
    r"(index|find-links|registry)[-_a-z]*[ =:]+\"?(https?|file)://"
    r"|https?://[^ \"]+/(simple|packages)/"
    r"|\b(pypi\.org|pythonhosted\.org|registry\.npmjs\.org)\b",
)
LICENSE_NAMES = ("LICENSE.txt", "OFL.txt")


def _tracked() -> list[Path]:
    """Files that are or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("this is not a git repository: nothing says which files belong to it")
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def _locked() -> dict[str, Version]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {found["name"]: Version(found["version"]) for found in PINNED.finditer(text)}


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [Requirement(line) for line in lines]


def test_the_lock_holds_what_the_project_asks_for() -> None:
    locked = _locked()
    for wanted in _wanted():
        found = locked.get(canonicalize_name(wanted.name))
        assert found is not None, f"requirements.lock lacks {wanted.name}"
        assert found in wanted.specifier, f"requirements.lock holds {wanted.name} {found}"


def test_every_dependency_is_pinned_by_its_minor_version() -> None:
    for wanted in _wanted():
        assert re.fullmatch(r"==\d+(\.\d+)?\.\*", str(wanted.specifier)), str(wanted)


def test_the_lock_names_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for line in lines:
        assert re.fullmatch(
            r"[a-z0-9-]+==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        ), line
    assert len(PINNED.findall(text)) == sum(not line.startswith(" ") for line in lines)


def test_no_file_names_a_registry_or_a_folder_of_this_machine() -> None:
    mine = {str(ROOT), str(Path.home())} - {"/", "/root"}
    for path in _tracked():
        text = path.read_bytes().decode("utf-8", errors="replace")
        if path != Path(__file__):
            assert not REGISTRY.search(text), f"{path.relative_to(ROOT)} names a registry"
        for folder in mine:
            assert folder + "/" not in text, f"{path.relative_to(ROOT)} names {folder}"


def test_every_picture_and_font_has_its_licence_beside_it() -> None:
    for folder in ("fonts", "icons"):
        assert any(resource(folder).iterdir())
    ours = resource("help")  # pictures of our own screens
    for path in resource(".").rglob("*"):
        if ours not in path.parents and path.suffix in {".png", ".svg", ".ttf", ".otf"}:
            licences = [path.with_name(name) for name in LICENSE_NAMES]
            assert any(licence.is_file() for licence in licences), f"{path} has no licence"


def test_the_changelog_knows_this_version() -> None:
    text = resource("help/changelog.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(__version__)}\b", text, re.MULTILINE)


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"fonts/none\.ttf is missing"):
        resource("fonts/none.ttf")
