"""What a search asks and gets, and what every engine can do: plain data without Django types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Sort = Literal["relevance", "date", "title"]
FACETS = (
    "kind",
    "step",
    "topic",
    "target_group",
    "format",
    "state",
    "municipality_type",
    "size",
    "country",
    "mode",
    "language",
    "fee",
    "month",
    "type",
)
FOREVER = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class SearchRequest:
    """What a visitor asks.

    `filters` are the visitor's choices: OR within a facet, AND across, each facet counted without its own choice.
    `scope` narrows everything, counts too (the catalogue asks for the kinds `training` and `exchange`). `when` is
    "" for everything, `upcoming`, `past`, or a month as "2027-03"; it concerns offers, other pages are always upcoming.
    Sorted by date, upcoming offers come soonest first, everything else latest first.
    """

    text: str = ""
    locale: str = "de"
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    scope: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    page_size: int = 12
    when: str = ""
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    facets: Sequence[str] = FACETS
    with_highlights: bool = True


@dataclass(frozen=True)
class Fragment:
    """A piece of text; `is_match` pieces are what was searched for."""

    text: str
    is_match: bool = False


@dataclass(frozen=True)
class Hit:
    """One page that was found; `highlight` is the best passage of its text."""

    id: int
    score: float
    kind: str = ""
    title: Sequence[Fragment] = ()
    highlight: Sequence[Fragment] = ()


@dataclass(frozen=True)
class FacetValue:
    """How many hits there would be with this value."""

    code: str
    count: int
    is_selected: bool = False


@dataclass(frozen=True)
class SearchResponse:
    """What was found. `suggestion` is a better spelling, "" where there is none.

    `promoted` is what editors want above the hits of the first page; it is not counted. `degraded` says that the
    engine in use may not know the latest changes.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    suggestion: str = ""
    engine: str = ""
    degraded: bool = False
    promoted: Sequence[Hit] = ()


@dataclass(frozen=True)
class Completion:
    """One line below the search field: a title (with the page's id), a topic (with its code) or a word."""

    text: str
    kind: Literal["title", "topic", "word"]
    id: int | None = None
    code: str = ""


# --- between the shared part of the search and the engines


@dataclass(frozen=True)
class IndexedDocument:
    """A document as engines keep it: tokens, codes, days and keys to sort by. Texts stay in the database."""

    id: int
    version: int
    title: Sequence[str]
    joined: Sequence[str]  # title and text: stems, bases, parts
    pairs: Sequence[str]  # neighbours
    exact: Sequence[str]  # surfaces in their order
    facets: Sequence[str]  # "step:allies"
    date_key: str  # sorts by day, ties by id
    title_key: str
    date: int  # day number, 0 where there is none
    last_day: int
    expires: int


@dataclass(frozen=True)
class Clause:
    """A document that has this token in this field gets its BM25 times the weight."""

    field: Literal["title", "joined", "pairs", "exact"]
    token: str
    weight: float = 1.0
    is_part: bool = False  # of a compound; engines need not know


@dataclass(frozen=True)
class EngineQuery:
    """What an engine is asked: any clause matches (all documents where there is none), the rest restricts."""

    locale: str
    clauses: Sequence[Clause] = ()
    phrases: Sequence[Sequence[str]] = ()  # each must occur as such in `exact`
    excluded: Sequence[str] = ()  # surfaces
    excluded_ids: Sequence[int] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    scope: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    today: int = 0
    ends: tuple[int, int] | None = None  # the last day lies between these
    dates: tuple[int, int] | None = None
    bonus_for_upcoming: float = 0.0
    order: Literal["score", "date", "-date", "title"] = "score"
    offset: int = 0
    limit: int = 12


@dataclass(frozen=True)
class EngineResult:
    """Ids with scores, the total, and the counted codes of each facet (own filter left out)."""

    hits: Sequence[tuple[int, float]] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One change in the order it happened; without a document it is a deletion."""

    seq: int
    id: int
    document: IndexedDocument | None = None


@dataclass(frozen=True)
class Health:
    """What an engine says of its index of one locale."""

    is_ok: bool
    documents: int = 0
    seq: int = 0  # the last change applied
    lexicon: int = 0  # the generation of words its tokens were made with
    problem: str = ""


class EngineUnavailableError(Exception):
    """The engine cannot answer now; another one may."""


class Engine(Protocol):
    """What every engine can do. All methods are safe to call from several threads."""

    name: str

    def search(self, query: EngineQuery) -> EngineResult:
        """Answer, or raise EngineUnavailableError."""
        ...

    def apply(self, locale: str, changes: Sequence[Change], *, seq: int, again: bool = False) -> bool:
        """Apply changes in one go and note `seq`; False when somebody else is writing.

        Changes that the index has seen are passed over, unless they shall be applied `again`.
        """
        ...

    def rebuild(self, locale: str, documents: Iterable[IndexedDocument], *, seq: int, lexicon: int) -> int:
        """Build the index anew beside the live one, swap, and return the number of documents."""
        ...

    def versions(self, locale: str) -> dict[int, int]:
        """Return the version of every document in the index, for `verify`."""
        ...

    def lexicon(self, locale: str) -> int:
        """Return the generation of words the index was made with; cheap."""
        ...

    def health(self, locale: str) -> Health:
        """Tell whether the index of a locale is usable and how far it has come."""
        ...
