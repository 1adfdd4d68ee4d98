"""What editors must not lose sight of: pages without translation, or changed since they were translated."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Locale, Page


def pages_to_translate() -> QuerySet[Page]:
    """Return live German pages without a live English page, or published after it."""
    english = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code="en", live=True, alias_of__isnull=True
    )
    return (
        Page.objects.filter(locale__language_code="de", live=True, depth__gte=2)
        .annotate(translated_at=Subquery(english.values("last_published_at")[:1]))
        .filter(Q(translated_at__isnull=True) | Q(last_published_at__gt=F("translated_at")))
        .order_by("translated_at", "-last_published_at")
    )


class TranslationReport(PageReportView):
    """List the pages somebody should translate next."""

    page_title = _("Translations to do")
    header_icon = "wagtail-localize-language"
    index_url_name = "translation_report"
    index_results_url_name = "translation_report_results"
    results_template_name = "wagtailadmin/reports/base_page_report_results.html"

    def get_queryset(self) -> Any:
        """Return the pages in the order in which they need somebody."""
        self.queryset = pages_to_translate()
        return super().get_queryset()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Ask for the right to translate."""
        from django.core.exceptions import PermissionDenied

        if not request.user.has_perm("wagtail_localize.submit_translation") or not Locale.objects.exists():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
