"""One real message by a channel, to whoever wants to know whether it works. No row is written here."""

from datetime import datetime

from django.utils import timezone

from tracker.delivery import digest, transports
from tracker.delivery.transport import Failed, Refused, Unreachable
from tracker.models import Channel, User


def send(channel: Channel, person: User, *, now: datetime) -> str:
    """Send a test in the active language; returns why it did not go out, "" when it did. Call it in no transaction."""
    message = digest.test(
        person, key=f"test-{channel.pk}-{person.pk}-{now:%Y%m%d%H%M%S%f}", today=timezone.localdate(now)
    )
    transport = transports.of(channel)
    try:
        transport.open()
        transport.send(message)
    except (Unreachable, Refused, Failed) as error:
        return str(error)
    finally:
        transport.close()
    return ""
