"""The steps of a life by their own addresses, one commitment or many; and reminding by hand."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, Cast, make_commitment, make_lookback, make_user
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.api.lifecycle import verbs
from tracker.choices import Stage
from tracker.models import Commitment, Event, Reminder, Verification
from tracker.rules import lifecycle

SignIn = Callable[[str], Caller]


def test_every_step_of_the_table_has_exactly_one_word() -> None:
    for current, steps in lifecycle.STEPS.items():
        for to, step in steps.items():
            words = [one.name for one in verbs.VERBS if one.to == to and current in one.starts_from]
            assert len(words) == (0 if step.needs_verification else 1), (current, to, words)


def test_a_life_is_walked_by_the_addresses_that_are_offered(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science, stage=Stage.REGISTERED)
    lin, chen, wu = sign_in("lin"), sign_in("chen"), sign_in("wu")
    note = {"commitment": "A", "method": "documents", "finding": "confirmed", "note": "现场看过。"}
    for phone, to, word, body in (
        (chen, "issued", "issuance", {}),
        (lin, "registered", "refusal", {"reason": "不属本局职责。", "proposed_lead": "wjw"}),
        (chen, "issued", "issuance", {}),
        (lin, "accepted", "acceptance", {}),
        (lin, "in_progress", "start", {}),
        (chen, "suspended", "suspension", {"reason": "等待规划。"}),
        (chen, "in_progress", "resumption", {"reason": "规划已定。"}),
        (lin, "reported_done", "completion", {"reason": "已完成。"}),
        (chen, "in_progress", "reopening", {"reason": "材料不全。"}),
        (lin, "reported_done", "completion", {"reason": "已补齐。"}),
        (chen, "verified", "", note),
        (chen, "closed", "closing", {}),
        (chen, "archived", "archiving", {}),
        (chen, "in_progress", "reopening", {"reason": "复发。"}),
        (chen, "exempt", "exemption", {"reason": "不可抗力。", "exempt_until": "2027-01-31"}),
        (chen, "registered", "deferral", {"reason": "重新登记。"}),
        (chen, "cancelled", "cancellation", {"reason": "不再要求。"}),
    ):
        offers = phone.get("commitments/A/steps/").json()
        assert_fits(offers, "StepPageOutput")
        (offer,) = (one for one in offers["results"] if one["to"] == to)
        assert_fits(offer, "StepOutput")
        assert (offer["needs_verification"], offer["needs_until"]) == (not word, word == "exemption")
        assert offer["url"] == (f"/api/v1/commitments/A/{word}/" if word else "/api/v1/verifications/")
        answer = phone.post(offer["url"].removeprefix("/api/v1/"), body)
        assert answer.status_code == (200 if word else 201), answer.json()
        assert lin.get("commitments/A/").json()["stage"] == to
        if word:
            assert_fits(answer.json(), "CommitmentDetailOutput")
        if offer["needs_reason"]:
            assert Event.objects.filter(commitment__code="A", reason=body["reason"]).exists()
    assert wu.get("commitments/A/steps/").json()["results"] == []
    assert Verification.objects.get().verifier == cast.chen


def test_a_step_is_refused_to_the_wrong_hand_at_the_wrong_time_and_without_its_reason(
    cast: Cast, sign_in: SignIn
) -> None:
    item = make_commitment("A", department=cast.science, stage=Stage.ISSUED)
    lin, chen, wu, zhou = map(sign_in, ("lin", "chen", "wu", "zhou"))
    for phone, word, body, status, code in (
        (zhou, "acceptance", {}, 404, "not_found"),
        (chen, "acceptance", {}, 403, "step_not_yours"),
        (wu, "acceptance", {}, 403, "step_not_yours"),
        (lin, "refusal", {"reason": ""}, 400, "reason_needed"),
        (lin, "refusal", {"reason": "x", "proposed_lead": "kjj"}, 400, "proposed_lead_wrong"),
        (lin, "refusal", {"reason": "x", "proposed_lead": "zz"}, 400, "code_unknown"),
        (lin, "acceptance", {"reson": "x"}, 400, "field_unknown"),
        (lin, "suspension", {"reason": "x"}, 403, "step_not_yours"),
        (chen, "suspension", {"reason": " "}, 400, "reason_needed"),
        (chen, "exemption", {"reason": "x"}, 400, "field_missing"),
        (chen, "exemption", {"reason": "x", "exempt_until": TODAY.isoformat()}, 400, "exemption_end_passed"),
        (chen, "issuance", {}, 409, "step_not_allowed"),
        # `resumption` leads to work as `start` does, but from elsewhere.
        (chen, "resumption", {"reason": "x"}, 409, "step_not_allowed"),
        (chen, "closing", {}, 409, "step_not_allowed"),
    ):
        assert_refused(phone.post(f"commitments/A/{word}/", body), status, code)
    assert_refused(lin.post("commitments/A/acceptance/", If_Match='"9"'), 412, "stale")
    item.refresh_from_db()
    assert item.stage == Stage.ISSUED
    assert lin.post("commitments/A/acceptance/", If_Match=lin.get("commitments/A/")["ETag"]).status_code == 200


def test_many_are_handed_out_passed_on_and_confirmed_each_by_itself(cast: Cast, sign_in: SignIn) -> None:
    chen = sign_in("chen")
    for code in ("A", "B", "C"):
        make_commitment(code, department=cast.science, stage=Stage.REGISTERED)
    make_commitment("NOBODY", stage=Stage.REGISTERED)
    Commitment.objects.filter(code="C").update(lead_is_suggested=True)

    def results(place: str, codes: list[str], **said: Any) -> list[tuple[str, int, str]]:
        answer = chen.post(f"batch/{place}/", {"commitments": codes, **said})
        assert_fits(answer.json(), "ManyOutput")
        rows = answer.json()["results"]
        for row in rows:
            assert_fits(row, "ManyResultOutput")
        return [(row["commitment"], row["status"], row["stage"] or row["error"]["code"]) for row in rows]

    assert results("issuance", ["B", "NOBODY", "Z", "A", "B"], reason="年度分解。") == [
        ("B", 200, "issued"), ("NOBODY", 409, "lead_missing"), ("Z", 404, "not_found"), ("A", 200, "issued"),
        ("B", 409, "step_not_allowed"),
    ]  # fmt: skip
    groups = set(Event.objects.filter(reason="年度分解。").values_list("group", flat=True))
    assert len(groups) == 1
    assert results("lead-confirmation", ["C", "A"]) == [("C", 200, "registered"), ("A", 409, "lead_stands")]
    assert results("reassignment", ["A", "C"], lead="wjw", reason="职责调整。") == [
        ("A", 200, "issued"), ("C", 200, "registered"),
    ]  # fmt: skip
    assert results("reassignment", ["A"], lead="wjw", reason="再次。") == [("A", 400, "reassign_same_lead")]
    assert_refused(chen.post("batch/reassignment/", {"commitments": ["A"], "lead": "xx"}), 400, "code_unknown", "lead")
    assert_refused(chen.post("batch/issuance/", {"commitments": []}), 400, "field_invalid", "commitments")
    assert_refused(chen.post("batch/issuance/", {"commitments": ["A"] * 101}), 400, "field_invalid", "commitments")
    for place in ("issuance", "lead-confirmation", "reassignment", "reminders"):
        for name in ("lin", "wu", "gu"):
            assert_refused(sign_in(name).post(f"batch/{place}/", {"commitments": ["A"]}), 403, "not_allowed")


def test_a_reminder_by_hand_says_whom_it_reached_and_reaches_nobody_twice(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science)
    make_commitment("NOBODY")
    make_commitment("R", department=cast.science, stage=Stage.REGISTERED)
    chen = sign_in("chen")
    told = chen.post("commitments/A/reminders/", {"reason": "请抓紧。"})
    assert told.status_code == 200, told.json()
    assert_fits(told.json(), "ReminderToldOutput")
    assert [one["username"] for one in told.json()["recipients"]] == ["lin"]
    assert Reminder.objects.get().note == "请抓紧。"
    assert_refused(chen.post("commitments/A/reminders/"), 409, "reminder_sent_today")
    assert_refused(chen.post("commitments/NOBODY/reminders/"), 409, "reminder_reaches_nobody")
    assert_refused(chen.post("commitments/R/reminders/"), 409, "reminder_not_under_way")
    make_user("mei", department=cast.science)
    rows = chen.post("batch/reminders/", {"commitments": ["A", "R"], "reason": "再次提醒。"}).json()["results"]
    assert [(row["commitment"], row["status"]) for row in rows] == [("A", 200), ("R", 409)]
    assert set(Reminder.objects.values_list("recipient__username", flat=True)) == {"lin", "mei"}


def test_a_verification_is_recorded_by_the_office_for_a_closing_or_for_its_sample(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("D", department=cast.science, stage=Stage.REPORTED_DONE)
    closed = make_commitment("E", department=cast.science, stage=Stage.CLOSED)
    sample, chen = make_lookback(closed, drawn_by=cast.chen), sign_in("chen")
    said = {"commitment": "D", "method": "site_visit", "finding": "not_confirmed", "note": "设备未到场。"}
    for phone, change, status, code in (
        (sign_in("lin"), {}, 403, "not_allowed"),
        (sign_in("wu"), {}, 403, "not_allowed"),
        (sign_in("zhou"), {}, 404, "not_found"),
        (chen, {"note": " "}, 400, "field_invalid"),
        (chen, {"commitment": "E"}, 409, "step_not_allowed"),
        (chen, {"lookback": str(sample.ref)}, 409, "not_in_sample"),
        (chen, {"lookback": "6f1c0f3e-0f6e-4c7e-9a55-0d3c2a3b7a10"}, 404, "not_found"),
    ):
        assert_refused(phone.post("verifications/", said | change), status, code)
    assert_refused(chen.post("verifications/", said, If_Match='"9"'), 412, "stale")
    made = chen.post("verifications/", said | {"client_ref": "6f1c0f3e-0f6e-4c7e-9a55-0d3c2a3b7a11"})
    assert_fits(made.json(), "VerificationOutput")
    assert (made.status_code, made.json()["is_lookback"]) == (201, False)
    assert chen.get("commitments/D/").json()["stage"] == "in_progress"
    again = chen.post("verifications/", said | {"client_ref": "6f1c0f3e-0f6e-4c7e-9a55-0d3c2a3b7a11"})
    assert (again.status_code, again.json()) == (200, made.json())
    seen = chen.post("verifications/", said | {"commitment": "E", "finding": "confirmed", "lookback": str(sample.ref)})
    assert (seen.status_code, seen.json()["lookback"]) == (201, str(sample.ref))
    assert chen.get(f"lookbacks/{sample.ref}/").json()["looked_count"] == 1


def test_a_step_asks_no_more_queries_where_there_is_more(cast: Cast, sign_in: SignIn) -> None:
    phone, counts = sign_in("lin"), []
    make_commitment("A", department=cast.science)
    phone.get("commitments/A/steps/")
    for more in (0, 5):
        for _number in range(more):
            make_commitment(department=cast.science)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            phone.get("commitments/A/steps/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
