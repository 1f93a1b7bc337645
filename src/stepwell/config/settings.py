"""Settings, read from the environment. ``stepwell serve`` refuses unsafe ones; see ``config.safety``."""

import os
from datetime import timedelta
from pathlib import Path

from stepwell.config.environment import files_folder, mail_encryption, number
from stepwell.config.postgres.server import Login
from stepwell.ground.web import security

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "stepwell"


def _flag(name: str) -> bool:
    return os.environ.get(name, "") == "1"


def _list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


#: Alder Creek is on show: fictional people, a style guide, printed passwords. Never in production.
STEPWELL_DEMO = _flag("STEPWELL_DEMO")

DEBUG = _flag("STEPWELL_DEBUG")
SECRET_KEY = os.environ.get("STEPWELL_SECRET_KEY", "only-for-a-laptop" if STEPWELL_DEMO else "")
#: The keys before it, newest first: what was signed or sealed with them still opens.
SECRET_KEY_FALLBACKS = _list("STEPWELL_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _list("STEPWELL_HOSTS")

#: The addresses that people type, each with https. A proxy in front of us ends the encryption and says so,
#: and says who is asking (``config.proxy``).
CSRF_TRUSTED_ORIGINS = _list("STEPWELL_ORIGINS")
_ENCRYPTED = STEPWELL_BEHIND_PROXY = bool(CSRF_TRUSTED_ORIGINS)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _ENCRYPTED
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _ENCRYPTED else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ENCRYPTED else None

INSTALLED_APPS = [
    "stepwell.trust.organizations",
    "stepwell.trust.accounts",
    "stepwell.trust.audit",
    "stepwell.trust.access",
    "stepwell.trust.people",
    "stepwell.trust.outbox",
    "stepwell.trust.setup",
    "stepwell.trust.consent",
    "stepwell.trust.printouts",
    "stepwell.care.episodes",
    "stepwell.care.tasks",
    "stepwell.care.record",
    "stepwell.care.measures",
    "stepwell.care.level_of_care",
    "stepwell.care.care_plans",
    "stepwell.care.scheduling",
    "stepwell.care.encounters",
    "stepwell.care.medication",
    "stepwell.care.notes",
    "stepwell.care.admission",
    "stepwell.care.intake",
    "stepwell.care.progress",
    "stepwell.doors.public",
    "stepwell.doors.patient",
    "stepwell.doors.staff",
    "stepwell.ground.web",
    "stepwell.demo",
    "template_partials",
    "django_htmx",
    "csp",
    "axes",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "stepwell.config.proxy.CameThroughProxy",
    "django.middleware.security.SecurityMiddleware",
    # Outside everything that answers by itself, so that a file and an error have their headers, too.
    "csp.middleware.CSPMiddleware",
    "stepwell.ground.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "stepwell.trust.accounts.middleware.KeepsItsCookie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stepwell.ground.web.language.LanguageMiddleware",
    "stepwell.ground.web.errors.ErrorPages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stepwell.trust.people.middleware.LeadsToSurvivor",
    "stepwell.trust.access.pace.KeepsPace",
    "axes.middleware.AxesMiddleware",
    "stepwell.trust.accounts.middleware.SignInStillHolds",
    "stepwell.trust.access.middleware.ActingInOrganization",
]

ROOT_URLCONF = "stepwell.config.urls"
WSGI_APPLICATION = "stepwell.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "stepwell.ground.web.templatetags.web",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stepwell.doors.staff.rail.rail",
                "stepwell.doors.patient.dock.dock",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(address: str) -> dict[str, object]:
    login = Login.from_url(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": login.database,
        "USER": login.user,
        "PASSWORD": login.password,
        "HOST": login.host,
        "PORT": login.port,
        "OPTIONS": dict(login.options),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


_AS_OWNER = os.environ.get("STEPWELL_CONNECT_AS") == "owner"
DATABASES = {
    "default": _database(
        os.environ.get(
            "STEPWELL_OWNER_DATABASE_URL" if _AS_OWNER else "DATABASE_URL", "postgresql:///stepwell"
        )
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
STEPWELL_NAMES_FROM_ONE_ADDRESS = 30
AXES_HANDLER = "stepwell.config.guessing.Guessing"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "stepwell.ground.web.errors.locked_out"
AXES_USERNAME_FORM_FIELD = (
    "username"  # What authenticate() calls it; axes would look for "email" and count nobody.
)
#: Staff sign in with two steps, outside the demonstration. ``config.safety`` serves no real center without it.
STEPWELL_SECOND_FACTOR = os.environ.get("STEPWELL_SECOND_FACTOR", "0" if STEPWELL_DEMO else "1") == "1"
#: A staff screen that nobody uses is covered after this time (5 to 30 minutes), and says so a little before.
STEPWELL_IDLE = timedelta(minutes=int(os.environ.get("STEPWELL_IDLE_MINUTES", "15")))
STEPWELL_IDLE_WARNING = timedelta(minutes=2)
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:home"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # A welcome link works for three days.
LOGOUT_REDIRECT_URL = "accounts:sign_in"

SESSION_COOKIE_AGE = 8 * 3600  # Before somebody signs in; after it, ``accounts.sessions`` says.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
# Gathered, pressed and named after what they hold when the server starts; read where they lie in the tests.
_GATHERED = _flag("STEPWELL_GATHERED_STATIC")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _GATHERED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _GATHERED
WHITENOISE_AUTOREFRESH = False

# E-mail. Without a server it is handed to this machine's own; the demonstration prints it; the tests keep it.
EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend"
    if STEPWELL_DEMO
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = os.environ.get("STEPWELL_SMTP_HOST") or "localhost"
EMAIL_PORT = number(os.environ, "STEPWELL_SMTP_PORT", 587 if "STEPWELL_SMTP_HOST" in os.environ else 25)
EMAIL_HOST_USER = os.environ.get("STEPWELL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("STEPWELL_SMTP_PASSWORD", "")
# "starttls" begins in the open and then encrypts (port 587), "wrapped" is encrypted from the start (port 465).
_MAIL_TLS = mail_encryption(os.environ)
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL_TLS == "starttls", _MAIL_TLS == "wrapped"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("STEPWELL_MAIL_FROM", "Stepwell <stepwell@localhost>")

#: Text messages: the address of a provider's HTTP API, and the word that it knows us by.
STEPWELL_TEXT_URL = os.environ.get("STEPWELL_TEXT_URL", "")
STEPWELL_TEXT_TOKEN = os.environ.get("STEPWELL_TEXT_TOKEN", "")
#: What the provider signs with when it tells us of an answer or a receipt.
STEPWELL_MESSAGES_SECRET = os.environ.get("STEPWELL_MESSAGES_SECRET", "")

#: Scans and uploads: outside what is served, each encrypted. The first key encrypts, every one of them opens.
STEPWELL_FILES_DIR = files_folder(os.environ, ROOT)
STEPWELL_FILES_KEYS = _list("STEPWELL_FILES_KEY") or ([SECRET_KEY] if STEPWELL_DEMO else [])
FILE_UPLOAD_HANDLERS = ["stepwell.ground.files.uploads.InMemory"]
STEPWELL_LARGEST_FILE_MB = number(os.environ, "STEPWELL_LARGEST_FILE_MB", 10)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["stepwell.config.jobs"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["standard_error"], "level": "WARNING", "propagate": False},
        # At its lowest level it writes out everything that a page is drawn from. Nobody needs to hear that.
        "django.template": {"level": "INFO"},
        "stepwell": {"handlers": ["standard_error"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["standard_error"], "level": "ERROR", "propagate": False},
    },
}

CONTENT_SECURITY_POLICY = security.CONTENT_SECURITY_POLICY
SECURE_REFERRER_POLICY = security.REFERRER_POLICY
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "stepwell.ground.web.errors.csrf_failure"
