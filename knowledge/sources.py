"""Notes on the sources of map and register, in the wording that their licences ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SourceNote:
    """One source; printed wherever its data is used (map, imprint)."""

    text: Promise
    url: str

    def __str__(self) -> str:
        return str(self.text)


NOTES = (
    SourceNote(
        _("Areas: VG250 © GeoBasis-DE / BKG (2016), data changed (reduced to points, outlines simplified)."),
        "https://www.gesetze-im-internet.de/geonutzv/",
    ),
    SourceNote(
        _("Inhabitants: © Statistisches Bundesamt (Destatis), data licence Germany – attribution – version 2.0."),
        "https://www.govdata.de/dl-de/by-2-0",
    ),
)
