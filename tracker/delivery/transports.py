"""The transport of a channel."""

from tracker.delivery import email
from tracker.delivery.transport import Failed, Refused, Transport
from tracker.models import Channel

EXPECTED = (Refused, Failed)


def of(channel: Channel) -> Transport:
    """The transport that sends by this channel."""
    return email.Email()
