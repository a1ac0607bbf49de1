"""The question asked again: with other weights, other working values, other strengths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import perf_counter

import pandas as pd

from gis.analysis import Note, silent
from gis.demand import adopters_away
from gis.errors import NoSitesInTime, RulesContradict
from gis.sensitivity import Sample, Span
from gis.sites.choice import choose
from gis.sites.chosen import Choice
from gis.sites.ground import Ground, ground_of
from gis.sites.parameters import Model, SitesParameters
from gis.suitability_parameters import AxisWeights

SECONDS = 3.0
"""For one repetition, at most."""
SECONDS_IN_ALL = 30.0
"""For all repetitions, about; those after it are a first search."""
FIT_STEP = 0.1
"""Working value: the threshold of fit may lie so much lower or higher."""
PARTS: Mapping[str, float] = {"reach_m": 0.2, "diffusion_m": 0.5}
"""Working values: share by which a distance may be shorter or longer."""


def spans(parameters: SitesParameters) -> dict[str, Span]:
    """Between which limits the working values of a choice may well lie."""
    fit = parameters.fit_threshold
    found = {"fit_threshold": Span(fit, max(fit - FIT_STEP, 0.0), min(fit + FIT_STEP, 1.0))}
    for name, part in PARTS.items():
        now = float(getattr(parameters, name))
        found[name] = Span(now, now * (1 - part), min(now * (1 + part), 100_000.0))
    return found


class Repetitions:
    """Asks the question of a choice again, and counts what a reader must know of the answers.

    Where time does not prove the best, the sites of the choice stand until better ones are found:
    what goes and comes is not the search's doing.

    Attributes
    ----------
    unasked
        How often the rules contradicted, so that nothing could be chosen.
    rough
        How often an answer is not proven best.
    varied
        Samples of weights and working values that could be asked; a share counts these.
    """

    def __init__(self, ground: Ground, choice: Choice) -> None:
        self.ground = ground
        self.shown = tuple(str(code) for code in ground.offered.table.index[choice.positions])
        self.codes = _communes(ground, choice)
        self.unasked = self.rough = self.varied = 0
        self._left = SECONDS_IN_ALL
        farthest = spans(ground.parameters)["diffusion_m"].high
        self._away = adopters_away(ground.found, ground.inputs, farthest)

    def __call__(self, sample: Sample) -> list[str] | None:
        """Communes that are chosen under a sample, best first; None where it cannot be asked."""
        changed = replace(
            self.ground.parameters,
            weights=AxisWeights(**sample.weights),
            fit_threshold=sample.values["fit_threshold"],
            reach_m=sample.values["reach_m"],
            diffusion_m=sample.values["diffusion_m"],
        )
        return self.asked(self.ground.communes, changed)

    def asked(self, communes: pd.DataFrame, parameters: SitesParameters) -> list[str] | None:
        """Communes that are chosen of other communes, or with other parameters."""
        ground = self.ground
        again = ground_of(ground.found, communes, ground.inputs, self._away, parameters)
        # A place that is required but no candidate now is just not chosen.
        again = _requiring(parameters.required, again)
        choice = self._chosen(again)
        if choice is None:
            self.unasked += 1
            return None
        if choice.location is not None and not choice.location.optimal:
            self.rough += 1
        return _communes(again, choice)

    def notes(self) -> tuple[Note, ...]:
        """That some repetitions could not be asked, or were not answered to the end."""
        counts = (("unasked", self.unasked), ("rough", self.rough))
        return tuple(
            Note(f"reasons.repetitions_{name}", (("count", count),))
            for name, count in counts
            if count
        )

    def _chosen(self, again: Ground) -> Choice | None:
        """The best found within the seconds of a repetition; None where the rules contradict."""
        seconds = min(SECONDS, max(self._left, 0.0), again.parameters.time_limit_s)
        started = perf_counter()
        try:
            found = _solved(again, seconds) or _solved(again, SECONDS)
            self._left -= perf_counter() - started
            if found is None or found.location is None or found.location.optimal:
                return found
            return _better(found, self._standing(again), again.parameters.model)
        except RulesContradict:
            return None

    def _standing(self, again: Ground) -> Choice | None:
        """The sites of the choice under what is asked now; None where the rules forbid them."""
        held = _requiring(self.shown, again)
        if held.parameters.required != self.shown:
            return None
        try:
            return _solved(held, SECONDS)
        except RulesContradict:
            return None


def _requiring(codes: Iterable[str], ground: Ground) -> Ground:
    """The same ground, with those of the places and communes required that are on offer."""
    able = ground.offered.table[~ground.offered.ruled_out]
    known = {*able.index, *able["commune"]}
    required = tuple(dict.fromkeys(code for code in codes if code in known))
    return replace(ground, parameters=replace(ground.parameters, required=required))


def _solved(ground: Ground, seconds: float) -> Choice | None:
    """The choice; None when time ran out before any was found."""
    quick = replace(ground.parameters, time_limit_s=seconds)
    try:
        return choose(ground.offered, ground.places, ground.districts, quick, silent)
    except NoSitesInTime:
        return None


def _better(found: Choice, held: Choice | None, model: Model) -> Choice:
    """The better of two choices; of equal ones the second."""
    if held is None or held.location is None or found.location is None:
        return found
    least = model in ("p-median", "set-covering")
    apart = held.location.objective - found.location.objective
    return held if (apart <= 0 if least else apart >= 0) else found


def _communes(ground: Ground, choice: Choice) -> list[str]:
    units = ground.offered.table["commune"].astype(str)
    return list(dict.fromkeys(units.iloc[choice.positions]))
