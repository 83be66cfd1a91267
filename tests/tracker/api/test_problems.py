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
