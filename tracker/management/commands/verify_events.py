"""`manage.py verify_events`: walks the event chain; exit status 1 and the first broken link if it does not hold.

What it found is kept, so that pages can say when the chain was last verified.
"""

from django.core.management.base import BaseCommand, CommandError

from tracker.actions import chain
from tracker.policies import SYSTEM

PROBLEMS = {
    "missing": "event %(seq)d is missing",
    "not_linked": "event %(seq)d does not continue the one before",
    "altered": "event %(seq)d was altered",
    "cut_off": "the log ends before event %(seq)d, which the chain's head knows",
    "added": "event %(seq)d was added, the chain's head does not know it",
    "sealed_anew": "events up to %(seq)d were sealed anew, the chain's head knows another seal",
}


class Command(BaseCommand):
    help = "Verify the event chain and name its first broken link."

    def handle(self, *args: object, **options: object) -> None:
        result = chain.verify(by=SYSTEM)
        if result.broken_seq is not None:
            problem = PROBLEMS[result.problem] % {"seq": result.broken_seq}
            raise CommandError(
                f"The chain is broken: {problem}. Restore the database from a backup and find out who wrote to it."
            )
        self.stdout.write(self.style.SUCCESS(f"The chain holds: {result.event_count} events."))
