"""Settings that every environment shares; whatever differs comes from the environment variables read here."""

from django.utils.translation import gettext_lazy as _

from cms.settings.embeds import EMBED_PROVIDERS  # noqa: F401 - read by cms.embeds
from cms.settings.environment import BASE_DIR, caches, database, env

DATA_DIR = env.path("DATA_DIR", BASE_DIR / ".data").absolute()
DATABASE_URL = env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
REDIS_URL = env.str("REDIS_URL", "")
PORT = env.int("PORT", 8000)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
DEMO_CONTENT = env.bool("DEMO_CONTENT", None)
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 300)
INFOBRIEF_PER_MINUTE = env.int("INFOBRIEF_PER_MINUTE", 200)
INFOBRIEF_PER_HOUR = env.int("INFOBRIEF_PER_HOUR", 0)  # 0: no limit beyond that of a minute
BOUNCE_MAILBOX = env.str("BOUNCE_MAILBOX", "")  # imaps://user:password@host/INBOX, read every ten minutes
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "")  # reports of failure go to name+number@host; empty: to the sender
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "")  # several nodes separated by commas; empty: Tantivy alone
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", "")
ELASTICSEARCH_CA_FILE = env.str("ELASTICSEARCH_CA_FILE", "")
ELASTICSEARCH_PREFIX = env.str("ELASTICSEARCH_PREFIX", "kgi")
ELASTICSEARCH_REPLICAS = env.int("ELASTICSEARCH_REPLICAS", 1)
ELASTICSEARCH_TIMEOUT = env.float("ELASTICSEARCH_TIMEOUT", 0.8)
WEB_PROCESSES = env.int("WEB_PROCESSES", 2)
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 64)  # per web process; 0: every page is made anew
PICTURE_MEGAPIXELS = env.int("PICTURE_MEGAPIXELS", 64)  # JPEG; a photo of 40 takes 100 MB of memory while it comes in
PICTURE_MB = env.int("PICTURE_MB", 30)
DOCUMENT_MB = env.int("DOCUMENT_MB", 200)  # files and films; the proxy must let them pass
WEB_THREADS = env.int("WEB_THREADS", 12)  # never 1: one slow upload would stop the process (cms.checks)

INSTALLED_APPS = [
    "home",
    "home.newsletter",
    "home.joining",
    "search",
    "trainings",
    "knowledge",
    "cms.outbox",
    "cms.privacy",
    "cms",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.styleguide",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [  # from the outside in
    "cms.middleware.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.PublicGZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "cms.middleware.CacheControlMiddleware",
    "cms.middleware.ServerTimingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "cms.middleware.DatabaseTroubleMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {"default": database(DATABASE_URL)}
CACHES = caches(REDIS_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "cms.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "de"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("de", _("German")), ("en", _("English")), ("de-simple", _("Easy language"))]
LOCALE_PATHS = [BASE_DIR / "cms" / "locale"]
USE_I18N = WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PUBLIC_MEDIA_FOLDERS = ("images", "avatar_images")  # originals and documents are not served from /media/
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cms.staticfiles.CompressedStorage"},
}
WHITENOISE_MANIFEST_STRICT = False  # a missing picture is a missing picture, not a missing page
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600  # names without a hash; hashed ones are immutable

MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_BACKEND = "cms.mailbox.FolderBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "kgi@localhost")
PRIVACY_RETENTION_DAYS: dict[str, float] = {}  # by key of a rule (`manage.py privacy rules`); what an officer decided
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the page editor sends every block as a field of its own
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60
SHOW_LOGIN = False
LOGIN_URL = "wagtailadmin_login"
CLIENT_ADDRESS_HEADER = "REMOTE_ADDR"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},  # a wrong address is no event
        "elastic_transport": {"handlers": [], "level": "ERROR", "propagate": True},  # every request is a line
        "django_tasks": {"handlers": [], "level": "WARNING", "propagate": True},  # two lines for every saved page
        "wagtail": {"handlers": [], "level": "WARNING", "propagate": True},  # the site's history has it all
        "django.server": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}

WAGTAIL_SITE_NAME = "Kommune goes International"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"  # private pages ask for the editors' login
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # nothing an editor does is told to a third party
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_USER_LOGIN_FORM = "cms.login.ThrottledLoginForm"
WAGTAIL_PASSWORD_RESET_ENABLED = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch"), ("en", "English")]
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no foreign request; see `cms.embeds` for what loads after consent
WAGTAILIMAGES_IMAGE_MODEL = "cms.CustomImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.pictures.forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = PICTURE_MB * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = PICTURE_MEGAPIXELS * 1_000_000
PICTURE_PIXELS_UNLESS_JPEG = 24_000_000  # other formats are decoded as a whole: WebP takes 15 bytes for each pixel
PICTURE_LONGEST_SIDE = 3000  # pixels of a stored original; the widest size that a page shows has 1,440
WAGTAILDOCS_DOCUMENT_MODEL = "cms.CustomDocument"
WAGTAILDOCS_MAX_UPLOAD_SIZE = DOCUMENT_MB * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "epub", "ics", "odp", "ods", "odt", "pdf", "pptx", "rtf", "txt", "vtt", "xlsx", "zip"),
    *("m4a", "mp3", "mp4", "ogg", "webm"),
]
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False  # a new translation is a draft, never German text under /en/
WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "simple"
SEARCH_FOLDER = DATA_DIR / "search"
SEARCH_IN_TRANSACTIONS = False  # a search inside an open transaction would index what may be rolled back
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.admin_backend"}}
