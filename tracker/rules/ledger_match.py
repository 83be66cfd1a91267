"""Which row of a file is which commitment: by code, else by title and lead, else by a likeness that is told. Pure."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

SURE = 100
TITLE_ONLY = 90  # percent: the same title under another lead
LIKELY = 85  # percent of likeness from which a row counts as the same unless a person says otherwise
POSSIBLE = 70  # percent of likeness from which the guess is shown
MOST_LOOKS = 200_000  # pairs that are compared in one file; more would take minutes
NO_SIGN = re.compile(r"[\W_]+")


class How(Enum):
    """By what a row was recognised."""

    NEW = "new"
    CODE = "code"
    RENUMBERED = "renumbered"
    SAME = "same"
    TITLE = "title"
    ALIKE = "alike"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A row or a commitment as it is recognised. `lead` is a full name, `code` "" when the row has none."""

    code: str
    title: str
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`code` is the commitment's, "" for a new one. `guess` is what it may be when it counts as new."""

    code: str = ""
    how: How = How.NEW
    percent: int = SURE
    guess: str = ""

    @property
    def is_guess(self) -> bool:
        """Whether a person should look."""
        return self.how in {How.TITLE, How.ALIKE, How.RENUMBERED} or bool(self.guess)


def key(title: str) -> str:
    """A title without spaces, marks and widths: what stays when two clerks type the same."""
    return NO_SIGN.sub("", unicodedata.normalize("NFKC", title)).casefold()


def match(
    rows: Sequence[Named], known: Sequence[Named], *, chosen: Mapping[int, str] | None = None
) -> tuple[Match, ...]:
    """The commitment of each row; no commitment is taken twice.

    Args:
        known: the commitments of the plan; one may stand there again under the name that a file gave it before.
        chosen: what a person said: a row's place to a code, or "" for a new commitment.
    """
    said = chosen or {}
    codes = {one.code: one for one in known}
    result: dict[int, Match] = {}
    taken: set[str] = set()

    def take(place: int, code: str, how: How, percent: int = SURE) -> None:
        result[place] = Match(code=code, how=how, percent=percent)
        taken.add(code)

    for place, code in said.items():
        if code in codes and code not in taken:
            take(place, code, How.CHOSEN)
        elif not code:
            result[place] = Match(how=How.CHOSEN)
    renumbered = _renumbered(rows, known)
    for place, code in _equal(rows, known, result, taken, by_lead=True) if renumbered else ():
        if place in renumbered:
            take(place, code, How.RENUMBERED, TITLE_ONLY)
    for place, row in enumerate(rows):
        if place not in result and row.code and row.code in codes and row.code not in taken:
            take(place, row.code, How.CODE)
    for by_lead in (True, False):
        for place, code in _equal(rows, known, result, taken, by_lead=by_lead):
            take(place, code, How.SAME if by_lead else How.TITLE, SURE if by_lead else TITLE_ONLY)
    for place, code, percent in _alike(rows, known, result, taken):
        if percent >= LIKELY:
            take(place, code, How.ALIKE, percent)
        else:
            result[place] = Match(percent=percent, guess=code)
    new = Match()
    return tuple(result.get(place, new) for place in range(len(rows)))


def _renumbered(rows: Sequence[Named], known: Sequence[Named]) -> frozenset[int]:
    """The rows whose code is that of one commitment, and whose title and lead are those of another: offices that drop
    a task often number the others anew.
    """
    titles = {one.code: key(one.title) for one in known}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in known:
        found[key(one.title), one.lead].add(one.code)
    return frozenset(
        place
        for place, row in enumerate(rows)
        if row.code in titles
        and (own := key(row.title)) != titles[row.code]
        and found.get((own, row.lead), set()) - {row.code}
    )


def _equal(
    rows: Sequence[Named], known: Sequence[Named], result: Mapping[int, Match], taken: set[str], *, by_lead: bool
) -> list[tuple[int, str]]:
    """Rows whose title (and lead) is that of exactly one commitment, and which are the only ones of that title."""

    def of(one: Named) -> tuple[str, str]:
        return key(one.title), one.lead if by_lead else ""

    free: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in known:
        if one.code not in taken:
            free[of(one)].append(one.code)
    asking = {place: of(row) for place, row in enumerate(rows) if place not in result and key(row.title)}
    times = Counter(asking.values())
    found: dict[str, int] = {}
    for place, wanted in asking.items():
        codes = [code for code in free.get(wanted, ()) if code not in found]
        if codes and len(codes) == times[wanted]:  # several of one name follow each other as in the ledger
            found[codes[0]] = place
            times[wanted] -= 1
    return [(place, code) for code, place in found.items()]


def _alike(
    rows: Sequence[Named], known: Sequence[Named], result: Mapping[int, Match], taken: set[str]
) -> list[tuple[int, str, int]]:
    """The best likeness of each row that is left among the commitments of its lead, best pairs first."""
    free: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in known:
        if one.code not in taken:
            free[one.lead].append((key(one.title), one.code))
    pairs: list[tuple[int, int, str]] = []
    looks = 0
    for place, row in enumerate(rows):
        others = free.get(row.lead, []) if place not in result else []
        looks += len(others)
        if looks > MOST_LOOKS:
            break
        own = key(row.title)
        pairs += [(percent, place, code) for other, code in others if (percent := _likeness(own, other)) >= POSSIBLE]
    found: list[tuple[int, str, int]] = []
    used: set[str] = set()
    done: set[int] = set()
    for percent, place, code in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if place not in done and code not in used:
            found.append((place, code, percent))
            done.add(place)
            used.add(code)
    return found


def _likeness(one: str, other: str) -> int:
    """Percent of signs that two titles share in order; 0 where figures differ, which are what titles are told by."""
    if not one or not other or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0
    if 2 * min(len(one), len(other)) * 100 < POSSIBLE * (len(one) + len(other)):
        return 0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return round(matcher.ratio() * 100) if matcher.quick_ratio() * 100 >= POSSIBLE else 0
