"""Settings of a public server: they come from the environment and refuse to start when something is unsafe."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms.settings.base import *  # noqa: F403 - settings modules extend each other
from cms.settings.base import DATABASE_URL, DEFAULT_FROM_EMAIL, SECURITY_CONTACT
from cms.settings.environment import email, env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "")
SITE_URL = WAGTAILADMIN_BASE_URL = env.str("SITE_URL", "").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
EMAIL_URL = env.str("EMAIL_URL", "")
FIRST_ADMIN_PASSWORD = env.str("FIRST_ADMIN_PASSWORD", "")

_host = urlsplit(SITE_URL).hostname or ""
_rules = [
    (env.bool("DEBUG", False), "DEBUG must not be set: it would show source code and settings to visitors."),
    (
        len(SECRET_KEY) < 50,
        'SECRET_KEY needs 50 characters or more: python -c "import secrets; print(secrets.token_urlsafe(64))"',
    ),
    (not ALLOWED_HOSTS, "ALLOWED_HOSTS is empty: name the host names of the site, e.g. www.example.org"),
    (any("*" in host for host in ALLOWED_HOSTS), "ALLOWED_HOSTS must not contain *: name the host names one by one."),
    (not SITE_URL.startswith("https://"), "SITE_URL must be the public address and begin with https://"),
    (bool(_host and ALLOWED_HOSTS) and _host not in ALLOWED_HOSTS, "SITE_URL: its host is missing in ALLOWED_HOSTS."),
    (
        DATABASE_URL.startswith("sqlite") and not env.bool("ALLOW_SQLITE", False),
        "DATABASE_URL must name a PostgreSQL database (or set ALLOW_SQLITE=true for a small site on one host).",
    ),
    (
        not EMAIL_URL,
        "EMAIL_URL is missing: registrations and newsletters need mail, e.g. smtp+tls://user:password@host:587",
    ),
    (DEFAULT_FROM_EMAIL.endswith("@localhost"), "DEFAULT_FROM_EMAIL is missing: the address that mails come from."),
    (
        not SECURITY_CONTACT.startswith(("mailto:", "https://")),
        "SECURITY_CONTACT is missing: mailto: or https: address for reports of weaknesses (security.txt).",
    ),
]
if _problems := [text for broken, text in _rules if broken]:
    raise ImproperlyConfigured(
        "This configuration is not safe to serve:\n" + "\n".join(f" - {text}" for text in _problems)
    )

globals().update(email(EMAIL_URL))
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set it on every request (README)
CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"  # set by the same proxy, read from its end
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # subdomains belong to others: HSTS must not speak for them
    "security.W021",  # the same for the preload list
]
