"""Addresses of enquiries, translated; outside the page tree and the sitemap."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from home.joining import views

urlpatterns = [
    path(_("ask/"), views.ask, name="ask"),
    path(_("ask/barrier/"), views.ask_barrier, name="ask_barrier"),
    path(_("ask/file/<int:pk>/"), views.ask_file, name="ask_file"),
    path(_("ask/join/"), views.join, name="join"),
    path(_("ask/sent/"), views.sent, name="enquiry_sent"),
    path(_("ask/confirm/<str:token>/"), views.confirm, name="enquiry_confirm"),
    path(_("ask/no-more-mail/<str:token>/"), views.end_letters, name="letters_end"),
]
