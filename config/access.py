"""The access log of gunicorn: each request's line, without the secrets that stand in addresses."""

from typing import Any

from gunicorn import glogging  # type: ignore[import-untyped]  # gunicorn has no types

from config.logs import without_secrets

# The request's line, its path and query, and the page that led here.
TOLD = ("r", "U", "q", "f")


class AccessLogger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """Start gunicorn with `--logger-class config.access.AccessLogger` wherever it writes an access log."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return found | {name: without_secrets(found[name]) for name in TOLD if found.get(name)}
