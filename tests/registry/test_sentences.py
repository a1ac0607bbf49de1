"""Every fault of the registry is a sentence in both languages; the guide lists every column."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.errors import Fault
from locales import LANGUAGES, fault_text, texts
from registry.intake import KINDS

PROJECT = Path(__file__).resolve().parents[2]
FORMED = {"geometry_not_polygon", "geometry_not_point", "unknown_plots", "unknown_providers"}
CHOSEN = {"in_commune", "outside_commune_2025"}


def named() -> Iterator[str]:
    """Each key written in a ``Fault(...)`` or ``Refused(...)`` of the registry."""
    for path in (PROJECT / "registry").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Fault": 2, "Refused": 0}.get(node.func.id)
                if place is not None and isinstance(key := node.args[place], ast.Constant):
                    yield str(key.value)


KEYS = {*named(), *FORMED, *CHOSEN}


def wanted(key: str) -> set[str]:
    words = texts()[f"faults.{key}"]["en"]
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_many_are_found() -> None:
    assert len(KEYS) > 50


@pytest.mark.parametrize("key", sorted(KEYS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_a_sentence(key: str, language: str) -> None:
    values = tuple((name, "value") for name in wanted(key))
    alone = fault_text(Fault(None, None, key, values), language)  # type: ignore[arg-type]
    assert alone
    placed = fault_text(Fault(1014, "crop", key, values), language)  # type: ignore[arg-type]
    assert "1014" in placed
    assert placed.endswith(alone)


def test_the_guide_lists_every_column() -> None:
    guide = (PROJECT / "docs" / "records.md").read_text(encoding="utf-8")
    for kind in KINDS:
        section = guide.split(f"\n## {kind.name}\n", 1)[1].split("\n## ", 1)[0]
        listed = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
        assert listed == [column.name for column in kind.columns]
        for column in kind.columns:
            row = next(line for line in section.splitlines() if f"| `{column.name}`" in line)
            assert all(word in row for word in column.allowed), column.name
            assert ("yes" in row.split("|")[2]) == column.required, column.name
