"""Settings of every installation; ``config/demo.py`` adds what only a demonstration has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from jarlig.service.config.environment import (
    database,
    files_host,
    folder,
    hosts,
    mail,
    number,
    required,
    secret,
    setting,
    switch,
)
from jarlig.service.config.oidc import providers

SERVICE = Path(__file__).resolve().parent.parent

DATA_KEY = required("JARLIG_DATA_KEY")
SECRET_KEY = required("JARLIG_SECRET_KEY")
DEBUG = False
DEMONSTRATION = False
ALLOWED_HOSTS = hosts()
ROOT_URLCONF = "jarlig.service.config.urls"
WSGI_APPLICATION = "jarlig.service.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "jarlig.service.ground",
    "jarlig.service.audit",
    "jarlig.service.documents",
    "jarlig.service.bodies",
    "jarlig.service.enterprises",
    "jarlig.service.catalogue",
    "jarlig.service.estimates",
    "jarlig.service.applications",
    "jarlig.service.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "jarlig.service.web.plain.PlainAddress",
    "jarlig.service.ground.middleware.OneTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jarlig.service.bodies.middleware.Seated",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jarlig.service.web.security.SecurityHeaders",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [SERVICE / "web" / "templates"],
        "OPTIONS": {
            "environment": "jarlig.service.web.environment.environment",
            "context_processors": ["jarlig.service.web.context.page"],
        },
    },
]

#: True in the process that migrates: it comes in as the owner, and no request.
ACTS_AS_OWNER = switch("JARLIG_ACTS_AS_OWNER")
_ADDRESS = "JARLIG_OWNER_DATABASE_URL" if ACTS_AS_OWNER else "JARLIG_DATABASE_URL"
# A connection is kept for the next request and looked at first: the one that a restart has cut is not used again.
DATABASES = {"default": {**database(required(_ADDRESS), _ADDRESS), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # jobs of a room stand there

AUTH_USER_MODEL = "bodies.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("login", "email")}},
]

# A session ends after so long without a request, and in any case so long after the sign-in.
SESSION_ENGINE = "jarlig.service.bodies.sessions"
SESSION_OFFICER = timedelta(minutes=30), timedelta(hours=8)
SESSION_ENTERPRISE = timedelta(hours=24), timedelta(hours=24)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True

AUTHENTICATION_BACKENDS = ["jarlig.service.bodies.backend.Passwords"]
#: Wrong passwords or codes: within how long, how many for an account, how many from an address.
ATTEMPTS = timedelta(minutes=5), 5, 20
CACHES = {"default": {"BACKEND": "jarlig.service.bodies.kept.InDatabase"}}
SETUP_CODE = secret("JARLIG_SETUP_CODE", 16)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
#: Where officers are led until a second factor was shown in their session, and what they may open before.
FACTOR_URL = "mfa_index"
BEFORE_FACTOR = ("/account/factor/", "/account/again/", "/account/sign-out/", "/language/")
#: Where who must choose a new password is led.
PASSWORD_URL = "account_change_password"

_MAIL = mail(setting("JARLIG_MAIL_URL"))
globals().update(_MAIL)
MAIL = bool(_MAIL)

ACCOUNT_ADAPTER = "jarlig.service.web.account.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_PRESERVE_USERNAME_CASING = True  # found whatever case it is written in, and shown as it was chosen
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL else "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # counted by ``bodies.attempts``
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ALLAUTH_TRUSTED_PROXY_COUNT = number("JARLIG_PROXIES")
MFA_ADAPTER = "jarlig.service.web.account.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # a telephone whose clock is half a minute off
MFA_TOTP_ISSUER = "Jarlig"
SOCIALACCOUNT_ADAPTER = "jarlig.service.web.account.oidc.Identities"
SOCIALACCOUNT_EMAIL_VERIFICATION, SOCIALACCOUNT_EMAIL_REQUIRED = "none", False  # providers give none that we keep
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may lead to no other site; the state is bound to the session all the same
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "jarlig.service.web.account.oidc.Verified",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [one.as_app() for one in providers(setting("JARLIG_OIDC"))],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [SERVICE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = folder("JARLIG_FILES", Path.cwd() / "var") / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},  # unused: see documents.store
    "staticfiles": {"BACKEND": "jarlig.service.web.hashed.Hashed"},
}
FILES = folder("JARLIG_FILES", Path.cwd() / "var")
FILES_HOST = files_host()
SCANNER = setting("JARLIG_SCANNER")

HTTPS = switch("JARLIG_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
REFUSAL_VIEW = "jarlig.service.web.errors.refused"
UNAVAILABLE_VIEW = "jarlig.service.web.errors.unavailable"
CSRF_FAILURE_VIEW = "jarlig.service.web.errors.csrf_failure"
