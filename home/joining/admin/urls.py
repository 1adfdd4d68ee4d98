"""Addresses of enquiries in the admin."""

from __future__ import annotations

from django.urls import URLPattern, path

from home.joining.admin import enquiries, letters


def urls() -> list[URLPattern]:
    """Return all addresses; each view asks for its right."""
    return [
        path("enquiries/", enquiries.index, name="enquiries"),
        path("enquiries/<int:pk>/", enquiries.detail, name="enquiry"),
        path("enquiries/<int:pk>/answer/", enquiries.answer, name="enquiry_answer"),
        path("enquiries/<int:pk>/member/", enquiries.member, name="enquiry_member"),
        path("letters/", letters.letter, name="letter"),
    ]
