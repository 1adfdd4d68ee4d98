"""Settings of `make run`: production behaviour on this machine only, with secrets made up once and kept."""

from cms.local_secrets import load
from cms.settings.base import *  # noqa: F403 - settings modules extend each other
from cms.settings.base import DATA_DIR, PORT
from cms.settings.base import DEMO_CONTENT as DEMO_WISH

DEBUG = False
_secrets = load(DATA_DIR)
SECRET_KEY = _secrets["secret_key"]
SHOW_LOGIN = True
DEMO_CONTENT = DEMO_WISH is not False
FIRST_ADMIN_PASSWORD = _secrets["admin_password"]

SITE_URL = WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{PORT}"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"http://{host}:{PORT}" for host in ALLOWED_HOSTS]
