"""`manage.py restart_sync`: the database was restored from a copy, so every device that works offline begins anew."""

from django.core.management.base import BaseCommand

from tracker.actions import sight


class Command(BaseCommand):
    help = "Have all devices that sync begin anew. Run it once after the database was restored from a copy."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(self.style.SUCCESS(f"Every device begins anew; revisions go on from {sight.begin_anew()}."))
