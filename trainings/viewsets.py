"""Runs in the admin: one sees the own runs only, and nothing is saved but through the services."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.log_actions import log
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from trainings.admin.access import own_runs
from trainings.admin.pages import BUSY
from trainings.admin.rows import with_titles
from trainings.admin.run_form import add_refusal, change_of, edit_handler
from trainings.errors import BusyError, RegistrationError
from trainings.models import Offer, Registration, Run
from trainings.services import editing


class OwnRun:
    """Lets organisers open their own runs only."""

    request: HttpRequest

    def get_object(self, *args: Any, **kwargs: Any) -> Run:
        """Return the run. Raises PermissionDenied for one of somebody else."""
        run: Run = super().get_object(*args, **kwargs)  # type: ignore[misc]  # of the view it is mixed into
        if not own_runs(self.request.user).filter(pk=run.pk).exists():
            raise PermissionDenied
        return run


class RunIndexView(snippets.IndexView):
    """The list, without boxes to tick: nothing is done with many runs at once."""

    @cached_property
    def columns(self) -> list[Any]:
        """Return the columns without Wagtail's bulk actions."""
        columns: list[Any] = super(snippets.IndexView, self).columns
        return columns


class RunCreateView(snippets.CreateView):
    """A new run: `?offer=` chooses the offer, and it belongs to whoever makes it."""

    def get_initial_form_instance(self) -> Run:
        """Return an empty run of the offer that was asked for."""
        wanted = self.request.GET.get("offer", "")
        offer = Offer.objects.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 10 else None
        return Run(offer=offer, owner=self.request.user)

    def save_instance(self) -> Run:
        """Give a run without organiser to whoever made it."""
        if self.form.instance.owner_id is None:
            self.form.instance.owner = self.request.user
        run: Run = super().save_instance()
        return run

    def get_success_url(self) -> str:
        """Go on to the dashboard."""
        return reverse("run_dashboard", args=[self.object.pk])


class RunEditView(OwnRun, snippets.EditView):
    """The form of a run. Wagtail would write all fields and rows back as it read them: a service does it instead."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save under the lock of the run, outside Wagtail's transaction; a refusal is an error of the form."""
        self.form, run = form, self.get_object()
        change = change_of(form)
        try:
            told = editing.save_run(run.pk, change, actor=self.request.user, seen=form.cleaned_data["seen"])
        except RegistrationError as error:
            add_refusal(form, error)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        except BusyError:
            form.add_error(None, _("Too many people are at work on this run. Nothing was changed; please try again."))
            response: HttpResponse = self.form_invalid(form)
            response.status_code = BUSY
            return response
        run.refresh_from_db()
        self.object = run
        log(instance=run, action="wagtail.edit", user=self.request.user)
        messages.success(
            self.request, _("The run is saved; everybody with a seat is told.") if told else _("The run is saved.")
        )
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Go on to the dashboard."""
        return reverse("run_dashboard", args=[self.object.pk])


class RunDeleteView(OwnRun, snippets.DeleteView):
    """Only a run for which nobody ever registered can be deleted; others are cancelled or archived."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse before anything is shown, to those who might delete at all."""
        if self.user_has_permission("delete") and Registration.objects.filter(run=self.object).exists():
            messages.error(request, _("People have registered: cancel the run instead, or archive it."))
            return redirect("run_dashboard", self.object.pk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class RunHistoryView(OwnRun, snippets.HistoryView):
    """Who changed the run."""


class RunUsageView(OwnRun, snippets.UsageView):
    """Where the run is used."""


class RunViewSet(SnippetViewSet):
    """Runs with their computed status; the next ones on top."""

    model = Run
    icon = "date"
    menu_label = gettext_lazy("Runs")
    add_to_admin_menu = False  # the menu leads to the calendar, see wagtail_hooks
    copy_view_enabled = False
    edit_handler = edit_handler
    index_view_class = RunIndexView
    add_view_class = RunCreateView
    edit_view_class = RunEditView
    delete_view_class = RunDeleteView
    history_view_class = RunHistoryView
    usage_view_class = RunUsageView
    list_display: ClassVar = [
        TitleColumn("number", label=gettext_lazy("Number"), url_name="run_dashboard", sort_key="number"),
        Column("offer_title", label=gettext_lazy("Offer")),
        Column("starts_at", label=gettext_lazy("begins"), sort_key="starts_at"),
        Column("status_label", label=gettext_lazy("Status")),
        Column("seats_left", label=gettext_lazy("Seats left")),
    ]
    list_filter: ClassVar = ["mode", "admission"]
    search_fields: ClassVar = ["number", "title_de", "title_en", "city"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Return the runs that somebody organises, with title and seats loaded."""
        return with_titles(own_runs(request.user)).prefetch_related("pools")
