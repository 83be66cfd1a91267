"""compose.yaml, Dockerfile, locks and docs/operations.md against the settings: what one names, the other knows."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:env\.[a-z]+\(|environ\.get\(|environ\[)\s*["']([A-Z][A-Z_]+)["']""")
NOT_OURS = {"CI"}  # set by the machine that runs the checks


def names_read() -> set[str]:
    """Every environment name that the code reads."""
    sources = [*(ROOT / "config").rglob("*.py"), ROOT / "scripts" / "healthcheck.py"]
    return {name for source in sources for name in READ.findall(source.read_text(encoding="utf-8"))} - NOT_OURS


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def test_every_name_that_is_read_is_documented() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert len(names_read()) > 15
    assert sorted(name for name in names_read() if f"| `{name}`" not in page) == []


def test_every_documented_name_is_read() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)`", page, flags=re.MULTILINE))
    plain = {name.removesuffix("_FILE") for name in documented}
    assert plain - names_read() == {"DJANGO_SETTINGS_MODULE"} - names_read()


def test_compose_names_only_what_the_settings_read() -> None:
    for service in ("web", "worker", "beat", "migrate"):
        environment = compose()["services"][service]["environment"]
        names = {name.removesuffix("_FILE") for name in environment}
        assert names - names_read() <= {"DJANGO_SETTINGS_MODULE"}


def test_compose_runs_the_five_parts_with_health_checks() -> None:
    services = compose()["services"]
    assert {"web", "worker", "beat", "db", "redis"} <= set(services)
    assert all("test" in services[name]["healthcheck"] for name in ("web", "worker", "beat", "db", "redis"))
    assert services["db"]["image"] == "postgres:16"


def test_compose_holds_no_secret_and_every_file_is_declared() -> None:
    loaded = compose()
    for service in loaded["services"].values():
        for name, value in service.get("environment", {}).items():
            if name.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]
            assert not re.search(r"(PASSWORD|SECRET_KEY|DATABASE_URL)$", name)
        assert set(service.get("secrets", [])) <= set(loaded["secrets"])


def test_only_the_web_server_is_published_and_only_to_this_machine() -> None:
    ports = {name: service["ports"] for name, service in compose()["services"].items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_settings_start_with_the_secrets_in_files(tmp_path: Path) -> None:
    """What compose gives the containers is enough for the production settings."""
    values = {
        "LUOSHI_SECRET_KEY": "k" * 60,
        "DATABASE_URL": "postgres://luoshi:secret@db:5432/luoshi",
        "LUOSHI_EMAIL_PASSWORD": "mail",
    }
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "REDIS_URL": "redis://redis:6379/0",
        "LUOSHI_ALLOWED_HOSTS": "luoshi.example.org",
        "LUOSHI_VAR": str(tmp_path),
    }
    for name, value in values.items():
        (tmp_path / name).write_text(value + "\n")
        environment[f"{name}_FILE"] = str(tmp_path / name)
    show = "s.DATABASES['default']['HOST'], s.EMAIL_HOST_PASSWORD, len(s.SECRET_KEY)"
    code = f"from django.conf import settings as s; print({show})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["db", "mail", "60"], done.stderr[-400:]


@pytest.mark.parametrize("missing", ["LUOSHI_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "LUOSHI_ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(missing: str, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "LUOSHI_VAR": str(tmp_path),
        "LUOSHI_SECRET_KEY": "k" * 60,
        "DATABASE_URL": "postgres://luoshi:secret@db:5432/luoshi",
        "REDIS_URL": "redis://redis:6379/0",
        "LUOSHI_ALLOWED_HOSTS": "luoshi.example.org",
    }
    del environment[missing]
    command = [sys.executable, "-c", "import config.settings.prod"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode
    assert re.search(rf"ImproperlyConfigured: .*{missing}.* Set ", done.stderr)


def test_the_image_runs_unprivileged_and_installs_with_hashes() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert text.count("\nFROM ") == 2
    assert "--require-hashes" in text
    assert text.rindex("USER luoshi") < text.rindex("CMD [")


def test_docker_compose_accepts_the_file() -> None:
    docker = shutil.which("docker")
    command = [docker or "docker", "compose", "version"]
    if docker is None or subprocess.run(command, capture_output=True, check=False).returncode:
        # No engine can be had on every machine; docs/operations.md says so, and the tests above read the file as data.
        warnings.warn("NOT RUN: docker compose config, because the plug-in is missing", stacklevel=1)
        return
    environment = {**os.environ, "LUOSHI_ALLOWED_HOSTS": "example.org", "LUOSHI_SITE_URL": "https://example.org"}
    command = [docker, "compose", "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(found)


def test_the_development_lock_holds_every_line_of_the_other() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert runtime
    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_name_no_registry_and_carry_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert text.count("==") <= text.count("--hash=sha256:")


@pytest.mark.parametrize("source", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_has_its_reason(source: str) -> None:
    lines = (ROOT / source).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith(("#", "-r")) and " # " not in line] == []


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)[1].split())  # type: ignore[index]
    assert phony == set(re.findall(r"^([a-z0-9]+):.*## ", text, flags=re.MULTILINE))
