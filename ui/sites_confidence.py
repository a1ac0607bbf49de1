"""How sure a site is, in plain words and a bar; how that was tried folds away."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.sensitivity import how_often
from gis.sites.again import FIT_STEP, PARTS
from gis.tracks import AXES
from ui.results import folded, show_table
from ui.text import as_html, language, shown, t

SUSPECT = ("yes", "no", "itself")
"""What becomes of a site without borderline figures, where any commune's are."""


def confidence(result: Result, site: pd.Series) -> str:
    """The bar, what becomes of the site without suspect data, and how it was tried, as HTML."""
    parameters = result.provenance.parameters
    asked = result.outcome.summary.get("repetitions", parameters["samples"])
    words = stays_bar(float(site.get("stays_share", math.nan)), int(asked))
    suspect = str(site.get("stays_without_suspect", ""))
    if suspect in SUSPECT:
        mark = "" if suspect == "yes" else ' class="doubt"'
        words += f"<p{mark}>{as_html(t(f'reasons.stays_{suspect}'))}</p>"
    if not words or one_commune(result):
        return ""
    return f'<div class="sure">{words}</div>'


def one_commune(result: Result) -> bool:
    """Whether there was one commune to choose from: how often it stays says nothing then."""
    return len(result.outcome.tables["communes"]) == 1


def stays_bar(share: float, samples: int) -> str:
    """In how many of the repetitions a site stays, one piece of the bar for each."""
    if math.isnan(share) or not samples:
        return ""
    often = how_often(share)
    word = t(f"sensitivity.{often}")
    said = t("sites_result.stays", count=round(share * samples), of=samples)
    doubt = " doubt" if often in ("sometimes", "rarely", "never") else ""
    return (
        f"<div><span>{as_html(said)}</span><b>{as_html(word)}</b></div>"
        f'<i class="pieces{doubt}" style="--of:{min(samples, MOST_PIECES)}">'
        f'<span style="width:{100 * share:.1f}%"></span></i>'
    )


MOST_PIECES = 40
"""More repetitions than these are no pieces that an eye can count."""


def how_tried(result: Result) -> str:
    """What was varied in the repetitions and within which limits, behind one line."""
    parameters = result.provenance.parameters
    if not parameters["samples"]:
        return folded(t("sites_result.how_tried"), [t("sites_result.not_tried")])
    return folded(
        t("sites_result.how_tried"),
        [
            t("sites_result.tried", samples=parameters["samples"], seed=parameters["seed"]),
            t("sites_result.tried_weights"),
            t("sites_result.tried_fit", step=shown(FIT_STEP)),
            t("sites_result.tried_reach", percent=shown(100 * PARTS["reach_m"])),
            t("sites_result.tried_diffusion", percent=shown(100 * PARTS["diffusion_m"])),
            t("sites_result.tried_suspect"),
        ],
    )


def hangs_on(result: Result) -> None:
    """Under the map: which weight or working value, moved alone, changes the sites."""
    table = result.outcome.tables.get("one_at_a_time")
    if table is None or table.empty or one_commune(result):
        return
    st.subheader(t("workbook.sheet_one_at_a_time"))
    st.html(f'<p class="calm">{as_html(t("workbook.one_at_a_time_why"))}</p>')
    moves = table[table["kept_share"] < 1]
    if moves.empty:
        st.html(f'<p class="reason">{as_html(t("sites_result.nothing_moves"))}</p>')
    else:
        show_table(moves_said(moves), "sites-one-at-a-time")


def moves_said(moves: pd.DataFrame) -> pd.DataFrame:
    """What moved from where to where, how many percent of the sites stay, which go and come."""
    gone, come = (f"{name}_{language()}" for name in ("gone", "come"))
    return pd.DataFrame(
        {
            t("workbook.what_moves"): [_title(str(name)) for name in moves.index],
            t("sites_result.from_to"): [
                f"{_shown(str(name), now)} → {_shown(str(name), then)}"
                for name, now, then in zip(moves.index, moves["now"], moves["then"], strict=True)
            ],
            t("sites_result.stay_percent"): (moves["kept_share"] * 100).tolist(),
            t("sites_result.go"): moves[gone].fillna("").tolist(),
            t("sites_result.come"): moves[come].fillna("").tolist(),
        }
    )


def _title(name: str) -> str:
    if name in AXES:
        return t("sites.parameter_weight", title=t(f"criteria.axis_{name}"))
    return t(f"sites.parameter_{name}")


def _shown(name: str, value: float) -> str:
    """A weight in percent, a distance in metres, a score as it is."""
    if name in AXES:
        return shown(100 * value, "%", 0)
    return shown(value, "m" if name.endswith("_m") else "", 2 if value < 1 else 0)
