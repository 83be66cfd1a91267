"""Whose object it is decides: every address of the API that names one, for every role, on what is one's own, what is
foreign and what is not there. The table stands in objects.txt; LUOSHI_WRITE_TABLES=1 writes it anew, to be read.

Beyond the table: what is foreign answers to the letter as what is not there, and no list, filter, search or error tells
of it.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from knox.models import AuthToken

from tests import evidence_files
from tests.contract.scene import MARKS, make_scene, values_of
from tests.factories import TODAY
from tests.tracker.api.conftest import document

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TABLE = Path(__file__).with_name("objects.txt")
PERSONAS = ("visitor", "lin", "hai", "zhou", "chen", "wu", "gu")
FOREIGN = {"lin": "health", "hai": "health", "zhou": "science"}
# What everybody in the city may read, whoever's it is.
SHARED = ("/api/v1/plans/", "/api/v1/indicators/", "/api/v1/initiatives/")
# Posts are named to all who may ask them, without who holds them.
NAMES_POSTS = "/api/v1/blockers/posts/"
# What in a body names commitments.
NAMING = {"commitment", "commitments"}
# Nothing has these keys.
NOBODYS = {
    "ref": "00000000-0000-4000-8000-000000000000",
    "code": "NO-1",
    "plan": "NO-1",
    "clause": "9.9",
    "indicator": "no-1",
}


class Asked(NamedTuple):
    """One request: whose the object is that it names, which one, and the keys of it."""

    method: str
    path: str
    whose: str
    what: str
    address: str
    body: dict[str, Any] | None
    keys: tuple[str, ...]

    @property
    def label(self) -> str:
        """The beginning of its line in the table."""
        return f"{self.method:6} {self.path:58} {self.whose:8} {self.what:14}"


@pytest.fixture
def scene() -> Iterator[dict[str, Any]]:
    """One of everything of two departments, on the day of the stories."""
    with time_machine.travel(f"{TODAY.isoformat()}T10:00:00+08:00", tick=True):
        cache.clear()
        yield make_scene()


def sides(scene: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The keys of either department's things."""
    return {"science": {what: key for what, key in scene.items() if isinstance(key, str)}, "health": scene["health"]}


def requests(scene: dict[str, Any]) -> Iterator[Asked]:
    """Every operation that names an object, in its address or in its body, for either department and for nothing."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            body = example(operation)
            if "{" not in path and not names_one(body):
                continue
            for whose, side in sides(scene).items():
                for keys in values_of(path, side) or [{}]:
                    named = tuple(keys.values()) or (side["item"],)
                    what = next((key for key in side if side[key] == named[-1]), "")
                    yield Asked(
                        method.upper(), path, whose, what, path.format(**keys), pointed(body, side["item"]), named
                    )
            nothing = {name: value for name, value in NOBODYS.items() if f"{{{name}}}" in path}
            named = tuple(nothing.values()) or (NOBODYS["code"],)
            yield Asked(method.upper(), path, "none", "", path.format(**nothing), pointed(body, NOBODYS["code"]), named)


def example(operation: dict[str, Any]) -> dict[str, Any] | None:
    """What the docs send to this operation; None for nothing."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"upload": None}
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] | None = document()["components"]["schemas"][name]["examples"][0] if name else None
    return found


def names_one(body: Any) -> bool:
    """Whether a body says which commitment."""
    if isinstance(body, list):
        return any(names_one(one) for one in body)
    return isinstance(body, dict) and bool(NAMING & body.keys() or any(names_one(one) for one in body.values()))


def pointed(body: Any, code: str) -> Any:
    """The body about another commitment; by itself in a list of several."""
    if isinstance(body, list):
        return [pointed(one, code) for one in body[:1]]
    if not isinstance(body, dict):
        return body
    named = {"commitment": code, "commitments": [code]}
    return {key: named[key] if key in named else pointed(value, code) for key, value in body.items()}


class Persona:
    """Somebody with a token; the visitor has none."""

    def __init__(self, name: str, scene: dict[str, Any]) -> None:
        self.client = Client()
        self.headers = {"Accept-Language": "en"}
        if name != "visitor":
            self.headers["Authorization"] = f"Token {AuthToken.objects.create(user=scene[name])[1]}"

    def ask(self, asked: Asked) -> tuple[int, str]:
        """Status and text of the answer, the keys in it blotted out; what it did is taken back."""
        sent: dict[str, Any] = {}
        if asked.body is not None:
            is_form = "upload" in asked.body
            sent = {"data": {"upload": evidence_files.upload()} if is_form else json.dumps(asked.body)}
            sent |= {} if is_form else {"content_type": "application/json"}
        elif asked.method != "GET":
            sent = {"content_type": "application/json"}
        with transaction.atomic():
            answer = getattr(self.client, asked.method.lower())(asked.address, headers=self.headers, **sent)
            content = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        text = content.decode(errors="replace")
        for key in asked.keys:
            text = text.replace(key, "KEY")
        return answer.status_code, text


