"""The entrance of the knowledge base: everything, practices, materials, or one topic."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.pages import IndexPage
from knowledge.models.topics import Topic


class KnowledgeIndexPage(RoutablePageMixin, IndexPage):
    """Lists what the network knows; its routes are the shelves."""

    subpage_types: ClassVar = ["knowledge.GoodPracticePage", "knowledge.MaterialPage"]

    kind_label = _("Knowledge base")

    class Meta:
        verbose_name = _("knowledge base")

    @path("")
    def everything(self, request: HttpRequest) -> HttpResponse:
        """Everything, filtered by the query string."""
        return self._shelf(request, "")

    @path("praxis/", name="practice-de")
    @path("practice/", name="practice-en")
    def practices(self, request: HttpRequest) -> HttpResponse:
        """Good practices only."""
        return self._shelf(request, "practice")

    @path("materialien/", name="material-de")
    @path("materials/", name="material-en")
    def materials(self, request: HttpRequest) -> HttpResponse:
        """Materials only."""
        return self._shelf(request, "material")

    @path("thema/<slug:code>/", name="topic-de")
    @path("topic/<slug:code>/", name="topic-en")
    def topic(self, request: HttpRequest, code: str) -> HttpResponse:
        """Everything that carries one topic."""
        topic = Topic.objects.filter(slug=code).first()
        if topic is None:
            raise Http404
        return self._shelf(request, "topic", topic)

    def shelf_url(self, shelf: str, *args: Any) -> str:
        """Return the address of a shelf in the language of this page."""
        language = "en" if self.locale.language_code == "en" else "de"
        return str(self.url) + self.reverse_subpage(f"{shelf}-{language}", args=args)

    def _shelf(self, request: HttpRequest, shelf: str, topic: Topic | None = None) -> HttpResponse:
        return self.render(request, context_overrides={"shelves": self._tabs(shelf), "shelf": shelf, "topic": topic})

    def _tabs(self, current: str) -> list[dict[str, Any]]:
        """Return the shelves for the tabs above the list, which the template finds by the search."""
        named = [("practice", _("Good practice")), ("material", _("Materials"))]
        return [
            {"label": _("Everything"), "url": self.url, "current": current == ""},
            *({"label": text, "url": self.shelf_url(shelf), "current": current == shelf} for shelf, text in named),
        ]
