"""The page of the site's settings: one row, a reason, a refusal in words beside its field."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast
from tracker.choices import PublicField
from tracker.models import Event, SiteSettings

LIST = "/admin/tracker/sitesettings/"
PAGE = f"{LIST}1/change/"


def sent(**said: object) -> dict[str, object]:
    page = {
        "shows_public_pages": "on", "public_delay_days": "7", "public_fields": ["light", "owner"], "reason": "公开",
        "digest_hour": "8", "quiet_from": "20", "quiet_until": "8", "digest_lines": "30",
        "slip_after_days": "35", "slip_next_days": "7", "slip_answer_days": "5",
    }  # fmt: skip
    return {name: value for name, value in (page | said).items() if value is not None}


def test_the_list_is_the_page(cast: Cast, browser: Callable[[str], Client]) -> None:
    answer = browser("chen").get(LIST)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert reverse("admin:tracker_sitesettings_changelist") in browser("gu").get("/admin/").content.decode()


@pytest.mark.parametrize("name", ["chen", "gu"])
def test_the_office_and_the_administrators_switch_on_with_a_reason(
    cast: Cast, browser: Callable[[str], Client], name: str
) -> None:
    assert browser(name).post(PAGE, sent()).status_code == 302
    row = SiteSettings.objects.get(pk=1)
    assert (row.shows_public_pages, row.compares_departments, row.public_delay_days) == (True, False, 7)
    assert row.public_fields == ["light", "owner"]
    assert Event.objects.latest("seq").reason == "公开"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"public_fields": None}, "public_fields"),
        ({"public_fields": ["names"]}, "public_fields"),
        ({"public_delay_days": "400"}, "public_delay_days"),
        ({"digest_hour": "24"}, "digest_hour"),
        ({"digest_hour": "21"}, "digest_hour"),
        ({"digest_hour": ""}, "digest_hour"),
        ({"quiet_until": "20"}, "quiet_until"),
        ({"digest_lines": "4"}, "digest_lines"),
        ({"slip_after_days": "0"}, "slip_after_days"),
        ({"slip_answer_days": "61"}, "slip_answer_days"),
    ],
)
def test_what_is_wrong_is_named_beside_its_field(
    cast: Cast, browser: Callable[[str], Client], said: dict[str, object], field: str
) -> None:
    answer = browser("chen").post(PAGE, sent(**said))
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not SiteSettings.objects.get(pk=1).shows_public_pages


def test_whoever_comes_second_is_shown_both_versions(cast: Cast, browser: Callable[[str], Client]) -> None:
    client = browser("chen")
    seen = client.get(PAGE).context["adminform"].form["seen"].value()
    client.post(PAGE, sent(seen=seen))
    answer = client.post(PAGE, sent(seen=seen, public_delay_days="30"))
    assert (answer.status_code, SiteSettings.objects.get(pk=1).public_delay_days) == (200, 7)
    assert answer.context["conflict"].differences


def test_a_leader_has_no_such_page(cast: Cast, browser: Callable[[str], Client]) -> None:
    assert browser("wu").get(PAGE).status_code == 404
    assert browser("wu").post(PAGE, sent()).status_code in {403, 404}


def test_the_history_tells_the_change_in_words(cast: Cast, browser: Callable[[str], Client]) -> None:
    browser("chen").post(PAGE, sent(public_fields=list(PublicField.values)))
    html = browser("chen").get(f"{LIST}1/history/").content.decode()
    assert "shows_public_pages" not in html
    assert "公开" in html


def test_the_hours_of_messages_are_set_with_a_reason_and_stand_in_the_log(
    cast: Cast, browser: Callable[[str], Client]
) -> None:
    assert browser("chen").post(PAGE, sent(digest_hour="9", quiet_from="18", digest_lines="50")).status_code == 302
    row, event = SiteSettings.objects.get(pk=1), Event.objects.latest("seq")
    assert (row.digest_hour, row.quiet_from, row.digest_lines) == (9, 18, 50)
    assert event.changes["digest_hour"] == [8, 9]
