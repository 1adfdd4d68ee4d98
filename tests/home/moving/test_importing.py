"""Moving in: what a line becomes, twice, changed, in whichever order, with gaps."""

from __future__ import annotations

import pytest

from home.models import ImportedItem
from knowledge.models import GoodPracticePage
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice


def test_line_becomes_a_published_page(box: Box, tree: make.Tree) -> None:
    town = make.make_municipality(name="Musterhausen")

    result = box.run(practice(municipality="Musterhausen", date="2019-05-04"))

    page = GoodPracticePage.objects.get()
    assert (result.made, result.failed, box.said) == (1, 0, [])
    assert (page.live, page.title, page.slug, page.teaser) == (
        True,
        "Ein Bus für alle",
        "ein-bus-fuer-alle",
        "Der Bus fuhr dreimal.",
    )
    assert page.how.get_prep_value()[0]["value"] == "<p>Erst fragen, dann <b>fahren</b>.</p>"
    assert [step.code for step in page.steps.all()] == ["allies"]
    assert [topic.slug for topic in page.topics.all()] == ["rural"]
    assert page.municipality == town
    assert page.first_published_at.date().isoformat() == "2019-05-03"
    assert page.get_parent().pk == tree.knowledge.pk
    assert page.followed.revision_id == page.live_revision_id
    assert ImportedItem.objects.get().gaps == ["situation", "results"]
