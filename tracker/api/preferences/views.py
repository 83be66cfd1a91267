"""The caller's own settings."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.actions import preferences as actions
from tracker.api import described
from tracker.api.endpoint import Endpoint
from tracker.api.preferences.inputs import INFORMATION, PreferencesInput
from tracker.api.preferences.outputs import PreferencesOutput
from tracker.api.rows import Json, person
from tracker.models import Preference, User
from tracker.queries import preferences
from tracker.queries.preferences import Next, SettingsView


class PreferencesView(Endpoint):
    """How the caller is told: by which channels, at which hour, what is not wanted, and who stands in."""

    @described.operation("getPreferences", tag="preferences", answers={200: PreferencesOutput})
    def get(self, request: Request) -> Response:
        return Response(_shape(preferences.of(self.actor, now=timezone.localtime())))

    @described.operation(
        "setPreferences",
        tag="preferences",
        takes=PreferencesInput,
        answers={200: PreferencesOutput},
        refusals=described.BODY,
    )
    def put(self, request: Request) -> Response:
        """Take these choices in the place of those that stand."""
        given = PreferencesInput.read(request.data)
        actions.revise(given.wishes(), by=self.actor, today=self.today)
        return self.get(request)


def _shape(found: SettingsView) -> Json:
    row, site = found.preference, found.site
    return {
        "chooses_channels": row.chooses_channels,
        "channels": list(found.chosen),
        "hour": row.hour,
        "muted": list(row.muted),
        "paused_from": row.paused_from,
        "paused_until": row.paused_until,
        "deputy": row.deputy.username if row.deputy else "",
        "next": _next(found.next),
        "stands_in_for": [_absence(one) for one in found.stands_in_for],
        "offered": {
            "channels": [
                {"code": one.code, "name": one.name, "kind": one.kind, "is_default": one.is_default}
                for one in found.channels
            ],
            "hours": list(preferences.hours(site)),
            "deputies": [_person(one) for one in found.deputies],
            "muted": [value for value, _label in INFORMATION],
            "site_hour": site.digest_hour,
        },
    }


def _next(found: Next) -> Json:
    return {
        "on": found.on,
        "hour": found.hour,
        "channels": [one.code for one in found.channels],
        "deputy": _person(found.deputy) if found.deputy else None,
    }


def _absence(row: Preference) -> Json:
    return {"person": _person(row.user), "paused_from": row.paused_from, "paused_until": row.paused_until}


def _person(user: User) -> Json:
    return person(user.username, user.full_name)
