"""System checks say what would break under load."""

from django.core.checks import run_checks

from cms import checks


def test_the_settings_of_the_tests_pass():
    assert checks.sqlite_takes_its_lock_first() == []
    assert checks.web_server_has_threads() == []


def test_sqlite_without_immediate_is_an_error(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"timeout": 20})

    found = [message for message in run_checks() if message.id == "cms.E001"]

    assert len(found) == 1
    assert "transaction_mode" in str(found[0].hint)


def test_one_thread_is_an_error(settings):
    settings.WEB_THREADS = 1

    assert [message.id for message in checks.web_server_has_threads()] == ["cms.E002"]
