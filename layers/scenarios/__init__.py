"""Scenarios: results and weights under a name, repeated exactly and compared."""

from layers.scenarios.comparison import Comparison, compare
from layers.scenarios.kept import (
    Scenario,
    remove_scenario,
    rename_scenario,
    require_free_name,
    save_scenario,
    scenario,
    scenarios,
)
from layers.scenarios.repeated import repeat, result_of
from layers.scenarios.weight_sets import (
    Judgements,
    WeightSet,
    remove_weight_set,
    save_weight_set,
    weight_set,
    weight_sets,
)
from layers.scenarios.written import write_comparison

__all__ = [
    "Comparison",
    "Judgements",
    "Scenario",
    "WeightSet",
    "compare",
    "remove_scenario",
    "remove_weight_set",
    "rename_scenario",
    "repeat",
    "require_free_name",
    "result_of",
    "save_scenario",
    "save_weight_set",
    "scenario",
    "scenarios",
    "weight_set",
    "weight_sets",
    "write_comparison",
]
