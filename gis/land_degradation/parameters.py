"""Parameters of the land degradation analysis, and what each default rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, field_validator
from pydantic.dataclasses import dataclass

from gis.errors import UnknownParameter
from gis.land_degradation.codes import LAND_COVER
from gis.land_degradation.periods import BASELINE, PERIODS, REPORT_1, REPORT_2, Period
from gis.membership import STRICT
from gis.parameters import Basis

Rules: TypeAlias = Literal["unccd-2026", "gpg-v2"]
Thresholds: TypeAlias = Literal["reference", "exact", "gpg-v2"]
Missing: TypeAlias = Literal["reference", "available"]
Climate: TypeAlias = Literal[
    "tropical-moist", "tropical-dry", "tropical-montane", "temperate-moist", "temperate-dry"
]
Edition: TypeAlias = Literal["ipcc-2006", "ipcc-2019"]
Tillage: TypeAlias = Literal["full", "reduced", "no-till"]
Level: TypeAlias = Literal["low", "medium", "high"]
Code3: TypeAlias = Literal[-1, 0, 1]
Share = Annotated[float, Field(ge=0, le=1)]
TILLAGE_CODES: Mapping[str, int] = {"full": 1, "reduced": 2, "no-till": 3}
INPUT_CODES: Mapping[str, int] = {"low": 1, "medium": 2, "high": 3}


@dataclass(frozen=True, config=STRICT)
class CarbonScenario:
    """Cropland that would come under conservation agriculture, and for how long.

    Attributes
    ----------
    share
        Share of a commune's cropland.
    hectares
        Commune -> hectares, in place of the share.
    """

    share: Share = 0.1
    hectares: dict[str, Annotated[float, Field(ge=0, le=1e7)]] = field(default_factory=dict)
    tillage: Tillage = "no-till"
    inputs: Level = "high"
    years: Annotated[int, Field(ge=1, le=100)] = 20


@dataclass(frozen=True, config=STRICT)
class LandDegradationParameters:
    """Rules, periods and scenario of a run.

    Attributes
    ----------
    rules
        ``unccd-2026``: the reporting manual of the 2026 round; ``gpg-v2``: Good Practice Guidance,
        version 2 (2021), which differs in three rows of the productivity table.
    significance
        By which table a trend counts: that of the reference, exact p-values, or Z of the guidance,
        which then judges state too.
    missing
        ``reference``: a missing sub-indicator makes the indicator unknown; ``available``: those
        that are known decide.
    climate
        Climate where no layer of climate zones covers the area.
    transitions
        ``cropland_wetland = 0`` replaces what that change of land cover counts as.
    factors
        Edition of the IPCC factors of tillage and inputs.
    hotspot_m
        Side of the squares among which hot spots are sought.
    """

    rules: Rules = "unccd-2026"
    significance: Thresholds = "reference"
    missing: Missing = "reference"
    climate: Climate = "tropical-moist"
    transitions: dict[str, Code3] = field(default_factory=dict)
    baseline: Period = BASELINE
    report_1: Period = REPORT_1
    report_2: Period = REPORT_2
    factors: Edition = "ipcc-2019"
    scenario: CarbonScenario = field(default_factory=CarbonScenario)
    hotspot_m: Annotated[float, Field(ge=100, le=100_000)] = 5000.0

    @field_validator(*PERIODS, mode="before")
    @classmethod
    def _completed(cls, given: Any, info: Any) -> Any:
        """``report_2.last = 2022`` alone keeps the other years of that period."""
        kept = {"baseline": BASELINE, "report_1": REPORT_1, "report_2": REPORT_2}
        if isinstance(given, Mapping):
            return asdict(kept[info.field_name]) | dict(given)
        return given

    @property
    def periods(self) -> Mapping[str, Period]:
        """Name -> period, in the order of time."""
        return {name: getattr(self, name) for name in PERIODS}

    @property
    def changed_transitions(self) -> Mapping[tuple[int, int], int]:
        """Codes of initial and final land cover -> what the change counts as.

        Raises
        ------
        UnknownParameter
            When a name is not that of two classes.
        """
        names = {
            f"{first}_{last}": (row, column)
            for row, first in enumerate(LAND_COVER, 1)
            for column, last in enumerate(LAND_COVER, 1)
        }
        for name in self.transitions:
            if name not in names:
                choices = tuple(f"transitions.{known}" for known in names)
                raise UnknownParameter(f"transitions.{name}", choices)
        return {names[name]: code for name, code in self.transitions.items()}


_ROUND = "UNCCD reporting manual, 2026 round, strategic objective 1, table 12"

DEGRADATION_BASES = (
    *(
        Basis(f"{name}.{part}", "year", _ROUND, False)
        for name in PERIODS
        for part in ("first", "last", "state_from", "cover_from")
    ),
    Basis("scenario.share", "1", "Working value: no adoption scenario is published", True),
    Basis(
        "scenario.years", "year", "IPCC 2006, volume 4, 2.3.3.1: stocks settle in 20 years", False
    ),
    Basis("hotspot_m", "m", "Working value: about the width of a commune", True),
)
"""One row for each number that the analysis takes when nobody sets it."""
