"""The search as everybody else calls it: `search`, `complete`, `related`."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.models import Page

from cms import version
from cms.version import kept
from search import freshness, highlighting, indexing, meanwhile, words
from search.analysis import Analyser, plain, stop_words, words_in
from search.asking import corrections, engine_query, facet_values, page_number, typed_words
from search.engines import choice
from search.engines.interface import (
    Clause,
    Completion,
    EngineQuery,
    EngineUnavailableError,
    Hit,
    SearchRequest,
    SearchResponse,
)
from search.models import Promotion, SearchDocument
from search.parsing import Parsed, parse
from search.spelling import Spelling, path_of
from search.words import SEARCH

logger = logging.getLogger(__name__)
KEPT_FOR = 30.0  # seconds; what a cluster has taken in shows up a moment later
MOST_TITLES = 4
MOST_WORDS = 4
LOOKED_AT = 40
TELLING_WORDS = 25
MOST_READ = 3_000


def search(request: SearchRequest) -> SearchResponse:
    """Answer a request; text that says nothing finds everything the filters let through.

    Where a cluster is configured and does not answer, the embedded engine does, with the same ranking. A page made of
    the answer may be kept until something findable changes, but not one made of an index that is behind.
    """
    _note_dependence(request.locale)
    found = _search(request)
    if found.degraded:
        version.never_keep()
    return found


def _note_dependence(locale: str) -> None:
    """Say what a page with this answer depends on, before anything is asked."""
    version.current(SEARCH)
    if version.is_making():
        version.lasts(KEPT_FOR)
        if any(indexing.is_behind(engine, locale) for engine in choice.engines()):
            version.never_keep()


def _search(request: SearchRequest) -> SearchResponse:
    parsed = parse(request.text)
    breaker = choice.breaker()
    if breaker is not None and not breaker.is_open:
        try:
            return _answer(breaker, breaker.engine.lexicon(request.locale), request, parsed)
        except EngineUnavailableError as error:
            logger.warning("Tantivy answers for Elasticsearch: %s", error)
    engine = choice.embedded()
    try:
        freshness.freshen(engine, request.locale)
        found = _answer(engine, engine.lexicon(request.locale), request, parsed)
    except EngineUnavailableError as error:
        logger.warning("The rows answer until the index is built: %s", error)
        rows, generation = meanwhile.Rows(parsed), words.latest(request.locale)
        return replace(_answer(rows, generation, request, parsed), degraded=True)
    return replace(found, degraded=breaker is not None and indexing.is_behind(engine, request.locale))


def _answer(engine: Any, generation: int, request: SearchRequest, parsed: Parsed) -> SearchResponse:
    analyser = words.analyser(request.locale, generation)
    spelling = spelling_of(request.locale, generation)
    synonyms = words.synonyms(request.locale, analyser)
    asked = engine_query(request, parsed, analyser, spelling=spelling, synonyms=synonyms)
    result = engine.search(asked)
    wanted = highlighting.Wanted.of(asked.clauses, analyser) if request.with_highlights else None
    return SearchResponse(
        hits=_hits(result.hits, wanted),
        total=result.total,
        facets=facet_values(result, request),
        suggestion=better_spelling(request.text, parsed, analyser, spelling),
        engine=engine.engine.name if hasattr(engine, "engine") else engine.name,
        promoted=_promoted(request, parsed, analyser, wanted) if page_number(request) == 1 else (),
    )


def spelling_of(locale: str, generation: int) -> Spelling:
    """Return the spellings of one generation of words on this host."""
    return Spelling(path_of(Path(settings.SEARCH_FOLDER), locale, generation))


def better_spelling(text: str, parsed: Parsed, analyser: Analyser, spelling: Spelling) -> str:
    """Return the text with unknown words put right, "" where there is nothing to put right."""
    better = text
    for word, other in corrections(typed_words(parsed, analyser.locale), analyser, spelling).items():
        better = _replaced(better, word, other)
    return better if better != text else ""


def _replaced(text: str, word: str, other: str) -> str:
    place = text.lower().find(word)
    if place < 0:
        return text
    found = text[place : place + len(word)]
    return text[:place] + (other.capitalize() if found[:1].isupper() else other) + text[place + len(word) :]


def _hits(found: Sequence[tuple[int, float]], wanted: highlighting.Wanted | None) -> list[Hit]:
    """Return the hits with title and best passage marked; a row that has gone in the meantime is left out.

    Whoever lists pages or only counts asks for nothing but keys: then no text is read.
    """
    if wanted is None:
        return [Hit(key, score) for key, score in found]
    rows = SearchDocument.objects.filter(pk__in=[key for key, _score in found])
    texts = {key: texts for key, *texts in rows.values_list("pk", "kind", "title", "lead", "text")}
    return [_hit(key, score, *texts[key], wanted=wanted) for key, score in found if key in texts]


def _hit(key: int, score: float, kind: str, title: str, lead: str, text: str, *, wanted: highlighting.Wanted) -> Hit:
    passage = highlighting.best_passage(lead, text, wanted)
    return Hit(key, score, kind, highlighting.marked(title, wanted), passage)


def _promoted(
    request: SearchRequest, parsed: Parsed, analyser: Analyser, wanted: highlighting.Wanted | None
) -> list[Hit]:
    """Return what editors want on top for exactly these words, in whatever form and order."""
    promotions = kept(("promotions", request.locale), lambda: _promotions(request.locale), SEARCH)
    if not promotions or parsed.is_empty:
        return []
    typed = {analyser.word(word).stem for word in typed_words(parsed, request.locale)}
    keys = [key for text, key in promotions if {word.stem for word in analyser.analyse(text)} == typed]
    return _hits([(key, 0.0) for key in dict.fromkeys(keys)], wanted)


def _promotions(locale: str) -> list[tuple[str, int]]:
    return list(Promotion.objects.filter(locale=locale).values_list("words", "page_id"))


def complete(text: str, locale: str) -> list[Completion]:
    """Return titles and words that begin like what is typed, for the list below the field.

    Topics are names of rows that the caller has in memory; it puts them in between.
    """
    typed = words_in(text)[-MOST_WORDS:]
    if not typed or text[-1:].isspace():
        return []
    _note_dependence(locale)
    engine = choice.embedded()
    try:
        freshness.freshen(engine, locale)
        generation = engine.lexicon(locale)
        begun = spelling_of(locale, generation).beginning_with(plain(typed[-1]))
        titles = _titles(typed, begun, words.analyser(locale, generation))
    except EngineUnavailableError:
        return []
    before = " ".join(typed[:-1])
    found = [Completion(f"{before} {word}".strip(), "word") for word in begun[:MOST_WORDS]]
    return [*titles, *found]


def _titles(typed: list[str], begun: list[str], analyser: Analyser) -> list[Completion]:
    stems = dict.fromkeys(analyser.word(word).stem for word in (*typed, *begun))
    asked = EngineQuery(
        analyser.locale, [Clause("title", stem) for stem in stems], limit=LOOKED_AT, today=indexing.today()
    )
    keys = [key for key, _score in choice.embedded().search(asked).hits]
    rows = SearchDocument.objects.filter(pk__in=keys).values_list("pk", "title")
    order = {key: place for place, key in enumerate(keys)}
    fitting = [(order[key], key, title) for key, title in rows if _begins(title, typed)]
    return [Completion(title, "title", id=key) for _place, key, title in sorted(fitting)[:MOST_TITLES]]


def _begins(title: str, typed: list[str]) -> bool:
    """Tell whether a title has all the words, the last of them perhaps half."""
    own = [plain(word) for word in words_in(title)]
    return all(any(word.startswith(plain(part)) for word in own) for part in typed)


def related(page: Page, limit: int = 3, kinds: tuple[str, ...] = ()) -> list[int]:
    """Return the pages that fit best with a page: those that share the words that are rare elsewhere, and its steps.

    What an index says that is behind or cannot answer is kept for seconds only.
    """
    locale = page.locale.language_code
    row = SearchDocument.objects.filter(pk=page.pk).first()
    if row is None:
        return []
    engine = choice.embedded()
    try:
        freshness.freshen(engine, locale)
        if indexing.is_behind(engine, locale):
            version.lasts()
        analyser = words.analyser(locale, engine.lexicon(locale))
        asked = EngineQuery(
            locale,
            telling(row, analyser),
            excluded_ids=[row.pk],
            scope={"kind": kinds} if kinds else {},
            ends=(indexing.today(), indexing.FOREVER.toordinal()),
            today=indexing.today(),
            limit=limit,
        )
        return [key for key, _score in engine.search(asked).hits] if asked.clauses else []
    except EngineUnavailableError:
        version.lasts()
        return []


def telling(row: SearchDocument, analyser: Analyser) -> list[Clause]:
    """Return the words that tell most about a document: frequent in it, rare elsewhere, those of the title twice."""
    text = f"{row.title}\n{row.title}\n{row.lead}\n{row.words}\n{row.text}"[:MOST_READ]
    common = stop_words(analyser.locale)
    counts = Counter(word for word in words_in(text) if word not in common and word.isalpha())
    most = max(analyser.words.values(), default=1) + 1
    weights = {
        word: min(count, 4) * log(1 + most / (analyser.words.get(word, 0) + 0.5)) for word, count in counts.items()
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:TELLING_WORDS]
    return [Clause("joined", stem) for stem in dict.fromkeys(analyser.word(word).stem for word in best)]
