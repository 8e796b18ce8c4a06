"""Every setting has a default that runs on one laptop; the environment changes it. `docs/reference/settings.md`."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent
HOME = Path(os.environ.get("DURE_HOME", "var")).absolute()
LIBRARY = Path(os.environ.get("DURE_LIBRARY", ROOT.parents[1]))
KEPT = 60  # seconds that a thread keeps its connection to the database


def _secret() -> str:
    given = os.environ.get("DURE_SECRET_KEY")
    if given:
        return given
    file = HOME / "secret-key"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii")


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = unquote(parts.path) or str(HOME / "dure.sqlite3")
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
        }
        test = {"NAME": str(HOME / "test.sqlite3")}
        kept = {"CONN_MAX_AGE": KEPT}  # opening and its pragmas cost as much as a small answer
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options, "TEST": test, **kept}
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": KEPT,
    }


SECRET_KEY = _secret()
DEBUG = os.environ.get("DURE_DEBUG") == "1"
SCRATCH = os.environ.get("DURE_SCRATCH") == "1"  # a database that nobody needs: operators may act as anybody
ALLOWED_HOSTS = os.environ.get("DURE_HOSTS", "127.0.0.1,localhost,testserver").split(",")
BASE_URL = os.environ.get("DURE_URL", "http://127.0.0.1:8000")
# Where pages that scorers wrote are shown, such as https://results.example.org; without it they are downloads.
DETAILS_ORIGIN = os.environ.get("DURE_DETAILS_ORIGIN", "").rstrip("/")
if DETAILS_ORIGIN:
    ALLOWED_HOSTS.append(urlsplit(DETAILS_ORIGIN).hostname or "")
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "sqlite:"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "dure.audit",
    "dure.ledger",
    "dure.jobs",
    "dure.people",
    "dure.skills",
    "dure.compute",
    "dure.calendar",
    "dure.funding",
    "dure.applications",
    "dure.learning",
    "dure.assessments",
    "dure.challenges",
    "dure.credentials",
    "dure.programmes",
    "dure.joints",
    "dure.site",
    "django_htmx",
    "csp",
    "unfold.apps.BasicAppConfig",  # the looks of the admin, which shows rows and changes none
    "django.contrib.admin.apps.SimpleAdminConfig",
    "allauth",  # after the site, whose templates take the place of its own
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
]
AUTH_USER_MODEL = "people.Person"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dure.site.challenges.watching.unchanged",  # before anybody is asked who they are
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dure.api.middleware.numbered",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dure.site.middleware.choices",
    "dure.site.middleware.RefusedPages",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "dure.people.signin.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("DURE_EMAIL_VERIFICATION", "mandatory")  # optional, none
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Dure] "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that only somebody else typed in
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed"
ACCOUNT_CHANGE_EMAIL = True  # one address, replaced once the new one is verified
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DURE_PROXIES", "0"))  # trusted proxies in front
SOCIALACCOUNT_ADAPTER = "dure.people.sso.ProviderAdapter"  # organisations' own sign-in; providers are rows
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form's redirects would need each provider's pages named in the policy below
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
# Hosts of one's own network that Dure may call, such as an organisation's sign-in: no other private address is.
PRIVATE_HOSTS = [host for host in os.environ.get("DURE_PRIVATE_HOSTS", "").split(",") if host]
MFA_ADAPTER = "dure.people.signin.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Dure"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
# How often a minute one address may have credentials verified, and read status lists, without an account; 0: no limit.
VERIFICATIONS_A_MINUTE = int(os.environ.get("DURE_VERIFICATIONS_A_MINUTE", "60"))
STATUS_LISTS_A_MINUTE = int(os.environ.get("DURE_STATUS_LISTS_A_MINUTE", "300"))
# Whether operators' pages ask for a second factor: by default where people reach Dure from elsewhere.
_ASKED = "1" if BASE_URL.startswith("https:") else "0"
OPERATORS_NEED_SECOND_FACTOR = os.environ.get("DURE_OPERATOR_SECOND_FACTOR", _ASKED) == "1"
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # whether the visitor came by TLS, the proxy knows
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
# Rate limits and used codes hold across all processes and machines: they lie in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
EMAIL_BACKEND = "dure.jobs.mail.OutboxBackend"
DEFAULT_FROM_EMAIL = os.environ.get("DURE_MAIL_FROM", "Dure <dure@localhost>")
MAIL = os.environ.get("DURE_MAIL", "folder")  # or smtp://user:password@host:port?tls=1

ROOT_URLCONF = "dure.urls"
WSGI_APPLICATION = "dure.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dure.site.visitors.ways",
            ],
            "libraries": {"heroicons": "dure.site.icons"},
        },
    }
]
FORM_RENDERER = "dure.site.drawing.FormRenderer"

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
STATIC_URL = "/static/"
# The web font, where `npm ci` has brought it, and of it the portal's own words (`tools/font.py`); pages do without.
_FONTS = {
    "pretendard": LIBRARY / "node_modules" / "pretendard" / "dist" / "web" / "variable",
    "font": LIBRARY / "build" / "font",
}
STATICFILES_DIRS = [(prefix, folder) for prefix, folder in _FONTS.items() if folder.is_dir()]
# Where files were collected (`dure serve` does), they carry their hash and are cached for ever; else they are found.
STATIC_COLLECTED = os.environ.get("DURE_STATIC") == "collected"
STATIC_ROOT = HOME / "static" if STATIC_COLLECTED else None
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
_VERSIONED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_FOUND = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _VERSIONED if STATIC_COLLECTED else _FOUND},
}
# A fault of ours is written where the server writes, not only mailed to whoever nobody named.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"serving": {"()": "django.utils.log.RequireDebugFalse"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["serving"]}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR"}},
}
# Pages load from their own host only; no script and no style stands in a page (a QR code for sign-in is a picture).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
_LIGHTNESS = {50: 97, 100: 94, 200: 88, 300: 80, 400: 72, 500: 62, 600: 52, 700: 44, 800: 38, 900: 32, 950: 24}
UNFOLD = {  # the admin's frame, in the portal's green
    "SITE_TITLE": _("Dure"),
    "SITE_HEADER": _("Every row"),
    "SITE_SUBHEADER": _("read only"),
    "SITE_URL": "/operator/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("dure/mark.svg")}],
    "COLORS": {"primary": {str(shade): f"oklch({light}% 0.12 165)" for shade, light in _LIGHTNESS.items()}},
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SIDEBAR": {"show_search": True, "show_all_applications": False},
}
MEDIA_ROOT = HOME / "files"
# Private keys of issuers: files that workers alone read, encrypted where a secret is set (theirs alone as well).
KEYS = Path(os.environ.get("DURE_KEYS", HOME / "keys")).absolute()
KEY_SECRET = os.environ.get("DURE_KEY_SECRET", "")
# Keys that open anonymous answers of surveys which are still going; in no backup, and destroyed when a survey closes.
SURVEY_KEYS = Path(os.environ.get("DURE_SURVEY_KEYS", HOME / "survey-keys")).absolute()
ATTACHMENT_BYTES = int(os.environ.get("DURE_ATTACHMENT_BYTES", "52428800"))  # the largest file of an application
