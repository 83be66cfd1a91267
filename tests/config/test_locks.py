"""The locks: what is installed today is installed on a fresh machine next year."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^\]]+)\])?==([^ ;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, tuple[set[str], str]]:
    """Extras and version by package."""
    found = PINNED.findall((ROOT / lock).read_text(encoding="utf-8"))
    return {canonicalize_name(name): (set(extras.split(",")) - {""}, version) for name, extras, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_needed_with_extras_is_pinned_with_them(lock: str) -> None:
    """Pip takes `name[extra]` for a package of its own; unpinned, it is the newest version, whose hash nobody knows."""
    pinned, loose = pins(lock), set()
    for name in pinned:
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another platform
            continue
        for need in map(Requirement, needs):
            target = canonicalize_name(need.name)
            applies = need.marker is None or any(
                need.marker.evaluate({"extra": extra}) for extra in {"", *pinned[name][0]}
            )
            if applies and target in pinned and need.extras - pinned[target][0]:
                loose.add(f"{name} needs {need}")
    assert not loose
