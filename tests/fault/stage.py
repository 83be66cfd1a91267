"""The scene of the kill tests, in the database of DATABASE_URL: `python -m tests.fault.stage`.

50 departments with two officers and three commitments each: 300 reminders in 100 messages on 9 June 2026.
"""

from datetime import date

DEPARTMENTS, OFFICERS, COMMITMENTS = 50, 2, 3
REMINDERS, MESSAGES = DEPARTMENTS * OFFICERS * COMMITMENTS, DEPARTMENTS * OFFICERS


def fill() -> None:
    """Write the scene."""
    from django.core.management import call_command
    from django.db import transaction

    from tests.factories import make_commitment, make_department, make_user
    from tracker.models import ReminderRule

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        ReminderRule.objects.create(code="before-due", occasion="before_due", offsets=[30, 7, 1])
        for place in range(DEPARTMENTS):
            department = make_department(f"d{place}")
            for number in range(OFFICERS):
                make_user(f"officer-{place}-{number}", department=department)
            for _ in range(COMMITMENTS):
                make_commitment(department=department, due_on=date(2026, 6, 16), assessed_on=None)


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    fill()
