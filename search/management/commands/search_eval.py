"""`manage.py search_eval`: how well the search ranks documents for questions whose answers are known."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search import evaluation
from search.engines import choice
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.interface import Engine, EngineUnavailableError
from search.engines.memory import MemoryEngine
from search.engines.tantivy import TantivyEngine


class Command(BaseCommand):
    """Index documents apart from the site's own, ask all questions, print the figures."""

    help = "Print nDCG@10, MRR, recall@10, success@1 and empty results of a collection of documents and queries."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two files, the engine, and where to write the rankings."""
        parser.add_argument(
            "documents", type=Path, help="JSON Lines, as for import_content, or id, locale, title, body"
        )
        parser.add_argument(
            "queries", type=Path, help="JSON Lines with id, locale, q, rel, and perhaps class and filters"
        )
        parser.add_argument("--engine", choices=["tantivy", "elasticsearch", "memory"], default="tantivy")
        parser.add_argument("--rankings", type=Path, help="file to write the ranked ids to, as JSON Lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure in an index that is thrown away afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="search-eval-"))
        engine = _engine(options["engine"], folder)
        try:
            collection = evaluation.Collection(engine, folder / "words")
            collection.load(evaluation.read_lines(options["documents"]))
            self._measure(collection, options["queries"], options["rankings"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"These files cannot be read: {error!r}") from error
        except EngineUnavailableError as error:
            raise CommandError(f"The engine does not answer: {error}") from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(engine, ElasticsearchEngine):
                engine.remove_all()

    def _measure(self, collection: evaluation.Collection, queries: Path, rankings: Path | None) -> None:
        figures: dict[str, list[evaluation.Figures]] = defaultdict(list)
        lines = []
        for query in tqdm(list(evaluation.read_lines(queries)), desc="Queries", disable=None):
            ranked = collection.ranked(query)
            lines.append(json.dumps({"id": query["id"], "ranked": ranked}, ensure_ascii=False))
            if "rel" in query:
                for name in evaluation.groups(query):
                    figures[name].append(evaluation.score(ranked, query["rel"]))
        for name, found in figures.items():
            self.stdout.write(f"{name:20}{evaluation.mean(found)}")
        if rankings:
            rankings.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _engine(name: str, folder: Path) -> Engine:
    if name == "memory":
        return MemoryEngine()
    if name == "tantivy":
        return TantivyEngine(folder)
    if not settings.ELASTICSEARCH_URL:
        raise CommandError("ELASTICSEARCH_URL is not set.")
    return ElasticsearchEngine(choice.throw_away_server(), evaluation.Marks())
