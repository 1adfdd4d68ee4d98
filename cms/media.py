"""Uploaded files on their way out: right type, nothing that could run in the browser, parts of films on request."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils._os import safe_join
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.documents.models import document_served
from wagtail.images.views.serve import ServeView
from whitenoise.responders import NotARegularFileError, Response, StaticFile

IMMUTABLE = "public, max-age=31536000, immutable"  # the name of a rendition changes with its content
INLINE_TYPES = ("image/", "audio/", "video/", "application/pdf", "text/vtt")
TYPES = mimetypes.MimeTypes()
for _type, _ending in (
    ("image/avif", ".avif"),
    ("image/webp", ".webp"),
    ("text/vtt", ".vtt"),
    ("audio/mp4", ".m4a"),
    ("audio/ogg", ".ogg"),
    ("video/mp4", ".mp4"),
    ("video/webm", ".webm"),
    ("application/epub+zip", ".epub"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
):
    TYPES.add_type(_type, _ending)


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a public upload; originals of pictures and documents (some are private) are never found here."""
    folder, _, name = path.partition("/")
    if folder not in settings.PUBLIC_MEDIA_FOLDERS:
        raise Http404
    try:
        full_path = safe_join(safe_join(settings.MEDIA_ROOT, folder), name)  # never out of its folder with ..
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    return send(request, Path(full_path), cache_control=IMMUTABLE)


class SizedPicture(ServeView):
    """Lead to a size of a picture, made on demand where the worker is behind; only signed sizes, so none are invented."""

    action = "redirect"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return a redirect, or 410 for a picture that cannot be read."""
        try:
            answer: HttpResponseBase = super().get(*args, **kwargs)
        except (OSError, ValueError):
            return HttpResponse(status=410)
        return answer


@require_safe
def serve_document(request: HttpRequest, document_id: str, filename: str) -> HttpResponseBase:
    """Serve a document to who may see it, like Wagtail's own view, and parts of it to who plays a film."""
    document = get_object_or_404(get_document_model(), pk=document_id)
    if document.filename != filename:
        raise Http404
    for guard in hooks.get_hooks("before_serve_document"):
        if isinstance(answer := guard(document, request), HttpResponse):
            return answer
    document_served.send(sender=type(document), instance=document, request=request)
    return send(request, Path(document.file.path), name=filename)


def send(request: HttpRequest, path: Path, *, cache_control: str = "", name: str = "") -> HttpResponseBase:
    """Send a file or the range of it that was asked for; 404 when it is none.

    Without a `cache_control` the middleware decides by who asks.
    """
    content_type = TYPES.guess_type(path.name)[0] or "application/octet-stream"
    headers = [("Content-Type", content_type), ("Accept-Ranges", "bytes")]
    if cache_control:
        headers.append(("Cache-Control", cache_control))
    if disposition := content_disposition_header(not is_inline(content_type), name or path.name):
        headers.append(("Content-Disposition", disposition))
    try:
        answer = StaticFile(str(path), headers).get_response(request.method, request.META)
    except (NotARegularFileError, ValueError) as error:  # ValueError: a null byte in the name
        raise Http404 from error
    return _as_django(answer)


def is_inline(content_type: str) -> bool:
    """Return whether a browser may show this type itself; SVG may carry scripts and is only ever downloaded."""
    return content_type.startswith(INLINE_TYPES) and not content_type.startswith("image/svg")


def _as_django(answer: Response) -> HttpResponseBase:
    response = FileResponse(answer.file or (), status=int(answer.status))
    for name in list(response.headers):
        del response.headers[name]
    for name, value in answer.headers:
        response.headers[name] = value
    return response
