"""The form of a run in the admin, and what of it has changed."""

from __future__ import annotations

from typing import Any

from django.forms import Form, HiddenInput, IntegerField
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from trainings.admin.rows import offer_choices
from trainings.errors import RegistrationError
from trainings.services import editing
from trainings.services.editing import Change, Row

CHOOSE_ORGANISER = "cms.change_user"  # who manages accounts


class RunForm(WagtailAdminModelForm):
    """A run with its sessions and seats; titles of offers come in one query.

    `seen` is the last change the form knows of: it travels with the form, so that an old one overwrites nothing.
    """

    seen = IntegerField(required=False, widget=HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "offer" in self.fields:
            self.fields["offer"].choices = offer_choices()
        if self.instance.pk:
            self.fields["seen"].initial = editing.last_change(self.instance.pk)


def change_of(form: Any) -> Change:
    """Return what somebody changed, nothing else: the rest may have changed in the meantime."""
    values = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
    values.pop("seen", None)
    return Change(values=values, pools=_rows(form, "pools"), sessions=_rows(form, "sessions"))


def _rows(form: Any, name: str) -> list[Row]:
    formset = form.formsets.get(name)
    rows = []
    for place, one in enumerate(formset.forms if formset else []):
        deleted = bool(one.cleaned_data.get("DELETE"))
        pk = one.instance.pk
        if not one.has_changed() or (deleted and pk is None):
            continue
        wanted = [field for field in one._meta.fields or one.fields if field in one.cleaned_data]
        names = [field for field in wanted if pk is None or field in one.changed_data]
        values = {field: one.cleaned_data[field] for field in names if field not in ("id", "DELETE", "ORDER")}
        rows.append(Row(pk=pk, values=values, delete=deleted, place=place))
    return rows


def add_refusal(form: Any, error: RegistrationError) -> None:
    """Show the refusal of a service at the field it belongs to."""
    target: Form = form
    field: str | None = error.field if error.field in form.fields else None
    if error.field in form.formsets:
        target = form.formsets[error.field].forms[error.place]
        field = error.code if error.code in target.fields else None
    target.add_error(field, error.message)
    if error.code == "stale":
        form.data = form.data.copy()
        form.data["seen"] = str(editing.last_change(form.instance.pk))


edit_handler = ObjectList(
    [
        FieldRowPanel([FieldPanel("offer"), FieldPanel("number")]),
        FieldRowPanel([FieldPanel("title_de"), FieldPanel("title_en")]),
        FieldRowPanel([FieldPanel("mode"), FieldPanel("admission")]),
        InlinePanel(
            "sessions",
            label=_("Session"),
            heading=_("Sessions"),
            help_text=_("Everybody with a seat is told by mail when time or room of a session change."),
        ),
        InlinePanel("pools", label=_("Seats"), heading=_("Seats"), max_num=2),
        MultiFieldPanel(
            [
                FieldPanel("venue"),
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city")]),
                FieldPanel("timezone_name"),
            ],
            heading=_("Place"),
            help_text=_("Everybody with a seat is told by mail when the place changes."),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("published_at")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("cancel_until"), FieldPanel("decide_by"), FieldPanel("go_nogo_at")]),
                FieldRowPanel([FieldPanel("names_due"), FieldPanel("offer_hours"), FieldPanel("cutoff_hours")]),
            ],
            heading=_("Deadlines"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("min_participants"), FieldPanel("municipality_cap"), FieldPanel("fee")]),
                FieldPanel("waiting_list"),
                FieldPanel("external_url"),
                FieldRowPanel([FieldPanel("ask_invoice"), FieldPanel("blind_review"), FieldPanel("retention_days")]),
                FieldPanel("archived_at"),
                FieldPanel("owner", permission=CHOOSE_ORGANISER),
            ],
            heading=_("Terms"),
        ),
    ],
    base_form_class=RunForm,
)
