"""P7: how long until the first 200, and what the whole demonstration occupies. Needs no Django in this process.

The limits are absolute, because they are about a person who waits and a small machine. Beside them stands the floor:
the same gunicorn with a bare WSGI application, which has to import and fork as much as gunicorn itself needs.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench import servers
from bench.timing import Result
from config.supervisor import Failure
from scripts.postgres import free_port

FLOOR = "bench.floors.app:application"
START_TARGET, MEMORY_TARGET = 1.0, 350.0
READY_TARGET = 10.0  # issue 3 says "seconds"; the first heartbeat of worker and beat is waited for
PAGE = "/accounts/login/"  # the cheapest page that needs settings, templates, translations, database and cache
DEMO_SECONDS, STOP_SECONDS = 180.0, 40.0
USES = 40  # pages asked for before memory is read: a server that has worked is bigger than one that has not
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def results(var: Path, *, rounds: int) -> Iterator[Result]:
    """Prepare a demonstration's folder, measure memory, then starts in turns. Raises Failure."""
    with demonstration(var):
        pass  # makes the data, so that what follows is a second start
    sizes, ready = [], []
    for _ in range(min(rounds, 3)):
        with demonstration(var) as (pid, port, seconds):
            use(port, var)
            sizes.append(servers.memory_mb([pid]))
            ready.append(seconds)
    with servers.cache(var) as cache:
        starts, floors, least = _starts(var, rounds, cache)
        yield _absolute("first 200 of gunicorn --workers 2", START_TARGET, "s", starts, floors)
    yield _absolute("memory of the whole demonstration (PSS)", MEMORY_TARGET, "MB", sizes, [least] * len(sizes))
    yield _absolute("second start of make demo to /healthz 200", READY_TARGET, "s", ready, [])


def _absolute(name: str, target: float, unit: str, product: list[float], floor: list[float]) -> Result:
    return Result(
        work="P7", name=name, engine="sqlite", rows=0, target=target, unit=unit, is_ratio=False, floor=floor,
        product=product,
    )  # fmt: skip


def _starts(var: Path, rounds: int, cache: int) -> tuple[list[float], list[float], float]:
    """Seconds to the first 200 of product and floor by round, and the floor's memory with the cache server's."""
    starts, floors, memory = [], [], 0.0
    for _ in range(rounds):
        with servers.serving(var, ready="/alive", application=FLOOR) as floor:
            floors.append(floor.seconds)
            memory = servers.memory_mb([floor.pid, cache])
        with servers.serving(var, ready=PAGE) as product:
            starts.append(product.seconds)
    return starts, floors, memory


@contextlib.contextmanager
def demonstration(var: Path) -> Iterator[tuple[int, int, float]]:
    """`make demo`'s program while the block lasts: its process id, its port, the seconds until /healthz said 200."""
    port = free_port()
    command = [sys.executable, "-m", "config.demo", "--host", "127.0.0.1", "--port", str(port)]
    start = time.perf_counter()
    with (var / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=servers.ROOT, env=os.environ, stdout=log, stderr=log, start_new_session=True
        )
    try:
        end = time.monotonic() + DEMO_SECONDS
        while not (var / "demo.json").exists():
            if process.poll() is not None or time.monotonic() > end:
                tail = (var / "demo.log").read_text(encoding="utf-8", errors="replace")[-1500:]
                raise Failure(f"the demonstration did not start:\n{tail}")
            time.sleep(0.02)
        yield process.pid, port, time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # its children end with it: the supervisor has asked the kernel for that
            process.wait()


def use(port: int, var: Path) -> None:
    """Sign in as the demonstration's leader and walk: overview, list, departments. Raises Failure on a refusal."""
    accounts = json.loads((var / "demo.json").read_text(encoding="utf-8"))["accounts"]
    leader = next(account for account in accounts if account["role"] == "leader")
    browser = Browser(port)
    token = TOKEN.search(browser.ask("GET", PAGE))
    if token is None:
        raise Failure("the sign-in page has no form")
    form = {"csrfmiddlewaretoken": token[1], "username": leader["username"], "password": leader["password"]}
    browser.ask("POST", PAGE, urlencode(form))
    for number in range(USES):
        page = browser.ask("GET", ("/", "/commitments/", "/departments/", "/commitments/?health=off_track")[number % 4])
        if "logout" not in page:
            raise Failure("the leader could not sign in")


class Browser:
    """Keeps cookies, follows nothing, opens a connection for each request, so that both workers get work."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()

    def ask(self, method: str, path: str, body: str = "") -> str:
        """The page. Raises Failure on any status but 200 and 302."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    cookie, _, content = value.partition(";")[0].partition("=")
                    self.cookies[cookie] = content
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status not in {200, 302}:
            raise Failure(f"{method} {path} answered {answer.status}")
        return text
