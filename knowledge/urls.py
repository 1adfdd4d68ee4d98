"""Addresses of the network outside the page tree, translated."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge import views

urlpatterns = [path(_("profile/<str:token>/"), views.confirm_profile, name="confirm_profile")]
