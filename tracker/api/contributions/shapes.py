"""How tuples of `api_words` become JSON."""

from tracker.api.rows import Json, matter, person
from tracker.api.shapes import ROOT
from tracker.queries.api_words import Row


def contribution(row: Row) -> Json:
    """One row of CONTRIBUTION_COLUMNS."""
    (ref, code, title, department, department_name, author, author_name, period_start, period_end, text, is_no_change,
     is_late, _revision, is_demo, revision) = row  # fmt: skip
    return {
        "ref": ref,
        "commitment": matter(code, title),
        "department": {"code": department, "name": department_name},
        "author": person(author, author_name),
        "period_start": period_start,
        "period_end": period_end,
        "text": text,
        "is_no_change": is_no_change,
        "is_late": is_late,
        "is_demo": is_demo,
        "revision": revision,
        "url": f"{ROOT}/contributions/{ref}/",
    }
