"""What the ledger's export and import read: commitments as flat rows, what a row may point at, and the judgement."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from projects.models import Initiative
from tracker import policies
from tracker.choices import Involvement
from tracker.models import Clause, Commitment, CommitmentDepartment, Department, DepartmentAlias, Milestone, Plan
from tracker.policies import Actor
from tracker.rules import ledger_check, ledger_names
from tracker.rules.ledger import LedgerRow, Value
from tracker.rules.ledger_check import Judgement, References
from tracker.rules.ledger_stages import Milestones

BATCH = 2000
OWNERS = frozenset({"responsible", "supporting"})

# Where each field of a row stands in its commitment.
PATHS: Mapping[str, str] = {
    "code": "code", "title": "title", "kind": "kind", "clause": "clause__code", "summary": "summary",
    "lead": "lead__name", "lead_is_suggested": "lead_is_suggested", "starts_on": "starts_on",
    "original_due_on": "original_due_on", "due_on": "due_on", "due_text": "due_text", "is_continuous": "is_continuous",
    "is_red_line": "is_red_line", "is_public": "is_public", "initiative": "initiative__code", "stage": "stage",
    "health": "health", "progress": "progress", "plan": "plan__code", "revision": "revision",
    "is_broken": "red_line_broken_on",
}  # fmt: skip
SAID: Mapping[str, Callable[[Any], Value]] = {
    "clause": lambda code: code or "",
    "lead": lambda name: name or "",
    "initiative": lambda code: code or "",
    "progress": lambda share: "" if share is None else f"{share.normalize():f}",
    "revision": str,
    "is_broken": lambda day: day is not None,
}
ALL = frozenset({*PATHS, *OWNERS, "milestones"})
Found = TypeVar("Found")


def batches(found: Sequence[Found]) -> Iterator[Sequence[Found]]:
    """So many at a time as one statement takes."""
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))


def rows(commitments: QuerySet[Commitment], *, fields: Collection[str] = ALL) -> Iterator[LedgerRow]:
    """These commitments as ledger rows, in their order; three queries a batch, never the whole ledger in memory.

    `fields`: those that are wanted; the others keep what a new row has.
    """
    names = [name for name in PATHS if name in fields]
    told = [(name, say) for name, say in SAID.items() if name in names]
    has_owners, has_stages = not OWNERS.isdisjoint(fields), "milestones" in fields
    records = commitments.values_list("pk", *map(PATHS.__getitem__, names)).iterator(chunk_size=BATCH)
    while batch := list(islice(records, BATCH)):
        ids = [record[0] for record in batch]
        owners = _owners(ids) if has_owners else {}
        stages = _milestones(ids) if has_stages else {}
        for pk, *values in batch:
            said: dict[str, Any] = dict(zip(names, values, strict=True))
            for name, say in told:
                said[name] = say(said[name])
            yield LedgerRow(
                responsible=owners.get((pk, Involvement.RESPONSIBLE), ()),
                supporting=owners.get((pk, Involvement.SUPPORTING), ()),
                milestones=stages.get(pk, ()),
                **said,
            )


def _owners(ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    found: dict[tuple[int, str], tuple[str, ...]] = defaultdict(tuple)
    parts = CommitmentDepartment.objects.filter(_of(ids)).order_by("commitment", "involvement", "order", "pk")
    for commitment, part, name in parts.values_list("commitment", "involvement", "department__name"):
        found[commitment, part] += (name,)
    return found


def _milestones(ids: Sequence[int]) -> dict[int, Milestones]:
    found: dict[int, Milestones] = defaultdict(tuple)
    parts = Milestone.objects.filter(_of(ids)).order_by("commitment", "order", "pk")
    for commitment, name, planned_on in parts.values_list("commitment", "name", "planned_on"):
        found[commitment] += ((name, planned_on),)
    return found


def _of(ids: Sequence[int]) -> Q:
    """The parts of these commitments; by the range of their keys where few others lie in it, which is read faster."""
    first, last = min(ids), max(ids)
    return Q(commitment__gte=first, commitment__lte=last) if last - first < 2 * len(ids) else Q(commitment__in=ids)


def references_of(codes: Iterable[str]) -> References:
    """What the rows of these plans may point at, "": of any plan, in five queries."""
    departments = list(Department.objects.values_list("name", "short_name", "code"))
    names = Counter(chain.from_iterable(set(department) for department in departments))
    plans = dict(Plan.objects.values_list("code", "jurisdiction__name"))
    city = next((name for name in plans.values() if name), "")
    wanted = set(codes)
    clauses = Clause.objects.filter(plan__code__in=plans if "" in wanted else wanted).values_list("plan__code", "code")
    aliases: dict[str, tuple[str, ...]] = {}
    for word, name in DepartmentAlias.objects.order_by("pk", "departments__order", "departments__code").values_list(
        "name", "departments__name"
    ):
        aliases[word] = (*aliases.get(word, ()), name) if name else ()
    return References(
        # A full name wins over somebody else's short name; what is still shared leads nowhere.
        departments={word: name for name, *words in departments for word in words if names[word] == 1}
        | {word: found[0] for word, found in aliases.items() if len(found) == 1}
        | {name: name for name, *_rest in departments},
        groups={word: found for word, found in aliases.items() if len(found) != 1},
        spoken=ledger_names.by_speech((name for name, *_rest in departments), city=city),
        city=city,
        clauses=frozenset(clauses),
        initiatives=frozenset(Initiative.objects.values_list("code", flat=True)),
        plans=frozenset(plans),
    )


def judge(
    read: Sequence[LedgerRow],
    *,
    viewer: Actor,
    references: References | None = None,
    code_for: Callable[[str], str] | None = None,
) -> Judgement:
    """What these rows of a file would do to the ledger: seven queries, three more a further batch.

    `code_for`: as `ledger_check.judge` takes it.
    """
    seen = policies.visible_to(viewer)
    parts = (read[start : start + BATCH] for start in range(0, len(read), BATCH))
    batches = (
        (part, {row.code: row for row in rows(seen.filter(code__in={row.code for row in part if row.code}))})
        for part in parts
    )
    known = references or references_of({row.plan for row in read})
    return ledger_check.judge_batches(batches, references=known, code_for=code_for)
