"""What a way out of the site can do. The transports stand beside this file; `delivery.outbox` drives them."""

from typing import Protocol

from tracker.delivery.digest import Digest


class Unreachable(Exception):
    """The other side cannot be reached or does not answer in time: nobody’s message can go there now."""


class Refused(Exception):
    """The other side answered that it will not take this message; another try cannot help."""


class Failed(Exception):
    """This message did not go out; another try may help."""


class Transport(Protocol):
    """One channel, open for sending several messages after one another. Not shared between threads."""

    def open(self) -> None:
        """Connect, where the channel has a connection. Raises Unreachable."""

    def send(self, digest: Digest) -> None:
        """Send one message, marked with `digest.key` where the channel can carry it.

        Raises:
            Unreachable: the channel is down; no other message would go through either.
            Refused: this message will never be taken (no address, no such person).
            Failed: this message was not taken now.
        """

    def close(self) -> None:
        """Disconnect; never raises."""
