"""Which rule of a search put a site where it is: read off a result."""

from __future__ import annotations

import pandas as pd

from gis.analysis import Result
from ui.sites_result import sites_of
from ui.text import named, shown, t


def rule_behind(result: Result, site: pd.Series) -> str:
    """That a district's least number keeps a site which reaches less than one more would.

    One more site breaks no rule but the number of sites: in the place of this one it would reach
    more, and this one stands because its district must not have fewer.
    """
    least = int(result.provenance.parameters.get("min_per_district") or 0)
    if not least or "district" not in site or site.name in _asked_for(result):
        return ""
    more = one_more(result)
    goal = str(result.provenance.parameters["objective"])
    if more is None or float(site[goal]) >= more:
        return ""
    there = int((sites_of(result)["district"].astype(str) == str(site["district"])).sum())
    if there > least:
        return ""
    district = named(str(site["district_en"]), str(site["district_km"] or ""))
    return t("sites_result.kept_by_district", district=district, least=least)


def rules_before_more(result: Result) -> str:
    """Why one more site, which would reach more than some chosen ones, is not among them."""
    more, goal = one_more(result), str(result.provenance.parameters["objective"])
    if more is None:
        return ""
    fewer = int((sites_of(result)[goal].astype(float) < more).sum())
    parameters = result.provenance.parameters
    rules = [
        t(f"sites_result.rule_{name}", least=shown(float(parameters[name]), digits=0))
        for name in ("min_per_district",)
        if parameters.get(name)
    ]
    if parameters.get("min_share_per_district"):
        percent = shown(100 * float(parameters["min_share_per_district"]), digits=0)
        rules.append(t("sites_result.rule_min_share_per_district", percent=percent))
    if parameters.get("required"):
        rules.append(t("sites_result.rule_required"))
    if not fewer or not rules:
        return ""
    return t("sites_result.more_than_chosen", count=fewer, rules="; ".join(rules))


def one_more(result: Result) -> float | None:
    """What the first site after those chosen would add, in the goal's unit; None without one."""
    table = result.outcome.tables.get("trade_off")
    if table is None or table.empty:
        return None
    goal = str(result.provenance.parameters["objective"])
    chosen, further = table[table["chosen"]], table[~table["chosen"]]
    if chosen.empty or further.empty or goal not in table:
        return None
    return float(further[goal].iloc[0] - chosen[goal].iloc[-1])


def _asked_for(result: Result) -> set[str]:
    """Communes of places that people required or added: no rule put these there."""
    parameters = result.provenance.parameters
    added = [item["code"] for item in parameters.get("overrides", ()) if item["action"] == "add"]
    return {str(code)[:6] for code in (*parameters.get("required", ()), *added)}
