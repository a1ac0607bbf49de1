"""The forms of a document: which there are, and what composes each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from gis.analysis import Result
from locales import Language
from reports.document.brief import brief
from reports.document.commune_plan import commune_plan
from reports.document.company_sheet import company_page
from reports.document.compose import compose
from reports.document.content import Document
from reports.document.field_sheet import field_sheet
from reports.figure.compose import Atlas

Composer: TypeAlias = Callable[[Atlas, Iterable[str], Sequence[Result], Language], Document]

FORMS: Mapping[str, Composer] = {
    "report": compose,
    "brief": brief,
    "field": field_sheet,
    "company": company_page,
    "plan": commune_plan,
}
"""Form of a document -> what composes it."""
