"""Settings: every variable in one place and documented; production refuses what is unsafe; local keeps its secrets."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from cms import local_secrets
from cms.settings import environment

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "www.kgi.example,kgi.example",
    "SITE_URL": "https://www.kgi.example",
    "DATABASE_URL": "postgresql://kgi:kgi@127.0.0.1/kgi",
    "EMAIL_URL": "smtp+tls://user:pass%20word@mail.kgi.example",
    "DEFAULT_FROM_EMAIL": "info@kgi.example",
    "SECURITY_CONTACT": "mailto:security@kgi.example",
}
SHOW = (
    "import json, sys; from importlib import import_module; m = import_module(sys.argv[1]);"
    "print(json.dumps({n: getattr(m, n) for n in sys.argv[2:]}, default=str))"
)


def load(module: str, *names: str, **variables: str) -> dict[str, object]:
    """Import a settings module in a process of its own, with these variables and no others."""
    result = run_settings(module, *names, **variables)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


def run_settings(module: str, *names: str, **variables: str) -> subprocess.CompletedProcess[str]:
    bare = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME") or key.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-c", SHOW, module, *names],
        cwd=ROOT,
        # the module name keeps a developer's .env out of the test
        env={**bare, "DJANGO_SETTINGS_MODULE": "cms.settings.test", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def variables_read() -> Counter[str]:
    calls = (
        node
        for file in (ROOT / "cms" / "settings").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    return Counter(
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.func.attr != "read_env"
    )


def test_each_variable_is_read_in_one_place():
    assert [name for name, count in variables_read().items() if count > 1] == []


def test_example_and_readme_name_exactly_the_variables_that_are_read():
    example = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    readme = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), flags=re.MULTILINE)

    assert sorted(example) == sorted(variables_read())
    assert sorted(readme) == sorted(variables_read())


def test_nothing_but_the_settings_reads_the_environment():
    allowed = {"cms/settings/environment.py", "cms/wsgi.py", "cms/preflight.py"}
    readers = {
        str(file.relative_to(ROOT))
        for app in ("cms", "home", "knowledge", "search", "trainings")
        for file in (ROOT / app).rglob("*.py")
        if re.search(r"os\.environ|getenv", file.read_text())
    }

    assert readers <= allowed


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DEBUG", "true", "DEBUG must not be set"),
        ("SECRET_KEY", "", "SECRET_KEY needs 50 characters"),
        ("SECRET_KEY", "k" * 49, "SECRET_KEY needs 50 characters"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is empty"),
        ("ALLOWED_HOSTS", "www.kgi.example,*", "ALLOWED_HOSTS must not contain *"),
        ("SITE_URL", "http://www.kgi.example", "SITE_URL must be the public address and begin with https://"),
        ("SITE_URL", "https://other.example", "SITE_URL: its host is missing in ALLOWED_HOSTS"),
        ("DATABASE_URL", "", "DATABASE_URL must name a PostgreSQL database"),
        ("EMAIL_URL", "", "EMAIL_URL is missing"),
        ("DEFAULT_FROM_EMAIL", "kgi@localhost", "DEFAULT_FROM_EMAIL is missing"),
        ("SECURITY_CONTACT", "", "SECURITY_CONTACT is missing"),
    ],
)
def test_production_refuses_what_is_unsafe(name, value, complaint):
    result = run_settings("cms.settings.production", **{**SAFE, name: value})

    assert result.returncode == 1
    assert complaint in result.stderr
    assert result.stderr.count("\n - ") == 1


def test_production_names_all_problems_at_once():
    result = run_settings("cms.settings.production")

    assert result.stderr.count("\n - ") == 7


def test_production_is_strict_when_it_starts():
    names = ("DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    found = load("cms.settings.production", *names, "EMAIL_HOST_PASSWORD", "EMAIL_PORT", "SHOW_LOGIN", **SAFE)

    assert found == {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "EMAIL_HOST_PASSWORD": "pass word",
        "EMAIL_PORT": 587,
        "SHOW_LOGIN": False,
    }


def test_production_takes_sqlite_only_when_told_so():
    found = load("cms.settings.production", "DEBUG", **{**SAFE, "DATABASE_URL": "", "ALLOW_SQLITE": "true"})

    assert found == {"DEBUG": False}


def test_local_behaves_like_production_on_this_machine_only(tmp_path):
    names = ("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SITE_URL", "DEMO_CONTENT", "SECRET_KEY")
    first = load("cms.settings.local", *names, DATA_DIR=str(tmp_path / "new"), PORT="8123")
    again = load("cms.settings.local", *names, DATA_DIR=str(tmp_path / "new"), PORT="8123", DEMO_CONTENT="false")

    assert first["DEBUG"] is False
    assert first["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert first["CSRF_TRUSTED_ORIGINS"] == ["http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123"]
    assert first["SITE_URL"] == "http://127.0.0.1:8123"
    assert (first["DEMO_CONTENT"], again["DEMO_CONTENT"]) == (True, False)
    assert first["SECRET_KEY"] == again["SECRET_KEY"]


def test_secrets_are_readable_by_their_owner_only(tmp_path):
    made_up = local_secrets.load(tmp_path / "data")

    file = tmp_path / "data" / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert local_secrets.load(tmp_path / "data") == made_up
    assert len(made_up["secret_key"]) >= 50
    assert list(file.parent.iterdir()) == [file]


def test_two_processes_get_the_same_secrets(tmp_path):
    code = "import sys; from pathlib import Path; from cms import local_secrets; print(local_secrets.load(Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    together = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(4)]

    assert len({process.communicate()[0] for process in together}) == 1


def test_sqlite_gets_what_makes_several_writers_safe():
    config = environment.database("sqlite:////tmp/some.sqlite3")

    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20
    assert config["CONN_MAX_AGE"] is None


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="speaks about SQLite only")
def test_the_open_sqlite_database_writes_ahead():
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()

    assert (journal, synchronous) == (("wal",), (1,))


def test_postgresql_gets_no_sqlite_options():
    config = environment.database("postgresql://kgi:secret@db.example:5433/kgi")

    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example", 5433, "kgi")
    assert "transaction_mode" not in config.get("OPTIONS", {})


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtps://mail.example:2465", 2465, False, True),
    ],
)
def test_email_address_says_port_and_encryption(url, port, tls, ssl):
    found = environment.email(url)

    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", ""])
def test_email_address_that_means_nothing_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        environment.email(url)


def test_renditions_have_a_cache_of_their_own():
    found = environment.caches("")

    assert found["default"]["LOCATION"] != found["renditions"]["LOCATION"]


def test_dev_settings_debug_with_toolbar_and_static_files_from_the_sources() -> None:
    found = load("cms.settings.dev", "DEBUG", "INSTALLED_APPS", "MIDDLEWARE", "WHITENOISE_USE_FINDERS")

    assert (found["DEBUG"], found["WHITENOISE_USE_FINDERS"]) == (True, True)
    assert "debug_toolbar" in str(found["INSTALLED_APPS"])
    assert "DebugToolbarMiddleware" in str(found["MIDDLEWARE"])
