"""The tab Result of the page Sites: the answer first, then one place explained, then what to do."""

from __future__ import annotations

from ui import cache
from ui.results import remarks, say_stale
from ui.selection import commune_selected
from ui.sites_below import downloads
from ui.sites_form import PAGE, wanted
from ui.sites_map import opacity_slider
from ui.sites_result import groups, headline, rows_table, select_first
from ui.sites_why import explanation


def show_answer(identity: str) -> bool:
    """Show a result; True in the one run in which another search was asked for."""
    result = cache.result(identity)
    select_first(result)
    headline(result)
    say_stale(result, wanted())
    group = groups(result)
    code = commune_selected(PAGE)
    rows_table(result, group, code)
    explanation(result, code)
    remarks(result)
    opacity_slider()
    downloads(identity)
    return False
