"""Addresses of the Infobrief's forms, translated; outside the page tree and the sitemap."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from home.newsletter.feeds import InfobriefFeed
from home.newsletter.views import managing, subscribing

urlpatterns = [
    path(_("infobrief/subscribe/"), subscribing.subscribe, name="infobrief_subscribe"),
    path(_("infobrief/subscribe/sent/"), subscribing.sent, name="infobrief_sent"),
    path(_("infobrief/confirm/<str:token>/"), subscribing.confirm, name="infobrief_confirm"),
    path(_("infobrief/new-address/<str:token>/"), subscribing.move, name="infobrief_move"),
    path(_("infobrief/link/"), subscribing.new_link, name="infobrief_link"),
    path(_("infobrief/preferences/<str:token>/"), managing.manage, name="infobrief_manage"),
    path(_("infobrief/preferences/<str:token>/address/"), managing.address, name="infobrief_address"),
    path(_("infobrief/preferences/<str:token>/data.json"), managing.data, name="infobrief_data"),
    path(_("infobrief/preferences/<str:token>/delete/"), managing.delete, name="infobrief_delete"),
    path(_("infobrief/unsubscribe/<str:token>/"), managing.leave, name="infobrief_leave"),
    path("infobrief/feed/", InfobriefFeed(), name="infobrief_feed"),
]
