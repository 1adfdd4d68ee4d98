"""Addresses of the search, translated; the API has one address for both languages (`api_urls`)."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from search import feeds, views

urlpatterns = [
    path(_("search/"), views.search, name="search"),
    path(_("search/complete/"), views.complete, name="search_complete"),
    path(_("search/feed/"), feeds.SearchFeed(), name="search_feed"),
]
