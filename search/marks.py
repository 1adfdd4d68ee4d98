"""How far the index of a locale in a shared engine has come: kept in the database, for all hosts."""

from __future__ import annotations

from django.db import transaction

from search.models import EngineMark


class DatabaseMarks:
    """Rows of `EngineMark`; a mark never goes back, except with a new generation of words."""

    def get(self, name: str) -> tuple[int, int]:
        """Return (last change applied, generation of words)."""
        row = EngineMark.objects.filter(name=name).values_list("seq", "lexicon").first()
        return row or (0, 0)

    def put(self, name: str, seq: int, lexicon: int) -> None:
        """Remember both, in step with other hosts."""
        with transaction.atomic():
            row, _new = EngineMark.objects.select_for_update().get_or_create(name=name)
            row.seq = seq if row.lexicon != lexicon else max(row.seq, seq)
            row.lexicon = lexicon
            row.save()
