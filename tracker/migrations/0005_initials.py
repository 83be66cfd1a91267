"""Pinyin initials of what stands already; new rows get theirs from the actions that write the name."""

from django.db import migrations

NAMED = (
    ("tracker", "Department", "name"),
    ("tracker", "User", "full_name"),
    ("tracker", "Post", "title"),
    ("tracker", "Commitment", "title"),
    ("projects", "Initiative", "name"),
    ("projects", "Indicator", "name"),
)


def write_initials(apps, schema_editor):
    """Fill the column from the name, in batches."""
    from pypinyin import Style, lazy_pinyin

    for app, name, field in NAMED:
        model = apps.get_model(app, name)
        rows = list(model.objects.filter(initials="").only("pk", field))
        for row in rows:
            letters = "".join(lazy_pinyin(getattr(row, field), style=Style.FIRST_LETTER)).lower()
            row.initials = "".join(sign for sign in letters if sign.isascii() and sign.isalnum())[:120]
        model.objects.bulk_update(rows, ["initials"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0004_extension_guard"), ("projects", "0002_initials")]

    operations = [migrations.RunPython(write_initials, migrations.RunPython.noop)]
