"""Typed reads of the environment. A value that cannot be understood stops the start; it is never guessed."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str) -> str:
    """The variable, or the content of the file that NAME_FILE points at, or the default when both are unset or empty.

    Raises:
        ImproperlyConfigured: the file cannot be read.
    """
    return os.environ.get(name, "") or _from_file(name) or default


def flag(name: str, *, default: bool) -> bool:
    """A yes/no variable. Raises ImproperlyConfigured for anything else."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in TRUE:
        return True
    if raw.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {raw!r}. Set it to 1 or 0.")


def number(name: str, *, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured for anything else."""
    raw = os.environ.get(name, "")
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {raw!r}. Set it to a whole number.") from None


def rate(name: str, *, default: str) -> str:
    """How often something may happen: a number, a slash, and ``s``, ``min`` or ``h``."""
    raw = os.environ.get(name, "") or default
    if not re.fullmatch(r"[1-9][0-9]*/(s|min|h)", raw):
        raise ImproperlyConfigured(f"{name} is {raw!r}. Set it to a rate such as 60/min.")
    return raw


def items(name: str) -> list[str]:
    """A comma-separated list; empty when unset."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def secret(name: str) -> str:
    """A secret from NAME, or from the file that NAME_FILE points at.

    Raises:
        ImproperlyConfigured: neither is set, or the file cannot be read.
    """
    value = text(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is missing. Set {name}, or {name}_FILE to a file that holds it.")
    return value


def _from_file(name: str) -> str:
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}. Correct the path or its rights.") from error
