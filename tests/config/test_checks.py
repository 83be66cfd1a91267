"""The system checks: silent on what we ship, one hint each on what would go wrong."""

from pathlib import Path

import pytest

from config import checks, valkey


def ids(check) -> list[str]:
    found = check(None)
    assert all(message.hint for message in found)
    return [message.id for message in found]


def test_what_we_ship_passes() -> None:
    assert ids(checks.check_time_zone) == []
    assert ids(checks.check_folders) == []
    assert ids(checks.check_valkey) == []


def test_another_time_zone_is_an_error(settings) -> None:
    settings.TIME_ZONE = "UTC"
    assert ids(checks.check_time_zone) == ["luoshi.E001"]


def test_a_var_that_is_a_file_is_an_error(settings, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    settings.VAR_DIR = tmp_path / "var"
    assert ids(checks.check_folders) == ["luoshi.E002"]


def test_a_socket_path_that_is_too_long_is_an_error(settings) -> None:
    settings.REDIS_URL = ""
    settings.VALKEY_SOCKET = Path("/" + "x" * 120)
    assert ids(checks.check_valkey) == ["luoshi.E004"]


def test_no_embedded_server_is_an_error(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = ""
    monkeypatch.setattr(valkey, "binary", lambda: None)
    assert ids(checks.check_valkey) == ["luoshi.E003"]


def test_uncompiled_translations_are_a_warning(settings, tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert ids(checks.check_translations) == ["luoshi.W001"]


def test_unsafe_production_is_named_part_by_part(settings) -> None:
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
    settings.REDIS_URL = ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.ALLOWED_HOSTS = ["*"]
    settings.AXES_ENABLED = False
    assert ids(checks.check_production) == [f"luoshi.W00{number}" for number in range(2, 8)]


def test_sound_production_is_silent(settings) -> None:
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    settings.REDIS_URL = "redis://redis:6379/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SITE_URL = "https://luoshi.example.org"
    settings.ALLOWED_HOSTS = ["luoshi.example.org"]
    settings.AXES_ENABLED = True
    assert ids(checks.check_production) == []
