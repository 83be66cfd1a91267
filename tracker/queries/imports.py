"""What a ledger file would do: its rows recognised, compared with what stands and with what files said before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache

import orjson
from django.db.models import QuerySet

from projects.errors import DomainError
from tracker import policies
from tracker.choices import DepartmentKind
from tracker.import_choices import AT_WORK, ImportState
from tracker.models import Department, HeadingWord, LedgerImport, LedgerLine, Plan
from tracker.policies import Actor
from tracker.queries import ledger, ledger_codes, ledger_said
from tracker.rules import ledger_beside, ledger_check, ledger_choices, ledger_match, ledger_merge
from tracker.rules.ledger import LedgerRow
from tracker.rules.ledger_beside import NOTHING
from tracker.rules.ledger_check import Judgement, References, with_code
from tracker.rules.ledger_choices import Choices
from tracker.rules.ledger_entry import Beside
from tracker.rules.ledger_match import How, Match, Named
from tracker.rules.ledger_merge import BESIDE, Held, Past, Why

BATCH = 2000
NOT_READ = "baseline"  # the reader's word for a column that is known and not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a file says, before anybody asks what stands. `beside` goes along with `rows`, as JSON: it is long.

    `is_own`: it was written by this site; its rows name their codes and plans themselves.
    """

    rows: Sequence[LedgerRow]
    beside: Sequence[bytes]
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What will be kept of one row; `effect` is worked out when it is entered."""

    row: LedgerRow
    packed: bytes
    digest: str
    is_news: bool  # neither the last file said the same, nor an older one whose word does not count

    @property
    def beside(self) -> Beside:
        """What the file says beside the facts."""
        said: Beside = orjson.loads(self.packed) if self.packed else {}
        return said

    @property
    def told(self) -> ledger_beside.Line:
        """The facts as JSON, and what stands beside them."""
        return ledger_merge.facts(self.row), self.beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A row that was recognised by a likeness, or was not and may be one that stands."""

    row: LedgerRow
    match: Match
    other: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Words for a department that nobody knows, in how many rows, and the department they may mean."""

    name: str
    count: int
    guess: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that the preview shows and that entering needs. `rows` are those that may be entered."""

    rows: Sequence[LedgerRow]
    judgement: Judgement
    lines: Mapping[str, Line]
    guesses: Sequence[Guess] = ()
    held: Sequence[Held] = ()
    unknown: Sequence[Unknown] = ()
    gaps: Sequence[tuple[LedgerRow, str, str]] = ()  # progress in the file, progress reported
    skipped_count: int = 0

    @property
    def noted(self) -> list[Line]:
        """Rows that change no fact and say something new beside it."""
        still = [change.row.code for change in self.judgement.changes if not change.is_new and not change.is_change]
        return [line for code in still if (line := self.lines.get(code)) and line.is_news]


def headings() -> dict[str, str]:
    """The headings that staff added, as the reader takes them."""
    finer = {"title": "title:2", "parent": "title:1", "": NOT_READ}
    return {word: finer.get(name, name) for word, name in HeadingWord.objects.values_list("heading", "field")}


