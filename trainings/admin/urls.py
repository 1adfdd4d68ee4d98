"""Addresses of the runs in the admin."""

from __future__ import annotations

from django.urls import URLPattern, path

from trainings.admin import (
    attending,
    bulk,
    dashboard,
    decisions,
    exporting,
    participants,
    planning,
    preparing,
    reviewing,
    statistics,
    writing,
)


def urls() -> list[URLPattern]:
    """Return all addresses; each view asks for the right at the run."""
    return [
        path("runs/", planning.calendar, name="run_calendar"),
        path("runs/statistics/", statistics.statistics, name="run_statistics"),
        path("runs/applications/", reviewing.reviews, name="run_reviews"),
        path("runs/<int:pk>/", dashboard.dashboard, name="run_dashboard"),
        path("runs/<int:pk>/guarantee/", decisions.guarantee, name="run_guarantee"),
        path("runs/<int:pk>/cancel/", decisions.cancel, name="run_cancel"),
        path("runs/<int:pk>/copy/", decisions.copy, name="run_copy"),
        path("runs/<int:pk>/seats/<int:pool_pk>/", decisions.capacity, name="run_capacity"),
        path("runs/<int:pk>/sessions/<int:session_pk>/", decisions.session, name="run_session"),
        path("runs/<int:pk>/sessions/<int:session_pk>/online/", decisions.online, name="run_online"),
        path("runs/<int:pk>/mail-problems/<int:message_pk>/", dashboard.mail_problem, name="run_mail_problem"),
        path("runs/<int:pk>/participants/", participants.participants, name="run_participants"),
        path("runs/<int:pk>/participants/add/", participants.add, name="run_add"),
        path("runs/<int:pk>/participants/bulk/", bulk.bulk, name="run_bulk"),
        path("runs/<int:pk>/participants/<int:registration_pk>/", participants.person, name="run_person"),
        path("runs/<int:pk>/attendance/", attending.attendance, name="run_attendance"),
        path("runs/<int:pk>/attendance/<int:session_pk>/", attending.attendance, name="run_attendance"),
        path("runs/<int:pk>/applications/", reviewing.review, name="run_review"),
        path("runs/<int:pk>/applications/decide/", reviewing.decide, name="run_decide"),
        path("runs/<int:pk>/applications/release/", reviewing.release, name="run_release"),
        path("runs/<int:pk>/applications/<int:registration_pk>/", reviewing.vote, name="run_vote"),
        path("runs/<int:pk>/mail/", writing.mail, name="run_mail"),
        path("runs/<int:pk>/questions/", preparing.questions, name="run_questions"),
        path("runs/<int:pk>/materials/", preparing.materials, name="run_materials"),
        path("runs/<int:pk>/export/<slug:purpose>/", exporting.export, name="run_export"),
    ]
