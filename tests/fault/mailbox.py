"""A mail server on loopback that remembers who got which message. It takes its time, as real ones do."""

import asyncio
import re
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller

from scripts.postgres import free_port

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
SECONDS_A_MESSAGE = 0.01


class Mailbox:
    """What arrived: (recipient, Message-ID) with how often. A message counts when the server has said yes to it."""

    def __init__(self) -> None:
        self.arrived: Counter[tuple[str, str]] = Counter()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    def start(self) -> int:
        """Listen; returns the port."""
        self._controller.start()
        return int(self._controller.port)

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for each message."""
        await asyncio.sleep(SECONDS_A_MESSAGE)
        found = MESSAGE_ID.search(envelope.content)
        assert found is not None, "a message without Message-ID"
        self.arrived.update((recipient, found[1].decode()) for recipient in envelope.rcpt_tos)
        return "250 OK"
