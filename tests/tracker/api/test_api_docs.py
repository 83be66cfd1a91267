"""Every call that docs/api.md shows by itself is one that the description knows: its address, its query, its body."""

import re
from typing import Any

from openapi_schema_validator import OAS31Validator

from scripts.docs_calls import TEXT, Call, calls, described, read
from tests.tracker.api.conftest import document

OPEN = {"/api/v1/schema/", "/api/v1/docs/", "/api/v1/problems/"}  # these answer no JSON and are not described


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference names."""
    shape: dict[str, Any] = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return shape


def assert_described(call: Call) -> None:
    """Hold one call against the description."""
    path, operation = described(call, document())
    known = {one["name"]: one for one in operation.get("parameters", [])}
    unknown = set(call.query) - {name for name, one in known.items() if one["in"] == "query"}
    assert not unknown, f"{path} has no {unknown}"
    for name, (value,) in call.query.items():
        assert value in (allowed := known[name]["schema"].get("enum", [value])), f"{path} {name}: {allowed}"
    assert "If-Match" not in call.headers or "If-Match" in known, f"{call.method} {path} does not read If-Match"
    content = operation.get("requestBody", {}).get("content", {})
    if call.form:
        assert call.form <= set(resolved(content["multipart/form-data"]["schema"])["properties"]), path
    elif call.body is not None:
        shape = content["application/json"]["schema"]
        wrong = list(OAS31Validator(shape | {"components": document()["components"]}).iter_errors(call.body))
        assert not wrong, f"{call.method} {path}: {wrong[0].message}"
        assert set(call.body) <= set(resolved(shape)["properties"]), f"{call.method} {path}"


def test_every_call_of_the_docs_is_described_with_its_query_and_its_body() -> None:
    found = list(calls())
    assert len(found) == len(re.findall(r"^.*\bcurl -", TEXT, re.MULTILINE))
    for call in found:
        if call.path not in OPEN:
            assert_described(call)


def test_a_line_is_read_as_curl_reads_it() -> None:
    call = read("curl -X PUT $HOST/x/?a=1 -H 'If-Match: \"1\"' -d '{\"b\": 2}'")
    assert (call.method, call.path, call.query, call.body) == ("PUT", "/x/", {"a": ["1"]}, {"b": 2})
    assert call.headers == {"If-Match": '"1"'}
    assert read("curl -F upload=@a.pdf $HOST/x/").form == {"upload"}
