"""Slips drafted, issued, answered, dropped, withdrawn over REST; and the values of indicators."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from tests.factories import TODAY, Cast, make_commitment, make_indicator, make_reading, make_target
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import SlipState
from tracker.models import Slip

SignIn = Callable[[str], Caller]
LATE, SOON = TODAY - timedelta(days=40), (TODAY + timedelta(days=7)).isoformat()
PASSED = (TODAY - timedelta(days=1)).isoformat()


def test_a_slip_is_drafted_issued_and_answered_once(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science, due_on=LATE)
    make_commitment("B", department=cast.science)
    chen, lin, wu, zhou = map(sign_in, ("chen", "lin", "wu", "zhou"))
    said = {"commitment": "A", "text": "请书面说明。", "client_ref": str(uuid4())}
    for phone, change, status, code in (
        (lin, {}, 403, "not_allowed"),
        (wu, {}, 403, "not_allowed"),
        (chen, {"commitment": "Z"}, 404, "not_found"),
        (chen, {"commitment": "B"}, 409, "slip_not_late"),
    ):
        assert_refused(phone.post("slips/", said | change | {"client_ref": None}), status, code)
    made = chen.post("slips/", said)
    assert_fits(made.json(), "SlipOutput")
    assert (made.status_code, made["Location"]) == (201, made.json()["url"])
    again = chen.post("slips/", said)
    assert (again.status_code, again.json()) == (200, made.json())
    assert_refused(chen.post("slips/", {"commitment": "A"}), 409, "slip_drafted")

    path = made.json()["url"].removeprefix("/api/v1/")
    paper = {"text": "请于期限内答复。", "answer_due_on": SOON}
    for phone, place, body, status, code in (
        (lin, "issuance", paper, 404, "not_found"),
        (wu, "issuance", paper, 403, "not_allowed"),
        (chen, "issuance", paper | {"answer_due_on": PASSED}, 400, "slip_day_passed"),
        (chen, "issuance", paper | {"text": "长" * 401}, 400, "field_invalid"),
        (chen, "withdrawal", {"reason": "x"}, 409, "slip_closed"),
        (chen, "drop", {"reason": ""}, 400, "field_invalid"),
    ):
        assert_refused(phone.post(f"{path}{place}/", body), status, code)
    tag = made["ETag"]
    issued = chen.post(f"{path}issuance/", paper, If_Match=tag)
    assert_fits(issued.json(), "SlipOutput")
    assert (issued.status_code, issued.json()["number"], issued.json()["text"]) == (200, 1, paper["text"])
    assert_refused(chen.post(f"{path}issuance/", paper), 409, "slip_not_draft")

    words = {"text": "因设备到货推迟，已倒排工期。", "promised_on": SOON}
    for phone, change, status, code in (
        (zhou, {}, 404, "not_found"),
        (chen, {}, 403, "slip_not_yours"),
        (wu, {}, 403, "slip_not_yours"),
        (lin, {"promised_on": PASSED}, 400, "slip_promise_passed"),
        (lin, {"text": ""}, 400, "field_invalid"),
    ):
        assert_refused(phone.post(f"{path}answer/", words | change), status, code)
    assert_refused(lin.post(f"{path}answer/", words, If_Match=tag), 412, "stale")
    answered = lin.post(f"{path}answer/", words, If_Match=issued["ETag"]).json()
    assert_fits(answered, "SlipOutput")
    assert (answered["state"], answered["answer"]["text"]) == ("answered", words["text"])
    assert_refused(lin.post(f"{path}answer/", words), 409, "slip_closed")


def test_a_draft_is_dropped_and_an_issued_slip_withdrawn_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    chen, lin = sign_in("chen"), sign_in("lin")
    for code, place in (("A", "drop"), ("B", "withdrawal")):
        make_commitment(code, department=cast.science, due_on=LATE)
        path = chen.post("slips/", {"commitment": code}).json()["url"].removeprefix("/api/v1/")
        if place == "withdrawal":
            chen.post(f"{path}issuance/", {"text": "请答复。", "answer_due_on": SOON})
            assert_refused(lin.post(f"{path}{place}/", {"reason": "x"}), 403, "not_allowed")
        ended = chen.post(f"{path}{place}/", {"reason": "已当面说明。"})
        assert (ended.status_code, ended.json()["end_reason"]) == (200, "已当面说明。")
    states = Slip.objects.order_by("commitment__code").values_list("state", flat=True)
    assert list(states) == [SlipState.DROPPED, SlipState.WITHDRAWN]


def test_a_reading_is_recorded_and_corrected_and_the_commitment_tells_it(cast: Cast, sign_in: SignIn) -> None:
    item, indicator = make_commitment("A", department=cast.science), make_indicator()
    make_target(item, indicator, value=Decimal(262))
    make_reading(indicator, 2023, Decimal(201))
    chen, gu = sign_in("chen"), sign_in("gu")
    path, said = f"indicators/{indicator.code}/readings/", {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    for name in ("lin", "wu"):
        assert_refused(sign_in(name).put(path, said | {"reported": "250"}), 403, "not_allowed")
    for phone, place, change, status, code in (
        (chen, "indicators/none/readings/", {"reported": "250"}, 404, "not_found"),
        (chen, path, {}, 400, "reading_without_value"),
        (chen, path, {"verified": "250"}, 400, "reading_without_source"),
        (chen, path, {"reported": "250", "period_end": "2024-12-31"}, 400, "reading_period_order"),
        (chen, path, {"x": 1}, 400, "field_unknown"),
    ):
        assert_refused(phone.put(place, said | change), status, code)
    made = chen.put(path, said | {"reported": "250"})
    assert made.status_code == 200, made.json()
    assert_fits(made.json(), "IndicatorDetailOutput")
    assert_fits(made.json()["readings"][0], "ComparedReadingOutput")
    corrected = gu.put(path, said | {"verified": "248", "source": "科技部门"}).json()["readings"][0]
    assert (corrected["reported"], corrected["verified"]) == ("250", "248")
    assert gu.put(path, said | {"verified": "248", "source": "科技部门"}).json()["readings"][0] == corrected
    assert indicator.readings.count() == 2
    (target,) = chen.get("commitments/A/").json()["targets"]
    assert target["readings"][0]["verified"] == "248"
