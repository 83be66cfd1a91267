"""Encrypt what channels and subscriptions keep with the key in force, after LUOSHI_CHANNEL_KEY was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from projects.errors import DomainError
from tracker.actions import channels, subscriptions
from tracker.policies import SYSTEM


class Command(BaseCommand):
    help = "Encrypt the addresses and secrets of all channels and subscriptions anew. Then the former key may go."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                count, others = channels.reseal_all(by=SYSTEM), subscriptions.reseal_all(by=SYSTEM)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} channels and {others} subscriptions encrypted anew.")