def look(source: Source, *, plan: Plan | None, choices: Choices, viewer: Actor) -> Look:
    """What the file would do. The number of queries grows with batches of rows only."""
    references = _with_choices(ledger.references_of({plan.code} if plan else ()), choices)
    if source.is_own or plan is None:
        return _own(source, choices=choices, viewer=viewer)
    places = _places(source, choices)
    unknown: Counter[str] = Counter()
    rows = [_resolved(source.rows[place], references, unknown) for place in places]
    known = _known(plan, viewer)
    names = [*known.values(), *_named_before(plan, known)]
    matches = ledger_match.match([_named(row) for row in rows], names, chosen=_chosen(rows, choices))
    codes = [match.code for match in matches if match.code]
    standing = _standing(codes, viewer)
    past = _past(codes)
    held: list[Held] = []
    said: list[Line] = []
    for place, (match, code) in enumerate(zip(matches, _codes(rows, matches), strict=True)):
        row = replace(rows[place], code=code, given=with_code(rows[place].given))
        packed = source.beside[places[place]]
        rows[place], line, kept = _one(row, packed, standing.get(match.code), past.get(code), choices)
        said.append(line)
        held += kept
    judgement, rows = _judged(rows, viewer=viewer, references=references)
    judgement = replace(judgement, remarks=(*_codes_dropped(source, places, rows, matches), *judgement.remarks))
    lines = {row.code: line for row, line in zip(rows, said, strict=True) if row.code}
    older = [code for code, line in lines.items() if code in past and past[code].said_before(line.digest)]
    held += _held_beside(lines, older)
    return Look(
        rows=rows,
        judgement=judgement,
        lines=lines,
        guesses=[_guess(row, match, known) for row, match in zip(rows, matches, strict=True) if match.is_guess],
        held=held,
        unknown=_unknown(unknown),
        gaps=list(_gaps(rows, lines, standing)),
        skipped_count=len(source.rows) - len(places),
    )


@lru_cache(maxsize=4096)
def with_kind(given: frozenset[str]) -> frozenset[str]:
    return given | {"kind"}


def _codes_dropped(
    source: Source, places: Sequence[int], rows: Sequence[LedgerRow], matches: Sequence[Match]
) -> Iterator[DomainError]:
    """A remark for each new row that cannot have the code that its file gives it."""
    for place, row, match in zip(places, rows, matches, strict=True):
        wanted = source.rows[place].code
        if wanted and row.code and not match.code and row.code != wanted:
            yield DomainError("import_code_taken", row=row.number, wanted=wanted, code=row.code)


def _codes(rows: Sequence[LedgerRow], matches: Sequence[Match]) -> list[str]:
    """The code of each row: its commitment's, else its own where that is free, else "" for the plan's next."""
    free = ledger_codes.free([row.code for row, match in zip(rows, matches, strict=True) if not match.code])
    codes = []
    for row, match in zip(rows, matches, strict=True):
        codes.append(match.code or (row.code if row.code in free else ""))
        free.discard(codes[-1])
    return codes


def _places(source: Source, choices: Choices) -> list[int]:
    """The rows that nobody left out."""
    rows = enumerate(source.rows)
    return [place for place, row in rows if choices.rows.get((row.sheet, row.number)) != ledger_choices.SKIP]


def _own(source: Source, *, choices: Choices, viewer: Actor) -> Look:
    """What a file of ours would do. A row without a code is the commitment of its plan, title and lead, or new."""
    kept = [source.rows[place] for place in _places(source, choices)]
    judgement, rows = _judged(_recognised(kept, viewer), viewer=viewer)
    lines = {
        row.code: Line(row=row, packed=b"", digest=ledger_merge.digest(ledger_merge.facts(row), {}), is_news=False)
        for row in rows
        if row.code
    }
    remarks = (*_unversioned(judgement), *_named_twice(judgement, viewer), *judgement.remarks)
    skipped = len(source.rows) - len(kept)
    return Look(rows=rows, judgement=replace(judgement, remarks=remarks), lines=lines, skipped_count=skipped)


def _unversioned(judgement: Judgement) -> Iterator[DomainError]:
    """A remark where nobody can tell whether the file or the site is the newer one."""
    count = sum("revision" not in change.row.given for change in judgement.changed)
    if count:
        yield DomainError("ledger_without_version", count=count)


def _named_twice(judgement: Judgement, viewer: Actor) -> Iterator[DomainError]:
    """A remark for each new row that has the title of a commitment: its code may be mistyped."""
    new = {(change.row.plan, change.row.title): change.row for change in judgement.new}
    for part in ledger.batches(list(new)):
        seen = policies.visible_to(viewer).filter(title__in=[title for _plan, title in part]).order_by("code")
        for plan, title, code in seen.values_list("plan__code", "title", "code"):
            if row := new.get((plan, title)):
                yield DomainError("ledger_title_stands", row=row.number, code=row.code, other=code)


