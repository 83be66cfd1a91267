"""The webhook: a digest as JSON to a relay of one's own, signed. The relay knows a repetition by its key."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence

from django.utils.translation import gettext

from projects.errors import DomainError
from tracker.actions import vault
from tracker.delivery import renderings, wire
from tracker.delivery.digest import Digest
from tracker.delivery.transport import Failed, Refused, Unreachable
from tracker.delivery.wire import Answer
from tracker.models import Channel

TAKEN_BEFORE = 409
# The relay does not know the site: everybody's message would be answered so.
NOT_FOR_US = frozenset({401, 403, 407})
LATER = frozenset({408, 425, 429})


class Webhook:
    """Posts to the channel's address. There is no connection to keep; `open` only unlocks address and secret."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.address, self.secret = "", ""

    def open(self) -> None:
        try:
            self.address, self.secret = vault.open_(self.channel.address), vault.open_(self.channel.secret)
            if not self.address:
                raise DomainError("channel_without_address")
            if not self.secret:
                raise DomainError("channel_without_secret")
        except DomainError as error:
            raise Unreachable(str(error)) from error

    def send(self, digest: Digest) -> None:
        if not self.address:
            self.open()
        body = json.dumps(renderings.as_json(digest), ensure_ascii=False).encode()
        headers = {**signed(body, secrets=[self.secret]), "Idempotency-Key": digest.key}
        judge(wire.post(self.address, body=body, headers=headers))

    def close(self) -> None:
        self.address, self.secret = "", ""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed(body: bytes, *, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of a signed JSON body: one signature by each secret, with a comma between."""
    timestamp = str(int(time.time()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Luoshi",
        "X-Luoshi-Timestamp": timestamp,
        "X-Luoshi-Signature": ", ".join(f"sha256={signature(secret, timestamp, body)}" for secret in secrets),
    }


def judge(answer: Answer) -> None:
    """Return for a message that was taken, now or before; raise what the status means otherwise."""
    status = answer.status
    if 200 <= status < 300 or status == TAKEN_BEFORE:
        return
    said = gettext("The relay answered: %(status)d %(said)s") % {"status": status, "said": _words(answer)}
    if status in LATER or status >= 500:
        raise Failed(said)
    if status < 400:
        raise Unreachable(gettext("The relay sends us on to another address. Enter that one; nothing is sent on."))
    raise (Unreachable if status in NOT_FOR_US else Refused)(said)


def _words(answer: Answer) -> str:
    """The beginning of what the relay said, on one line."""
    return " ".join(answer.body[:400].decode("utf-8", errors="replace").split())[:200]
