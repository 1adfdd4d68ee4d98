"""Words to tokens, German and English: the same for every engine, so all of them find the same.

A word gives its surface (folded, for the exact field), its stem, the stem of its base where it is a gender form or a
derivation, and the stems of the parts of a compound. Parts come from the site's own words (`search.compounds`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import Stemmer

from search.compounds import greedy_parts, split

DATA = Path(__file__).parent / "data"
LONGEST_WORD = 60
MOST_CACHED = 200_000
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+){1,3}")
GENDER_SIGN = re.compile(r"(?<=[a-zäöüß]{2})(?:[*:_·•.]|/-?|-)(?=in(?:nen)?(?![^\W\d_]))", re.IGNORECASE)
GENDER_BRACKETS = re.compile(r"(?<=[a-zäöüß]{2})\((in(?:nen)?)\)", re.IGNORECASE)
INNER_CAPITAL = re.compile(r"(?<=[a-zäöüß]{2})I(?=n(?:nen)?(?![^\W\d_]))")
PERHAPS_GENDER = re.compile(r"[*:_·•./(-]-?in", re.IGNORECASE)  # looked for first: most texts have none
PERHAPS_CAPITAL = re.compile(r"[a-zäöüß]In")
SOME_INVISIBLE = re.compile("[" + "".join(map(chr, INVISIBLE)) + "]")
FEMININE = re.compile(r"(.{3,}?)in(?:nen)?$")
PERSON = ("er", "or", "eur", "ent", "ant", "and", "ist", "at", "oge", "og", "ling", "ik", "ar", "är", "nd", "rt")
DERIVED = ("al", "isch", "lich", "ell", "är", "iv")
SHORTEST_BASE = 5
SHORTEST_STEM = 4


@dataclass(frozen=True)
class Word:
    """What one word is found by."""

    lower: str
    surface: str
    stem: str
    bases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """Return what belongs into the joined field, the stem first."""
        return (self.stem, *self.bases, *self.parts)


def clean(text: str) -> str:
    """Return text in composed letters, without invisible signs, gender forms written as one word."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = text.translate(INVISIBLE) if SOME_INVISIBLE.search(text) else text
    if PERHAPS_GENDER.search(text):
        text = GENDER_BRACKETS.sub(r"\1", GENDER_SIGN.sub("", text))
    return INNER_CAPITAL.sub("i", text) if PERHAPS_CAPITAL.search(text) else text


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case, in their order."""
    return [match.lower()[:LONGEST_WORD] for match in WORD.findall(clean(text))]


def fold(word: str) -> str:
    """Return the surface of a word: `Förderung` is `foerderung`, however it is typed; accents are dropped."""
    word = word.lower()
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.translate(TRANSCRIBED))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("’", "'")


def plain(word: str) -> str:
    """Return a word letter by letter without dots and accents, for comparing spellings: `ö` is one letter."""
    word = word.lower()
    if word.isascii():
        return word
    bare = unicodedata.normalize("NFKD", word.replace("ß", "s"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def language_of(locale: str) -> str:
    """Return `en` or `de`; Easy language is German."""
    return "en" if locale.startswith("en") else "de"


@cache
def _data(name: str) -> frozenset[str]:
    return frozenset((DATA / name).read_text(encoding="utf-8").split())


def stop_words(locale: str) -> frozenset[str]:
    """Return words that say nothing about what somebody looks for."""
    return _data(f"stop_words.{language_of(locale)}.txt")


def seed_words(locale: str) -> frozenset[str]:
    """Return common words that compounds are made of, for a site with few words of its own."""
    return _data("seed_words.de.txt") if language_of(locale) == "de" else frozenset()


class Analyser:
    """Makes tokens for one language with the words of one lexicon; keeps what it has made."""

    def __init__(self, locale: str, words: Mapping[str, int] | None = None) -> None:
        self.locale = locale
        self.is_german = language_of(locale) == "de"
        self._stemmer = Stemmer.Stemmer("german" if self.is_german else "english", 0)
        self._cache: dict[str, Word] = {}
        self.words = dict(words or {})
        self._known = self._compound_words() if self.is_german else {}
        self._stems: dict[str, int] = {}
        for word, count in self._known.items():
            stem = self.stem(word)
            self._stems[stem] = self._stems.get(stem, 0) + count

    def stem(self, word: str) -> str:
        """Return the stem of a word in lower case; umlauts and their transcriptions come out the same."""
        stem = self._stemmer.stemWord(word.replace("ß", "ss"))
        if self.is_german and len(stem) < SHORTEST_STEM and word == stem + "s":
            stem = word  # the `s` of `Kurs` or `Haus` is no ending
        return fold(stem)

    def word(self, word: str) -> Word:
        """Return what a word in lower case is found by."""
        found = self._cache.get(word)
        if found is None:
            found = self._make(word)
            if len(self._cache) < MOST_CACHED:
                self._cache[word] = found
        return found

    def knows(self, word: str) -> bool:
        """Tell whether the site has this word in some form, or words that make it up."""
        if word in self.words or self.stem(word) in self._stems:
            return True
        return bool(self.is_german and split(word, self._known, self._stems, self.stem))

    def known_share(self, word: str) -> float:
        """Return the share of a word's letters that are known words which say something."""
        common = stop_words(self.locale)
        return sum(len(part) for part in greedy_parts(word, self._known) if part not in common) / max(1, len(word))

    def analyse(self, text: str) -> list[Word]:
        """Return the words of a text in their order."""
        return [self.word(word) for word in words_in(text)]

    def strict_tokens(self, word: Word) -> tuple[str, ...]:
        """Return what certainly belongs to a word: its forms, and the parts that cover it whole."""
        parts = split(word.lower, self._known, self._stems, self.stem) if self.is_german else []
        found = [token for part in parts for token in (self.stem(part), *self._bases(part, self.stem(part)))]
        return (word.stem, *word.bases, *found)

    def pairs(self, words: Sequence[str]) -> list[str]:
        """Return the stems of neighbours, words that say nothing left out: near together means the same subject."""
        common = stop_words(self.locale)
        stems = [self.word(word).stem for word in words if word not in common]
        return [f"{first}_{second}" for first, second in pairwise(stems)]

    def hyphenated(self, text: str) -> list[str]:
        """Return the stems of hyphenated words written as one, so `E-Mail` is found as `Email` too."""
        if "-" not in text:
            return []
        return [self.stem(found.replace("-", "").lower()) for found in HYPHENATED.findall(clean(text))]

    def _compound_words(self) -> dict[str, int]:
        known = {word: count for word, count in self.words.items() if count > 1 and word.isalpha()}
        return {**dict.fromkeys(seed_words(self.locale), 2), **known}

    def _make(self, word: str) -> Word:
        surface, stem = fold(word), self.stem(word)
        if not self.is_german or not word.isalpha():
            return Word(word, surface, stem)
        bases = self._bases(word, stem)
        parts: dict[str, None] = {}
        for form in (word, *self._feminine_base(word)):
            for part in split(form, self._known, self._stems, self.stem) or greedy_parts(form, self._known):
                parts.update(dict.fromkeys((self.stem(part), *self._bases(part, self.stem(part)))))
        return Word(word, surface, stem, bases, tuple(part for part in parts if part not in (stem, *bases)))

    def _bases(self, word: str, stem: str) -> tuple[str, ...]:
        """Return stems of what the word is made from: `Migrantinnen` of `Migrant`, `kommunal` of `Kommune`."""
        found = [self.stem(base) for base in self._feminine_base(word)]
        if word.endswith("s") and len(word) >= SHORTEST_BASE and word[:-1] in self.words:
            found.append(self.stem(word[:-1]))  # plurals like `Büros`, `Workcamps`
        for suffix in DERIVED:
            rest = stem.removesuffix(suffix)
            if rest != stem and len(rest) >= SHORTEST_BASE and rest in self._stems:
                found.append(rest)
        return tuple(dict.fromkeys(base for base in found if base != stem))

    def _feminine_base(self, word: str) -> Iterable[str]:
        match = FEMININE.match(word)
        if match is None:
            return []
        base = match[1]
        is_person = base.endswith(PERSON) and (word.endswith("innen") or len(base) >= SHORTEST_BASE)
        is_known = len(base) >= SHORTEST_BASE and self.stem(base) in self._stems
        return [base] if is_person or is_known else []
