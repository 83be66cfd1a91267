"""Answers of some size are compressed for who takes it; a list that did not change is not sent at all."""

import gzip
import json
from typing import Any

import pytest

from tests.factories import Cast, make_commitment
from tracker.api import compression


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [
        ("gzip", True), ("br, gzip;q=0.5", True), ("GZIP", True), ("*", True), ("gzip;q=1.0", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000, *", False), ("identity, *;q=0", False),
    ],
)  # fmt: skip
def test_who_takes_it_says_so(header: str, is_taken: bool) -> None:
    assert compression.is_taken(header) is is_taken


def test_an_answer_of_some_size_is_compressed_for_who_takes_it(cast: Cast, sign_in: Any) -> None:
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
