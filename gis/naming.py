"""Names and reasons that people give: untrusted text in any script, never a path."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from gis.analysis import Note
from gis.errors import BadParameter

LONGEST = 80
LONGEST_NOTE = 500
_JOINERS = "\u200b\u200c\u200d"
"""Khmer is written with them between words; other invisible signs would forge a name."""
_ENDS = re.compile(rf"\A[\s{_JOINERS}]+|[\s{_JOINERS}]+\Z")


def name_of(words: str) -> str:
    """A name as it is kept: composed (NFC), without blanks at its ends.

    Raises
    ------
    BadParameter
        Empty, longer than 80 characters, or with a character that cannot be seen.

    Examples
    --------
    >>> name_of(" E\u0301te\u0301 2026 ") == "\u00c9t\u00e9 2026"
    True
    """
    name = _ENDS.sub("", unicodedata.normalize("NFC", words))
    if not 1 <= len(name) <= LONGEST or not all(map(_visible, name)):
        raise BadParameter("name", shown(words), Note("allowed.name", (("most", LONGEST),)))
    return name


def note_of(words: str) -> str:
    """A remark as it is kept: composed (NFC), in one line, perhaps empty.

    Raises
    ------
    BadParameter
        Longer than 500 characters, or with a character that cannot be seen.
    """
    note = _in_one_line(words)
    if len(note) > LONGEST_NOTE or not all(map(_visible, note)):
        raise BadParameter("note", shown(words), Note("allowed.note", (("most", LONGEST_NOTE),)))
    return note


def seen(most: int, *, folded: bool = False) -> AfterValidator:
    """A parameter of 1 to ``most`` characters that can be seen, kept as a name is.

    ``folded`` takes several lines and makes one of them, as of a remark.
    """
    return AfterValidator(partial(_seen, most=most, folded=folded))


def _seen(words: str, most: int, folded: bool) -> str:
    kept = _ENDS.sub("", _in_one_line(words) if folded else unicodedata.normalize("NFC", words))
    if not 1 <= len(kept) <= most or not all(map(_visible, kept)):
        raise PydanticCustomError(
            "unseen",
            "1 to {most} characters that can be seen, in one line",
            {"most": most, "value": shown(words)},
        )
    return kept


def _in_one_line(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).split())


def _visible(sign: str) -> bool:
    """Neither a control character, half of one, a line break nor a turn of direction."""
    return sign in _JOINERS or unicodedata.category(sign) not in (
        *("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"),
    )


def shown(words: str) -> str:
    """The words as an error may repeat them."""
    seen = "".join(sign if _visible(sign) else "\N{REPLACEMENT CHARACTER}" for sign in words)
    return seen if len(seen) <= LONGEST else f"{seen[:LONGEST]}…"
