"""Scenarios: results and weights under a name, repeated exactly and compared."""

from layers.scenarios.kept import (
    Scenario,
    remove_scenario,
    rename_scenario,
    require_free_name,
    save_scenario,
    scenario,
    scenarios,
)
from layers.scenarios.weight_sets import (
    Judgements,
    WeightSet,
    remove_weight_set,
    save_weight_set,
    weight_set,
    weight_sets,
)

__all__ = [
    "Judgements",
    "Scenario",
    "WeightSet",
    "remove_scenario",
    "remove_weight_set",
    "rename_scenario",
    "require_free_name",
    "save_scenario",
    "save_weight_set",
    "scenario",
    "scenarios",
    "weight_set",
    "weight_sets",
]
