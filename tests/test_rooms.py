"""The rooms: import-linter's contracts hold, and each of them catches what it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINTER = Path(sys.executable).with_name("lint-imports")
PLANTED = {
    "the catalogue knows of promises": ("projects/queries/planted.py", "from tracker.models import Plan\n"),
    "a rule reads the database": ("tracker/rules/planted.py", "from tracker.models import Plan\n"),
    "a rule knows Django": ("tracker/rules/planted.py", "from django.utils import timezone\n"),
    "one edge imports another": ("tracker/web/planted.py", "from tracker.admin import site\n"),
    "a query changes something": ("tracker/queries/planted.py", "from tracker.actions import reports\n"),
    "the tracker imports its wiring": ("tracker/actions/planted.py", "from config import celery\n"),
    "a room that the plan does not have": ("tracker/utils/__init__.py", "\n"),
    "the catalogue's models act": ("projects/models/planted.py", "from projects.actions import clock\n"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINTER), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our packages in a folder of their own, so that nothing is planted where others work."""
    folder = tmp_path_factory.mktemp("house")
    for package in ("config", "projects", "tracker"):
        ignored = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_violation_is_caught(copy: Path, case: str) -> None:
    name, text = PLANTED[case]
    planted = copy / name
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text, encoding="utf-8")
    try:
        done = lint(copy)
        assert done.returncode == 1, done.stdout + done.stderr
    finally:
        planted.unlink()
        if not any(planted.parent.iterdir()) or planted.name == "__init__.py":
            shutil.rmtree(planted.parent)
