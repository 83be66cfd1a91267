"""How tuples of `api_words` become JSON."""

from tracker.api.rows import Json, matter, person
from tracker.api.shapes import ROOT
from tracker.models import LookbackPick
from tracker.queries.api_words import Row


def verification(row: Row, *, is_citywide: bool) -> Json:
    """One row of VERIFICATION_COLUMNS. Which sample it belonged to is the city's to know."""
    (ref, code, title, lookback, verifier, verifier_name, method, finding, note, verified_on, _revision, is_demo,
     revision) = row  # fmt: skip
    return {
        "ref": ref,
        "commitment": matter(code, title),
        "is_lookback": lookback is not None,
        "lookback": lookback if is_citywide else None,
        "verifier": person(verifier, verifier_name),
        "method": method,
        "finding": finding,
        "note": note,
        "verified_on": verified_on,
        "is_demo": is_demo,
        "revision": revision,
        "url": f"{ROOT}/verifications/{ref}/",
    }


def lookback(row: Row) -> Json:
    """One row of LOOKBACK_COLUMNS."""
    (ref, drawn_by, drawn_by_name, drawn_on, closed_from, closed_until, seed, size, population, looked_count,
     is_demo) = row  # fmt: skip
    return {
        "ref": ref,
        "drawn_by": person(drawn_by, drawn_by_name),
        "drawn_on": drawn_on,
        "closed_from": closed_from,
        "closed_until": closed_until,
        "seed": seed,
        "size": size,
        "population_count": len(population),
        "looked_count": looked_count,
        "is_demo": is_demo,
        "url": f"{ROOT}/lookbacks/{ref}/",
    }


def pick(row: LookbackPick) -> Json:
    """One commitment of a sample."""
    seen = row.verification
    return {
        "order": row.order,
        "commitment": matter(row.commitment.code, row.commitment.title),
        "stage": row.commitment.stage,
        "verification": seen.ref if seen else None,
        "finding": seen.finding if seen else None,
    }
