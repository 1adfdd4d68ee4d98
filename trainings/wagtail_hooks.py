"""Registers the runs in the admin."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from trainings import materials
from trainings.views import certificates, evaluation
from trainings.viewsets import RunViewSet

register_snippet(RunViewSet)
hooks.register("register_admin_urls", certificates.admin_urls)
hooks.register("register_admin_urls", evaluation.admin_urls)
hooks.register("before_serve_document", materials.guard)
