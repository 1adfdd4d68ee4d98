"""Limits: exact counts, windows that end, and a login that cannot be guessed or blocked from afar."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone

from cms import throttle
from cms.login import BY_ADDRESS, BY_NAME
from cms.models import User
from cms.throttle import Limit, ThrottleBucket, allow, allow_read, client_address, give_back, purge

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TWICE = Limit("twice", most=2, seconds=60)
HERE = "192.0.2.7"
PASSWORD = "Ein gutes Passwort 2026"
TOO_MANY = "Zu viele fehlgeschlagene Versuche."


@pytest.mark.django_db
def test_limit_holds_for_one_and_leaves_others_alone() -> None:
    assert [allow(TWICE, "a"), allow(TWICE, "a"), allow(TWICE, "a")] == [True, True, False]
    assert allow(TWICE, "b")
    assert allow(Limit("other", most=1, seconds=60), "a")


@pytest.mark.django_db
def test_next_window_begins_anew() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        answers = [allow(TWICE, "a") for _ in range(3)]
        clock.shift(60)

        assert answers == [True, True, False]
        assert allow(TWICE, "a")


@pytest.mark.django_db
def test_what_is_given_back_counts_no_more() -> None:
    allow(TWICE, "a")
    give_back(TWICE, "a")
    give_back(TWICE, "a")

    assert ThrottleBucket.objects.get().count == 0
    assert [allow(TWICE, "a"), allow(TWICE, "a"), allow(TWICE, "a")] == [True, True, False]


@pytest.mark.django_db
def test_bucket_tells_nobody_who_it_was() -> None:
    allow(TWICE, "192.0.2.7", "erika")

    bucket = ThrottleBucket.objects.get()

    assert len(bucket.key) == 64
    assert not {"192", "erika"} & {bucket.key, str(bucket)}
    assert "erika" not in bucket.key


@pytest.mark.django_db
def test_old_buckets_go_and_young_ones_stay() -> None:
    ThrottleBucket.objects.create(key="old", window=timezone.now() - dt.timedelta(hours=25))
    ThrottleBucket.objects.create(key="young", window=timezone.now() - dt.timedelta(hours=23))

    assert purge() == 1
    assert ThrottleBucket.objects.get().key == "young"


def test_reads_are_counted_in_memory_until_the_window_ends() -> None:
    limit = Limit("reads", most=2, seconds=60)
    with time_machine.travel(NOON, tick=False) as clock:
        answers = [allow_read(limit, "a") for _ in range(3)]
        other = allow_read(limit, "b")
        clock.shift(60)

        assert answers == [True, True, False]
        assert other
        assert allow_read(limit, "a")


def test_memory_of_reads_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_READERS", 3)
    monkeypatch.setattr(throttle, "_reads", Counter())
    limit = Limit("many", most=1, seconds=60)

    for number in range(20):
        allow_read(limit, str(number))

    assert len(throttle._reads) <= 3


@pytest.mark.parametrize(
    ("header", "value", "address"),
    [
        ("REMOTE_ADDR", "192.0.2.7", "192.0.2.7"),
        ("HTTP_X_FORWARDED_FOR", "192.0.2.7", "192.0.2.7"),
        ("HTTP_X_FORWARDED_FOR", "10.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("HTTP_X_FORWARDED_FOR", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("HTTP_X_FORWARDED_FOR", "::ffff:192.0.2.7", "192.0.2.7"),
        ("HTTP_X_FORWARDED_FOR", "", ""),
        ("HTTP_X_FORWARDED_FOR", "unknown", ""),
    ],
)
def test_address_is_what_the_own_proxy_wrote(settings: object, header: str, value: str, address: str) -> None:
    settings.CLIENT_ADDRESS_HEADER = header  # type: ignore[attr-defined]  # pytest-django's settings

    request = RequestFactory().get("/")
    request.META[header] = value

    assert client_address(request) == address


def log_in(client: Client, password: str, *, name: str = "erika", address: str = HERE) -> str:
    """Return what the login page says; "in" after a successful login."""
    answer = client.post(
        "/admin/login/",
        {"username": name, "password": password},
        REMOTE_ADDR=address,
        headers={"accept-language": "de"},
    )
    return "in" if answer.status_code == 302 else answer.content.decode()


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("erika", password=PASSWORD)


@pytest.mark.django_db
def test_password_guessed_too_often_is_not_even_looked_at(client: Client, editor: User) -> None:
    said = [log_in(client, f"geraten {number}") for number in range(BY_NAME.most)]
    right_too_late = log_in(client, PASSWORD)

    assert [TOO_MANY in text for text in said] == [False] * BY_NAME.most
    assert TOO_MANY in right_too_late
    assert log_in(client, PASSWORD, name="Erika") != "in"


@pytest.mark.django_db
def test_nobody_is_locked_out_by_somebody_elsewhere(client: Client, editor: User) -> None:
    for number in range(BY_NAME.most + 1):
        log_in(client, f"geraten {number}")

    assert log_in(client, PASSWORD, address="198.51.100.9") == "in"


@pytest.mark.django_db
def test_editor_may_try_again_in_the_next_quarter_of_an_hour(client: Client, editor: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(BY_NAME.most):
            log_in(client, f"geraten {number}")
        clock.shift(14 * 60)
        refused = log_in(client, PASSWORD)
        clock.shift(60)

        assert f"{TOO_MANY} Bitte versuchen Sie es in 1 Minute noch einmal." in refused
        assert log_in(client, PASSWORD) == "in"


@pytest.mark.django_db
def test_right_passwords_cost_nothing(client: Client, editor: User) -> None:
    for _ in range(BY_NAME.most + 3):
        assert log_in(Client(), PASSWORD) == "in"

    assert set(ThrottleBucket.objects.values_list("count", flat=True)) == {0}


@pytest.mark.django_db
def test_one_address_cannot_try_one_password_on_many_names(client: Client, editor: User) -> None:
    allow(BY_ADDRESS, HERE, times=BY_ADDRESS.most - 2)
    said = [log_in(client, "Sommer2026!", name=name) for name in ("ada", "grace")]

    assert [TOO_MANY in text for text in said] == [False, False]
    assert TOO_MANY in log_in(client, PASSWORD)
    assert log_in(client, PASSWORD, address="198.51.100.9") == "in"


@pytest.mark.django_db
def test_missing_proxy_header_does_not_make_all_visitors_one(client: Client, editor: User, settings: object) -> None:
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"  # type: ignore[attr-defined]  # pytest-django's settings
    for number in range(BY_ADDRESS.most + 1):
        log_in(client, "Sommer2026!", name=f"name {number}")

    assert log_in(client, PASSWORD) == "in"


@pytest.mark.django_db
def test_empty_form_asks_for_what_is_missing_and_counts_nothing(client: Client) -> None:
    assert TOO_MANY not in log_in(client, "")
    assert ThrottleBucket.objects.count() == 0
