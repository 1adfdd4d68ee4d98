"""The plain idiom: article, listing and home as the documentation of Wagtail and Django shows how to write them.

It runs on the same database, with the same settings, middlewares, page models and leaf templates as the site, and shows
the same: header, menu, language switch, breadcrumb, body, pictures in six renditions each, cards, footer. What it does
as the documentation does: Wagtail's own routing and serving (`wagtail.urls`), `{% pageurl %}`, `{% picture %}`,
`{% include_block %}`, `|richtext` with Wagtail's handler of links, `.localized` for pages chosen in another language,
`get_translations` for the switch, `get_ancestors`, `get_children().live().specific()`, the site's settings from their
context processor, querysets in template tags, Django's default cache. What a careful developer would do without being
told is done too: persistent connections, cached templates, renditions in the cache, `.specific()` in one query a type,
few rows asked of long lists. It leaves out what costs our own pages time: facets and their counts, the description for
machines (JSON-LD), and the practices that the search engine finds to fit.

Only `tests.bench.reference.settings` knows it: no settings module of the site does.
"""
