"""Chinese deadlines and starts: one text becomes a day, stages, a span, or the knowledge that it names no day.

No sheets and no years guessed: the year that a text leaves out is handed in. `moments` knows the single points in time.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from tracker.rules.reading import moments
from tracker.rules.reading.characters import Cell, is_nothing, one_line, written
from tracker.rules.reading.moments import Moment

LONGEST = 1000  # signs of a text that are looked at
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 to 2119 as Excel counts days
EPOCH = date(1899, 12, 30)
RECURRING = (
    ("year", re.compile(r"每一?年|逐年|按年度?(?=调度|推进|开展|报|分|完成|落实)")),
    ("half_year", re.compile(r"每半年|按半年")),
    ("quarter", re.compile(r"每个?季|逐季|按季|季度(?:调度|通报|报送)")),
    ("month", re.compile(r"每个?月|逐月|按月|(?<![\d一二三四五六七八九十])月(?:调度|通报|报送)|每旬")),
    ("week", re.compile(r"每个?(?:周|星期)|逐周|按周|周调度")),
    ("day", re.compile(r"每[日天]|逐日|按日")),
)
STAGES = re.compile(r"[,;。\n、]")
OPEN_END = re.compile(r"长期|持续|常态|经常|不间断|全程|动态|实时|即时|随时")
FROM = re.compile(r"[底末]?起(?![草步底])")
BEGINS = re.compile(r"[底末前]*(?:正式|全面)?(?:启动|开始|起(?!草))")
SPAN_SIGN = re.compile(r"[-—–―~～至到]{1,2}")
FILLER = re.compile(r"^(?:自|从|于|计划|预计|力争|确保|争取|拟|在|约|到|至)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of several stages of a deadline."""

    text: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """What a cell says about time. `is_vague` without a day: it names none; `problem` is "impossible_date" or ""."""

    text: str | None = None
    day: date | None = None
    starts_on: date | None = None
    is_vague: bool = False
    recurring: str = ""
    stages: tuple[Stage, ...] = ()
    problem: str = ""
    is_rare: bool = False
    lacks_year: bool = False


NONE = Deadline()
IMPOSSIBLE = Deadline(problem="impossible_date")


def read(cell: Cell, *, year: int | None, is_start: bool = False) -> Deadline:
    """The deadline in a cell; with `is_start` a month means its first day."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        found = Deadline(text=cell.isoformat(), day=cell)
        return found if 1950 <= cell.year <= 2150 else replace(found, day=None, problem="impossible_date")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(float(cell), year=year, is_start=is_start)
    text = written(cell)
    return NONE if is_nothing(text) else _text(one_line_of_stages(text[:LONGEST]), year, is_start)


def one_line_of_stages(text: str) -> str:
    """A line break between two stages counts as a comma, one inside of a word as nothing."""
    parts = [part for part in re.split(r"[\r\n]+", text.strip()) if part.strip()]
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        starts_anew = re.match(r"\s*[(\d①-⑩一二三四五六七八九十]", part) and re.search(
            r"[\d年月日底前末度成工]\W?$|[;,。;,]$", joined
        )
        if re.search(r"\d{4}年\s*$", joined) and re.match(r"\s*(?:\d{1,2}|[一二三四五六七八九十]+)月|\s*第?.季", part):
            starts_anew = None  # the year of what stands on the next line
        joined += ("" if joined[-1:] in ";,。;,、" else ",") + part if starts_anew else part
    return one_line(joined)


def _number(value: float, *, year: int | None, is_start: bool) -> Deadline:
    """Excel's serial number, a year, 202606 and 20260630; every other number is a text that names no day."""
    shown = written(value)
    if FIRST_SERIAL < value < LAST_SERIAL:
        return Deadline(text=shown, day=EPOCH + timedelta(days=int(value)), is_rare=True)
    found = _text(shown, year, is_start)
    return replace(found, is_rare=found.day is not None and not value.is_integer())


@lru_cache(maxsize=8192)
def _text(text: str, year: int | None, is_start: bool) -> Deadline:
    said = moments.normal(text)
    compact = moments.compact_day(said) or moments.short_day(said, year=year)
    if compact is not None:
        return Deadline(text=text, day=compact.last if not is_start else compact.first, is_rare=True)
    if said.isdecimal() and FIRST_SERIAL < int(said) < LAST_SERIAL:
        return Deadline(text=text, day=EPOCH + timedelta(days=int(said)), is_rare=True)
    recurring = next((name for name, words in RECURRING if words.search(said)), "")
    found = moments.find(said, year=year)
    if any(moment.is_impossible for moment in found) or moments.is_broken_day(said):
        return replace(IMPOSSIBLE, text=text)
    lacks_year = any(moment.lacks_year for moment in found)
    found = tuple(moment for moment in found if not moment.lacks_year and not _is_recurring(said, moment))
    if not found:
        return Deadline(text=text, is_vague=not lacks_year, recurring=recurring, lacks_year=lacks_year)
    return _dated(text, said, found, is_start=is_start, recurring=recurring)


def _dated(text: str, said: str, found: tuple[Moment, ...], *, is_start: bool, recurring: str) -> Deadline:
    spans = _spans(said, found)
    if spans is not None:
        day = spans[0] if is_start else spans[1]
        return Deadline(text=text, day=day, starts_on=spans[0])
    begins = BEGINS if OPEN_END.search(said) else FROM
    if not is_start and all(begins.match(said[moment.end :]) for moment in found):
        return Deadline(
            text=text, starts_on=found[0].first, is_vague=True, recurring=recurring
        )  # “3月起”, “3月启动,持续推进”
    days = [moment.day(is_start=is_start) for moment in found]
    stages: tuple[Stage, ...] = ()
    if len(set(days)) > 1:
        stages = tuple(
            Stage(text=piece, day=moment.last) for piece, moment in zip(_pieces(said, found), found, strict=True)
        )
    return Deadline(text=text, day=min(days) if is_start else max(days), stages=stages, recurring=recurring)


def _is_recurring(said: str, moment: Moment) -> bool:
    """“每年12月底前”, “每月10日”, “每年6月、12月” and “2026年每季度末” name no day."""
    before, after = said[: moment.start], said[moment.end :]
    if re.search(r"(?:每|逐|按)[年月季周个半度]{0,3}的?(?:\d{1,2}月(?:底|末|\d+日)?[、和及])*$", before):
        return True
    return moment.is_whole and bool(OPEN_END.search(said) or re.match(r"内?[,、的]?(?:每|逐|按)", after))


def _spans(said: str, found: tuple[Moment, ...]) -> tuple[date, date] | None:
    """First and last day when the text is one span: “2024-2026”, “2025年3月至2026年12月”."""
    if len(found) == 1 and found[0].is_span:
        return found[0].first, found[0].last
    if len(found) != 2:
        return None
    between = said[found[0].end : found[1].start]
    before = said[: found[0].start]
    is_span = SPAN_SIGN.fullmatch(between.strip("开始起底初")) and (not before or FILLER.fullmatch(before))
    return (found[0].first, found[1].last) if is_span else None


def _pieces(said: str, found: tuple[Moment, ...]) -> list[str]:
    """The text cut so that each piece holds one moment: at the last separator before it, else at the moment."""
    cuts = [0]
    for before, moment in pairwise(found):
        separators = [match.end() for match in STAGES.finditer(said, before.end, moment.start)]
        cuts.append(separators[-1] if separators else moment.start)
    ends = [*cuts[1:], len(said)]
    return [said[start:end].strip(" ,;。、") for start, end in zip(cuts, ends, strict=True)]
