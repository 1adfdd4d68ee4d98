"""Rows that every installation starts with: steps, topics, funding programmes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from knowledge.models import DevelopmentStep, FundingProgramme, Topic

DATA = Path(__file__).resolve().parents[1] / "data" / "vocabularies.yaml"


@transaction.atomic
def load_vocabularies() -> int:
    """Add the rows that are missing and return how many; a row that exists stays as editors left it."""
    data: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    added = 0
    for number, row in enumerate(data["steps"], start=1):
        added += DevelopmentStep.objects.get_or_create(code=row["code"], defaults={**row, "number": number})[1]
    for code, name_de, name_en in data["topics"]:
        added += Topic.objects.get_or_create(slug=code, defaults={"name": name_de, "name_en": name_en})[1]
    for row in data["funding"]:
        added += FundingProgramme.objects.get_or_create(code=row["code"], defaults=row)[1]
    return added
