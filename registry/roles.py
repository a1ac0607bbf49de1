"""What the holder of each role may do; without a role nobody may any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Right = Literal["reads_trail", "exports", "grants"]


@dataclass(frozen=True)
class Role:
    """Rights of one role.

    Attributes
    ----------
    reads_trail
        Sees who holds which role, and what was exported precisely by whom and why.
    exports
        Exports precisely, inside the provinces of the grant.
    grants
        Gives roles and ends them.
    everywhere
        May be granted without provinces, for the whole country.
    """

    reads_trail: bool = True
    exports: bool = False
    grants: bool = False
    everywhere: bool = True


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "reader": Role(),
        "officer": Role(exports=True, everywhere=False),
        "planner": Role(exports=True),
        "administrator": Role(exports=True, grants=True),
    }
)
ADMINISTRATOR = "administrator"


def with_right(right: Right) -> tuple[str, ...]:
    """The roles that have a right.

    >>> with_right("grants")
    ('administrator',)
    """
    return tuple(name for name, role in ROLES.items() if getattr(role, right))
