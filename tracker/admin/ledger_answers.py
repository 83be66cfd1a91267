"""What a person answered on the preview of a ledger file: the names of the form's fields, and what they mean."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from tracker import policies
from tracker.import_choices import LedgerField
from tracker.models import Department
from tracker.policies import Actor
from tracker.rules.ledger_choices import COUNTIES, CREATE, NEW, NOBODY, SKIP, Choices
from tracker.rules.reading.characters import squeezed
from tracker.rules.reading.columns import SINGLE

LEFT_OUT = "-"  # in a column's box: not read
Preview = Mapping[str, Any]


def read(post: QueryDict, preview: Preview, before: Choices) -> Choices:
    """The choices with these answers; whatever the form does not name stays as it was chosen before."""
    undone = set(post.getlist("undo"))
    columns = dict(before.columns)
    remembered = dict(before.remembered)
    for name, sheet, column in columns_of(preview):
        said = post.get(name)
        field = "" if said == LEFT_OUT else said
        if said is not None and (said == LEFT_OUT or said in LedgerField.values) and field != column["field"]:
            columns[sheet, column["index"]] = str(field)
        if said is not None:
            remembered.pop(squeezed(column["text"]), None)
        if f"{name}-keep" in post:
            remembered[squeezed(column["text"])] = str(columns.get((sheet, column["index"]), column["field"]))
    departments = {word: answer for word, answer in before.departments.items() if f"d:{word}" not in undone}
    rows = {place: said for place, said in before.rows.items() if f"r:{place[0]}\t{place[1]}" not in undone}
    departments |= dict(_departments(post, preview))
    rows |= dict(_rows(post, preview))
    return replace(
        before,
        columns=columns,
        remembered=remembered,
        departments=departments,
        rows=rows,
        taken=_taken(post, preview, before),
        only_good="only_good" in post,
    )


def doubled(post: QueryDict, preview: Preview) -> tuple[str, str, str] | None:
    """Two columns of one sheet that were given the same meaning, and it: one would be lost. None: all is well."""
    seen: dict[tuple[str, str], str] = {}
    for name, sheet, column in columns_of(preview):
        field = post.get(name) or column["field"]
        if field not in SINGLE or field not in LedgerField.values:
            continue
        if (sheet, field) in seen and name in post:
            return seen[sheet, field], column["text"], str(LedgerField(field).label)
        seen[sheet, field] = column["text"]
    return None


def columns_of(preview: Preview) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every column's box on the page: its name, its sheet, the column."""
    for number, sheet in enumerate(preview.get("sheets", ())):
        for column in sheet["columns"]:
            yield f"column-{number}-{column['index']}", sheet["name"], column


def _departments(post: QueryDict, preview: Preview) -> Iterator[tuple[str, str]]:
    codes = set(Department.objects.values_list("code", flat=True))
    for number, one in enumerate(preview.get("departments", ())):
        said = post.get(f"department-{number}", "")
        if said in {CREATE, NOBODY, COUNTIES} or said in codes:
            yield one["name"], said


def _rows(post: QueryDict, preview: Preview) -> Iterator[tuple[tuple[str, int], str]]:
    for number, one in enumerate(preview.get("guesses", ())):
        said = post.get(f"guess-{number}")
        answer = {"same": one["code"], "new": NEW}.get(said or "")
        if answer and (answer != NEW) != one["is_same"]:
            yield (one["sheet"], one["row"]), answer
    for part in ("new", "changed", "noted"):
        for number, one in enumerate(preview.get(part, ())):
            if f"skip-{part}-{number}" in post:
                yield (one["sheet"], one["row"]), SKIP


def _taken(post: QueryDict, preview: Preview, before: Choices) -> dict[str, frozenset[str]]:
    """The held values for which the file's word counts: as the page's boxes say, where it has them."""
    taken = {code: set(fields) for code, fields in before.taken.items()}
    for number, one in enumerate(preview.get("held", ())):
        fields = taken.setdefault(one["code"], set())
        if f"take-{number}" in post:
            fields.add(one["field"])
        else:
            fields.discard(one["field"])
    return {code: frozenset(fields) for code, fields in taken.items() if fields}


def given(choices: Choices, *, viewer: Actor) -> list[dict[str, str]]:
    """The answers that no longer stand as questions on the page, each with the key that takes it back.

    `name` is what the code that was said belongs to.
    """
    departments = Department.objects.filter(code__in=set(choices.departments.values()))
    items = policies.visible_to(viewer).filter(code__in=set(choices.rows.values()))
    names, titles = dict(departments.values_list("code", "name")), dict(items.values_list("code", "title"))
    found = [
        {"key": f"d:{word}", "about": word, "kind": "department", "said": answer, "name": names.get(answer, "")}
        for word, answer in choices.departments.items()
    ]
    return found + [
        {
            "key": f"r:{sheet}\t{row}",
            "about": f"{sheet} · {row}" if sheet else str(row),
            "kind": "row",
            "said": said,
            "name": titles.get(said, ""),
        }
        for (sheet, row), said in choices.rows.items()
    ]
