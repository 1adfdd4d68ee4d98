"""The outbox in the admin: what waits, what failed and why; only for those with the right to see messages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from cms import health
from cms.outbox import kinds, pump, services
from cms.outbox.models import MailRoute, MessageState, OutboxMessage

PER_PAGE = 50
SEE, DECIDE = "outbox.view_outboxmessage", "outbox.change_outboxmessage"


def _require(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


def index(request: HttpRequest) -> HttpResponse:
    """List the messages, the newest first; `?state=` keeps one state."""
    _require(request, SEE)
    state = request.GET.get("state", "")
    rows = OutboxMessage.objects.order_by("-pk")
    if state in MessageState.values:
        rows = rows.filter(state=state)
    labels = {kind.name: str(kind.label) for kind in kinds.registered()}
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "page_obj": page,
        "messages_shown": [(message, labels.get(message.kind, message.kind)) for message in page.object_list],
        "state": state,
        "states": [(code, label, pump.backlog().get(code, 0)) for code, label in MessageState.choices],
        "route": MailRoute.current(),
        "oldest": pump.oldest_waiting(),
        "worker": health.worker_state(),
        "may_decide": request.user.has_perm(DECIDE),
    }
    return render(request, "outbox/index.html", context)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message with its text, which is kept for 30 days."""
    _require(request, SEE)
    message = get_object_or_404(OutboxMessage, pk=pk)
    is_stuck = message.state in (MessageState.FAILED, MessageState.HELD)
    context = {"message": message, "is_stuck": is_stuck and request.user.has_perm(DECIDE)}
    return render(request, "outbox/detail.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a stuck message again, or close it."""
    _require(request, DECIDE)
    message = get_object_or_404(OutboxMessage, pk=pk)
    again = request.POST.get("decision") == "again"
    changed = services.send_again(message) if again else services.give_up(message)
    if changed:
        messages.success(request, _("The message waits to be sent again.") if again else _("The message is closed."))
    else:
        messages.warning(request, _("Nothing changed: the message was not stuck any more."))
    return redirect("outbox")


@require_POST
def route(request: HttpRequest) -> HttpResponse:
    """Pause all mail, or go on at once."""
    _require(request, DECIDE)
    if request.POST.get("decision") == "pause":
        services.pause()
        messages.warning(request, _("No mail leaves until somebody resumes."))
    else:
        services.resume()
        messages.success(request, _("Mail leaves again."))
    return redirect("outbox")


class TroublePanel(Component):
    """On the first page of the admin, while no mail leaves."""

    name = "mail_trouble"
    template_name = "outbox/trouble.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return why."""
        return {"route": MailRoute.current()}


@hooks.register("construct_homepage_panels")
def _tell_trouble(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(SEE) and MailRoute.current_trouble():
        panels.insert(0, TroublePanel())


class OutboxMenuItem(MenuItem):
    """Shown to those who may see messages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return bool(request.user.has_perm(SEE))


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    return [
        path("outbox/", index, name="outbox"),
        path("outbox/route/", route, name="outbox_route"),
        path("outbox/<int:pk>/", detail, name="outbox_detail"),
        path("outbox/<int:pk>/decide/", decide, name="outbox_decide"),
    ]


@hooks.register("register_reports_menu_item")
def _menu_item() -> OutboxMenuItem:
    return OutboxMenuItem(gettext_lazy("Outbox"), reverse("outbox"), name="outbox", icon_name="mail", order=8900)
