"""Refusals and faults: problem documents in the reader's language, whose type leads to a list of all codes."""

from typing import Any

import pytest
from django.test import Client

from projects.errors import DomainError
from tests.factories import Cast, make_commitment
from tests.tracker.api.conftest import Caller
from tracker.api import errors


def test_the_list_names_every_code_in_both_languages(cast: Cast) -> None:
    page = Caller().get("problems/").content.decode()
    for code in DomainError.sentences:
        assert f'id="{code}"' in page
    assert "Somebody changed this meanwhile." in page
    assert "%(" not in page


def test_every_status_has_a_title() -> None:
    assert {400, *errors.STATUS.values()} <= set(errors.TITLES)


@pytest.mark.parametrize(("language", "title"), [("en", "Not found"), ("zh-hans", "没有找到")])
def test_a_refusal_speaks_the_readers_language_and_says_so(language: str, title: str, cast: Cast) -> None:
    answer = Caller(language=language).get("no/such/address/")
    assert answer.json()["title"] == title
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_a_fault_of_the_site_is_a_problem_document_too(
    cast: Cast, sign_in: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    settings.ROOT_URLCONF = "config.urls"
    phone = sign_in("lin")
    make_commitment("A", department=cast.science)
    phone.client = Client(raise_request_exception=False)

    def broken(execute: Any, sql: str, *rest: Any) -> Any:
        return 1 / 0 if "tracker_plan" in sql else execute(sql, *rest)

    with connection.execute_wrapper(broken):
        answer = phone.get("plans/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert (answer.json()["code"], answer.json()["field"]) == ("server_error", "")
    assert len(answer["X-Request-ID"]) == 32


def test_an_answer_of_some_size_is_compressed_for_who_takes_it(cast: Cast, sign_in: Any) -> None:
    import gzip
    import json

    for number in range(30):
        make_commitment(f"N-{number:02}", department=cast.science)
    lin = sign_in("lin")
    plain, packed = lin.get("commitments/"), lin.get("commitments/", Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == plain.json()
    assert len(packed.content) < len(plain.content) / 5
    assert (packed["ETag"], "Accept-Encoding" in packed["Vary"]) == (f"W/{plain['ETag']}", True)
    assert lin.get("commitments/", If_None_Match=packed["ETag"]).status_code == 304


def test_an_unchanged_list_is_a_bare_304_until_something_changes(cast: Cast, sign_in: Any) -> None:
    item = make_commitment("A", department=cast.science)
    lin, zhou = sign_in("lin"), sign_in("zhou")
    tag = lin.get("commitments/")["ETag"]
    assert lin.get("commitments/", If_None_Match=tag).status_code == 304
    assert lin.get("commitments/?limit=2", If_None_Match=tag).status_code == 200, "another question"
    assert zhou.get("commitments/", If_None_Match=tag).status_code == 200, "another reader"
    lin.post("reports/", {"commitment": item.code, "done": "完成可研。"})
    assert lin.get("commitments/", If_None_Match=tag).status_code == 200
