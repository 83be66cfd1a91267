"""The scene of the kill tests, in the database of DATABASE_URL: `python -m tests.fault.stage`.

40 departments with ten officers and five commitments each: 2 000 reminders in 400 messages on 9 June 2026.
"""

from datetime import date

DEPARTMENTS, OFFICERS, COMMITMENTS = 40, 10, 5
MESSAGES = DEPARTMENTS * OFFICERS
REMINDERS = MESSAGES * COMMITMENTS


def fill() -> None:
    """Write the scene."""
    from django.core.management import call_command
    from django.db import transaction

    from tests.factories import make_commitment, make_department
    from tests.reminder_rows import make_channel, make_rule
    from tracker.choices import Role
    from tracker.models import User

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        make_rule("before-due", ladder=[-30, -7, -1])
        make_channel()
        for place in range(DEPARTMENTS):
            department = make_department(f"d{place}")
            names = [f"officer-{place}-{number}" for number in range(OFFICERS)]
            User.objects.bulk_create(
                User(
                    username=name,
                    full_name=name,
                    password="!",
                    role=Role.OFFICER,
                    department=department,
                    email=f"{name}@example.invalid",
                )
                for name in names
            )
            for _ in range(COMMITMENTS):
                make_commitment(department=department, due_on=date(2026, 6, 16), assessed_on=None)


if __name__ == "__main__":
    import django

    django.setup()
    fill()
