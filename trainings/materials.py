"""Files for those who took part: reached by their link only, unless the same file is published elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail.models import ReferenceIndex

from trainings.models import Run, RunMaterial


def guard(document: Any, request: HttpRequest) -> None:
    """Refuse a run's file at its plain address: there anybody could guess it. Editors may open it.

    A file that is also used on a page, in a setting or anywhere else is as public as that place.
    """
    if not RunMaterial.objects.filter(document=document).exists():
        return
    if request.user.has_perm("wagtailadmin.access_admin") or _is_used_elsewhere(document):
        return
    raise Http404


def _is_used_elsewhere(document: Any) -> bool:
    own = ContentType.objects.get_for_models(Run, RunMaterial).values()
    references = ReferenceIndex.get_references_to(document)
    return bool(references.exclude(content_type__in=own).exclude(base_content_type__in=own).exists())
