"""`manage.py clear_demo`: removes the demonstration layer; plans, clauses and commitments stay."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.actions import demo
from tracker.policies import SYSTEM


class Command(BaseCommand):
    help = "Remove all demonstration progress. Demonstration sign-ins are switched off."

    def handle(self, *args: object, **options: object) -> None:
        counts = demo.remove(by=SYSTEM, today=timezone.localdate())
        reset = counts.pop("commitments")
        gone = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"Removed: {gone}. {reset} commitments are back where the plan left them; none was removed.")
        self.stdout.write(
            "The demonstration sign-ins are switched off. `manage.py createsuperuser` makes a real one; "
            "`make demo` or `manage.py seed_demo` brings the demonstration back."
        )
