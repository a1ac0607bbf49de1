"""Every text stands in both languages, says the same things, and is found where it is asked for."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from gis import errors
from gis.strength import GROUPS
from locales import LANGUAGES, text, texts

PROJECT = Path(__file__).resolve().parents[2]
KHMER = re.compile(r"[\u1780-\u17ff]")
ROOMS = ("cli", "ui", "reports", "layers", "registry", "gis", "locales")
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
        cast("type[errors.DeimapError]", kind)
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


def code() -> Iterator[tuple[str, ast.AST]]:
    """Each piece of the house's code, and where it stands."""
    files = (path for room in ROOMS for path in (PROJECT / room).rglob("*.py"))
    for path in (PROJECT / "app.py", *files):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(PROJECT)}:{getattr(node, 'lineno', 0)}", node


def opening(node: ast.AST) -> str | None:
    """What an f-string begins with, before its first value."""
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value)
    return None


SUBJECTS = {key.partition(".")[0] for key in texts()}
OPENINGS = {words for _, node in code() if (words := opening(node)) is not None}
WORDS = {str(node.value) for _, node in code() if isinstance(node, ast.Constant)} - OPENINGS
BEGINNINGS = OPENINGS | {word for word in WORDS if re.fullmatch(r"[a-z]+\.[a-z0-9_]+_", word)}
"""Of texts named in two pieces, in an f-string or in a table: ``"land.report_"``."""


def asked_for() -> Iterator[tuple[str, str, bool]]:
    """Each text that ``text(...)`` or ``t(...)`` asks for, its place, and if it is a beginning."""
    for place, node in code():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if getattr(node.func, "id", getattr(node.func, "attr", "")) not in ("text", "t"):
            continue
        for part in (node.args[0], *ast.iter_child_nodes(node.args[0])):
            if isinstance(part, ast.Constant) and str(part.value).partition(".")[0] in SUBJECTS:
                if not isinstance(node.args[0], ast.JoinedStr):
                    yield str(part.value), place, False
            elif (words := opening(part)) is not None:
                yield words, place, True


def test_every_text_asked_for_exists() -> None:
    asked = tuple(asked_for())
    assert any(place.startswith("ui") and not begins for _, place, begins in asked)
    missing = {
        place: words
        for words, place, begins in asked
        if not (begins and any(key.startswith(words) for key in texts())) and words not in texts()
    }
    assert missing == {}


def test_every_key_carried_in_a_note_or_a_table_exists() -> None:
    """``Note("reasons.firm")``, ``guarded("frame.what_map")``: words of the form subject.key."""
    named = re.compile(rf"({'|'.join(sorted(SUBJECTS))})\.[a-z0-9_-]+")
    files = re.compile(r".*\.(toml|csv|json|py|js|css|html|tif|gpkg|md)")
    keys = {word for word in WORDS if named.fullmatch(word) and not files.fullmatch(word)}
    assert {key for key in keys - BEGINNINGS if key not in texts()} == set()
    begun = {key for key in keys & BEGINNINGS if not any(name.startswith(key) for name in texts())}
    assert begun == set()


def test_no_text_lies_unused() -> None:
    tracks = tomllib.loads((PROJECT / "layers/tracks.toml").read_text(encoding="utf-8"))
    used = WORDS | keys_of_values(tracks)
    unused = {key for key in texts() if key not in used and not put_together(key)}
    assert {key for key in unused if not key.startswith("terms.")} == set()


def put_together(key: str) -> bool:
    """True where code names a text in two pieces: ``f"sites.goal_{goal}"``, a fault by its name."""
    subject, _, name = key.partition(".")
    if subject in ("faults", "allowed"):
        return name in WORDS or any(name.startswith(words) for words in OPENINGS if "_" in words)
    for words in BEGINNINGS:
        if words == f"{subject}." and {name, name.replace("_km", "_m")} & WORDS:
            return True
        # a name put together itself: f"degradation.{name}" with f"cover_{code}"
        if words == f"{subject}." and re.sub(r"[0-9]+$", "", name) in OPENINGS:
            return True
        if key.startswith(words) and len(words) > len(f"{subject}."):
            return True
    return False


def keys_of_values(tracks: Mapping[str, Any]) -> set[str]:
    """Texts of the errors by their class, and of the criteria by the table of tracks."""
    errors_made = {f"errors.{made(kind, words).key}" for kind in ERRORS for words in ("x", "")}
    criteria = (item["key"] for track in tracks["tracks"] for item in track["criteria"])
    return errors_made | {f"criteria.{key}" for key in criteria}


def test_words_for_the_strength_of_data_are_those_of_the_terms() -> None:
    for language in LANGUAGES:
        for group in GROUPS:
            word = text(f"terms.{group.replace('-', '_')}", language).partition(" (")[0]
            assert text(f"sites.group_{group}", language).casefold() == word.casefold()
    begun = {"firm": "firm", "capped": "borderline", "impossible": "too_weak"}
    begun |= dict.fromkeys(("not_reported", "area_unknown", "protected_unknown"), "too_weak")
    for reason, term in begun.items():
        assert texts()[f"reasons.{reason}"]["km"].startswith(texts()[f"terms.{term}"]["km"])


def test_one_thing_has_one_text() -> None:
    """Classes, groups and roads are named once; the others take that key."""
    for words in ("main roads", "firm", "borderline", "too weak", "early adopters"):
        keys = [key for key in texts() if texts()[key]["en"].casefold() == words]
        assert len([key for key in keys if not key.startswith("terms.")]) == 1, keys
