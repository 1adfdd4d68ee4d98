"""Bakes the map of Germany; needed after the outlines changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from knowledge.services.map import write_baked


class Command(BaseCommand):
    """Writes knowledge/data/map.json from states.geojson."""

    help = "Bakes the outlines of the federal states into paths for the map."

    def handle(self, *args: Any, **options: Any) -> None:
        """Bake and say whether something changed."""
        self.stdout.write("The map was baked anew." if write_baked() else "The map is current.")
