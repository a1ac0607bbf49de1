"""Roles and the trail of precise exports from the terminal; who calls is the login name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import pandas as pd

from cli.commands import show_table
from gis.analysis import Note
from gis.errors import BadParameter
from layers.workspace import Workspace
from locales import Language, text

if TYPE_CHECKING:
    from layers.boundaries import Gazetteer
    from registry.database import Database


@click.group()
def registry() -> None:
    """Who may export precisely, and what was."""


@registry.command()
@click.argument("account")
@click.option("--role", required=True, help="reader, officer, planner or administrator.")
@click.option("--province", help="Codes or names, separated by commas; else the whole country.")
@click.pass_obj
def grant(language: Language, account: str, role: str, province: str | None) -> None:
    """Give an account a role; the first of all is an administrator."""
    from registry.officers import grant as give
    from reports.precise import machine_account

    codes = _provinces(province or "")
    with _opened() as database:
        given = give(database, account, role, codes, machine_account())
    told = {"role": text(f"precise.role_{given.role}", language)}
    where = _in_words(given.provinces, language)
    click.echo(text("precise.granted", language, account=given.account, provinces=where, **told))


@registry.command()
@click.argument("account")
@click.pass_obj
def revoke(language: Language, account: str) -> None:
    """End the role of an account; what it did stays in the trail."""
    from registry.officers import revoke as end
    from reports.precise import machine_account

    with _opened() as database:
        ended = end(database, account, machine_account())
    role = text(f"precise.role_{ended.role}", language)
    click.echo(text("precise.revoked", language, account=ended.account, role=role))


@registry.command()
@click.pass_obj
def officers(language: Language) -> None:
    """Every grant, ended ones too, oldest first."""
    from registry.officers import officers as listed
    from reports.precise import machine_account

    with _opened() as database:
        found = listed(database, machine_account())
    names = ("account", "role", "provinces", "granted_at", "granted_by", "ended_at", "ended_by")
    rows = [
        [
            *(row["account"], text(f"precise.role_{row['role']}", language)),
            _in_words(row["provinces"], language),
            *(_time(row["granted_at"]), row["granted_by"]),
            *(_time(row["revoked_at"]), row["revoked_by"] or ""),
        ]
        for _, row in found.iterrows()
    ]
    show_table([text(f"cli.column_{name}", language) for name in names], rows)


@registry.command()
@click.pass_obj
def exports(language: Language) -> None:
    """The trail of precise exports, oldest first."""
    from registry.exports import exports as trail
    from reports.precise import machine_account

    with _opened() as database:
        found = trail(database, machine_account())
    names = (
        *("at", "account", "role", "purpose", "areas", "analysis", "run"),
        *("file", "sha256", "records", "state", "example"),
    )
    rows = [
        [
            *(_time(row["at"]), row["account"], text(f"precise.role_{row['role']}", language)),
            *(row["purpose"], ",".join(row["areas"]), row["analysis"], row["run"]),
            *(row["file"], row["sha256"], str(row["rows"])),
            text(f"precise.state_{row['state']}", language),
            text("workbook.yes" if row["example"] else "scenarios.no", language),
        ]
        for _, row in found.iterrows()
    ]
    show_table([text(f"cli.column_{name}", language) for name in names], rows)


@contextmanager
def _opened() -> Iterator[Database]:
    from layers.prepare import prepare
    from registry.database import Database

    with Database.open(prepare(Workspace.default()).database_url) as database:
        yield database


def _provinces(words: str) -> tuple[str, ...]:
    """Codes of provinces that words name, or of the country.

    Raises
    ------
    BadParameter
        When they name a smaller area.
    UnknownArea, AmbiguousArea
    """
    from layers.boundaries import gazetteer
    from layers.prepare import prepare

    named = [part.strip() for part in words.split(",") if part.strip()]
    if not named:
        return ()
    places = gazetteer(prepare(Workspace.default()))
    return tuple(_province(part, places) for part in named)


def _province(words: str, places: Gazetteer) -> str:
    """Of several areas of a name the province is meant."""
    bearing = [code for code in places.named(words) if code in places.provinces.index]
    code = bearing[0] if len(bearing) == 1 else places.find(words).code
    if places.level_of(code) not in ("country", "province"):
        raise BadParameter("--province", words, Note("allowed.provinces"))
    return code


def _in_words(provinces: Iterable[str], language: Language) -> str:
    return ",".join(provinces) or text("precise.whole_country", language)


def _time(at: object) -> str:
    """A time of the trail, which is UTC; nothing where there is none."""
    if at is None or pd.isna(at):  # type: ignore[call-overload]
        return ""
    return pd.Timestamp(at).strftime("%Y-%m-%d %H:%M:%S UTC")  # type: ignore[arg-type]
