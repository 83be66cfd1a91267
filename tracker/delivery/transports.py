"""Which transport speaks for which channel."""

from tracker.choices import ROBOT_KINDS, ChannelKind
from tracker.delivery.email import Email
from tracker.delivery.robots import Robot
from tracker.delivery.transport import Transport
from tracker.delivery.webhook import Webhook
from tracker.models import Channel


def of(channel: Channel) -> Transport:
    """The transport of a channel, not opened yet. Nothing is read or decrypted here."""
    if channel.kind == ChannelKind.EMAIL:
        return Email()
    return Robot(channel) if channel.kind in ROBOT_KINDS else Webhook(channel)
