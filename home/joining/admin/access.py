"""Who may see enquiries, and who may write to members: rights of their own, which the other groups do not have."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from home.joining.models import Enquiry

ANSWER = "joining.change_enquiry"
WRITE = "joining.write_to_members"
CODENAME = "change_enquiry"


def require(request: HttpRequest, right: str) -> None:
    """Ask for a right. Raises PermissionDenied."""
    if not request.user.has_perm(right):
        raise PermissionDenied


def enquiry_of(request: HttpRequest, pk: int) -> Enquiry:
    """Return an enquiry to somebody who may answer; nobody else learns whether it exists."""
    require(request, ANSWER)
    rows = Enquiry.objects.select_related("municipality", "page", "document", "assignee", "profile")
    return get_object_or_404(rows, pk=pk)


def people() -> Any:
    """Return the accounts that may answer."""
    given = Q(groups__permissions__codename=CODENAME, groups__permissions__content_type__app_label="joining")
    own = Q(user_permissions__codename=CODENAME, user_permissions__content_type__app_label="joining")
    users = get_user_model().objects.filter(Q(is_superuser=True) | given | own, is_active=True)
    return users.distinct().order_by("last_name", "username")
