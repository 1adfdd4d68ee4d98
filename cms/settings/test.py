"""Settings of the tests: fast, deterministic, without a trace outside the data folder's `test`."""

from cms.settings.base import *  # noqa: F403 - settings modules extend each other
from cms.settings.base import DATA_DIR as REAL_DATA_DIR
from cms.settings.base import DATABASES as REAL_DATABASES
from cms.settings.base import STORAGES as REAL_STORAGES
from cms.settings.environment import SQLITE

DEBUG = False
DATA_DIR = REAL_DATA_DIR / "test"
DATA_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = "a key for tests only, it protects nothing"  # noqa: S105 - tests have no secrets
FIRST_ADMIN_PASSWORD = "a password for tests only"  # noqa: S105 - tests have no secrets
SITE_URL = WAGTAILADMIN_BASE_URL = "https://kgi.example"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "kgi.example"]
SECURITY_CONTACT = "mailto:security@kgi.example"

DATABASES = REAL_DATABASES
if DATABASES["default"]["ENGINE"] == SQLITE:
    DATABASES["default"]["NAME"] = DATA_DIR / "unused.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

MEDIA_ROOT = DATA_DIR / "media"
MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **REAL_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
SEARCH_IN_TRANSACTIONS = True  # tests do not commit
