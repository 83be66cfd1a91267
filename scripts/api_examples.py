"""Takes an example of every shape of the API from the demonstration: `python -m scripts.api_examples`.

What goes out is asked of a running demonstration, role by role, until an answer has something in it; what goes in is
what docs/api.md sends. Written to tracker/api/examples.json by the names of the description's components; then make
docs/openapi.yaml anew. A test holds every example against its shape.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scripts import docs_calls, house

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "tracker" / "api" / "examples.json"
ROLES = ("supervisor", "officer", "head", "leader")
KEYS = ("ref", "code", "number", "id")
# Answers that only a write has: what is sent to get one.
WRITES: dict[str, Any] = {
    "/api/v1/inbox/read/": {"all": True},
    "/api/v1/reports/batch/": {
        "reports": [{"commitment": "NC-000", "done": "…", "client_ref": "0b7f1c0e-54c1-4f0e-8a43-2c9c11d1c001"}]
    },
}


class Site:
    """The demonstration as its people see it."""

    def __init__(self, running: house.House) -> None:
        self.url = running.url
        self.tokens: dict[str, str] = {}
        for name in ROLES:
            told = self.ask("/api/v1/auth/login/", "", {"username": name, "password": running.passwords[name]})
            self.tokens[name] = told["token"]
            self.signed_in = told | {"token": "f" * 64}

    def ask(self, path: str, role: str, body: Any = None) -> Any:
        """The answer's JSON; None for a refusal."""
        headers = {"Content-Type": "application/json", "Accept-Language": "zh-hans"}
        if role:
            headers["Authorization"] = f"Token {self.tokens[role]}"
        content = None if body is None else json.dumps(body).encode()
        try:
            request = urllib.request.Request(self.url + path, content, headers)  # noqa: S310  our own, on loopback
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError:
            return None

    def found(self, path: str, body: Any = None) -> Any:
        """The fullest of what the roles get; None where nobody gets anything."""
        answers = [
            answer for role in ROLES for one in self.addresses(path, role) if (answer := self.ask(one, role, body))
        ]
        return max(answers, key=lambda answer: len(json.dumps(trimmed(answer))), default=None)

    def addresses(self, path: str, role: str) -> Iterator[str]:
        """The path with keys of things that the role has in its list, at most three."""
        before, brace, rest = path.partition("{")
        if not brace:
            yield path
            return
        listed = self.ask(f"{before}?limit=3", role) or {}
        for row in listed.get("results", [])[:3]:
            key = next((row[name] for name in KEYS if row.get(name) not in {None, ""}), None)
            if key is not None:
                yield from self.addresses(f"{before}{key}{rest.partition('}')[2]}", role)


def trimmed(answer: Any) -> Any:
    """The same with at most one row in each list."""
    if isinstance(answer, dict):
        return {key: trimmed(value) for key, value in answer.items()}
    return [trimmed(row) for row in answer[:1]] if isinstance(answer, list) else answer


def named(content: dict[str, Any]) -> str:
    """The component of a body in JSON; "" for none."""
    reference: str = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return reference.rpartition("/")[2]


def going_out(site: Site, document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(component, example) of what the addresses answer."""
    yield "TokenOutput", site.signed_in
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "get" and path not in WRITES:
                continue
            component = named(operation["responses"].get("200", {}).get("content", {}))
            if component and (answer := site.found(path, WRITES.get(path) if method == "post" else None)):
                yield component, trimmed(answer)


def going_in(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(component, example) of what the docs send."""
    for call in docs_calls.calls():
        if call.body is not None:
            _path, operation = docs_calls.described(call, document)
            yield named(operation["requestBody"]["content"]), call.body


def main() -> int:
    """The command line. Returns the exit status."""
    document = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
    with house.running() as running:
        examples = dict(going_in(document)) | dict(going_out(Site(running), document))
    examples["ErrorOutput"] = examples["BatchOutput"]["results"][0]["error"]
    text = json.dumps(dict(sorted(examples.items())), ensure_ascii=False, indent=1)
    TARGET.write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, text) + "\n", encoding="utf-8")
    print(f"{len(examples)} examples")
    return 0


if __name__ == "__main__":
    sys.exit(main())
