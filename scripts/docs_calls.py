"""The calls that docs/api.md shows, read as curl would read them."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

WHOLE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
# The tasks at the end are programs; tests/e2e/test_worked_examples.py runs them.
TEXT = WHOLE.read_text(encoding="utf-8").partition("\n## Tasks, worked")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of curl."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: dict[str, str]
    form: set[str]


def read(line: str) -> Call:
    """A call by its line. `$NAMES` stay what they are."""
    method, address, body, headers, form = "", "", None, {}, set()
    rest = iter(shlex.split(line)[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word in {"-H", "-d", "-F"}:
            said = next(rest)
            name, _sign, value = said.partition(":" if word == "-H" else "=")
            if word == "-H":
                headers[name] = value.strip()
            elif word == "-F":
                form.add(name)
            else:
                body = json.loads(said)
        elif word.startswith("$HOST"):
            address = word.removeprefix("$HOST")
    parts = urlsplit(address)
    return Call(
        method=method or ("POST" if body is not None or form else "GET"),
        path=parts.path,
        query=parse_qs(parts.query, keep_blank_values=True),
        body=body,
        headers=headers,
        form=form,
    )


def calls() -> Iterator[Call]:
    """Every call of the docs, in their order."""
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL):
        for found in re.findall(r"curl (?:[^'\n]|'[^']*')*", block.replace("\\\n", " ")):
            yield read(found.partition(" | ")[0])


def described(call: Call, document: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The description's path and operation of a call. Raises KeyError for what it does not describe."""
    paths = document["paths"]
    if call.path in paths:
        return call.path, paths[call.path][call.method.lower()]
    for path, operations in paths.items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)), call.path):
            return path, operations[call.method.lower()]
    raise KeyError(call.path)
