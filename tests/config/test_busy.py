"""A writer who has to wait too long for another one is told so, calmly; nothing is kept by half."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_department, make_user

WAIT = {"sqlite": "PRAGMA busy_timeout = 50", "postgresql": "SET lock_timeout = '50ms'"}


@contextmanager
def somebody_writing() -> Iterator[None]:
    """Another connection that lets nobody else write, and one of ours that has little patience."""
    other = connection.copy()
    tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
    with connection.cursor() as cursor:
        cursor.execute(WAIT[connection.vendor])
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            if connection.vendor == "postgresql":
                cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_another_writer_too_long_is_asked_to_try_again() -> None:
    make_user("lin", department=make_department("kjj"))
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    said = {"username": "lin", "password": PASSWORD}
    with somebody_writing():
        page = client.post(reverse("login"), said)
        answer = client.post("/api/v1/auth/login/", said, content_type="application/json")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "别人正在写入" in page.content.decode()
    assert "Nothing was lost" in page.content.decode()
    assert "Content-Security-Policy" in page
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "site_busy")
    assert client.post(reverse("login"), said).status_code == 302
