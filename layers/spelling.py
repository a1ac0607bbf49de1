"""How place names are compared: either script, any case, with or without diacritics and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

KHMER_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")
_COENG_DA = "\u17d2\u178a"
_COENG_TA = "\u17d2\u178f"

LEVEL_WORDS: dict[str, tuple[str, ...]] = {
    "province": ("province", "khaet", "khet", "ខេត្ត", "រាជធានី"),
    "district": ("district", "srok", "krong", "khan", "municipality", "ស្រុក", "ក្រុង", "ខណ្ឌ"),
    "commune": ("commune", "khum", "sangkat", "ឃុំ", "សង្កាត់"),
}
"""Words that say the level when they stand before or after a name."""


def folded(words: str) -> str:
    """The form in which two spellings of one name are equal.

    Latin diacritics, case, spaces, zero-width signs and punctuation go; Khmer vowels and
    subscripts stay, Khmer digits become Western ones, and the two subscripts that look alike
    (coeng da, coeng ta) become one.

    Examples
    --------
    >>> folded("Srŏk Rotanak-Mondol") == folded("srok rotanak mondol")
    True
    >>> folded("ជាំក្សាន្ដ") == folded("ជាំក្សាន្ត")
    True
    """
    plain = unicodedata.normalize("NFKD", words).casefold().translate(KHMER_DIGITS)
    kept = (sign for sign in plain if _counts(sign))
    return "".join(kept).replace(_COENG_DA, _COENG_TA)


def _counts(sign: str) -> bool:
    if "\u0300" <= sign <= "\u036f":
        return False
    return sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc")


def without_level(words: str) -> tuple[str | None, str]:
    """The level that a name states and the folded rest; ``None`` and all of it when it states none.

    Examples
    --------
    >>> without_level("Preah Vihear province")
    ('province', 'preahvihear')
    >>> without_level("ស្រុកបាណន់")
    ('district', 'បាណន់')
    """
    for level, signs in LEVEL_WORDS.items():
        for sign in signs:
            gap = r"\s+" if sign.isascii() else r"\s*"
            rest = re.sub(rf"^\s*{sign}{gap}(?=\S)|(?<=\S){gap}{sign}\s*$", "", words, flags=re.I)
            if rest != words:
                return level, folded(rest)
    return None, folded(words)


@dataclass(frozen=True)
class Spellings:
    """An index of names: pairs of code and spelling, in the order in which ties are listed."""

    pairs: tuple[tuple[str, str], ...]

    @cached_property
    def _codes(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for code, name in self.pairs:
            if key := folded(name):
                found.setdefault(key, {})[code] = None
        return {key: tuple(codes) for key, codes in found.items()}

    def named(self, words: str) -> tuple[str, ...]:
        """Codes of all that bear exactly this name."""
        return self._codes.get(folded(words), ())

    def nearest(self, words: str, limit: int, score: float) -> tuple[str, ...]:
        """Codes of the closest spellings, best first."""
        hits = process.extract(
            folded(words), self._codes.keys(), scorer=fuzz.ratio, limit=limit, score_cutoff=score
        )
        return tuple(dict.fromkeys(code for name, _, _ in hits for code in self._codes[name]))

    def holding(self, words: str) -> tuple[str, ...]:
        """Codes of all whose name holds the words: equal names first, then beginnings."""
        wanted = folded(words)
        ranked: dict[str, int] = {}
        for name, codes in self._codes.items() if wanted else ():
            position = name.find(wanted)
            if position >= 0:
                rank = 0 if name == wanted else 1 + min(position, 1)
                for code in codes:
                    ranked[code] = min(ranked.get(code, rank), rank)
        order = {code: number for number, (code, _) in enumerate(self.pairs)}
        return tuple(sorted(ranked, key=lambda code: (ranked[code], order[code])))
