"""Personal settings: read, and put in the place of those that stand."""

from collections.abc import Callable

from tests.factories import TODAY, Cast, make_user
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import ChannelKind
from tracker.models import Channel, Preference

SignIn = Callable[[str], Caller]


def test_the_choices_are_read_and_replaced_and_told_to_who_stands_in(cast: Cast, sign_in: SignIn) -> None:
    Channel.objects.filter(kind=ChannelKind.EMAIL).update(is_active=True, is_default=True)
    make_user("hao", department=cast.science)
    lin, path = sign_in("lin"), "me/preferences/"
    found = lin.get(path).json()
    assert_fits(found, "PreferencesOutput")
    assert (found["hour"], found["muted"], found["deputy"], found["stands_in_for"]) == (None, [], "", [])
    assert [one["username"] for one in found["offered"]["deputies"]] == ["hao"]
    wanted = {
        "chooses_channels": True, "channels": ["email"], "hour": 9, "muted": found["offered"]["muted"][:1],
        "paused_from": "2026-11-23", "paused_until": "2026-11-27", "deputy": "hao",
    }  # fmt: skip
    answer = lin.put(path, wanted)
    assert answer.status_code == 200, answer.json()
    assert {name: answer.json()[name] for name in wanted} == wanted
    assert answer.json() == lin.get(path).json()
    assert [one["person"]["username"] for one in sign_in("hao").get(path).json()["stands_in_for"]] == ["lin"]
    for body, code in (
        ({"hour": 3}, "preference_hour_quiet"),
        ({"hour": 24}, "field_invalid"),
        ({"chooses_channels": True, "channels": ["none"]}, "preference_channel_unknown"),
        ({"muted": ["slip_issued"]}, "field_invalid"),
        ({"paused_from": TODAY.isoformat(), "paused_until": TODAY.isoformat()}, "preference_deputy_needed"),
        ({"deputy": "lin", "paused_from": "2026-11-23", "paused_until": "2026-11-24"}, "preference_deputy_is_self"),
        ({"deputy": "nobody", "paused_from": "2026-11-23", "paused_until": "2026-11-24"}, "preference_deputy_unknown"),
        ({"language": "en"}, "field_unknown"),
    ):
        assert_refused(lin.put(path, body), 400, code)
    assert lin.put(path, {}).json()["deputy"] == ""
    assert Preference.objects.filter(user=cast.lin, deputy=None).count() <= 1
