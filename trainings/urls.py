"""Addresses of registration, translated; outside the page tree and the sitemap."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from trainings.views import certificates, evaluation, feeds, interest, managing, overview, registering

urlpatterns = [
    path(_("register/<slug:number>/"), registering.register, name="register"),
    path(_("register/<slug:number>/sent/"), registering.sent, name="registration_sent"),
    path(_("register/<slug:number>/early/<str:token>/"), registering.register, name="register_early"),
    path(_("municipality-suggestions/"), registering.municipality_suggestions, name="municipality_suggestions"),
    path(_("registration/new-link/"), interest.new_link, name="registration_new_link"),
    path(_("registration/<str:token>/"), managing.manage, name="manage"),
    path(_("registration/<str:token>/confirm/"), managing.confirm, name="manage_confirm"),
    path(_("registration/<str:token>/accept/<int:pk>/"), managing.accept, name="manage_accept"),
    path(_("registration/<str:token>/decline/<int:pk>/"), managing.decline, name="manage_decline"),
    path(_("registration/<str:token>/requeue/<int:pk>/"), managing.requeue, name="manage_requeue"),
    path(_("registration/<str:token>/undo/<int:pk>/"), managing.undo, name="manage_undo"),
    path(_("registration/<str:token>/fewer/"), managing.take_part, name="manage_take_part"),
    path(_("registration/<str:token>/cancel/"), managing.cancel, name="manage_cancel"),
    path(_("registration/<str:token>/person/<int:pk>/"), managing.person, name="manage_person"),
    path(_("registration/<str:token>/questions/<int:pk>/"), managing.answers, name="manage_answers"),
    path(_("registration/<str:token>/data/"), managing.data, name="manage_data"),
    path(_("registration/<str:token>/data.json"), managing.data, {"form": "json"}, name="manage_data_json"),
    path(_("registration/<str:token>/delete/"), managing.delete, name="manage_delete"),
    path(_("registration/<str:token>/calendar.ics"), managing.calendar, name="manage_calendar"),
    path(_("registration/<str:token>/certificate/<int:pk>/"), certificates.download, name="manage_certificate"),
    path(_("registration/<str:token>/evaluation/<int:pk>/"), evaluation.evaluate, name="manage_evaluation"),
    path(_("registration/<str:token>/contact/<int:pk>/"), managing.share, name="manage_share"),
    path(_("registration/<str:token>/file/<int:pk>/"), managing.material, name="manage_material"),
    path(_("my-registrations/<str:token>/"), overview.show, name="my_bookings"),
    path(_("certificate/"), certificates.check, name="certificate"),
    path(_("dates.atom"), feeds.RunsFeed(), name="runs_atom"),
    path(_("dates.ics"), feeds.calendar, name="runs_ics"),
    path(_("dates.json"), feeds.as_json, name="runs_json"),
    path(_("next-date/<uuid:key>/"), interest.show, name="interest"),
    path(_("next-date/confirm/<str:token>/"), interest.confirm, name="interest_confirm"),
    path(_("next-date/end/<str:token>/"), interest.end, name="interest_end"),
]
