"""All addresses: one prefix per language for visitors, fixed ones for editors, machines and files."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy as _
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import embeds, health, media, routing, wellknown
from home.feeds import NewPagesFeed
from home.sitemaps import sitemap
from knowledge import api as network
from search import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", wellknown.choose_language, name="choose_language"),
    path("healthz", health.healthz, name="healthz"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", wellknown.robots, name="robots"),
    path(".well-known/security.txt", wellknown.security_text, name="security_text"),
    path("media/<path:path>", media.serve, name="media"),
    re_path(r"^pictures/([^/]*)/(\d+)/([^/]*)/[^/]*$", media.SizedPicture.as_view(), name="sized_picture"),
    path("api/search/", api.search, name="api_search"),
    path("api/search/openapi.json", api.description, name="api_description"),
    path("api/members/", network.as_json, {"kind": "municipality"}, name="api_members"),
    path("api/members.geojson", network.as_geojson, {"kind": "municipality"}, name="api_members_geojson"),
    path("api/service-centres/", network.as_json, {"kind": "service_centre"}, name="api_centres"),
    path("api/service-centres.geojson", network.as_geojson, {"kind": "service_centre"}, name="api_centres_geojson"),
    path("admin/", include(wagtailadmin_urls)),
    re_path(r"^documents/(\d+)/(.*)$", media.serve_document, name="wagtaildocs_serve"),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.DEBUG:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()

urlpatterns += i18n_patterns(
    path("feed/", NewPagesFeed(), name="feed"),
    path(_("external-content/"), embeds.external_content, name="external_content"),
    path("", include("search.urls")),
    path("", include("knowledge.urls")),
    path("", include("home.joining.urls")),
    path("", include("trainings.urls")),
    path("", include("home.newsletter.urls")),
    *routing.urlpatterns,
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
