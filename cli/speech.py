"""What click finds wrong with a call, said in the language asked for."""

from __future__ import annotations

from typing import Any

import click

from locales import Language, text


def usage_text(error: click.UsageError, language: Language) -> str:
    """One sentence on a call whose words are off: what, and what it may be."""
    command = error.ctx.command_path if error.ctx else "deimap"
    if isinstance(error, click.NoSuchOption):
        return text("cli.call_unknown_option", language, name=error.option_name, command=command)
    if isinstance(error, click.BadParameter):
        return _parameter_text(error, command, language)
    if error.ctx and isinstance(error.ctx.command, click.Group):
        choices = tuple(error.ctx.command.commands)
        _, quoted, named = error.message.partition("'")
        if quoted:
            name = named.partition("'")[0]
            return text("cli.call_unknown_command", language, name=name, choices=choices)
    return text("cli.call_wrong", language, command=command)


def _parameter_text(error: click.BadParameter, command: str, language: Language) -> str:
    param = error.param
    name = max(param.opts, key=len) if param and param.opts else str(error.param_hint or "")
    if isinstance(param, click.Argument):
        name = param.human_readable_name
    if isinstance(error, click.MissingParameter):
        return text("cli.call_missing", language, name=name, command=command)
    allowed = _allowed(param.type, language) if param else ""
    if allowed:
        return text("cli.call_bad_value", language, name=name, allowed=allowed)
    return text("cli.call_bad", language, name=name, command=command)


def _allowed(kind: click.ParamType[Any], language: Language) -> str:
    """What a value of this kind may be, empty when nothing more is known."""
    if isinstance(kind, click.Choice):
        return text("allowed.one_of", language, choices=tuple(map(str, kind.choices)))
    if isinstance(kind, click.IntRange | click.FloatRange):
        if kind.max is None:
            return text("allowed.greater_than_equal", language, ge=str(kind.min))
        return text("allowed.between", language, low=str(kind.min), high=str(kind.max))
    return ""
