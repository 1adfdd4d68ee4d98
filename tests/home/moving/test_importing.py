"""Moving in: what a line becomes, twice, changed, in whichever order, with gaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import Page, ReferenceIndex
from wagtail.search.backends import get_search_backend

from cms.models import CustomDocument, CustomImage
from home.models import HomePage, ImportedItem, NewsPage
from knowledge.models import GoodPracticePage, KnowledgeIndexPage, MaterialPage, Municipality, Topic
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice
from trainings.models import Run

pytestmark = pytest.mark.usefixtures("planted")

KINDS = {
    "good_practice": ("knowledge.GoodPracticePage", "how", {}),
    "material": ("knowledge.MaterialPage", "body", {}),
    "municipality": ("knowledge.MunicipalityPage", "portrait", {"municipality": "Musterhausen"}),
    "service_centre": ("knowledge.ServiceCentrePage", "body", {"municipality": "Musterhausen"}),
    "training": ("trainings.TrainingPage", "programme", {}),
    "exchange": ("trainings.ExchangePage", "programme", {}),
    "news": ("home.NewsPage", "body", {}),
}
RUN = {
    "number": "2031-001",
    "mode": "onsite",
    "admission": "fcfs",
    "city": "Bonn",
    "fee": "12.50",
    "published_at": "2026-01-01",
    "sessions": [{"starts_at": "2031-05-04T09:00", "ends_at": "2031-05-04T17:00", "room": "Saal"}],
    "pools": [{"mode": "onsite", "capacity": 20}],
}


def test_line_becomes_a_published_page(box: Box, tree: make.Tree) -> None:
    town = make.make_municipality(name="Musterhausen")

    result = box.run(practice(municipality="Musterhausen", date="2019-05-04"))

    page = GoodPracticePage.objects.get()
    assert (result.made, result.failed, box.said) == (1, 0, [])
    assert (page.live, page.title, page.slug) == (True, "Ein Bus für alle", "ein-bus-fuer-alle")
    assert page.teaser == "Der Bus fuhr dreimal."
    assert page.how.get_prep_value()[0]["value"] == "<p>Erst fragen, dann <b>fahren</b>.</p>"
    assert [step.code for step in page.steps.all()] == ["allies"]
    assert [topic.slug for topic in page.topics.all()] == ["rural"]
    assert page.municipality == town
    assert page.first_published_at.isoformat() == "2019-05-03T22:00:00+00:00"
    assert page.get_parent().pk == tree.knowledge.pk
    assert page.followed.revision_id == page.live_revision_id


def test_each_kind_keeps_its_text_in_its_main_field(box: Box, tree: make.Tree) -> None:
    make.make_municipality(name="Musterhausen")
    line = {"locale": "de", "title": "Musterhausen", "body": "Ein Satz."}

    box.run(*({**line, "kind": kind, "source_id": kind, **facts} for kind, (_label, _name, facts) in KINDS.items()))

    assert box.said == []
    for kind, (label, name, _facts) in KINDS.items():
        page = Page.objects.get(imported__source_id=kind).specific
        text = [(block.block_type, block.value.source) for block in getattr(page, name)]
        assert (page._meta.label, page.live, text) == (label, True, [("paragraph", "<p>Ein Satz.</p>")])


def test_second_import_changes_nothing(box: Box, tree: make.Tree) -> None:
    box.run(practice(), practice("two", title="Zwei"))
    before = list(Page.objects.values_list("pk", "latest_revision_id"))

    result = box.run()

    assert (result.made, result.renewed, result.skipped, result.failed) == (0, 0, 2, 0)
    assert list(Page.objects.values_list("pk", "latest_revision_id")) == before


def test_changed_line_renews_its_page_at_its_address(box: Box, tree: make.Tree) -> None:
    box.run(practice())

    result = box.run(practice(title="Ein Zug für alle"))

    page = GoodPracticePage.objects.get()
    assert (result.renewed, page.title, page.slug) == (1, "Ein Zug für alle", "ein-bus-fuer-alle")


def test_page_that_an_editor_changed_is_kept_and_named(box: Box, tree: make.Tree) -> None:
    box.run(practice())
    page = GoodPracticePage.objects.get()
    page.title = "Von Hand"
    page.save_revision(clean=False)

    result = box.run(practice(title="Vom alten System"))

    assert (result.kept, result.renewed) == (1, 0)
    assert box.said == [(1, "„Ein Bus für alle“ wurde hier geändert und bleibt, wie es ist.")]
    assert GoodPracticePage.objects.get().get_latest_revision_as_object().title == "Von Hand"


def test_page_that_was_deleted_stays_away(box: Box, tree: make.Tree) -> None:
    box.run(practice())
    GoodPracticePage.objects.get().delete()

    result = box.run(practice(title="Noch einmal"))

    assert (result.kept, GoodPracticePage.objects.exists()) == (1, False)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_translations_find_each_other_in_either_order(box: Box, tree: make.Tree, is_reversed: bool) -> None:
    lines = [practice("7"), practice("8", locale="en", title="A bus for all", translation_of="7")]

    box.run(*(reversed(lines) if is_reversed else lines))

    german = GoodPracticePage.objects.get(locale__language_code="de")
    assert german.get_translation(tree.home_en.locale).specific.title == "A bus for all"


def test_translation_found_in_an_earlier_import(box: Box, tree: make.Tree) -> None:
    box.run(practice("7"))
    box.run(practice("8", locale="en", title="A bus for all", translation_of="7"))

    keys = set(GoodPracticePage.objects.values_list("translation_key", flat=True))
    assert (GoodPracticePage.objects.count(), len(keys)) == (2, 1)


def test_translation_that_omits_facts_does_not_empty_them(box: Box, tree: make.Tree) -> None:
    town = make.make_municipality(name="Musterhausen")
    english = {"kind": "good_practice", "locale": "en", "source_id": "8", "title": "Bus", "translation_of": "7"}

    box.run(practice("7", municipality="Musterhausen"), english)

    for page in GoodPracticePage.objects.all():
        assert (page.municipality, [step.code for step in page.steps.all()]) == (town, ["allies"])


def test_unknown_keys_are_named_once(box: Box, tree: make.Tree) -> None:
    lines = [practice(str(n), title=f"Bus {n}", author="x", fields={"colour": "red", "path": "0001"}) for n in range(3)]

    result = box.run(*lines)

    assert result.made == 3
    assert sorted(text.split("“")[0] for _number, text in box.said) == [
        "Der unbekannte Schlüssel „author",
        "Der unbekannte Schlüssel „fields.colour",
        "Der unbekannte Schlüssel „fields.path",
    ]


def test_unknown_topic_is_refused_or_made(box: Box, tree: make.Tree) -> None:
    refused = box.run(practice(topics=["Wandern"]))
    assert (refused.failed, GoodPracticePage.objects.exists(), Topic.objects.filter(slug="wandern").exists()) == (
        1,
        False,
        False,
    )
    assert "Wandern" in box.said[0][1]

    assert box.run(unknown="create").made == 1
    assert Topic.objects.get(slug="wandern").name == "Wandern"


def test_unknown_municipality_is_refused_or_made(box: Box, tree: make.Tree) -> None:
    assert box.run(practice(municipality="Neustadt", state="NI")).failed == 1

    assert box.run(unknown="create").made == 1
    row = Municipality.objects.get()
    assert (row.name, row.state, row.source) == ("Neustadt", "NI", "own")


def test_name_of_several_municipalities_needs_more(box: Box, tree: make.Tree) -> None:
    make.make_municipality(name="Neuenkirchen", county="Kreis Steinfurt", state="NW")
    wanted = make.make_municipality(name="Neuenkirchen", county="Landkreis Muster", ags="03357035")

    result = box.run(
        practice("1", title="A", municipality="Neuenkirchen"),
        practice("2", title="B", municipality="Neuenkirchen (Landkreis Muster)"),
        practice("3", title="C", municipality="Neuenkirchen", state="NI"),
        practice("4", title="D", municipality="03357035"),
    )

    assert (result.failed, box.said[0][0]) == (1, 1)
    assert {page.municipality for page in GoodPracticePage.objects.all()} == {wanted}


def test_draft_stays_a_draft(box: Box, tree: make.Tree) -> None:
    box.run(practice(live=False))

    page = GoodPracticePage.objects.get()
    assert (page.live, page.get_latest_revision_as_object().title) == (False, "Ein Bus für alle")


def test_dry_run_finds_the_problems_and_writes_nothing(box: Box, tree: make.Tree, settings: Any) -> None:
    box.picture()
    before = [Page.objects.count(), ImportedItem.objects.count(), CustomImage.objects.count(), Topic.objects.count()]

    result = box.run(
        practice(image="images/bus.png", topics=["Neu"]), practice("2", step="nowhere"), dry_run=True, unknown="create"
    )

    assert (result.made, result.failed) == (1, 1)
    after = [Page.objects.count(), ImportedItem.objects.count(), CustomImage.objects.count(), Topic.objects.count()]
    assert after == before
    assert list(Path(settings.MEDIA_ROOT).rglob("*.png")) == []


def test_missing_overview_is_made_in_both_languages_as_one(box: Box, db: None) -> None:
    from home.services.bootstrap import bootstrap

    bootstrap(with_register=False, say=lambda _text: None)

    box.run(practice("1"), practice("2", locale="en", translation_of="1"))

    overviews = KnowledgeIndexPage.objects.order_by("locale__language_code")
    assert [(page.title, page.live) for page in overviews] == [("Wissen", True), ("Knowledge", True)]
    assert overviews[0].translation_key == overviews[1].translation_key


def test_page_made_by_hand_is_not_taken_over(box: Box, tree: make.Tree) -> None:
    page = make.make_practice(tree)

    result = box.run(practice(str(page.translation_key)))

    assert (result.failed, GoodPracticePage.objects.count()) == (1, 1)


def test_long_summary_is_cut_at_a_word_and_said(box: Box, tree: make.Tree) -> None:
    box.run(practice(summary="Wort " * 80))

    assert GoodPracticePage.objects.get().teaser.endswith("Wort…")
    assert box.said == [(1, "Zusammenfassung auf 300 Zeichen gekürzt")]


def test_files_and_image_come_along(box: Box, tree: make.Tree) -> None:
    box.picture()
    (box.folder / "liste.pdf").write_bytes(b"%PDF-1.7 liste")
    image = {"path": "images/bus.png", "alt": "Ein Bus", "credit": "Jo", "licence": "cc_by"}

    box.run({**practice(), "kind": "material", "files": ["liste.pdf"], "image": image})

    page = MaterialPage.objects.get()
    assert page.image is not None
    assert (box.said, page.image.credit, page.image_alt) == ([], "Jo", "Ein Bus")
    assert [document.file.read() for document in page.documents] == [b"%PDF-1.7 liste"]
    box.run(practice("2", title="Zwei", image="images/bus.png", files="liste.pdf"))
    assert (CustomImage.objects.count(), CustomDocument.objects.count()) == (1, 1)
    assert [block.block_type for block in GoodPracticePage.objects.get().how] == ["paragraph", "download"]


def test_file_whose_bytes_changed_is_stored_anew(box: Box, tree: make.Tree) -> None:
    box.picture()
    box.run(practice(image="images/bus.png"))
    box.picture(size=(80, 60))

    box.run(practice(title="Neu", image="images/bus.png"))

    assert CustomImage.objects.latest("pk").width == 80
    assert GoodPracticePage.objects.get().image == CustomImage.objects.latest("pk")


def test_runs_are_made_once(box: Box, tree: make.Tree) -> None:
    line = {**practice(), "kind": "training", "runs": [RUN]}
    box.run(line)
    Run.objects.update(city="Köln")

    result = box.run({**line, "title": "Anders"})

    run = Run.objects.get()
    assert (result.renewed, run.city, run.capacity, str(run.fee)) == (1, "Köln", 20, "12.50")
    assert run.starts_at.isoformat() == "2031-05-04T07:00:00+00:00"
    assert box.said == [(1, "Durchführung 2031-001 ist schon da und bleibt, wie sie ist")]


def test_pages_may_refer_to_later_lines_and_to_each_other(box: Box, tree: make.Tree) -> None:
    def related(key: str) -> dict[str, Any]:
        return {"related": [{"type": "page", "value": f"page:de/{key}"}]}

    text = "<p>Siehe <a href='page:de/b'>dort</a> und <a href='page:de/nowhere'>nirgends</a>.</p>"
    box.run(practice("a", title="A", body=text, fields=related("b")), practice("b", title="B", fields=related("a")))

    first, second = GoodPracticePage.objects.order_by("title")
    assert (first.live, second.live, box.said) == (True, True, [(1, "nicht gefunden, weggelassen: page:de/nowhere")])
    assert [block.value.pk for block in (*first.related, *second.related)] == [second.pk, first.pk]
    assert first.how[0].value.source == f'<p>Siehe <a linktype="page" id="{second.pk}">dort</a> und nirgends.</p>'


def test_reference_to_a_person_is_found_when_the_record_comes(box: Box, tree: make.Tree) -> None:
    from home.moving.references import person_key

    person = make.make_person()
    key = person_key(person)
    person.delete()
    box.run(practice(fields={"contact": f"person:{key}"}))
    assert (GoodPracticePage.objects.get().contact, box.run().skipped) == (None, 1)

    person = make.make_person()

    assert (box.run().renewed, GoodPracticePage.objects.get().contact) == (1, person)
    assert "Jo" not in key


def test_values_of_fields_are_checked_like_an_editors(box: Box, tree: make.Tree) -> None:
    result = box.run(
        practice("1", title="A", fields={"partner_countries": ["XX"]}),
        practice("2", title="B", fields={"age_from": 30, "age_to": 12}),
        practice("3", title="C", fields={"cost_class": "free of everything"}),
        practice("4", title="D", step=["allies", "plan", "pr", "network"]),
        practice("5", title="E", fields={"how": [{"type": "video", "value": {}}]}),
        practice("6", title="F", fields={"how": [{"type": "rawhtml", "value": "<script>"}]}),
        practice("7", title="G", fields={"age_from": 12, "age_to": 30, "partner_countries": ["FR"]}),
    )

    assert (result.failed, [number for number, _text in box.said]) == (6, [1, 2, 3, 4, 5, 6])
    page = GoodPracticePage.objects.get()
    assert (page.title, page.age_from, page.partner_countries) == ("G", 12, ["FR"])


def test_call_without_body_and_same_titles_get_addresses_of_their_own(box: Box, tree: make.Tree) -> None:
    line = {"kind": "news", "locale": "de", "title": "Aufruf"}
    box.run({**line, "source_id": "1"}, {**line, "source_id": "2"}, {**line, "source_id": "3", "title": "Thema"})

    assert set(NewsPage.objects.values_list("slug", flat=True)) == {"aufruf", "aufruf-2", "thema-2"}


def test_both_indexes_know_the_pages_afterwards_and_listen_again(box: Box, tree: make.Tree) -> None:
    from django.db.models.signals import post_save

    target = make.make_material(tree)
    fields = {"materials": [{"type": "page", "value": f"page:de/{target.pk}"}]}
    box.run(practice(title="Ein Unikum", fields=fields, municipality=None), {**practice("m"), "kind": "material"})
    page = GoodPracticePage.objects.get()
    page.save_revision(clean=False)

    assert [row.pk for row in get_search_backend().search("Unikum", Page)] == [page.pk]
    assert ReferenceIndex.get_references_for_object(page).count() > 0
    assert not ImportedItem.objects.filter(is_indexed=False).exists()
    assert post_save.disconnect(post_save_signal_handler, sender=GoodPracticePage)
    post_save.connect(post_save_signal_handler, sender=GoodPracticePage)


def test_home_page_of_bootstrap_is_filled_an_edited_one_is_not(box: Box, tree: make.Tree) -> None:
    line = {"kind": "home", "locale": "de", "source_id": "start", "title": "Neu", "fields": {"claim": "Los."}}
    box.run(line)
    assert HomePage.objects.get(locale__language_code="de").claim == "Los."

    ImportedItem.objects.all().delete()
    assert box.run(line).failed == 1


def test_page_with_gaps_can_be_moved_and_taken_down(box: Box, tree: make.Tree) -> None:
    other = make.publish(KnowledgeIndexPage, tree.home, title="Archiv", slug="archiv")
    box.run(practice())

    GoodPracticePage.objects.get().move(other, pos="last-child")
    GoodPracticePage.objects.get().unpublish()

    page = GoodPracticePage.objects.get()
    assert (page.live, page.url_path) == (False, f"{other.url_path}ein-bus-fuer-alle/")
