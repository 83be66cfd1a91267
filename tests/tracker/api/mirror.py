"""The client of docs/sync.md, as it stands there, on a test's phone."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.tracker.api.conftest import Caller

TEXT = (Path(settings.BASE_DIR) / "docs" / "sync.md").read_text(encoding="utf-8")
WORKED: dict[str, Any] = {}
exec(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[0], WORKED)  # our own document

Rows = dict[str, dict[str, dict[str, Any]]]


def mirror(phone: Caller, *, limit: int | None = None) -> Any:
    """A device that has nothing yet. `limit` makes its pages small."""

    def get(address: str, headers: dict[str, str]) -> tuple[int, Any, Any]:
        path = address.removeprefix("/api/v1/")
        if limit is not None:
            path += f"{'&' if '?' in path else '?'}limit={limit}"
        answer = phone.call("get", path, **headers)
        return answer.status_code, answer.headers, answer.json() if answer.content else None

    return WORKED["Mirror"](get)


def fresh(phone: Caller) -> Rows:
    """What a device that begins now would keep."""
    new = mirror(phone)
    new.sync()
    rows: Rows = new.rows
    return rows
