"""Parameters of the sites analysis, and what each default rests on."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from gis.membership import STRICT, Score
from gis.naming import seen
from gis.parameters import Basis, Metres, Season
from gis.sites.bases_parameters import BASES_BASES, BasesParameters, Goal
from gis.suitability_parameters import SUITABILITY_BASES, SuitabilityParameters

Objective: TypeAlias = Literal["hectares", "households", "poor_households"]
Model: TypeAlias = Literal["maximal-covering", "capacitated", "p-median", "set-covering"]
Offer: TypeAlias = Literal["villages", "hexagons", "points"]
Commune = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Code = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{6}([0-9]{2})?|H[0-9.]+-[0-9]+-[0-9]+|P[0-9]+\.[0-9]{4}-[0-9]+\.[0-9]{4})$"
    ),
]
"""A commune (6 digits), a village (8), a hexagon (H5000-61-331: width in metres, column, row) or a
drawn point (P103.2145-13.1023: degrees east and north)."""
Dollars = Annotated[float, Field(ge=0, le=1_000_000)]


@dataclass(frozen=True, config=STRICT)
class DrawnPoint:
    """A place that the planner offers as a candidate, in degrees."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    name: Annotated[str, seen(100)]

    @property
    def code(self) -> str:
        """Tells the point apart to about 11 m, whatever it is called and wherever it is listed.

        >>> DrawnPoint(103.21447, 13.1, "school").code
        'P103.2145-13.1000'
        """
        return f"P{self.lon:.4f}-{self.lat:.4f}"


@dataclass(frozen=True, config=STRICT)
class Override:
    """What an officer decides otherwise of a commune or a place in one, and why."""

    code: Code
    action: Literal["add", "remove"]
    reason: Annotated[str, seen(500, folded=True)]


@dataclass(frozen=True, config=STRICT)
class Estimate:
    """An officer's hectares of the track in a commune whose own figures are not firm.

    Land that may be farmed: what is protected is not in it. It stands for the season and year of
    the figures that it replaces.
    """

    code: Commune
    hectares: Annotated[float, Field(gt=0, le=1e6)]
    source: Annotated[str, seen(200, folded=True)]
    year: Annotated[int, Field(ge=1990, le=2100)]


