"""How sure a site is, in plain words and a bar; how that was tried folds away."""

from __future__ import annotations

import math

import pandas as pd

from gis.analysis import Result
from gis.samples import CONCENTRATION
from gis.sensitivity import how_often
from gis.sites.confidence import FIT_STEP, PARTS
from ui.results import folded
from ui.text import as_html, shown, t

SUSPECT = ("yes", "no", "itself")
"""What becomes of a site without borderline figures, where any commune's are."""


def confidence(result: Result, site: pd.Series) -> str:
    """The bar, what becomes of the site without suspect data, and how it was tried, as HTML."""
    parameters = result.provenance.parameters
    words = stays_bar(float(site.get("stays_share", math.nan)), int(parameters["samples"]))
    suspect = str(site.get("stays_without_suspect", ""))
    if suspect in SUSPECT:
        mark = "" if suspect == "yes" else ' class="doubt"'
        words += f"<p{mark}>{as_html(t(f'reasons.stays_{suspect}'))}</p>"
    if not words:
        return ""
    return f'<div class="sure">{words}</div>'


def stays_bar(share: float, samples: int) -> str:
    """In how many of the repetitions a site stays, one piece of the bar for each."""
    if math.isnan(share) or not samples:
        return ""
    often = how_often(share)
    said = t("sites_result.stays", count=round(share * samples), of=samples)
    doubt = " doubt" if often in ("sometimes", "rarely") else ""
    return (
        f"<div><span>{as_html(said)}</span><b>{as_html(t(f'sensitivity.{often}'))}</b></div>"
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
            t("sites_result.tried_weights", concentration=shown(CONCENTRATION)),
            t("sites_result.tried_fit", step=shown(FIT_STEP)),
            t("sites_result.tried_reach", percent=shown(100 * PARTS["reach_m"])),
            t("sites_result.tried_diffusion", percent=shown(100 * PARTS["diffusion_m"])),
            t("sites_result.tried_suspect"),
        ],
    )
