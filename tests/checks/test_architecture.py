"""The rules of the layout, checked instead of remembered."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QSortFilterProxyModel
from PySide6.QtGui import QUndoCommand, QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLayout,
    QLineEdit,
    QProxyStyle,
    QStyledItemDelegate,
    QTableView,
    QWizardPage,
)

from tests.support.shared import ROOT

SRC = ROOT / "src" / "fscdesk"
MODULES = sorted(SRC.rglob("*.py"))
# A migration is a record of what was: it is as long as it is, and alembic calls it.
WRITTEN = [path for path in MODULES if path.parent.name != "versions"]
NEVER = {
    "models": ("PySide6", "fscdesk.services", "fscdesk.ui", "fscdesk.cli"),
    "services": ("PySide6", "fscdesk.ui", "fscdesk.cli"),
    "cli": ("PySide6", "fscdesk.ui", "fscdesk.models", "sqlalchemy", "alembic", "psycopg"),
    "ui": ("sqlalchemy", "alembic", "psycopg", "sqlite3", "sqlcipher3", "fscdesk.models"),
}
ALWAYS = ("fscdesk.models.values",)  # plain values may travel to every layer
LICENSE_TRAPS = (  # GPL behind a wheel that says LGPL, or a browser for one picture
    "PySide6.QtCharts",
    "PySide6.QtDataVisualization",
    "PySide6.QtGraphs",
    "PySide6.QtWebEngine",
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
LONGEST = 400
# An override of Qt does what Qt says it does.
QT_NAMES = frozenset(
    name
    for kind in (
        *(QAbstractTableModel, QSortFilterProxyModel, QStyledItemDelegate, QItemSelectionModel),
        *(QDialog, QTableView, QHeaderView, QWizardPage, QLineEdit, QComboBox, QLayout),
        *(QCheckBox, QValidator, QProxyStyle, QUndoCommand),
    )
    for name in dir(kind)
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_module_keeps_to_its_layer_and_its_size(path: Path) -> None:
    layer = path.relative_to(SRC).parts[0]
    tree = _parsed(path)
    for name in _imports(tree):
        assert not name.startswith(LICENSE_TRAPS), f"{name} has a licence that we cannot take"
        if not name.startswith(ALWAYS):
            assert not name.startswith(NEVER.get(layer, ())), f"{layer} must not import {name}"
    if layer == "ui":
        assert not _reads(tree, "db"), "a screen must not reach into the transaction"
    if path in WRITTEN:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST, f"{lines} lines: split this module, one topic per file"
    assert ast.get_docstring(tree), "say in one sentence what lives here"
    assert path.stem not in VAGUE, "name it after what it holds"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(SRC)))
def test_what_others_may_call_says_what_it_promises(path: Path) -> None:
    silent = list(_silent(_parsed(path)))
    assert not silent, f"no docstring: {', '.join(silent)}"


def test_the_check_sees_the_tree() -> None:
    assert {path.relative_to(SRC).parts[0] for path in MODULES} >= {"models", "services", "ui"}


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _promised() -> frozenset[str]:
    """Names of methods that say somewhere what they promise: an override keeps that promise."""
    return frozenset(
        method.name
        for path in MODULES
        for node in _parsed(path).body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
    )


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _reads(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == name for node in ast.walk(tree))


def _silent(tree: ast.Module) -> Iterator[str]:
    """Public classes, functions and methods without a docstring; overrides need none."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _owes_words(node):
            yield node.name
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield node.name
            for method in node.body:
                if not isinstance(method, ast.FunctionDef) or not _owes_words(method):
                    continue
                if not node.bases or not _overrides(method.name):
                    yield f"{node.name}.{method.name}"


def _owes_words(node: ast.FunctionDef) -> bool:
    if node.name.startswith("_") or ast.get_docstring(node):
        return False
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return not marks & {"overload", "override", "setter"}


def _overrides(name: str) -> bool:
    return name in _promised() or name in QT_NAMES
