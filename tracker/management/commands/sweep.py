"""`manage.py sweep`: the daily sweep by hand; --dry-run lists who would get what and writes nothing."""

from argparse import BooleanOptionalAction
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tracker.actions import reminders
from tracker.actions import sweep as sweeping
from tracker.delivery import outbox
from tracker.models import Reminder


class Command(BaseCommand):
    help = "Reassess the lights that are due, plan the day’s reminders and send them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deliver", action=BooleanOptionalAction, default=True, help="send what is due (yes)")
        parser.add_argument("--dry-run", action="store_true", help="list who would get what, write and send nothing")

    def handle(self, *args: object, **options: object) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        if options["dry_run"]:
            self.rehearse(today=today, now=now)
            return
        run = sweeping.run(today=today, now=now)
        self.stdout.write(
            f"Sweep of {today}: {run.reassessed_count} reassessed, {run.changed_count} changed, "
            f"{run.reminder_count} reminders planned, {run.message_count} messages made, {run.failed_count} failed."
        )
        if options["deliver"]:
            done = outbox.deliver(outbox.MOST_MESSAGES, now=timezone.now())
            self.stdout.write(f"Delivery: {done.sent} messages sent, {done.failed} failed.")

    def rehearse(self, *, today: date, now: datetime) -> None:
        """Print each reminder that would stand in the outbox, by person."""
        rows = reminders.rehearse(today=today, now=now)
        for row in rows:
            self.stdout.write(line_of(row))
        people = len({row.recipient_id for row in rows})
        self.stdout.write(f"Dry run of {today}: {len(rows)} reminders to {people} people. Nothing was written.")


def line_of(row: Reminder) -> str:
    """One reminder: person, address, matter, date, rule."""
    step = f" / {row.milestone.name}" if row.milestone else ""
    address = row.recipient.email or "no address"
    return f"{row.recipient} <{address}>: {row.commitment}{step}, due {row.due_on} ({row.rule.code} {row.offset:+d})"
