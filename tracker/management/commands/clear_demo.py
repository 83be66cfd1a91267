"""`manage.py clear_demo`: removes the demonstration layer; plans, clauses and commitments stay."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.actions import demo
from tracker.policies import SYSTEM


class Command(BaseCommand):
    help = "Remove all demonstration progress. Demonstration sign-ins are switched off."

    def handle(self, *args: object, **options: object) -> None:
        counts = demo.remove(by=SYSTEM, today=timezone.localdate())
        self.stdout.write("Removed: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