def _judged(
    rows: Sequence[LedgerRow], *, viewer: Actor, references: References | None = None
) -> tuple[Judgement, list[LedgerRow]]:
    """The rows judged, and with codes for those that have none: what is refused uses up no number."""
    code_for = ledger_codes.Codes({row.code for row in rows})
    judgement = ledger.judge(rows, viewer=viewer, references=references, code_for=code_for)
    return judgement, ledger_check.numbered(rows, judgement)


def _recognised(rows: Sequence[LedgerRow], viewer: Actor) -> Sequence[LedgerRow]:
    """The rows of a file of ours; those without a code with that of the commitment they are, if they are one."""
    places = [place for place, row in enumerate(rows) if not row.code]
    if not places:
        return rows
    references, named = ledger.references_of(()), {row.code for row in rows}
    found = list(rows)
    plans = Plan.objects.filter(code__in={rows[place].plan for place in places})
    for plan in plans:
        own = [place for place in places if rows[place].plan == plan.code]
        known = [one for code, one in _known(plan, viewer).items() if code not in named]
        asking = [_named(ledger_check.resolve(rows[place], references)[0]) for place in own]
        for place, match in zip(own, ledger_match.match(asking, known), strict=True):
            if match.how is How.SAME:
                found[place] = replace(rows[place], code=match.code)
    return found


def _one(
    row: LedgerRow, packed: bytes, stands: LedgerRow | None, past: Past | None, choices: Choices
) -> tuple[LedgerRow, Line, tuple[Held, ...]]:
    """One row as it may be entered, what is kept of it, what was held back.

    Kept and compared with later files is the file's own word, not what was made of it here.
    """
    digest = ledger_merge.digest(ledger_merge.facts(row), orjson.loads(packed) if packed else {})
    if stands is None:
        row = replace(row, given=with_kind(row.given))
    taken = choices.taken.get(row.code, frozenset())
    is_told = past is not None and (past.digest == digest or (past.said_before(digest) and BESIDE not in taken))
    line = Line(row=row, packed=packed, digest=digest, is_news=not is_told)
    if stands is None:
        return row, line, ()
    entered = ledger_merge.same_words(row, stands)
    entered, held = ledger_merge.merge(entered, standing=stands, past=past, digest=digest, taken=taken)
    return entered, line, held


def _held_beside(lines: Mapping[str, Line], codes: Sequence[str]) -> Iterator[Held]:
    """What rows of an older file say beside the facts, where the last file says something else."""
    last = ledger_said.last_lines(codes)
    for code in codes:
        words = ledger_beside.differences(last.get(code, NOTHING), lines[code].told)
        if words:
            yield Held(code=code, field=BESIDE, why=Why.OLDER, words=words)


def _with_choices(references: References, choices: Choices) -> References:
    """The references as they will be when the answers about departments are entered."""
    names = dict(Department.objects.filter(code__in=set(choices.departments.values())).values_list("code", "name"))
    departments, groups = dict(references.departments), dict(references.groups)
    for word, answer in choices.departments.items():
        if answer == ledger_choices.CREATE:
            departments[word] = word
        elif answer == ledger_choices.NOBODY:
            groups[word] = ()
        elif answer == ledger_choices.COUNTIES:
            groups[word] = tuple(counties().values_list("name", flat=True))
        elif answer in names:
            departments[word] = names[answer]
    return replace(references, departments=departments, groups=groups)


def counties() -> QuerySet[Department]:
    """Every county government."""
    return Department.objects.filter(kind=DepartmentKind.COUNTY, is_active=True)


def _resolved(row: LedgerRow, references: References, unknown: Counter[str]) -> LedgerRow:
    """The row with full names, each department once; what nobody knows is counted."""
    resolved, faults = ledger_check.resolve(row, references)
    unknown.update({str(fault.params["name"]) for fault in faults})
    others = [name for name in dict.fromkeys(resolved.supporting) if name != resolved.lead]
    given = resolved.given if others else resolved.given - {"supporting"}
    given = given if resolved.lead else given - {"lead"}
    return replace(resolved, supporting=tuple(others), given=given)


