"""Production: hardens, and refuses to start without its secrets."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *
from config.settings.base import ALLOWED_HOSTS, DATABASES, REDIS_URL

DEBUG = False
SECRET_KEY = env.secret("LUOSHI_SECRET_KEY")
EMAIL_HOST_PASSWORD = env.text("LUOSHI_EMAIL_PASSWORD", "")

if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL server. Set DATABASE_URL=postgres://user:password@host/name."
    )
if not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is missing. Set REDIS_URL=redis://host:6379/0.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("LUOSHI_ALLOWED_HOSTS is missing. Set it to the site's host names, separated by commas.")

SECURE_SSL_REDIRECT = env.flag("LUOSHI_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
