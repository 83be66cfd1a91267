"""`manage.py verify_evidence`: reads every evidence file against its digest; exit status 1 when one is lost."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from tracker.actions import evidence_store
from tracker.models import Evidence

A_DAY = timedelta(days=1)
PROBLEMS = {
    "missing": "is missing",
    "changed": "is not what was handed in",
    "unreadable": "cannot be read",
}


class Command(BaseCommand):
    help = "Check every evidence file against its SHA-256; name what is lost, count what belongs to nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tidy", action="store_true", help="remove files older than a day that belong to nothing in the database"
        )

    def handle(self, *args: object, tidy: bool = False, **options: object) -> None:
        owners: dict[str, list[str]] = {}
        rows = Evidence.objects.order_by("commitment__code", "pk").values_list("sha256", "commitment__code", "name")
        for sha256, code, name in rows.iterator():
            owners.setdefault(sha256, []).append(f"{code} “{name}”")
        orphans = [digest for digest in evidence_store.stored() if digest not in owners]
        lost = 0
        for sha256, named in owners.items():
            problem = _problem(sha256)
            if problem:
                lost += 1
                self.stderr.write(f"{sha256} {PROBLEMS[problem]}: {', '.join(named)}")
        self.stdout.write(f"{len(owners)} files in the database, {lost} lost; {len(orphans)} belong to nothing.")
        if tidy:
            removed = sum(evidence_store.remove(digest, unless_younger_than=A_DAY) for digest in orphans)
            self.stdout.write(f"{removed} removed; what is younger than a day stays.")
        if lost:
            raise CommandError("Restore the lost files from a backup of the evidence folder, then run this again.")


def _problem(sha256: str) -> str:
    """What is wrong with the file under this digest; "" when it is what it was."""
    try:
        evidence_store.opened(sha256).close()
    except evidence_store.Lost as lost:
        return str(lost)
    return ""
