"""Parameters that differ between two results, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gis.analysis import Note
from layers.provenance import plain
from locales import texts

TABLES = ("tracks", "machinery")
"""Tables of the house: a difference in them names the row and the column."""
TOGETHER = ("overrides", "estimates")
"""What is told of a place in one sentence."""
MOST = 12
"""Differences in tables that are told one by one."""
_WORDS = {
    "track": "criteria.track_",
    "objective": "sites.goal_",
    "goal": "scenarios.goal_",
    "model": "choose.model_",
    "candidates": "choose.candidates_",
    "season": "frame.season_",
    "service_season": "frame.season_",
    "action": "workbook.override_",
}
"""Parameter whose values are words -> what their texts begin with."""

_TITLES = {
    "track": ("sites.track",),
    "objective": ("sites.goal",),
    "bases": ("machine_bases.goal",),
}
"""Parameters that the page of sites names elsewhere."""

Path = tuple[str, ...]


def asked_differently(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Note]:
    """A sentence for each parameter that differs; of the tables those rows that either uses."""
    used = {str(stated["track"]) for stated in (first, second) if "track" in stated}
    left, right = dict(_leaves(plain(first))), dict(_leaves(plain(second)))
    differing = [
        path
        for path in dict.fromkeys((*left, *right))
        if not _same(left.get(path), right.get(path)) and not _unused(path, used)
    ]
    in_tables = [path for path in differing if path[0] in TABLES]
    for path in differing:
        if path[0] not in TABLES or path in in_tables[:MOST]:
            yield _differs(path, left.get(path), right.get(path))
    if len(in_tables) > MOST:
        yield Note("scenarios.more_in_tables", (("count", len(in_tables) - MOST),))


def title_of(path: Path) -> Any:
    """What a parameter is called: a note, or its own name where nobody named it."""
    top, last = path[0], path[-1]
    if top == "weights" and len(path) > 1:
        return _weight_of(f"criteria.axis_{last}")
    if top == "criterion_weights" and len(path) > 1:
        return _weight_of(f"criteria.{last}")
    if top == "cutoffs" and len(path) > 1:
        return Note("sites.parameter_cutoff", (("title", last.upper()),))
    if top == "bases" and f"machine_bases.parameter_{last}" in texts():
        return Note(f"machine_bases.parameter_{last}")
    for key in (*_TITLES.get(top, ()), f"sites.parameter_{top}", f"scenarios.parameter_{top}"):
        if key in texts():
            named = Note(key)
            if len(path) == 1:
                return named
            return Note("scenarios.inside", (("title", named), ("path", ", ".join(path[1:]))))
    return ".".join(path)


def _weight_of(key: str) -> Note:
    return Note("sites.parameter_weight", (("title", Note(key)),))


def _unused(path: Path, tracks: set[str]) -> bool:
    return path[0] == "tracks" and len(path) > 1 and path[1] not in tracks


def _same(first: Any, second: Any) -> bool:
    """Nothing set is the same as an empty list."""
    return bool(first == second) or not (_set(first) or _set(second))


def _set(value: Any) -> bool:
    return value is not None and value not in ([], {})


def _differs(path: Path, first: Any, second: Any) -> Note:
    before, after = _rows(first), _rows(second)
    gone = [row for row in before if row not in after]
    come = [row for row in after if row not in before]
    if gone or come:
        named = (("first", _listed(gone)), ("second", _listed(come)))
        return Note("scenarios.rows_differ", (("title", title_of(path)), *named))
    shown = (("first", _shown(path, first)), ("second", _shown(path, second)))
    return Note("scenarios.parameter_differs", (("title", title_of(path)), *shown))


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """Rows of a list without keys; none of anything else."""
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return []
    return value


def _listed(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows by name and place, or all they hold; of very many the first, and how many more."""
    said = [_row(row) for row in rows[:MOST]]
    if len(rows) > MOST:
        said.append(f"+ {len(rows) - MOST}")
    return ", ".join(said) if said else Note("scenarios.none")


def _row(row: Mapping[str, Any]) -> str:
    """``Old mill (102.95, 12.9)``."""
    first, *others = [f"{v:.10g}" if isinstance(v, float) else str(v) for v in _ordered(row)]
    return f"{first} ({', '.join(others)})" if others else first


def _ordered(row: Mapping[str, Any]) -> list[Any]:
    """Values of a row, its name first."""
    return [row[name] for name in sorted(row, key=lambda name: name != "name")]


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Values of nested tables by their path; rows of a list by their key where they have one."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _leaves(item, (*path, str(name)))
    elif rows := _keyed(value):
        for name, item in rows.items():
            whole = path[0] in TOGETHER
            yield from [((*path, name), item)] if whole else _leaves(item, (*path, name))
    else:
        yield path, value


def _keyed(value: Any) -> dict[str, Mapping[str, Any]]:
    """Rows by their ``key`` or ``code``, where every row of a list has one of its own."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return {}
    rows = [item for item in value if isinstance(item, Mapping)]
    keys = [str(row.get("key", row.get("code", ""))) for row in rows]
    named = len(rows) == len(value) and "" not in keys and len(set(keys)) == len(keys)
    return dict(zip(keys, rows, strict=True)) if named else {}


def _shown(path: Path, value: Any) -> Any:
    """A value as it stands in a sentence."""
    if not _set(value):
        return Note("scenarios.nothing")
    if isinstance(value, Mapping):
        return tuple(_shown((name,), item) for name, item in value.items() if name != "code")
    if isinstance(value, bool):
        return Note("workbook.yes" if value else "scenarios.no")
    if path[-1] == "year":
        return str(value)
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    if isinstance(value, str):
        begins = _WORDS.get(path[0])
        return Note(begins + value) if begins and begins + value in texts() else value
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ", ".join(map(str, value))
    return Note("scenarios.rows", (("count", len(value)),))
