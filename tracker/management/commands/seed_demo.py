"""`manage.py seed_demo`: adds the marked demonstration layer and its sign-ins; a second run changes nothing."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.event_kinds import EventKind
from tracker.management import demo_layer
from tracker.models import Event, Plan


def stands() -> bool:
    """Whether the layer was added and not removed since."""
    told = Event.objects.filter(kind__in=[EventKind.DEMO_ADDED, EventKind.DEMO_REMOVED]).order_by("-seq").first()
    return told is not None and told.kind == EventKind.DEMO_ADDED


class Command(BaseCommand):
    help = "Add demonstration progress to a loaded plan, marked on every row. `clear_demo` removes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", default="NC2024", help="Code of the plan.")
        parser.add_argument("--sign-ins-only", action="store_true", help="Create the sign-ins, no progress.")

    def handle(self, *args: object, **options: object) -> None:
        plan = Plan.objects.filter(code=str(options["plan"])).first()
        if plan is None:
            raise CommandError("The plan is not loaded. Run `manage.py load_plan nanchong` first.")
        demo_layer.sign_ins(Path(settings.VAR_DIR) / "demo-accounts.json")
        if options["sign_ins_only"] or stands():
            self.stdout.write("The demonstration sign-ins stand; progress is left as it is.")
            return
        count = demo_layer.DemoLayer(plan, today=timezone.localdate()).seed()
        self.stdout.write(f"Added demonstration progress to {count} commitments.")