@pytest.mark.parametrize("name", PERSONAS)
def test_the_table_holds_and_what_is_foreign_is_as_if_it_were_not_there(name: str, scene: dict[str, Any]) -> None:
    persona, column = Persona(name, scene), PERSONAS.index(name)
    told: dict[str, int] = {}
    leaks, nothing = [], {}
    all_asked = sorted(requests(scene), key=lambda one: one.whose != "none")  # what is not there first
    for asked in all_asked:
        status, text = persona.ask(asked)
        told[asked.label] = status
        if asked.whose == "none":
            nothing[asked.method, asked.path] = status, text
        elif (
            asked.whose == FOREIGN.get(name)
            and not asked.path.startswith(SHARED)
            and (status, text) != nothing[asked.method, asked.path]
        ):
            leaks.append(f"{asked.label}: {status} {text[:200]}")
    assert not leaks, "\n".join(leaks)
    if os.environ.get("LUOSHI_WRITE_TABLES"):
        write(told, column)
    wrong = [f"{label} {status}" for label, status in told.items() if table().get(label, {}).get(column) != status]
    assert not wrong, "\n".join(wrong)
    assert set(table()) == set(told), set(table()) ^ set(told)


def table() -> dict[str, dict[int, int]]:
    """The statuses of each line by the column of a persona."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []:
        if not line.startswith("#"):
            label, statuses = line[:89], line[89:].split()
            found[label] = {column: int(status) for column, status in enumerate(statuses) if status != "-"}
    return found


def write(told: dict[str, int], column: int) -> None:
    """Put one persona's statuses into the table."""
    stands = table()
    lines = [
        "# method, path, whose object, which; then visitor lin(science) hai(head, science) zhou(health) chen wu gu"
    ]
    for label in sorted(told, key=lambda one: (one[7:65], one)):
        row = stands.get(label, {}) | {column: told[label]}
        lines.append(label + " ".join(str(row.get(number, "-")) for number in range(len(PERSONAS))))
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", FOREIGN)
def test_no_list_filter_or_search_tells_of_what_is_foreign(name: str, scene: dict[str, Any]) -> None:
    persona, foreign = Persona(name, scene), sides(scene)[FOREIGN[name]]
    own = sides(scene)["science" if FOREIGN[name] == "health" else "health"]
    word, leaks, asked_for = MARKS[FOREIGN[name]], [], 0
    theirs = {value for key, value in foreign.items() if own.get(key) != value and key not in {"department", "post"}}
    for path, operations in document()["paths"].items():
        if "get" not in operations or path.startswith(NAMES_POSTS):
            continue
        address = path.format(**keys[0]) if (keys := values_of(path, own)) else path
        for query, value in queries(operations["get"], foreign, word):
            _status, text = persona.ask(
                Asked("GET", path, "", "", f"{address}{query}", None, (value,) if value else ())
            )
            asked_for += 1
            if word in text or any(key in text for key in theirs):
                leaks.append(f"{address}{query}: {text[:300]}")
    assert not leaks, "\n".join(leaks)
    assert asked_for > 100


def queries(operation: dict[str, Any], foreign: dict[str, str], word: str) -> Iterator[tuple[str, str]]:
    """The bare list, and each of its filters with what a foreign thing would be found by."""
    yield "", ""
    for parameter in operation.get("parameters", []):
        shape = parameter["schema"]
        if parameter["in"] != "query" or shape.get("type") != "string" or parameter["name"] in {"cursor"}:
            continue
        for value in shape.get("enum", [word, foreign["item"], foreign["department"], foreign["post"]]):
            yield f"?{parameter['name']}={value}", value


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_code_in_a_filter_is_refused_as_one_that_is_not_there(name: str, scene: dict[str, Any]) -> None:
    persona, foreign = Persona(name, scene), sides(scene)[FOREIGN[name]]
    wrong = []
    for path, operations in document()["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            field = {"commitment": "item", "department": "department", "post": "post"}.get(parameter["name"])
            if field is None or "{" in path:
                continue
            told = [
                persona.ask(Asked("GET", path, "", "", f"{path}?{parameter['name']}={code}", None, (code,)))
                for code in (foreign[field], NOBODYS["code"])
            ]
            if told[0] != told[1]:
                wrong.append(
                    f"{path}?{parameter['name']}: {told[0][0]} {told[0][1][:200]} but {told[1][0]} {told[1][1][:200]}"
                )
    assert not wrong, "\n".join(wrong)
