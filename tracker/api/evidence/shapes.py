"""How tuples of `api_words` become JSON."""

from tracker.api.rows import Json, matter, moment, person
from tracker.api.shapes import ROOT
from tracker.queries.api_words import Row


def evidence(row: Row) -> Json:
    """One row of EVIDENCE_COLUMNS."""
    (ref, code, title, report, verification, author, author_name, added_at, name, note, size, media_type, sha256,
     withdrawn_at, _revision, is_demo, revision) = row  # fmt: skip
    url = f"{ROOT}/evidence/{ref}/"
    return {
        "ref": ref,
        "commitment": matter(code, title),
        "report": report,
        "verification": verification,
        "author": person(author, author_name),
        "added_at": moment(added_at),
        "name": name,
        "note": note,
        "size": size,
        "media_type": media_type,
        "sha256": sha256,
        "withdrawn_at": moment(withdrawn_at),
        "file_url": f"{url}file/" if withdrawn_at is None else None,
        "is_demo": is_demo,
        "revision": revision,
        "url": url,
    }
