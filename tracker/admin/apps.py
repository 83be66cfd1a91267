"""Makes our admin site the default one, and fills it."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig

PAGES = (
    "commitments", "plans", "verifications", "lookbacks", "reports", "contributions", "extensions", "blockers",
    "instructions", "slips", "people", "handovers", "evidence", "records", "reminder_rules", "catalogue", "settings",
    "workdays", "layouts", "channels", "subscriptions", "deliveries", "ledger_imports",
)  # fmt: skip


class LuoshiAdminConfig(AdminConfig):
    default_site = "tracker.admin.site.LuoshiAdminSite"

    def ready(self) -> None:
        super().ready()
        for page in PAGES:
            import_module(f"tracker.admin.{page}")
