"""The caller's own devices: which are signed in, and signing one out."""

from uuid import UUID

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.actions import devices as actions
from tracker.api import described
from tracker.api.devices.outputs import DevicesOutput
from tracker.api.endpoint import Endpoint
from tracker.queries import devices, token_cache
from tracker.queries.devices import SignedIn


class DeviceListView(Endpoint):
    """The devices that the caller is signed in on, newest first; at most as many as a person may have."""

    @described.operation("listDevices", tag="sign-in", answers={200: DevicesOutput})
    def get(self, request: Request) -> Response:
        mine = getattr(request.auth, "digest", "")
        rows = devices.of(self.actor, now=timezone.now())
        return Response({"results": [_shaped(row, is_this=row.digest == mine) for row in rows]})


class DeviceView(Endpoint):
    """One device of the caller."""

    @described.operation("signDeviceOut", tag="sign-in", answers={204: None}, refusals=(404,))
    def delete(self, request: Request, ref: UUID) -> Response:
        """Take the token of that device back: a phone that was lost, a program that is no longer used."""
        token_cache.forget(actions.revoke([ref], by=self.actor))
        return Response(status=204)


def _shaped(row: SignedIn, *, is_this: bool) -> dict[str, object]:
    return {
        "ref": str(row.ref),
        "name": row.name,
        "signed_in_at": timezone.localtime(row.signed_in_at),
        "last_used_at": row.last_used_at and timezone.localtime(row.last_used_at),
        "expires_at": row.expires_at and timezone.localtime(row.expires_at),
        "is_this": is_this,
    }
