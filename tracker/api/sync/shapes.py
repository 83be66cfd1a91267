"""How a page of sync becomes JSON. `outputs` describes the same, and a test holds the two together."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tracker.api import shapes
from tracker.api.shapes import Json
from tracker.queries.api import Row
from tracker.queries.sync import PROJECT_COLUMNS, SyncedCommitment, SyncedInitiative


def commitments(*, today: date) -> Callable[[SyncedCommitment], Json]:
    """A function that shapes one commitment as it reads today, in the active language."""
    row_of_list = shapes.commitments(today=today)

    def shape(one: SyncedCommitment) -> Json:
        return row_of_list(one.row) | shapes.details(one.details, one.parts)

    return shape


def report(row: Row) -> Json:
    """A row of REPORT_COLUMNS, and the primary key, which stays here."""
    return shapes.report(row[:-1])


def initiative(one: SyncedInitiative) -> Json:
    """An initiative with the details of its kind."""
    (_pk, code, name, kind, jurisdiction, host, note, is_demo, revision, has_project, *rest) = one.row
    quantities, rest = rest[: len(PROJECT_COLUMNS)], rest[len(PROJECT_COLUMNS) :]
    (in_park, is_park, park_grade, is_platform, platform_grade, field, is_programme, audience) = rest
    project = {name: _plain(value) for name, value in zip(PROJECT_COLUMNS, quantities, strict=True)}
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "jurisdiction": jurisdiction,
        "host": host,
        "note": note,
        "project": project | {"park": in_park} if has_project else None,
        "park": {"grade": park_grade, "shares": [_share(row) for row in one.shares]} if is_park else None,
        "platform": {"grade": platform_grade, "field": field} if is_platform else None,
        "talent_programme": _programme(audience, one) if is_programme else None,
        "designations": [
            {"title": title, "grade": grade, "step": step, "step_on": step_on}
            for title, grade, step, step_on in one.designations
        ],
        "is_demo": is_demo,
        "revision": revision,
    }


def _share(row: Row) -> Json:
    county, share = row
    return {"county": county, "share_percent": _plain(share)}


def _programme(audience: str, one: SyncedInitiative) -> Json:
    years = [{"year": year, "quota": quota, "headcount": headcount} for year, quota, headcount in one.years]
    return {"audience": audience, "years": years}


def _plain(value: object) -> object:
    """Decimals as plain digits."""
    return shapes.quantity(value) if isinstance(value, Decimal) else value
