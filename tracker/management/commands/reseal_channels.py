"""Encrypt what channels keep with the key in force, after LUOSHI_CHANNEL_KEY was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.errors import DomainError
from tracker.actions import channels
from tracker.policies import SYSTEM


class Command(BaseCommand):
    help = "Encrypt the addresses and secrets of all channels with the key in force. Then the former key may go."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = channels.reseal_all(by=SYSTEM)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} channels encrypted anew.")
