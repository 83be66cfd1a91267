"""Addresses and secrets of channels, encrypted at rest. What cannot be opened any more is a refusal with a sentence."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from projects.errors import DomainError
from tracker.rules import channels

PURPOSE = b"luoshi channels"


def seal(text: str) -> str:
    """What is stored for this address or secret; "" for none. ``env:NAME`` is no secret and stays readable."""
    if not text or channels.environment_name(text):
        return text
    return _box().encrypt(text.encode()).decode()


def open_(stored: str) -> str:
    """The address or secret itself, for the moment of sending only; "" for none.

    Raises:
        DomainError: encrypted with a key that the site has no more, or a variable that is not set here.
    """
    name = channels.environment_name(stored)
    if name:
        return _from_environment(name)
    if not stored:
        return ""
    try:
        return _box().decrypt(stored.encode()).decode()
    except (InvalidToken, ValueError):
        raise DomainError("channel_sealed_otherwise") from None


def reseal(stored: str) -> str:
    """The same, encrypted with the key in force; raises like `open_`. What stands in the environment is not read."""
    return stored if channels.environment_name(stored) else seal(open_(stored))


def sealed_at(stored: str) -> datetime | None:
    """When this was encrypted; None for nothing, for a variable, and for what is no cipher text."""
    try:
        return datetime.fromtimestamp(_box().extract_timestamp(stored.encode()), tz=UTC)
    except (InvalidToken, ValueError):
        return None


def _from_environment(name: str) -> str:
    found = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if not found and path:
        try:
            found = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            found = ""
    if not found:
        raise DomainError("channel_environment_missing", name=name)
    return found


def _box() -> MultiFernet:
    """Encrypts with the first key, opens with any."""
    keys = [settings.CHANNEL_KEY, settings.CHANNEL_KEY_OLD, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(_locks(str(key) for key in keys if key))


def _locks(keys: Iterable[str]) -> list[Fernet]:
    return [
        Fernet(urlsafe_b64encode(HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())))
        for key in keys
    ]
