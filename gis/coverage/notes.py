"""What a reader of a coverage result must know before trusting it."""

from __future__ import annotations

import numpy as np

from gis.analysis import Inputs, Note
from gis.coverage.parameters import CoverageParameters
from gis.coverage.quantities import Quantities, crops_note
from gis.coverage.service import Service, Wanted


def notes_of(
    inputs: Inputs,
    parameters: CoverageParameters,
    amounts: Quantities,
    wanted: Wanted,
    service: Service,
) -> tuple[Note, ...]:
    """What is missing on either side, and what stood in for it."""
    return (
        *_supply(inputs, service, wanted),
        *_days(amounts, wanted, service),
        *_ways(parameters, wanted, service),
        *_demand(inputs, parameters, amounts),
        Note("coverage.demand_outside"),
    )


def _supply(inputs: Inputs, service: Service, wanted: Wanted) -> list[Note]:
    notes = []
    counted = [base for base in service.bases if base.machines(wanted.own_crops)]
    if not service.bases:
        notes.append(Note("coverage.no_provider"))
    elif not counted:
        notes.append(Note("coverage.no_machine"))
    assumed = sum(base.fleet.tractor_assumed for base in counted)
    if assumed:
        notes.append(Note("coverage.tractors_assumed", (("count", assumed),)))
    rows = [row for base in counted for row in base.fleet.machines]
    if any(row.count and not row.hectares_a_day for row in rows):
        notes.append(Note("coverage.no_capacity"))
    kinds = {row.kind for row in rows}
    machines = inputs.features["machines"]
    used = machines[machines["machine"].isin(kinds)]
    working = used["field_capacity_ha_day"].isna() | (
        used["field_capacity_basis"].fillna("") == "working-value"
    )
    if working.any():
        values = (
            ("count", int(used.loc[working, "count"].sum())),
            ("of", int(used["count"].sum())),
        )
        notes.append(Note("coverage.capacity_assumed", values))
    return notes


def _ways(parameters: CoverageParameters, wanted: Wanted, service: Service) -> list[Note]:
    """Places whose time is read beside them, and how much lies where no way leads."""
    notes = []
    ways, places = service.ways, wanted.places
    if ways.moved_places:
        values = (("count", ways.moved_places), ("metres", round(parameters.place_m)))
        notes.append(Note("coverage.places_moved", values))
    cut_off = np.isnan(ways.nearest)
    if cut_off.any() and not np.isnan(ways.minutes).all():
        land = round(float(cut_off[places.place].sum()) * wanted.cell_ha)
        demand = round(float(np.nansum(wanted.of_track[cut_off])))
        # What few farmers asked for is not told by what of it lies where.
        told = parameters.demand != "requested"
        key = "coverage.no_way" if told else "coverage.no_way_land"
        notes.append(Note(key, (("land", land), *([("hectares", demand)] if told else []))))
    return notes


def _days(amounts: Quantities, wanted: Wanted, service: Service) -> list[Note]:
    """Crops that cannot be planted in the season, and those that nobody's machine does."""
    open_ones = set().union(*(period.crops for period in wanted.periods if period.days > 0))
    asked = amounts.by_kind["requested"].sum() + amounts.by_kind["crop-area"].sum()
    own = [crop for crop in amounts.own if asked[crop] > 0]
    closed = [crop for crop in own if crop not in open_ones]
    done = {crop for base in service.bases for row in base.fleet.machines for crop in row.crops}
    left = [crop for crop in own if crop in open_ones and crop not in done]
    notes = [crops_note("coverage.no_days", closed)] if closed else []
    if left and done & set(amounts.own):
        notes.append(crops_note("coverage.no_machine_for", left))
    return notes


def _demand(inputs: Inputs, parameters: CoverageParameters, amounts: Quantities) -> list[Note]:
    if parameters.demand == "requested":
        asked = amounts.of_track("requested").sum()
        return [] if asked > 0 else [Note("coverage.no_requests")]
    unknown = int(amounts.of_track(parameters.demand).isna().sum())
    known = "protected_share" in inputs.figures
    notes = [Note("reasons.protected_reduces" if known else "reasons.protected_absent")]
    if unknown:
        notes.append(Note("coverage.hectares_unknown", (("count", unknown),)))
    if parameters.demand == "scenario":
        values = (("percent", round(100 * parameters.scenario_share)),)
        notes.append(Note("coverage.scenario", values))
    return notes
