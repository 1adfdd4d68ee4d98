"""Puts Wagtail's own methods back where our pages have faster ones."""

from __future__ import annotations

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """The plain idiom."""

    name = "tests.bench.reference"

    def ready(self) -> None:
        """Take back what the page types do to gather their content, and the handler of links in running text."""
        from wagtail.models import Page
        from wagtail.rich_text import features
        from wagtail.rich_text.pages import PageLinkHandler

        from home.models import HomePage
        from knowledge.models import GoodPracticePage, KnowledgeIndexPage

        for model in (GoodPracticePage, HomePage, KnowledgeIndexPage):
            for name in ("get_context", "get_view_restrictions"):
                setattr(model, name, getattr(Page, name))
        features.get_link_types()  # the hooks of the site have run now
        features.register_link_type(PageLinkHandler)
