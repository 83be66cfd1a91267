"""Channels: who makes and switches them, what is kept of a secret, and what the log tells of it."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import Cast, make_cast
from tracker.actions import channels, vault
from tracker.choices import ChannelKind
from tracker.event_kinds import EventKind
from tracker.models import Channel, Event, Preference
from tracker.policies import SYSTEM
from tracker.queries import channels as queries
from tracker.queries import history

pytestmark = pytest.mark.django_db
KEY = "693abcd6-7abc-4bc4-97a0-0ec2aaaa5aaa"
SECRET = "a secret of the relay"
URL = "https://relay.example.org/luoshi"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def robot(cast: Cast, **values: Any) -> Channel:
    given: dict[str, Any] = {"name": "科技局群", "kind": ChannelKind.WECOM, "department": cast.science, "address": KEY}
    given |= values
    return channels.create("wecom-kjj", by=cast.actor("gu"), **given)


def hook(cast: Cast, **values: Any) -> Channel:
    given: dict[str, Any] = {"name": "中转", "kind": ChannelKind.WEBHOOK, "address": URL, "secret": SECRET} | values
    return channels.create("hook", by=cast.actor("gu"), **given)


def refused(call: Any, *args: Any, **values: Any) -> str:
    with pytest.raises(DomainError) as error:
        call(*args, **values)
    assert str(error.value)
    return error.value.code


def test_a_channel_is_off_until_somebody_switches_it_on(cast: Cast) -> None:
    row = robot(cast)
    assert not row.is_active
    assert channels.switch(row, on=True, by=cast.actor("chen")).is_active
    kinds = list(Event.objects.order_by("seq").values_list("kind", "subject"))
    assert kinds == [(EventKind.CHANNEL_REVISED, "channel wecom-kjj")] * 2


@pytest.mark.parametrize("name", ["lin", "zhou", "wu"])
def test_only_those_who_keep_the_site_change_channels(cast: Cast, name: str) -> None:
    row, actor = hook(cast), cast.actor(name)
    assert refused(channels.create, "x", name="x", kind=ChannelKind.WEBHOOK, by=actor) == "not_allowed"
    assert refused(channels.revise, row, values={"name": "x"}, by=actor) == "not_allowed"
    assert refused(channels.switch, row, on=True, by=actor) == "not_allowed"
    assert refused(channels.record_test, row, error="", by=actor, now=timezone.now()) == "not_allowed"
    assert refused(channels.reseal_all, by=actor) == "not_allowed"


@pytest.mark.parametrize("field", ["address", "secret", "server"])
def test_the_office_switches_and_names_but_only_administrators_say_where_it_goes(cast: Cast, field: str) -> None:
    row, chen = hook(cast), cast.actor("chen")
    assert channels.revise(row, values={"name": "市级中转"}, by=chen).name == "市级中转"
    assert refused(channels.revise, row, values={field: "x"}, by=chen) == "not_allowed"
    assert refused(channels.reseal_all, by=chen) == "not_allowed"


def test_address_and_secret_are_stored_encrypted_and_open_again(cast: Cast) -> None:
    row = hook(cast)
    row.refresh_from_db()
    assert URL not in row.address
    assert SECRET not in row.secret
    assert (vault.open_(row.address), vault.open_(row.secret)) == (URL, SECRET)
    assert vault.sealed_at(row.secret) is not None


def test_of_a_robot_s_address_its_key_is_kept(cast: Cast) -> None:
    row = robot(cast, address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}")
    assert vault.open_(row.address) == KEY


def test_the_log_tells_that_a_secret_changed_and_never_which(cast: Cast) -> None:
    row = hook(cast)
    channels.revise(row, values={"secret": SECRET + "2", "address": URL + "2"}, by=cast.actor("gu"))
    channels.revise(row, values={"secret": ""}, by=cast.actor("gu"))
    told = json.dumps([[event.changes, event.reason] for event in Event.objects.all()], ensure_ascii=False)
    assert SECRET not in told
    assert "relay.example.org" not in told
    assert [event.changes.get("secret") for event in Event.objects.order_by("seq")] == [
        None,
        ["stored", "changed"],
        ["stored", ""],
    ]
    words = [(c.before, c.after) for entry in history.of(row, viewer=cast.actor("gu")) for c in entry.changes]
    assert ("stored", "changed") not in words  # in the reader's language, not as codes


def test_the_same_values_once_more_write_nothing(cast: Cast) -> None:
    row = hook(cast)
    count, sealed = Event.objects.count(), row.secret
    row = channels.revise(row, values={"secret": SECRET, "address": URL, "name": "中转"}, by=cast.actor("gu"))
    assert (Event.objects.count(), row.secret) == (count, sealed)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": ChannelKind.WECOM, "department": None}, "channel_robot_homeless"),
        ({"kind": ChannelKind.WECOM, "secret": SECRET}, "channel_takes_no_secret"),
        ({"address": "?"}, "channel_key_unclear"),
        ({"name": "  "}, "channel_name_missing"),
        ({"server": "http://10.0.0.1/"}, "channel_address_needs_https"),
        ({"address": "env:DATABASE_URL"}, "channel_environment_name"),
    ],
)
def test_a_robot_that_could_not_work_is_refused(cast: Cast, values: dict[str, Any], code: str) -> None:
    assert refused(robot, cast, **values) == code
    assert not Channel.objects.filter(code="wecom-kjj").exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"address": "http://relay.example.org/"}, "channel_address_needs_https"),
        ({"address": "https://169.254.169.254/"}, "channel_address_forbidden"),
        ({"secret": "short"}, "channel_secret_short"),
        ({"server": "https://im.example.org"}, "channel_takes_no_server"),
    ],
)
def test_a_webhook_that_could_not_work_is_refused(cast: Cast, values: dict[str, Any], code: str) -> None:
    assert refused(hook, cast, **values) == code


def test_a_code_is_given_once_and_there_is_one_channel_for_e_mail(cast: Cast) -> None:
    hook(cast)
    assert refused(hook, cast) == "channel_code_taken"
    given: dict[str, Any] = {"name": "邮件", "kind": ChannelKind.EMAIL, "by": SYSTEM}
    assert refused(channels.create, "mail", **given) == "channel_email_exists"


def test_only_what_is_configured_can_be_switched_on(cast: Cast, settings: Any) -> None:
    by = cast.actor("gu")
    assert refused(channels.switch, robot(cast, address=""), on=True, by=by) == "channel_without_address"
    assert refused(channels.switch, hook(cast, secret=""), on=True, by=by) == "channel_without_secret"
    letters = Channel.objects.get(kind=ChannelKind.EMAIL)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert refused(channels.switch, letters, on=True, by=by) == "channel_without_mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert channels.switch(letters, on=True, by=by).is_active
    assert refused(channels.revise, letters, values={"address": "x"}, reason="?", by=by) == "channel_takes_no_address"


def test_what_hurts_needs_a_reason(cast: Cast) -> None:
    row, by = hook(cast), cast.actor("gu")
    channels.revise(row, values={"address": URL + "1"}, by=by)
    channels.switch(row, on=True, by=by)
    assert refused(channels.switch, row, on=False, reason=" ", by=by) == "channel_reason_needed"
    assert refused(channels.revise, row, values={"address": URL}, by=by) == "channel_reason_needed"
    assert refused(channels.revise, row, values={"secret": ""}, reason="撤", by=by) == "channel_without_secret"
    channels.revise(row, values={"name": "另一名称"}, by=by)
    channels.revise(row, values={"address": URL}, reason="服务器迁移", by=by)
    assert not channels.switch(row, on=False, reason="停用", by=by).is_active
    assert Event.objects.latest("seq").reason == "停用"


def test_another_address_forgets_what_was_found_out_about_the_former_one(cast: Cast) -> None:
    row, by = hook(cast), cast.actor("gu")
    channels.record_test(row, error="no", by=by, now=timezone.now())
    Channel.objects.filter(pk=row.pk).update(failures=4, retry_at=timezone.now())
    row = channels.revise(row, values={"address": URL + "1"}, by=by)
    assert (row.tested_at, row.test_error, row.failures, row.retry_at) == (None, "", 0, None)


def test_switching_on_tries_at_once(cast: Cast) -> None:
    row = hook(cast)
    Channel.objects.filter(pk=row.pk).update(failures=4, retry_at=timezone.now())
    row = channels.switch(row, on=True, by=cast.actor("gu"))
    assert (row.failures, row.retry_at) == (0, None)


def test_whoever_comes_second_is_told(cast: Cast) -> None:
    row, by = hook(cast), cast.actor("gu")
    seen = row.revision
    channels.revise(row, values={"name": "一"}, by=by, expected_revision=seen)
    assert refused(channels.revise, row, values={"name": "二"}, by=by, expected_revision=seen) == "stale"
    assert refused(channels.switch, row, on=True, by=by, expected_revision=seen) == "stale"


def test_a_test_s_result_is_kept_and_writes_no_event(cast: Cast) -> None:
    row = hook(cast)
    count = Event.objects.count()
    row = channels.record_test(row, error="x" * 900, by=cast.actor("chen"), now=timezone.now())
    assert (len(row.test_error), Event.objects.count()) == (500, count)


# --- The vault


def test_another_key_opens_nothing_and_says_so(cast: Cast, settings: Any) -> None:
    row = hook(cast)
    settings.SECRET_KEY = "another" * 10
    assert refused(vault.open_, row.secret) == "channel_sealed_otherwise"
    assert refused(vault.open_, "nonsense") == "channel_sealed_otherwise"
    assert refused(vault.open_, "ümlaut") == "channel_sealed_otherwise"


def test_what_cannot_be_opened_can_be_entered_anew(cast: Cast, settings: Any) -> None:
    row = hook(cast)
    settings.SECRET_KEY = "another" * 10
    row = channels.revise(row, values={"secret": SECRET}, by=cast.actor("gu"))
    assert vault.open_(row.secret) == SECRET


def test_keys_are_changed_without_entering_anything_again(cast: Cast, settings: Any) -> None:
    settings.CHANNEL_KEY = "first" * 10
    row = hook(cast, address="env:LUOSHI_CHANNEL_HOOK")
    settings.CHANNEL_KEY, settings.CHANNEL_KEY_OLD = "second" * 10, "first" * 10
    assert vault.open_(row.secret) == SECRET
    out = io.StringIO()
    call_command("reseal_channels", stdout=out)
    assert out.getvalue().startswith("1 ")
    settings.CHANNEL_KEY_OLD = ""
    row.refresh_from_db()
    assert (vault.open_(row.secret), row.address) == (SECRET, "env:LUOSHI_CHANNEL_HOOK")


def test_a_key_that_was_lost_stops_the_change_with_a_sentence(cast: Cast, settings: Any) -> None:
    settings.CHANNEL_KEY = "first" * 10
    row = hook(cast)
    settings.CHANNEL_KEY = "second" * 10
    with pytest.raises(CommandError, match="LUOSHI_CHANNEL_KEY_OLD"):
        call_command("reseal_channels")
    stored = row.secret
    row.refresh_from_db()
    assert row.secret == stored


def test_a_variable_is_read_when_it_is_needed_and_may_be_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    stored = vault.seal("env:LUOSHI_CHANNEL_X")
    assert stored == "env:LUOSHI_CHANNEL_X"
    assert refused(vault.open_, stored) == "channel_environment_missing"
    file = tmp_path / "secret"
    file.write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("LUOSHI_CHANNEL_X_FILE", str(file))
    assert vault.open_(stored) == "from a file"
    monkeypatch.setenv("LUOSHI_CHANNEL_X", "directly")
    assert vault.open_(stored) == "directly"
    monkeypatch.setenv("LUOSHI_CHANNEL_X", "")
    monkeypatch.setenv("LUOSHI_CHANNEL_X_FILE", str(tmp_path / "none"))
    assert refused(vault.open_, stored) == "channel_environment_missing"


# --- Who may choose which


def test_a_person_chooses_among_the_site_s_channels_and_those_of_the_own_department(cast: Cast) -> None:
    Channel.objects.update(is_active=True, is_default=True)
    mine, ours = robot(cast), hook(cast)
    hers = channels.create(
        "wjw", name="卫健群", kind=ChannelKind.WECOM, department=cast.health_bureau, address=KEY, by=SYSTEM
    )
    assert [row.code for row in queries.for_person(cast.lin)] == ["email"]
    for row in (mine, ours, hers):
        channels.switch(row, on=True, by=SYSTEM)
    assert [row.code for row in queries.for_person(cast.lin)] == ["email", "hook", "wecom-kjj"]
    assert [row.code for row in queries.for_person(cast.zhou)] == ["email", "hook", "wjw"]
    assert [row.code for row in queries.for_person(cast.wu)] == ["email", "hook"]


def test_with_a_person_s_settings_only_what_is_used_is_named(cast: Cast) -> None:
    Channel.objects.update(is_active=True, is_default=True)
    channels.switch(hook(cast), on=True, by=SYSTEM)
    foreign = robot(cast, department=cast.health_bureau)
    channels.switch(foreign, on=True, by=SYSTEM)
    own = Preference.objects.create(user=cast.lin)
    assert [row.code for row in queries.for_person(cast.lin, preference=own)] == ["email"]
    own.chooses_channels = True
    own.save()
    own.channels.set([Channel.objects.get(code="hook"), foreign])
    assert [row.code for row in queries.for_person(cast.lin, preference=own)] == ["hook"]
    own.channels.clear()
    assert queries.for_person(cast.lin, preference=own) == []


def test_a_failed_test_has_to_be_known_to_who_switches_the_channel_on(cast: Cast) -> None:
    row, by = hook(cast), cast.actor("gu")
    channels.record_test(row, error="timed out", by=by, now=timezone.now())
    assert refused(channels.switch, row, on=True, by=by) == "channel_test_failed"
    assert channels.switch(row, on=True, despite_test=True, by=by).is_active
    assert channels.switch(row, on=True, by=by).is_active, "it is on already"
