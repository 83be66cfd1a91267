"""The floors' server program: a bare WSGI application, run by the same gunicorn with the same options as the product.

The limit, because nothing stands between socket and SQL but gunicorn itself, a dictionary of addresses, and orjson.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from bench.floors import listing, overview, sync
from bench.floors.database import Database, from_environment

Environ = dict[str, Any]
database = from_environment()


def alive(found: Database, environ: Environ, query: dict[str, str]) -> object:
    """The least that needs the database: what a cold start waits for."""
    return found.rows("SELECT 1")


ROUTES: dict[str, Callable[[Database, Environ, dict[str, str]], object]] = {
    "/alive": alive,
    "/overview/live": overview.live,
    "/overview/rollup": overview.rollup,
    "/commitments": listing.page,
    "/sync": sync.page,
}


def application(environ: Environ, start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    """WSGI: 200 with JSON, 401 for a caller whom nobody knows, 404 for an unknown address."""
    route = ROUTES.get(environ["PATH_INFO"])
    status, body = "404 Not Found", b""
    if route is not None:
        try:
            status, body = "200 OK", orjson.dumps(route(database, environ, dict(parse_qsl(environ["QUERY_STRING"]))))
        except PermissionError:
            status = "401 Unauthorized"
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
