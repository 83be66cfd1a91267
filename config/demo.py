"""What `make demo` runs: Valkey, web, worker and beat. Light on purpose: only the children load Django."""

import argparse
import errno
import fcntl
import functools
import http.client
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

from config import env, valkey
from config.supervisor import Child, Failure, Supervisor

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  compared with, not bound to
say = functools.partial(print, flush=True)


class Refusal(Exception):
    """Why the demonstration does not start; the text is one sentence that says what to do."""


def lock(var: Path) -> IO[str]:
    """Hold var/demo.lock until this process ends. Raises Refusal when another demonstration holds it."""
    var.mkdir(parents=True, exist_ok=True)
    handle = (var / "demo.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        raise Refusal(
            f"The demonstration of this folder already runs (process {holder}). Use it, or stop it with kill {holder}."
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def check_port(host: str, port: int) -> None:
    """Raise Refusal unless the address can be bound now."""
    if not 0 < port < 65536:
        raise Refusal(f"{port} is no port number. Choose one between 1024 and 65535: make demo PORT=8000.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refusal(f"Port {port} on {host} is taken. Choose another one: make demo PORT={port + 1}.") from None
        if error.errno == errno.EACCES:
            raise Refusal(f"Port {port} is reserved for root. Choose one above 1023: make demo PORT=8000.") from None
        raise Refusal(
            f"{host} is no address of this machine ({error}). Leave HOST out, or set HOST=0.0.0.0 for all."
        ) from None


def reachable(host: str) -> str:
    """The host as it stands in a URL; a wildcard is reached through loopback."""
    name = "127.0.0.1" if host in WILDCARDS else host
    return f"[{name}]" if ":" in name else name


def environment(host: str, port: int, var: Path) -> None:
    """Tell the children, through the environment, where they are reached. What the user has set stays."""
    os.environ["LUOSHI_VAR"] = str(var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("LUOSHI_SITE_URL", f"http://{reachable(host)}:{port}")
    os.environ.setdefault("LUOSHI_ALLOWED_HOSTS", "*" if host in WILDCARDS else reachable(host))


def children(host: str, port: int, var: Path) -> list[Child]:
    """The programs of the demonstration that use Django."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "config.celery"]
    web = [
        python,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        bind,
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    worker = [
        *celery,
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        "2",
        "--loglevel",
        "INFO",
        "--without-gossip",
        "--without-mingle",
    ]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(var / "beat-schedule")]
    return [
        Child(name="web", command=[*web, "--preload", "--graceful-timeout", "5", "--no-control-socket"]),
        # Celery's own system checks would load every page into the worker.
        Child(name="worker", command=worker, env={"CELERY_SKIP_CHECKS": "1"}),
        Child(name="beat", command=beat),
    ]


def start_valkey(supervisor: Supervisor, var: Path) -> None:
    """Start the embedded Valkey and wait for it; nothing to do when REDIS_URL names a server."""
    if env.text("REDIS_URL", ""):
        return
    server = valkey.binary()
    if server is None:
        raise Refusal(
            "No embedded Valkey exists for this platform. Start a Redis or Valkey server and set REDIS_URL=redis://host:6379/0."
        )
    socket_file = valkey.socket_path(var)
    command = valkey.command(server, socket_file=socket_file, data=var / "valkey")
    supervisor.add(
        Child(name="valkey", command=command, quiet=True)
    )  # its advice on kernel settings is meant for servers
    supervisor.wait_for("valkey", lambda: valkey.answers(socket_file), seconds=20)


def healthy(host: str, port: int) -> bool:
    """True when /healthz finds all parts up; the day's work may still be ahead."""
    connection = http.client.HTTPConnection(reachable(host).strip("[]"), port, timeout=3)
    try:
        connection.request("GET", "/healthz?only=parts")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(url: str, var: Path) -> None:
    """Write var/demo.json and print the address and the sign-ins."""
    source = var / "demo-accounts.json"
    accounts = json.loads(source.read_text(encoding="utf-8")) if source.exists() else []
    public = [{key: account[key] for key in ("role", "username", "password")} for account in accounts]
    told = var / "demo.json"
    told.touch(mode=0o600)  # it holds passwords
    told.write_text(json.dumps({"url": url, "accounts": public}, ensure_ascii=False, indent=2), encoding="utf-8")
    say(f"\nLuoshi runs at {url}\n")
    if accounts:
        rows = [
            ("role", "username", "password", "name"),
            *((a["role"], a["username"], a["password"], a.get("name", "")) for a in accounts),
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            say("  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))
    say(f"\nLogs: {var / 'log'}. Stop with Ctrl-C.")


def run(host: str, port: int) -> None:
    """Prepare the data, run everything until told to stop. Raises Refusal or Failure."""
    var = Path(env.text("LUOSHI_VAR", str(ROOT / "var"))).resolve()
    with lock(var):
        check_port(host, port)
        environment(host, port, var)
        (var / "demo.json").unlink(missing_ok=True)
        supervisor = Supervisor(cwd=ROOT, logs=var / "log", say=say)
        supervisor.stop_on_signals()
        try:
            start_valkey(supervisor, var)
            if subprocess.run([sys.executable, "manage.py", "demo", "--prepare"], cwd=ROOT, check=False).returncode:
                raise Refusal("The data could not be prepared. Correct what is said above and run make demo again.")
            for child in children(host, port, var):
                supervisor.add(child)
            supervisor.wait_for("/healthz", lambda: healthy(host, port), seconds=READY_SECONDS)
            if not supervisor.stopping:
                announce(f"http://{reachable(host)}:{port}", var)
            supervisor.run()
        finally:
            say("Stopping …")
            supervisor.stop()
            (var / "demo.json").unlink(missing_ok=True)


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    try:
        run(options.host, options.port)
    except (Refusal, Failure) as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
