"""The settings of the Infobrief."""

from __future__ import annotations

import pytest

from home.newsletter.checks import infobrief_settings


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, []),
        ({"INFOBRIEF_PER_MINUTE": 0}, ["newsletter.E001"]),
        ({"BOUNCE_ADDRESS": "bounces"}, ["newsletter.E002"]),
        ({"BOUNCE_MAILBOX": "imaps://u:p@mail.example.org/INBOX"}, ["newsletter.W001"]),
        ({"BOUNCE_MAILBOX": "imaps://u:p@mail.example.org/INBOX", "BOUNCE_ADDRESS": "bounces@example.org"}, []),
    ],
)
def test_what_would_go_wrong_is_named(settings, values, ids):
    for name, value in values.items():
        setattr(settings, name, value)

    assert [problem.id for problem in infobrief_settings(None)] == ids
