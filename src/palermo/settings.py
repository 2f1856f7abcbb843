"""One settings file, read from the environment. A bad value stops the start with a sentence.

Every variable is described in docs/reference/settings.md. Secrets are files under PALERMO_HOME/keys (0600),
made on first start; nothing secret is ever read from a file beside the database.
"""

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

import palermo
from palermo.kernel.database.roles import database_settings


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in ("0", "1", "true", "false", "yes", "no"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in ("1", "true", "yes")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def env_list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_file(path: Path, size: int = 32) -> bytes:
    """The secret in `path`, made on first use; readable by its owner alone, or the start is refused."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(size))
        with contextlib.suppress(
            FileExistsError
        ):  # Another process was first; its secret is the one that counts.
            os.link(temporary, path)
        temporary.unlink()
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"The secret {path.name} can be read by others. Run: chmod 600 {path}")
    return path.read_bytes()


BASE_DIR = Path(__file__).resolve().parent
PALERMO_HOME = Path(os.environ.get("PALERMO_HOME", "var")).resolve()
PALERMO_KEYS_DIR = Path(os.environ.get("PALERMO_KEYS_DIR", PALERMO_HOME / "keys")).resolve()
PALERMO_ROLE = os.environ.get("PALERMO_ROLE", "app")
PALERMO_VERSION = palermo.__version__
PALERMO_PACK = os.environ.get("PALERMO_PACK", "demo")
PALERMO_REVEALS_PER_HOUR = env_int("PALERMO_REVEALS_PER_HOUR", 40)
PALERMO_SEARCHES_PER_HOUR = env_int("PALERMO_SEARCHES_PER_HOUR", 120)
# For how many days a draft stays on a person's own device; 0: this site allows none.
PALERMO_DRAFT_DAYS = env_int("PALERMO_DRAFT_DAYS", 7)
PALERMO_THRESHOLD = env_int("PALERMO_THRESHOLD", 5)
# Boundaries that an authority prefers on maps (a file in the form of standards/data/world.json); empty: our own.
PALERMO_BOUNDARIES = os.environ.get("PALERMO_BOUNDARIES", "")
# The public address, where palermo stands behind TLS; without it only this machine is served.
PALERMO_ORIGIN = os.environ.get("PALERMO_ORIGIN", "")

# Where the server listens (palermo.serving); empty: this machine only.
PALERMO_BIND = os.environ.get("PALERMO_BIND", "")

PALERMO_NEUTRAL_PAGE = os.environ.get("PALERMO_NEUTRAL_PAGE", "https://www.wikipedia.org/")

DEBUG = env_bool("PALERMO_DEBUG")
SECRET_KEY = secret_file(PALERMO_KEYS_DIR / "django.key").hex()
PALERMO_CONTEXT_KEY = secret_file(PALERMO_KEYS_DIR / "context.key")
ALLOWED_HOSTS = env_list("PALERMO_HOSTS", "127.0.0.1,localhost")
HTTPS = PALERMO_ORIGIN.startswith("https://")

INSTALLED_APPS = [
    "palermo.web",
    "palermo.kernel.database",
    "palermo.kernel.organisations",
    "palermo.kernel.access",
    "palermo.kernel.audit",
    "palermo.kernel.vault",
    "palermo.kernel.workflow",
    "palermo.kernel.files",
    "palermo.kernel.jobs",
    "palermo.kernel.commands",
    "palermo.kernel.exports",
    "palermo.kernel.imports",
    "palermo.kernel.exchange",
    "palermo.rooms.consents",
    "palermo.rooms.identification",
    "palermo.rooms.cases",
    "palermo.rooms.children",
    "palermo.rooms.services",
    "palermo.rooms.encounters",
    "palermo.rooms.door",
    "palermo.rooms.referral",
    "palermo.rooms.networks",
    "palermo.rooms.cooperation",
    "palermo.rooms.register",
    "palermo.rooms.statistics",
    "palermo.rooms.reconciliation",
    "palermo.rooms.estimates",
    "palermo.rooms.releases",
    "palermo.rooms.reports",
    "palermo.rooms.observatory",
    "palermo.rooms.fieldstudies",
    "palermo.rooms.assessments",
    "palermo.rooms.treaties",
    "palermo.rooms.legislation",
    "palermo.rooms.digest",
    "palermo.rooms.caselaw",
    "palermo.rooms.library",
    "palermo.rooms.thesaurus",
    "palermo.rooms.search",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "palermo.web.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "palermo.web.middleware.PrivacyHeadersMiddleware",
    "palermo.kernel.access.http.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "palermo.kernel.access.middleware.ViewerMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "palermo.web.commands.CommandMiddleware",
    "palermo.web.errors.DomainErrorMiddleware",
    "palermo.web.middleware.ReadableInputMiddleware",
]

ROOT_URLCONF = "palermo.urls"
WSGI_APPLICATION = "palermo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "palermo.web.context.shell",
            ]
        },
    }
]
FORM_RENDERER = "palermo.web.forms.Renderer"

# Requests and jobs sign in with their own narrow roles; `owner` only migrates and may be absent here.
_settings = {
    "default": database_settings(f"palermo_{PALERMO_ROLE}", os.environ),
    "owner": database_settings("palermo_owner", os.environ),
}
DATABASES = {alias: found for alias, found in _settings.items() if found is not None}
DATABASE_ROUTERS = ["palermo.kernel.database.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

SESSION_ENGINE = "palermo.kernel.access.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = env_int("PALERMO_SESSION_IDLE_MINUTES", 15) * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PALERMO_SESSION_HOURS = env_int("PALERMO_SESSION_HOURS", 10)
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PALERMO_ORIGIN] if PALERMO_ORIGIN else []
CSRF_FAILURE_VIEW = "palermo.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# Field devices send a record's XML with up to 100 files of it at once (observatory).
DATA_UPLOAD_MAX_NUMBER_FILES = 150

LANGUAGE_CODE = os.environ.get("PALERMO_LANGUAGE", "en")
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Strict"
TIME_ZONE = os.environ.get("PALERMO_TIME_ZONE", "UTC")
USE_TZ = USE_I18N = True
FORMAT_MODULE_PATH = "palermo.web.formats"

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("PALERMO_STATIC_ROOT", PALERMO_HOME / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "palermo.web.storage.StaticStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Mail carries reminders that say nothing but that something waits. Off until a server is named.
EMAIL_HOST = os.environ.get("PALERMO_MAIL_HOST", "")
EMAIL_BACKEND = os.environ.get(
    "PALERMO_EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
)
EMAIL_PORT = env_int("PALERMO_MAIL_PORT", 587)
EMAIL_USE_TLS = EMAIL_PORT != 465
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_HOST_USER = os.environ.get("PALERMO_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PALERMO_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PALERMO_MAIL_FROM", "palermo@localhost")

# The rest of the sign-in settings live beside the code they steer.
from palermo.kernel.access.allauth_settings import *  # noqa: E402, F403

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "palermo.kernel.database.scrub.ScrubFilter"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["scrub"], "formatter": "plain"},
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("PALERMO_LOG_LEVEL", "WARNING")},
}
