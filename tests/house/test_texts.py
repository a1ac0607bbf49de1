"""Every text stands in both languages, says the same things, and is found where it is asked for."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import string
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gis import errors
from locales import LANGUAGES, text, texts

PROJECT = Path(__file__).resolve().parents[2]
KHMER = re.compile(r"[\u1780-\u17ff]")
ROOMS = ("cli", "ui", "reports", "layers")
FIELDS = {"en", "km", "source", "review"}


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def those(wrong: Callable[[Mapping[str, Any]], bool]) -> set[str]:
    return {key for key, table in texts().items() if wrong(table)}


def test_a_text_has_both_languages_and_nothing_unknown() -> None:
    assert those(lambda table: not {"en", "km"} <= set(table) <= FIELDS) == set()
    assert those(lambda table: any(not table[language].strip() for language in LANGUAGES)) == set()


def test_both_languages_name_the_same_values() -> None:
    assert those(lambda table: placeholders(table["en"]) != placeholders(table["km"])) == set()


def test_each_language_is_in_its_script() -> None:
    """A name or a unit (the same in both) and words that are only values pass."""
    crossed = {"frame.other_language"}  # the language button names the other language
    assert those(lambda table: bool(KHMER.search(table["en"]))) == crossed
    assert those(lambda table: table["km"] != table["en"] and foreign(table["km"])) == crossed


def foreign(words: str) -> bool:
    """True where there are letters besides the placeholders, and none of them Khmer."""
    said = re.sub(r"\{[^}]*\}", "", words)
    return any(map(str.isalpha, said)) and not KHMER.search(said)


def test_digits_are_western_in_both_languages() -> None:
    assert those(lambda table: bool(re.search("[\u17e0-\u17e9]", table["km"]))) == set()


def test_khmer_without_an_official_source_waits_for_review() -> None:
    assert (
        those(
            lambda table: (
                bool(KHMER.search(table["km"]))
                and table.get("source", "proposed") == "proposed"
                and table.get("review") is not True
            )
        )
        == set()
    )


ERRORS = sorted(
    (
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.DeimapError) and dataclasses.is_dataclass(kind)
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_its_sentence(kind: type[errors.DeimapError]) -> None:
    for error in (made(kind, "x"), made(kind, "")):
        for language in LANGUAGES:
            assert text(f"errors.{error.key}", language, **error.values)


def made(kind: type[errors.DeimapError], filling: str) -> errors.DeimapError:
    """An error with some value in each field: the words decide which of two sentences it gets."""
    by_type: dict[str, object] = {"float": 1.5, "int": 2, "str": filling or "-"}
    given = {
        field.name: by_type.get(str(field.type), (filling,) if filling else ())
        for field in dataclasses.fields(kind)  # type: ignore[arg-type]
    }
    return kind(**given)


def asked_for() -> Iterator[tuple[str, str]]:
    """Each ``text("subject.key", ...)`` in the rooms that speak."""
    for path in [
        PROJECT / "app.py",
        *(p for room in ROOMS for p in (PROJECT / room).rglob("*.py")),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if name == "text" and isinstance(first, ast.Constant):
                    yield str(first.value), f"{path.relative_to(PROJECT)}:{node.lineno}"


def test_every_text_asked_for_exists() -> None:
    missing = {place: key for key, place in asked_for() if "." in key and key not in texts()}
    assert missing == {}
