"""What the ledger's export and import read: commitments as flat rows, what a row may point at, and the judgement."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from projects.models import Initiative
from tracker import policies
from tracker.choices import Involvement
from tracker.models import Clause, Commitment, CommitmentDepartment, Department, DepartmentAlias, Milestone, Plan
from tracker.policies import Actor
from tracker.rules import ledger_check, ledger_names
from tracker.rules.ledger import LedgerRow, number_text
from tracker.rules.ledger_check import Judgement, References
from tracker.rules.ledger_stages import Milestones

BATCH = 2000

FIELDS = (
    "pk", "code", "title", "kind", "clause__code", "summary", "lead__name", "lead_is_suggested", "starts_on",
    "original_due_on", "due_on", "due_text", "is_continuous", "is_red_line", "is_public", "initiative__code", "stage",
    "health", "progress", "plan__code", "revision", "red_line_broken_on",
)  # fmt: skip


Found = TypeVar("Found")


class Record(NamedTuple):
    """The columns of `FIELDS`, typed."""

    pk: int
    code: str
    title: str
    kind: str
    clause: str | None
    summary: str
    lead: str | None
    lead_is_suggested: bool
    starts_on: date | None
    original_due_on: date | None
    due_on: date | None
    due_text: str
    is_continuous: bool
    is_red_line: bool
    is_public: bool
    initiative: str | None
    stage: str
    health: str
    progress: Decimal | None
    plan: str
    revision: int
    red_line_broken_on: date | None


def batches(found: Sequence[Found]) -> Iterator[Sequence[Found]]:
    """So many at a time as one statement takes."""
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))


def rows(commitments: QuerySet[Commitment]) -> Iterator[LedgerRow]:
    """These commitments as ledger rows, in their order; three queries a batch, never the whole ledger in memory."""
    records = (Record(*values) for values in commitments.values_list(*FIELDS).iterator(chunk_size=BATCH))
    while batch := list(islice(records, BATCH)):
        ids = [record.pk for record in batch]
        owners, stages = _owners(ids), _milestones(ids)
        for record in batch:
            yield _row(record, owners, stages.get(record.pk, ()))


def _owners(ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    found: dict[tuple[int, str], tuple[str, ...]] = defaultdict(tuple)
    parts = CommitmentDepartment.objects.filter(commitment__in=ids).order_by("commitment", "involvement", "order", "pk")
    for commitment, part, name in parts.values_list("commitment", "involvement", "department__name"):
        found[commitment, part] += (name,)
    return found


def _milestones(ids: Sequence[int]) -> dict[int, Milestones]:
    found: dict[int, Milestones] = defaultdict(tuple)
    parts = Milestone.objects.filter(commitment__in=ids).order_by("commitment", "order", "pk")
    for commitment, name, planned_on in parts.values_list("commitment", "name", "planned_on"):
        found[commitment] += ((name, planned_on),)
    return found


def _row(record: Record, owners: dict[tuple[int, str], tuple[str, ...]], stages: Milestones) -> LedgerRow:
    return LedgerRow(
        code=record.code,
        title=record.title,
        kind=record.kind,
        clause=record.clause or "",
        summary=record.summary,
        lead=record.lead or "",
        lead_is_suggested=record.lead_is_suggested,
        responsible=owners[record.pk, Involvement.RESPONSIBLE],
        supporting=owners[record.pk, Involvement.SUPPORTING],
        starts_on=record.starts_on,
        original_due_on=record.original_due_on,
        due_on=record.due_on,
        due_text=record.due_text,
        is_continuous=record.is_continuous,
        is_red_line=record.is_red_line,
        is_public=record.is_public,
        milestones=stages,
        initiative=record.initiative or "",
        stage=record.stage,
        health=record.health,
        progress="" if record.progress is None else number_text(str(record.progress)),
        plan=record.plan,
        revision=str(record.revision),
        is_broken=record.red_line_broken_on is not None,
    )


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
