"""The description of the API is valid, committed, complete; its page asks no other host and breaks no policy."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from projects.errors import DomainError
from tests import evidence_files
from tests.factories import Cast, make_cast, make_commitment
from tests.tracker.api.conftest import Caller, document
from tracker.api import errors
from tracker.api.document import examples
from tracker.api.urls import urlpatterns
from tracker.choices import Stage

DOCS = Path(settings.BASE_DIR) / "docs"
METHODS = {"get", "post", "put", "patch", "delete"}


def routes() -> Iterator[tuple[str, str]]:
    """(method, path as the docs write it) of every address, walked from the router."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name == "api-nothing-here":
            continue
        path = re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        for method in METHODS & set(dir(pattern.callback.view_class)):  # type: ignore[attr-defined]
            yield method.upper(), f"/api/v1/{path}"


@pytest.mark.parametrize(("method", "path"), sorted(routes()))
def test_every_route_is_documented_and_described(method: str, path: str) -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    assert f"`{method} {path}`" in text
    as_called = re.sub(r"\\{\w+\\}", r"[^/\\s]+", re.escape(path))
    assert re.search(rf"curl [^\n]*{as_called}", text), "no curl example"
    if path not in {"/api/v1/schema/", "/api/v1/docs/", "/api/v1/problems/"}:
        assert method.lower() in document()["paths"][path]


def test_every_code_stands_in_the_docs_with_its_status() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if re.match(r"\| [45]\d\d", line)}
    for code, status in errors.STATUS.items():
        assert code in DomainError.sentences
        assert any(str(status) in key and f"`{code}`" in line for key, line in rows.items()), code
    source = "".join(path.read_text(encoding="utf-8") for path in Path(errors.__file__).parent.rglob("*.py"))
    for code in re.findall(r'DomainError\(\s*"(\w+)"', source):
        assert f"`{code}`" in text, code


def test_every_setting_stands_in_the_docs() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    for name in ("LUOSHI_API_RATE", "LUOSHI_SIGNIN_RATE", "LUOSHI_TOKEN_DAYS", "LUOSHI_PROXY_COUNT"):
        assert f"`{name}`" in text


def test_the_committed_description_is_the_present_one_and_valid() -> None:
    out = StringIO()
    call_command(
        "spectacular", urlconf="tests.tracker.api.urls", lang="en", validate=True, fail_on_warn=True, stdout=out
    )
    assert out.getvalue().strip() == (DOCS / "openapi.yaml").read_text(encoding="utf-8").strip(), (
        "docs/openapi.yaml is old: manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml"
    )
    OpenAPIV31SpecValidator(document()).validate()


def test_the_description_is_open_and_in_both_languages(db: None) -> None:
    english, other = (Caller(language=language).get("schema/") for language in ("en", "zh-hans"))
    assert english.status_code == other.status_code == 200
    assert english.content.startswith(b"openapi: 3.1.0")
    assert Caller().get("schema/", Accept="application/vnd.oai.openapi+json").json()["openapi"] == "3.1.0"


def test_the_page_of_the_docs_holds_the_sites_policy(db: None) -> None:
    page = Caller().get("docs/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<style|style=|<script>|https?://", html)
    for source in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert source.startswith("/")
    script = Caller().get("docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "validatorUrl" in script.content.decode()


def session_of_lin() -> str:
    """The cookie of somebody who is signed in on the site."""
    client = Client()
    client.force_login(make_cast().lin, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


@pytest.mark.e2e
def test_swagger_ui_asks_with_the_readers_session_without_a_violation_or_a_foreign_request(
    live_server: Any, settings: Any
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    settings.ALLOWED_HOSTS = ["*"]
    problems: list[str] = []
    session = session_of_lin()
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((live_server.url, "data:")) else problems.append(asked.url),
        )
        page.goto(f"{live_server.url}/api/v1/docs/")
        page.wait_for_selector(".opblock-summary-path")
        page.click("#operations-commitments-listCommitments .opblock-summary")
        page.wait_for_selector(".parameters")
        page.click("#operations-sign-in-me .opblock-summary")
        page.click("#operations-sign-in-me .try-out__btn")
        page.click("#operations-sign-in-me .execute")
        page.wait_for_selector("#operations-sign-in-me .live-responses-table .microlight")
        answered = page.inner_text("#operations-sign-in-me .live-responses-table .response")
        assert answered.startswith("200"), answered
        assert '"username": "lin"' in answered
        browser.close()
    assert problems == []


def test_answers_carry_no_header_of_ours_that_is_not_described(cast: Cast, sign_in: Any) -> None:
    make_commitment("A", department=cast.science, stage=Stage.IN_PROGRESS)
    lin, ours = sign_in("lin"), set(document()["components"]["headers"])
    made = lin.post("reports/", {"commitment": "A", "done": "x"})
    report = "/api/v1/reports/{ref}/"
    file = lin.upload("commitments/A/evidence/", {"upload": evidence_files.upload()})
    seen = set()
    for path, method, answer in (
        ("/api/v1/reports/", "post", made),
        (report, "get", lin.get(f"reports/{made.json()['ref']}/")),
        (report, "get", lin.get(f"reports/{made.json()['ref']}/", If_None_Match="*")),
        (report, "put", lin.put(f"reports/{made.json()['ref']}/", {"done": "y"})),
        ("/api/v1/commitments/{code}/", "get", lin.get("commitments/NONE/")),
        ("/api/v1/commitments/{code}/history/", "get", lin.get("commitments/A/history/")),
        ("/api/v1/commitments/{code}/", "get", Caller().get("commitments/A/")),
        ("/api/v1/evidence/{ref}/file/", "get", lin.get(file.json()["file_url"].removeprefix("/api/v1/"))),
        ("/api/v1/auth/login/", "post", Caller().post("auth/login/", {"username": "lin", "password": "x"})),
    ):
        told = document()["paths"][path][method]["responses"][str(answer.status_code)]["headers"]
        assert set(told) == ours & set(answer.headers), (path, method, answer.status_code)
        seen |= set(told)
    locked = document()["paths"]["/api/v1/auth/login/"]["post"]["responses"]["429"]["headers"]
    assert seen | set(locked) == ours
    assert all(re.search("[一-鿿]", one["description"]) for one in document()["components"]["headers"].values())


def shapes() -> Iterator[str]:
    """The components that stand for themselves in a body of JSON."""
    for operations in document()["paths"].values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for kind, told in body.get("content", {}).items():
                    if kind in {"application/json", errors.MEDIA_TYPE}:
                        yield told["schema"]["$ref"].rpartition("/")[2]


def test_every_shape_has_an_example_that_fits_it() -> None:
    schemas = document()["components"]["schemas"]
    for name in sorted(set(shapes())):
        assert "examples" in schemas[name], f"{name}: python -m scripts.api_examples"
        (example,) = schemas[name]["examples"]
        whole = {**schemas[name], "components": {"schemas": schemas}}
        wrong = [fault.message for fault in OAS31Validator(whole).iter_errors(example)]
        assert not wrong, f"{name}: {wrong[0]}; python -m scripts.api_examples"
        assert set(example) <= set(schemas[name]["properties"]), name
    assert set(examples()) <= set(schemas)


def test_every_enum_tells_its_values_in_both_languages() -> None:
    for name, shape in document()["components"]["schemas"].items():
        for value in set(shape.get("enum", [])) - {""}:
            assert re.search(rf"^\* `{value}`: \S.* · \S", shape["description"], re.MULTILINE), (name, value)
    for operations in document()["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                for value in parameter["schema"].get("enum", []):
                    assert f"* `{value}`: " in parameter["description"], (parameter["name"], value)
