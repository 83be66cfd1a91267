"""System checks of our own, each with a hint. The app `config.checks.ConfigApp` in INSTALLED_APPS registers them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from config import valkey

SHANGHAI = "Asia/Shanghai"
# Mail back ends of Django that hand a letter to nobody.
NO_LETTERS = tuple(f".{name}.EmailBackend" for name in ("console", "dummy", "locmem", "filebased"))


class ConfigApp(AppConfig):
    """Exists to register the checks: config holds no models."""

    name = "config"
    verbose_name = "Luoshi"

    def ready(self) -> None:
        """Register each check under its tag; those of production run with `check --deploy`."""
        checks.register(check_time_zone, checks.Tags.compatibility)
        checks.register(check_folders, checks.Tags.files)
        checks.register(check_valkey, checks.Tags.caches)
        checks.register(check_translations, checks.Tags.translation)
        checks.register(check_production, checks.Tags.security, deploy=True)


def check_time_zone(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Deadlines are Chinese calendar days; in another zone they would begin and end at other hours."""
    if settings.USE_TZ and settings.TIME_ZONE == SHANGHAI:
        return []
    hint = f"Set USE_TZ = True and TIME_ZONE = '{SHANGHAI}'."
    return [checks.Error("Days would not begin at midnight in China.", hint=hint, id="luoshi.E001")]


def check_folders(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """What is written at run time lies in VAR_DIR, which must be ours, or be ours to make."""
    folder = Path(settings.VAR_DIR)
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    hint = "Correct its rights, or set LUOSHI_VAR to a folder that this user may write to."
    return [checks.Error(f"The folder {folder} cannot be written to.", hint=hint, id="luoshi.E002")]


def check_valkey(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Without REDIS_URL the embedded Valkey must exist for this platform, and its socket's path be short enough."""
    if settings.REDIS_URL:
        return []
    found: list[checks.CheckMessage] = []
    if valkey.binary() is None:
        hint = "Start a Redis or Valkey server and set REDIS_URL=redis://host:6379/0."
        found.append(checks.Error("There is no embedded Valkey for this platform.", hint=hint, id="luoshi.E003"))
    if len(os.fsencode(settings.VALKEY_SOCKET)) > valkey.SOCKET_LIMIT:
        hint = "Move the checkout to a shorter path, or set LUOSHI_VAR to a short one."
        found.append(checks.Error("The path of Valkey's socket is too long.", hint=hint, id="luoshi.E004"))
    return found


def check_translations(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """The .mo files are not in git; without them the interface is English and nobody says why."""
    sources = [path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")]
    if all(path.with_suffix(".mo").exists() for path in sources):
        return []
    hint = "Run python -m scripts.translations compile."
    return [checks.Warning("The translations are not compiled.", hint=hint, id="luoshi.W001")]


def check_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Combinations that work, and that nobody means to run in public."""
    found: list[checks.CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        hint = "Set DATABASE_URL=postgres://user:password@host/name."
        found.append(checks.Warning("The database is not PostgreSQL.", hint=hint, id="luoshi.W002"))
    if not settings.REDIS_URL:
        hint = "Set REDIS_URL=redis://host:6379/0."
        found.append(checks.Warning("The queue is the demonstration's Valkey.", hint=hint, id="luoshi.W003"))
    if settings.EMAIL_BACKEND.endswith(NO_LETTERS):
        hint = "Set LUOSHI_EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend and LUOSHI_EMAIL_HOST."
        found.append(checks.Warning("Reminders would reach nobody by mail.", hint=hint, id="luoshi.W004"))
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or site.hostname in {"127.0.0.1", "localhost", "::1"}:
        hint = "Set LUOSHI_SITE_URL to the public address, beginning with https://."
        found.append(checks.Warning("Links in letters would lead nowhere.", hint=hint, id="luoshi.W005"))
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the site's hosts in LUOSHI_ALLOWED_HOSTS."
        found.append(checks.Warning("Any host name is accepted.", hint=hint, id="luoshi.W006"))
    if not getattr(settings, "AXES_ENABLED", True):
        hint = "Remove AXES_ENABLED = False."
        found.append(checks.Warning("Failed sign-ins are not counted.", hint=hint, id="luoshi.W007"))
    return found
