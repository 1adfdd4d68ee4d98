"""Registers the runs in the admin."""

from wagtail.snippets.models import register_snippet

from trainings.viewsets import RunViewSet

register_snippet(RunViewSet)
