"""What officers state where a commune's own figures are not firm."""

from __future__ import annotations

import pandas as pd

from gis.analysis import Inputs, Note
from gis.errors import BadParameter
from gis.sites.parameters import SitesParameters
from gis.standing import degraded_part, strength_of_figures
from gis.strength import track_strength
from gis.surface import Surface
from gis.track_figures import area_of_communes


def with_estimates(
    communes: pd.DataFrame, found: Surface, inputs: Inputs, parameters: SitesParameters
) -> pd.DataFrame:
    """Communes with officers' hectares in the place of figures that are not firm.

    An estimate is at best borderline and at most the area of its commune. Why the figures are not
    firm stays beside it, and what of the way there is a guess. Firm figures stay, even of a commune
    that is borderline by its way.

    Raises
    ------
    BadParameter
        An estimate of a commune that is none of the area, is stated twice or has firm figures, or
        of more hectares than can be cropped there in a year.
    """
    if not parameters.estimates:
        return communes
    stated = {item.code: item for item in parameters.estimates}
    figures = strength_of_figures(found, inputs, communes)
    for item in parameters.estimates:
        if item.code not in communes.index:
            raise BadParameter("estimates", item.code, Note("reasons.codes_of_communes"))
        if figures.at[item.code, "group"] == "firm" or item is not stated[item.code]:
            raise BadParameter("estimates", item.code, Note("reasons.estimate_once"))
    hectares = pd.Series({code: item.hectares for code, item in stated.items()}, dtype=float)
    strength = track_strength(hectares, area_of_communes(inputs, found.communes))
    reasons = communes["reason"].to_dict()
    for code, item in stated.items():
        if strength.at[code, "group"] == "too-weak":
            raise BadParameter("estimates", code, strength["reason"].to_dict()[code][0])
        values = (("hectares", item.hectares), ("source", item.source), ("year", str(item.year)))
        reasons[code] = (Note("reasons.estimated", values), *reasons[code])
        if found.routes is not None and communes.at[code, "group"] == "too-weak":
            reasons[code] = (*reasons[code], *found.routes["reason"].to_dict()[code])
    usable = strength["usable_ha"].reindex(communes.index).fillna(communes["hectares"])
    return communes.assign(
        group=communes["group"].mask(communes.index.isin(list(stated)), "borderline"),
        hectares=usable,
        degraded_hectares=usable * degraded_part(found),
        reason=pd.Series(reasons, index=communes.index, dtype=object),
    )
