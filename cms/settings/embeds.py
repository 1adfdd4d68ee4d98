"""Whose content editors may embed. No visitor's browser asks any of these hosts before a click; add a provider here.

`hosts`: where addresses that editors paste may lead to. `address`: what such an address looks like, from the host on.
`frame`: the https address of the frame, made of the named parts of `address` and `host`; or a function of these parts.
`sent`: what the provider learns, in words for visitors. `referrer`: whether the frame refuses to work without knowing
our address.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NUMBER = r"-?\d{1,3}(?:\.\d{1,20})?"
COMMA = r"(?:,|%2C)"
MAP_CONTROLS = "scaleControl=false&miniMap=false&scrollWheelZoom=false&editMode=disabled&captionBar=false"
MAP_SENT = _("your internet address, the kind of your browser, and which part of the map you look at")
VIDEO_SENT = _("your internet address, the kind of your browser, the address of this site, and what you watch and when")
TILE = 360.0  # degrees that a map shows at zoom 0


def surroundings(parts: dict[str, str]) -> str:
    """Return the frame of an OpenStreetMap address: a given section, or what lies around a point at a zoom."""
    box = ",".join(parts[name] for name in ("west", "south", "east", "north") if parts.get(name))
    latitude = parts.get("mark_lat") or parts.get("lat_of_mark")
    longitude = parts.get("mark_lon") or parts.get("lon_of_mark")
    if not box:
        middle_lat, middle_lon = float(parts["lat"]), float(parts["lon"])
        half = TILE / 2 ** min(19, max(2, int(parts["zoom"])))
        section = (middle_lon - half, middle_lat - half / 2, middle_lon + half, middle_lat + half / 2)
        box = ",".join(f"{value:.5f}" for value in section)
    marker = f"&marker={latitude},{longitude}" if latitude and longitude else ""
    return f"https://www.openstreetmap.org/export/embed.html?bbox={box}&layer=mapnik{marker}"


def umap(host: str, operator: str, privacy: str) -> dict[str, Any]:
    """Return the uMap of one operator."""
    return {
        "name": f"uMap ({operator})",
        "hosts": (host,),
        "address": rf"{host}(?P<path>/(?:[a-z]{{2}}(?:-[a-z]{{2,4}})?/)?(?:map/[\w.-]{{1,120}}_\d{{1,12}}|m/\d{{1,12}}/?))(?:[?#].*)?",
        "frame": f"https://{{host}}{{path}}?{MAP_CONTROLS}",
        "privacy": privacy,
        "sent": MAP_SENT,
    }


EMBED_PROVIDERS: dict[str, dict[str, Any]] = {
    "umap-de": umap("umap.openstreetmap.de", "FOSSGIS e. V.", "https://www.fossgis.de/datenschutzerklärung/"),
    "umap-fr": umap(
        "umap.openstreetmap.fr", "OpenStreetMap France", "https://wiki.openstreetmap.org/wiki/FR:Serveurs/umap"
    ),
    "openstreetmap": {
        "name": "OpenStreetMap",
        "hosts": ("www.openstreetmap.org",),
        "address": (
            rf"www\.openstreetmap\.org/(?:export/embed\.html\?(?:[^#]*&)?bbox=(?P<west>{NUMBER}){COMMA}(?P<south>{NUMBER})"
            rf"{COMMA}(?P<east>{NUMBER}){COMMA}(?P<north>{NUMBER})(?:&layer=\w+)?"
            rf"(?:&marker=(?P<mark_lat>{NUMBER}){COMMA}(?P<mark_lon>{NUMBER}))?"
            rf"|(?:\?(?:[^#]*&)?mlat=(?P<lat_of_mark>{NUMBER})&mlon=(?P<lon_of_mark>{NUMBER})[^#]*|\?[^#]*)?#map=(?P<zoom>\d\d?)(?:\.\d+)?/(?P<lat>{NUMBER})/(?P<lon>{NUMBER}))(?:[&#].*)?"
        ),
        "frame": surroundings,
        "privacy": "https://osmfoundation.org/wiki/Privacy_Policy",
        "sent": MAP_SENT,
    },
    "youtube": {
        "name": "YouTube (Google)",
        "hosts": ("www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com"),
        "address": (
            r"(?:youtu\.be/|[a-z.]*youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/|live/))"
            r"(?P<id>[\w-]{11})(?:[?&#/].*)?"
        ),
        "frame": "https://www.youtube-nocookie.com/embed/{id}?rel=0",
        "privacy": "https://policies.google.com/privacy",
        "sent": VIDEO_SENT,
        "referrer": True,
    },
    "vimeo": {
        "name": "Vimeo",
        "hosts": ("vimeo.com", "www.vimeo.com", "player.vimeo.com"),
        "address": r"[a-z.]*vimeo\.com/(?:video/)?(?P<id>\d{1,12})(?:[/?#].*)?",
        "frame": "https://player.vimeo.com/video/{id}?dnt=1",
        "privacy": "https://vimeo.com/privacy",
        "sent": VIDEO_SENT,
        "referrer": True,
    },
}
