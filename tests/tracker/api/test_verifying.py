"""Verifications and look-backs over REST: read in sight, drawn by the office, a sample never shown to who is in it."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from tests.factories import TODAY, Cast, make_commitment, make_lookback, make_verification
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Stage
from tracker.models import Commitment, Lookback, LookbackPick

SignIn = Callable[[str], Caller]


def make_closed(code: str, cast: Cast) -> Commitment:
    item = make_commitment(code, department=cast.science, stage=Stage.CLOSED)
    Commitment.objects.filter(pk=item.pk).update(closed_on=date(2026, 10, 1))
    return item


def test_a_verification_is_read_in_sight_and_which_sample_it_was_is_the_citys_to_know(
    cast: Cast, sign_in: SignIn
) -> None:
    item = make_closed("V", cast)
    sample = make_lookback(item, drawn_by=cast.chen)
    row = make_verification(item, verifier=cast.chen, lookback=sample)
    path, (lin, zhou, wu) = f"verifications/{row.ref}/", map(sign_in, ("lin", "zhou", "wu"))
    for phone, shown in ((lin, None), (wu, str(sample.ref))):
        told = phone.get(path)
        assert_fits(told.json(), "VerificationOutput")
        assert (told.json()["is_lookback"], told.json()["lookback"]) == (True, shown)
        assert phone.get("verifications/?commitment=V&finding=confirmed").json()["results"] == [told.json()]
        assert phone.get(path, If_None_Match=told["ETag"]).status_code == 304
    assert wu.get("verifications/?method=interview").json()["results"] == []
    assert zhou.get(path).content == zhou.get(f"verifications/{uuid4()}/").content
    assert zhou.get("verifications/").json()["results"] == []
    assert_refused(zhou.get("verifications/?commitment=V"), 400, "filter_code", "commitment")


def test_a_sample_is_drawn_by_the_office_and_can_be_drawn_again(cast: Cast, sign_in: SignIn) -> None:
    for number in range(5):
        make_closed(f"V-{number}", cast)
    sent = {"closed_from": "2026-09-01", "closed_until": TODAY.isoformat(), "size": 3, "seed": "42"}
    chen, lin = sign_in("chen"), sign_in("lin")
    drawn = chen.post("lookbacks/", sent | {"client_ref": (reference := str(uuid4()))})
    assert chen.post("lookbacks/", sent | {"client_ref": reference}).json() == drawn.json()
    assert (drawn.status_code, drawn["Location"]) == (201, drawn.json()["url"])
    body = drawn.json()
    assert_fits(body, "LookbackDetailOutput")
    assert (body["seed"], body["population_count"], body["looked_count"], body["is_as_drawn"]) == ("42", 5, 0, True)
    assert [pick["order"] for pick in body["picks"]] == [1, 2, 3]
    assert {pick["commitment"]["code"] for pick in body["picks"]} <= set(body["population"])
    path = body["url"].removeprefix("/api/v1/")
    assert sign_in("wu").get(path).json() == body
    (row,) = chen.get("lookbacks/").json()["results"]
    assert_fits(row, "LookbackOutput")
    assert lin.get(path).content == lin.get(f"lookbacks/{uuid4()}/").content
    assert lin.get("lookbacks/").json()["results"] == []
    for phone, change, status, code in (
        (lin, {}, 403, "not_allowed"),
        (sign_in("wu"), {}, 403, "not_allowed"),
        (chen, {"size": 6}, 400, "lookback_size"),
        (chen, {"size": 0}, 400, "field_invalid"),
        (chen, {"closed_until": "2026-12-31"}, 400, "lookback_period_running"),
        (chen, {"closed_from": "2026-11-22", "closed_until": "2026-11-21"}, 400, "lookback_period_order"),
        (chen, {"closed_from": "2026-11-01"}, 400, "lookback_empty"),
        (chen, {"seed": "x" * 65}, 400, "field_invalid"),
    ):
        assert_refused(phone.post("lookbacks/", sent | change), status, code)
    assert (Lookback.objects.count(), LookbackPick.objects.count()) == (1, 3)
