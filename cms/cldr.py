"""Names of countries and languages in German and English, from the Unicode CLDR (by Babel)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel import Locale

from cms.i18n import language_suffix

PINNED_COUNTRIES = ("FR", "PL", "CZ", "IL", "GR", "TR", "UA", "GB", "US", "JP", "ES", "IT", "NL", "AT")
# In CLDR but neither a state nor a territory of ISO 3166-1 (Kosovo, XK, stays: a partner country without an ISO code).
NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
ADVICE_LANGUAGES = [
    "de",
    "en",
    "fr",
    "pl",
    "tr",
    "uk",
    "ar",
    "ru",
    "es",
    "it",
    "gsg",
    "am",
    "bg",
    "bn",
    "bs",
    "ckb",
    "cs",
    "da",
    "dsb",
    "el",
    "et",
    "fa",
    "fa-AF",
    "fi",
    "frr",
    "he",
    "hi",
    "hr",
    "hsb",
    "hu",
    "hy",
    "ja",
    "ka",
    "kmr",
    "lt",
    "lv",
    "mk",
    "nds",
    "nl",
    "no",
    "ps",
    "pt",
    "rom",
    "ro",
    "sk",
    "sl",
    "so",
    "sq",
    "sr",
    "sv",
    "ta",
    "ti",
    "ur",
    "vi",
    "zh",
]
# Languages that CLDR does not name, or names unlike people here do.
EXTRA_LANGUAGES = {
    "gsg": {"de": "Deutsche Gebärdensprache", "en": "German Sign Language"},
    "kmr": {"de": "Kurdisch (Kurmandschi)", "en": "Kurdish (Kurmanji)"},
    "ckb": {"de": "Kurdisch (Sorani)", "en": "Kurdish (Sorani)"},
    "ps": {"de": "Paschto", "en": "Pashto"},
}
ALPHA_2 = 2


def _alphabetical(pair: tuple[str, str]) -> str:
    return unicodedata.normalize("NFKD", pair[1]).encode("ascii", "ignore").decode().casefold()


@lru_cache(maxsize=4)
def _countries(language: str) -> dict[str, str]:
    names = Locale.parse(language).territories
    found = {
        code: name
        for code, name in names.items()
        if len(code) == ALPHA_2 and code.isalpha() and code not in NO_COUNTRIES
    }
    others = sorted(((code, name) for code, name in found.items() if code not in PINNED_COUNTRIES), key=_alphabetical)
    return {code: found[code] for code in PINNED_COUNTRIES} | dict(others)


@lru_cache(maxsize=4)
def _languages(language: str) -> dict[str, str]:
    return {code: _name_of_language(code, language) for code in ADVICE_LANGUAGES}


def _name_of_language(code: str, language: str) -> str:
    names = Locale.parse(language).languages
    name = EXTRA_LANGUAGES.get(code, {}).get(language) or names.get(code.replace("-", "_")) or names.get(code, code)
    return name[:1].upper() + name[1:]


def country_choices() -> list[tuple[str, str]]:
    """Return (ISO 3166-1 alpha-2, CLDR name in the active language): frequent partners first, then by name."""
    return list(_countries(language_suffix()).items())


def country_name(code: str, language: str | None = None) -> str:
    """Return the name of a country in a language, the active one by default; an unknown code names itself."""
    return _countries(language_suffix(language)).get(code, code)


def language_choices() -> list[tuple[str, str]]:
    """Return (BCP 47 code, CLDR name in the active language) of the languages of advice: frequent ones first."""
    return list(_languages(language_suffix()).items())