@dataclass(frozen=True, config=STRICT)
class SitesParameters(SuitabilityParameters):
    """Suitability, and how many sites are wanted, for what, how far apart, at what cost.

    Attributes
    ----------
    goal, bases
        ``adopters``: sites show the practice where it is needed and fits; ``bases``: they are
        bases of machines where most demand stays unmet in ``service_season``, as ``bases`` says.
        Then ``model`` is the capacitated one, weights and what is said of fields do not matter.
    count
        New sites wanted, required ones included; the budget and set covering take its place.
    objective
        What a site is to reach.
    fit_threshold
        Lowest fit at which land counts.
    reach_m
        How far a site's fields are seen from its village.
    diffusion_m
        How far from an early adopter land counts as reached already.
    spacing_m
        Least distance between two sites; no rule in set covering, where it would keep land from
        being reached that must be.
    model
        ``maximal-covering``: most demand within reach; ``capacitated``: no site serves more than
        ``site_capacity``; ``p-median``: shortest ways of all demand to its nearest site;
        ``set-covering``: fewest sites that reach all that can be reached.
    candidates, hexagon_m, points
        Where a site could be: in a village, in the middle of a hexagon so wide from side to side
        (whole metres, as its code says), or at one of the points given, which mean nothing else.
    budget_usd
        What all new sites may cost; then ``count`` has no meaning.
    required, existing, forbidden
        Codes of places or communes: places that must be among the sites (of a commune the
        place that reaches most), that are sites already (of a commune its first place), and
        that cannot be sites.
    one_per_commune
        Whether a commune gets at most one new site; by default it does, but in set covering it
        gets as many as reaching all takes.
    overrides
        What officers add to the proposal or remove from it, at most once a place, and once a
        commune where that gets one site. They may set a rule aside, never excluded land.
    estimates
        Hectares that officers state for communes whose own figures are not firm.
    min_share_per_district
        Share of each district's weighted demand that must be reached.
    site_capacity
        Most that a site serves in the capacitated model, in the objective's unit.
    gather_m
        Side of the squares into which demand is gathered.
    samples
        How often the question is asked again with other weights and working values; 0: never.
    seed
        Of these samples: the same seed draws the same.
    time_limit_s
        Seconds for the search; past it the best known answer is given as not proven.
    min_reach
        Least that a village must be able to win, in the objective's unit, to be a candidate.
    min_per_district
        Sites that every district with candidates gets at least.
    groups_per_site
        Smallholder learning groups at a site.
    season, year
        Which season's records of early adopters count; by default each plot's latest.
    """

    goal: Goal = "adopters"
    bases: BasesParameters = field(default_factory=BasesParameters)
    count: Annotated[int, Field(ge=1, le=5000)] = 12
    objective: Objective = "hectares"
    fit_threshold: Score = 0.4
    reach_m: Annotated[float, Field(gt=0, le=100_000)] = 5000.0
    diffusion_m: Metres = 2000.0
    spacing_m: Metres = 3000.0
    min_reach: Annotated[float, Field(ge=0, le=1e9)] = 1.0
    min_per_district: Annotated[int, Field(ge=0, le=5000)] = 0
    groups_per_site: Annotated[int, Field(ge=0, le=1000)] = 1
    commune_cost_usd: Dollars = 1000.0
    group_cost_usd: Dollars = 600.0
    model: Model = "maximal-covering"
    candidates: Offer = "villages"
    hexagon_m: Annotated[float, Field(ge=500, le=100_000, multiple_of=1)] = 5000.0
    points: tuple[DrawnPoint, ...] = ()
    budget_usd: Annotated[float, Field(ge=0, le=1e9)] | None = None
    required: tuple[Code, ...] = ()
    existing: tuple[Code, ...] = ()
    forbidden: tuple[Code, ...] = ()
    one_per_commune: bool | None = None
    overrides: tuple[Override, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    min_share_per_district: Score = 0.0
    site_capacity: Annotated[float, Field(gt=0, le=1e9)] = 500.0
    gather_m: Annotated[float, Field(ge=1, le=100_000)] = 1000.0
    samples: Annotated[int, Field(ge=0, le=1000)] = 20
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0
    time_limit_s: Annotated[float, Field(ge=0, le=3600)] = 60.0
    season: Season | None = None
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None

    @property
    def one_each(self) -> bool:
        """Whether a commune gets at most one new site."""
        if self.one_per_commune is None:
            return self.model != "set-covering"
        return self.one_per_commune

    @property
    def apart_m(self) -> float:
        """Least distance between two sites, as far as the model asks for one."""
        return 0.0 if self.model == "set-covering" else self.spacing_m

    @property
    def site_usd(self) -> float:
        """What the learning groups of a site cost."""
        return self.groups_per_site * self.group_cost_usd


_ASPIRE = "ASPIRE cluster guideline 2017, a rule of that programme"

SITES_BASES = (
    *SUITABILITY_BASES,
    *BASES_BASES,
    Basis("count", "1", "Working value", True),
    Basis("fit_threshold", "1", "Working value: the lowest score of class S3", True),
    Basis("reach_m", "m", "Working value: no distance is published", True),
    Basis("diffusion_m", "m", "Working value: no diffusion distance is published", True),
    Basis("spacing_m", "m", "Working value: no distance is published", True),
    Basis("min_reach", "ha or households", "Working value: a site for less is none", True),
    Basis("min_per_district", "1", "Working value", True),
    Basis("min_share_per_district", "1", "Working value: no share is asked", True),
    Basis(
        "site_capacity",
        "ha or households",
        "Working value: no capacity of a site is published",
        True,
    ),
    Basis("hexagon_m", "m", "Working value: as wide as the distance that a site reaches", True),
    Basis("gather_m", "m", "Working value: small beside the distance that a site reaches", True),
    Basis("samples", "1", "Working value: a share of so few is known to about 22 points", True),
    Basis("seed", "1", "Working value", True),
    Basis("time_limit_s", "s", "Working value", True),
    Basis("groups_per_site", "1", "Working value", True),
    Basis("commune_cost_usd", "US$", _ASPIRE, False),
    Basis("group_cost_usd", "US$", _ASPIRE, False),
)
"""One row for each number that an analysis takes when nobody sets it."""
