"""What is tried out in the tab What if, in words, each change with its way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import cache
from ui.coverage_bases import base_named, base_title, commune_title, new_number
from ui.coverage_expert import way_title
from ui.coverage_state import change, changes, key
from ui.text import as_html, as_text, t

FACTORS = ("speed_factor", "capacity_factor")


def changes_list(codes: tuple[str, ...]) -> None:
    """What has been changed, each with its way back."""
    rows = _rows(codes)
    if not rows:
        return
    st.html(f'<p class="label">{as_html(t("coverage_page.changed"))}</p>')
    with st.container(key="changes"):
        for name, place, words in rows:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(as_text(words), width="stretch")
                st.button(
                    "✕",
                    key=key(f"undo-{name}-{place}"),
                    help=t("coverage_page.take_back"),
                    on_click=_take_back,
                    args=(name, place),
                )


def _rows(codes: tuple[str, ...]) -> list[tuple[str, int, str]]:
    tried = changes()
    rows = []
    for place, new in enumerate(tried["bases"]):
        words = base_title(new_number(codes, place), [(new["machine"], new["count"])])
        rows.append(("bases", place, t("coverage_page.row_new", base=words, place=place_name(new))))
    for place, reference in enumerate(tried["closed"]):
        rows.append(
            ("closed", place, t("coverage_page.row_closed", base=base_name(codes, reference)))
        )
    for place, item in enumerate(tried["moved"]):
        name = base_name(codes, item["provider"])
        rows.append(
            ("moved", place, t("coverage_page.row_moved", base=name, place=place_name(item)))
        )
    for place, item in enumerate(tried["more_machines"]):
        words = t(
            "coverage_page.row_more",
            base=base_name(codes, item["provider"]),
            machines=more_machines(item),
        )
        rows.append(("more_machines", place, words))
    return [*rows, *_speed_rows()]


def _speed_rows() -> list[tuple[str, int, str]]:
    tried = changes()
    rows = [
        (name, 0, t(f"coverage_page.row_{name}", factor=f"{tried[name]:g}"))
        for name in FACTORS
        if tried[name] != 1
    ]
    if tried["speeds"]:
        ways = ", ".join(way_title(name) for name in tried["speeds"])
        rows.append(("speeds", 0, t("coverage_page.row_speeds", ways=ways)))
    return rows


def place_name(item: Mapping[str, Any]) -> str:
    """Commune around a place."""
    commune = cache.places().at(item["lon"], item["lat"])
    return commune_title(commune.code) if commune else t("terms.unknown")


def more_machines(item: Mapping[str, Any]) -> str:
    """Machines that a base gets, and how many."""
    name = "more_one" if item["count"] == 1 else "more_several"
    machine = t(f"map.machine_{item['machine']}")
    return t(f"coverage_page.{name}", count=item["count"], machine=machine)


def base_name(codes: tuple[str, ...], reference: str) -> str:
    base = base_named(codes, reference)
    return t("coverage_page.base", number=base.number) if base else t("terms.unknown")


def base_place(codes: tuple[str, ...], reference: str) -> str:
    """A base by its number and commune."""
    base = base_named(codes, reference)
    place = commune_title(base.commune) if base else ""
    name = base_name(codes, reference)
    return t("coverage_page.base_at", base=name, place=place) if place else name


def _take_back(name: str, place: int) -> None:
    if name in FACTORS:
        change(**{name: 1.0})
        return
    if name == "speeds":
        change(speeds={})
        return
    rows = changes()[name]
    change(**{name: [item for at, item in enumerate(rows) if at != place]})
