"""News on chosen steps and topics: once a day, only what is new since somebody asked, one click ends it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from home.newsletter import alerts
from home.newsletter.models import Mailing
from tests.factories import pages as make
from tests.factories.newsletter import make_reader, send_all
from tests.factories.smtp import smtp_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def hearing(**wishes):
    return make_reader(wants_alerts=True, wants_issues=False, **wishes)


def test_who_asked_for_a_step_or_a_topic_gets_one_mail_with_what_is_new(settings):
    tree = make.make_tree()
    make.make_material(tree, title="Zu alt")
    step, topic = hearing(steps=[make.step("plan")]), hearing(topics=[make.topic("rural")])
    hearing(steps=[make.step("pr")])
    hearing(steps=[make.step("plan")], language="en")
    make_reader(steps=[make.step("plan")])
    hearing(steps=[make.step("plan")], email="leser01@demo.example.org")
    make.make_material(tree, title="Vorlage", steps=[make.step("plan")], topics=[make.topic("rural")])
    make.make_training(tree, title="Werkstatt", steps=[make.step("plan")])

    count = alerts.tell("de")
    with smtp_server(settings) as sink:
        mailing = send_all(Mailing.objects.get())

    assert (count, mailing.state) == (2, "done")
    subjects = {str(mail["To"]): str(mail["Subject"]) for mail in sink.received if "X-KGI-Delivery" in mail}
    assert subjects == {step.email: "2 neue Angebote und Materialien für Sie", topic.email: "Neu: Vorlage"}
    mail = next(mail for mail in sink.received if str(mail["To"]) == step.email)
    assert mail["List-Id"] == "<neuigkeiten.kgi.example>"
    assert "Zu alt" not in mail.as_string()


def test_at_most_one_mail_a_day_and_nothing_is_missed():
    tree = make.make_tree()
    hearing(steps=[make.step()])
    now = timezone.localtime().replace(hour=8, minute=0) + dt.timedelta(days=3)
    with time_machine.travel(now, tick=False) as clock:
        make.make_material(tree, title="Erstens", slug="erstens")
        clock.shift(60)
        first = alerts.tick()
        clock.shift(60)
        make.make_material(tree, title="Zweitens", slug="zweitens")
        clock.shift(60)
        same_day = alerts.tick()
        clock.shift(dt.timedelta(days=1))
        next_day = alerts.tick()
        clock.shift(dt.timedelta(days=1))
        nothing_new = alerts.tick()

    assert (first, same_day, next_day, nothing_new) == (1, 0, 1, 0)


def test_nothing_is_told_at_night():
    hearing(steps=[make.step()])
    make.make_material(make.make_tree())

    with time_machine.travel(timezone.localtime().replace(hour=23), tick=False):
        assert alerts.tick() == 0


def test_a_page_that_was_taken_down_is_told_to_nobody(settings):
    hearing(steps=[make.step()])
    page = make.make_material(make.make_tree())
    alerts.tell("de")
    page.unpublish()

    with smtp_server(settings) as sink:
        send_all(Mailing.objects.get())

    assert [mail for mail in sink.received if "X-KGI-Delivery" in mail] == []


def test_one_click_ends_the_news_and_keeps_the_issues(settings, client):
    row = make_reader(wants_alerts=True, steps=[make.step()])
    make.make_material(make.make_tree())
    alerts.tell("de")
    with smtp_server(settings) as sink:
        send_all(Mailing.objects.get())
    mail = next(mail for mail in sink.received if "X-KGI-Delivery" in mail)

    client.post(str(mail["List-Unsubscribe"]).strip(" <>").removeprefix("https://kgi.example"))

    row.refresh_from_db()
    assert (row.state, row.wants_issues, row.wants_alerts) == ("active", True, False)