def _unknown(counted: Counter[str]) -> list[Unknown]:
    """The most frequent first, each with the known name that looks most like it."""
    names = {
        word: name for name, short in Department.objects.values_list("name", "short_name") for word in (name, short)
    }
    found = []
    for word, count in counted.most_common():
        close = get_close_matches(word, names, n=1, cutoff=0.6)
        found.append(Unknown(name=word, count=count, guess=names[close[0]] if close else ""))
    return found


def _named(row: LedgerRow) -> Named:
    return Named(code=row.code, title=row.title, lead=row.lead)


def _known(plan: Plan, viewer: Actor) -> dict[str, Named]:
    rows = policies.visible_to(viewer).filter(plan=plan).order_by("code").values_list("code", "title", "lead__name")
    return {code: Named(code=code, title=title, lead=lead or "") for code, title, lead in rows}


def _named_before(plan: Plan, known: Mapping[str, Named]) -> list[Named]:
    """What the last entered file called a commitment that has another title or lead by now."""
    lines = LedgerLine.objects.filter(of__state=ImportState.DONE, commitment__plan=plan).order_by("of_id")
    said = {
        code: Named(code=code, title=facts.get("title", ""), lead=facts.get("lead", ""))
        for code, facts in lines.values_list("commitment__code", "facts").iterator(chunk_size=BATCH)
        if code in known
    }
    return [one for code, one in said.items() if one.title and one != known[code]]


def _chosen(rows: Sequence[LedgerRow], choices: Choices) -> dict[int, str]:
    """What a person said of each row, by its place; "" for a new commitment."""
    said = {place: choices.rows.get((row.sheet, row.number)) for place, row in enumerate(rows)}
    return {place: "" if code == ledger_choices.NEW else code for place, code in said.items() if code}


def _standing(codes: Sequence[str], viewer: Actor) -> dict[str, LedgerRow]:
    seen = policies.visible_to(viewer)
    return {row.code: row for part in ledger.batches(codes) for row in ledger.rows(seen.filter(code__in=part))}


def _past(codes: Sequence[str]) -> dict[str, Past]:
    """What entered files said of these commitments."""
    found: dict[str, Past] = {}
    older: dict[str, set[str]] = defaultdict(set)
    lines = LedgerLine.objects.filter(of__state=ImportState.DONE).order_by("of_id", "pk")
    for part in ledger.batches(codes):
        rows = lines.filter(commitment__code__in=part).values_list("commitment__code", "facts", "digest")
        for code, facts, digest in rows.iterator(chunk_size=BATCH):
            if code in found:
                older[code].add(found[code].digest)
                facts = {**found[code].facts, **facts}  # what a file has no word for stays as the one before said it
            found[code] = Past(facts=facts, digest=digest, older=frozenset(older[code]))
    return found


def _guess(row: LedgerRow, match: Match, known: Mapping[str, Named]) -> Guess:
    return Guess(row=row, match=match, other=known[match.code or match.guess])


def _gaps(
    rows: Iterable[LedgerRow], lines: Mapping[str, Line], standing: Mapping[str, LedgerRow]
) -> Iterator[tuple[LedgerRow, str, str]]:
    """Where the file's progress is not the reported one."""
    for row in rows:
        stands = standing.get(row.code)
        if stands is None or not stands.progress:
            continue
        said = lines[row.code].beside.get("progress")
        if said is not None and str(said) != stands.progress:
            yield row, str(said), stands.progress


def waiting() -> list[int]:
    """The imports that wait for the worker, oldest first; at most 20."""
    rows = LedgerImport.objects.filter(state__in=AT_WORK)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:20])


def same_file(row: LedgerImport) -> LedgerImport | None:
    """The last entered import of the very same bytes, if there is one."""
    rows = LedgerImport.objects.filter(sha256=row.sha256, state=ImportState.DONE).exclude(pk=row.pk)
    return rows.order_by("-pk").first()
