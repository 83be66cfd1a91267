"""`manage.py check_rollup`: compares the roll-up with the commitments; exit status 1 if it is wrong. --repair mends."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.actions import rollup
from tracker.queries import rollup_check
from tracker.queries.rollup_check import Difference

SHOWN = 20


class Command(BaseCommand):
    help = "Compare the counts that the pages show with the commitments; --repair mends them and folds the rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="make the counts right")

    def handle(self, *args: object, **options: object) -> None:
        wrong = rollup_check.differences()
        for one in wrong[:SHOWN]:
            self.stdout.write(line_of(one))
        if wrong and not options["repair"]:
            raise CommandError(
                f"{len(wrong)} cells of the roll-up are wrong. `manage.py check_rollup --repair` makes them right; "
                "find out what wrote past the triggers."
            )
        if options["repair"]:
            mended, folded = rollup.repair(), rollup.fold()
            self.stdout.write(self.style.SUCCESS(f"Mended {mended} cells, folded {folded} rows."))
            return
        self.stdout.write(self.style.SUCCESS("The roll-up is right."))


def line_of(one: Difference) -> str:
    """One wrong cell: which, and by how much it is too high."""
    figures = f"{one.items:+d} items, {one.done:+d} done, {one.known:+d} known, {one.unknown:+d} unknown"
    where = f"plan {one.plan_id}, chapter {one.chapter_id}, lead {one.lead_id}, {one.health}"
    return f"{where}: {figures}, {one.progress_sum:+f} percent"
