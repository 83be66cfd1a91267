"""First contact: SQLite, embedded Valkey, a key that is made once and kept in var/."""

import secrets

from config import env
from config.settings.base import *
from config.settings.base import ALLOWED_HOSTS, VAR_DIR

DEBUG = env.flag("LUOSHI_DEBUG", default=False)
ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]

VAR_DIR.mkdir(parents=True, exist_ok=True)
_key_file = VAR_DIR / "secret-key"
if not _key_file.exists():
    _key_file.touch(mode=0o600)
    _key_file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
SECRET_KEY = _key_file.read_text(encoding="utf-8")
# Letters end in a folder, var/mail: for the demonstration and for `manage.py` beside it alike.
EMAIL_BACKEND = env.text("LUOSHI_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
