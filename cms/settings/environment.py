"""How environment variables become Django's dictionaries; the values themselves are read in base, local and production."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parents[2]
SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # writers queue at BEGIN instead of failing in the middle; cms.checks insists on it
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-16000;"
    ),
}

env = Env()
if os.environ.get("DJANGO_SETTINGS_MODULE") != "cms.settings.test":
    env.read_env(str(BASE_DIR / ".env"), recurse=False)


def database(url: str) -> dict[str, Any]:
    """Return Django's database settings; SQLite always gets the options that make several writers safe."""
    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    if config["ENGINE"] == SQLITE:
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **SQLITE_OPTIONS}
    return config


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """Return the caches: memory per process, or one Redis for all hosts; renditions never push out anything else."""
    if redis_url:
        _require_redis()
        redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}
        return {"default": redis, "renditions": {**redis, "KEY_PREFIX": "renditions"}}
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 3600}
    return {
        "default": {**memory, "LOCATION": "default", "OPTIONS": {"MAX_ENTRIES": 20_000}},
        "renditions": {**memory, "LOCATION": "renditions", "OPTIONS": {"MAX_ENTRIES": 50_000}},
    }


def _require_redis() -> None:
    try:
        import redis  # noqa: F401 - optional: only who sets REDIS_URL needs it
    except ImportError as error:
        raise ImproperlyConfigured(
            "REDIS_URL is set, but the Python package 'redis' is missing: pip install 'redis>=6'"
        ) from error


def email(url: str) -> dict[str, Any]:
    """Return the EMAIL_* settings of smtp://, smtp+tls:// (STARTTLS) or smtps:// with user, password, host and port."""
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587 (or smtp://, smtps://)")
    timeout = parse_qs(parts.query).get("timeout", ["20"])[0]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": int(timeout),
    }
