"""What the terminal offers without loading what makes it is what can be made."""

from __future__ import annotations

from typing import get_args

from cli import maps
from cli import reports as forms
from layers.gazetteer import Level
from reports import order
from reports.document.forms import FORMS
from reports.figure.paper import Orientation, PaperName


def test_choices_of_the_terminal_are_those_of_an_order() -> None:
    assert tuple(FORMS) == forms.FORMS
    assert (maps.LEAST_DPI, maps.MOST_DPI) == (order.LEAST_DPI, order.MOST_DPI)
    assert maps.PAPERS == order.PAPERS == get_args(PaperName)
    assert maps.ORIENTATIONS == order.ORIENTATIONS == get_args(Orientation)
    assert set(maps.LEVELS) <= set(get_args(Level))
    (dpi,) = (option for option in maps.map_.params if option.name == "dpi")
    assert dpi.default == order.DPI
