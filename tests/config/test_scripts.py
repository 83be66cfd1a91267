"""Set-up scripts: what they say on a machine that lacks something, and the translation check."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap, translations
from scripts.suite import Outcome

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "%(days)d days left"
msgstr "{}"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO.format("还剩 %(days)d 天"), encoding="utf-8")
    return tmp_path


def test_an_old_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert bootstrap.main([]) == 1
    expected = (
        "Python 3.11 or newer is needed and this is 3.9. Install python3.11 and run make PYTHON=python3.11 demo.\n"
    )
    assert capsys.readouterr().err == expected


def test_a_python_without_venv_is_told_the_package(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert bootstrap.main([]) == 1
    found = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"Debian, Ubuntu: apt-get install python{found}-venv" in capsys.readouterr().err


def test_a_stamped_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "read_stamp", lambda: {"requirements.txt": bootstrap.digest("requirements.txt")})
    monkeypatch.setattr(bootstrap, "run", lambda *_: pytest.fail("nothing is to be installed"))
    bootstrap.ensure_packages("requirements.txt")


def test_compiling_twice_writes_once(project: Path) -> None:
    assert [translations.compile_all(project), translations.compile_all(project)] == [1, 0]
    assert next(project.glob("locale/*/*/*.mo")).stat().st_size > 0


def test_compiling_without_translations_is_no_error(tmp_path: Path) -> None:
    assert translations.compile_all(tmp_path) == 0


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("还剩 %(days)d 天", None),
        ("", "has no translation"),
        ("还剩 %(day)d 天", "has other placeholders"),
        ("还剩几天", "has other placeholders"),
    ],
)
def test_faults_of_a_translation(project: Path, translation: str, fault: str | None) -> None:
    source = translations.catalogues(project)[0]
    source.write_text(PO.format(translation), encoding="utf-8")
    found = list(translations.faults(source))
    assert len(found) == (1 if fault else 0)
    assert all(fault in sentence for sentence in found if fault)


def test_a_fuzzy_translation_is_a_fault(project: Path) -> None:
    source = translations.catalogues(project)[0]
    text = source.read_text(encoding="utf-8").replace('msgid "%(days)d', '#, fuzzy\nmsgid "%(days)d')
    source.write_text(text, encoding="utf-8")
    assert "is fuzzy" in next(iter(translations.faults(source)))


def test_what_could_not_run_fails_in_ci_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert Outcome(not_run=["the browser"]).status() == 0
    monkeypatch.setenv("CI", "true")
    assert Outcome(not_run=["the browser"]).status() == 1
    assert Outcome().status() == 0


def test_make_without_any_python_says_what_to_do(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    command = ["make", "--no-print-directory", "-C", str(root), "PYTHON=python-that-is-not-there", "demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode
    assert done.stderr.startswith("Python 3.11 or newer is needed and python-that-is-not-there was not found. Install")
