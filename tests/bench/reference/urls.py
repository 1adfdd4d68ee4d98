"""All addresses of the site, with Wagtail's own routing for pages."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern

from cms import routing, urls

(_pages,) = [
    one for one in urls.urlpatterns if isinstance(one, URLResolver) and isinstance(one.pattern, LocalePrefixPattern)
]
urlpatterns: list[URLPattern | URLResolver] = [one for one in urls.urlpatterns if one is not _pages]
urlpatterns += i18n_patterns(*(one for one in _pages.url_patterns if one not in routing.urlpatterns))
