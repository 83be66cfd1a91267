"""`manage.py load_plan nanchong`: enters a plan's data files; a second run changes nothing."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.management import plan_files


class Command(BaseCommand):
    help = "Load a plan from its data files. Rows that already stand are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="Folder under tracker/data, for example nanchong.")

    def handle(self, *args: object, **options: object) -> None:
        name = str(options["name"])
        if not plan_files.exists(name):
            raise CommandError(f"There are no files of a plan called {name!r}. Choose a folder under tracker/data.")
        loaded = plan_files.load(name, today=timezone.localdate())
        new = ", ".join(f"{count} {what}" for what, count in loaded.counts.items())
        self.stdout.write(f"Loaded {name}: {new}." if new else f"Loaded {name}: nothing new.")
