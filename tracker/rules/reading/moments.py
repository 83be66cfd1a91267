"""Points in time in Chinese text: “6月底前”, “二季度末”, “上半年”, “2026.6.30”, “年底”. No stages, no cells."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tracker.rules.reading.characters import NUMERAL, chinese_number, squeezed

FIRST_YEAR, LAST_YEAR = 1950, 2150
SPRING = {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3)}
FEASTS = {
    "元旦": (1, 1),
    "劳动节": (5, 1),
    "五一": (5, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
    "秋季学期": (9, 1),
    "秋季开学": (9, 1),
    "春季学期": (3, 1),
    "春季开学": (3, 1),
}
PLANS = {"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
RELATIVE = {
    "今年": 0,
    "本年度": 0,
    "本年": 0,
    "当年": 0,
    "明年": 1,
    "次年": 1,
    "来年": 1,
    "翌年": 1,
    "去年": -1,
    "后年": 2,
}
SPOKEN = re.compile(NUMERAL + r"+(?=年(?!行动|内|计划|期)|月|日|号|个?季度)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENGLISH = re.compile(r"(?:(\d{1,2})-)?(" + "|".join(MONTHS) + r")[a-z]*-(\d\d)", re.IGNORECASE)
FOREIGN = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(20\d\d)(?!\d)")
REWRITTEN = (
    (re.compile("元月"), "1月"),
    (re.compile(r"(?<!\d)(20\d\d)[./-](?=\d{1,2}月)"), r"\1年"),
    (re.compile(r"(?<!\d)(20\d\d)[\\。,](\d{1,2})[\\。,](\d{1,2})(?!\d)"), r"\1-\2-\3"),
    (re.compile(r"(?<!\d)(20\d\d)[./年](\d{1,2})[-—~至](\d{1,2})(?![\d./年月日-])"), r"\1年\2-\3月"),
    (re.compile(r"(?<!\d)(20\d\d)年?-?[Hh]1(?!\d)"), r"\1年上半年"),
    (re.compile(r"(?<!\d)(20\d\d)年?-?[Hh]2(?!\d)"), r"\1年下半年"),
    (re.compile(r"(?<!\d)(20\d\d)(?=[上下]半年|第?[1-4一二三四]个?季)"), r"\1年"),
)
ROMAN = str.maketrans("ⅠⅡⅢⅣ", "1234")
CLOCK = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?$")
LISTED = re.compile(r"(?:^|(?<=[,;。、]))[(]?(?:\d{1,2}[.)、]|[①-⑩])(?=\d{1,2}月|\d{4}年|\D)")

Y = r"(?:(?P<year>\d{4}|(?<!\d)\d{2})年度?|(?P<relative>" + "|".join(RELATIVE) + r"))?(?:的)?"
DAY = re.compile(
    r"(?P<year>\d{4})(?=年\d{1,2}[月/.]|(?P<sign>[-/.])\d{1,2}(?P=sign))(?:年|[-/.])(?P<month>\d{1,2})(?:月|[-/.])(?P<day>\d{1,2})(?![\d月])[日号]?"
    r"|" + Y.replace("year", "year2").replace("relative", "relative2") + r"(?P<month2>\d{1,2})月(?P<day2>\d{1,2})[日号]"
)
MONTH = re.compile(Y + r"(?<![\d.])(?P<month>\d{1,2})月份?(?P<part>底|末|初|中旬|上旬|下旬|中)?")
YEAR_MONTH = re.compile(r"(?<!\d)(?P<year>\d{4})(?:[-/.]|年)(?P<month>\d{1,2})(?![\d月季个])(?P<part>底|末)?")
MONTH_SPAN = re.compile(Y + r"(?<![\d.])(?P<from>\d{1,2})月?[-—–―~至到](?P<to>\d{1,2})月份?(?:底|末)?(?!\d)")
YEAR_SPAN = re.compile(
    r"(?<!\d)(?P<from>(?:19|20)\d\d)年?[-—–―~至到]{1,2}(?P<to>(?:19|20)\d\d)年?(?![\d月.])(?:底|末)?"
)
QUARTER = re.compile(
    Y + r"(?:第?(?P<quarter>\d)个?季度?|[Qq](?P<q>\d))(?P<part>底|末|初)?|(?P<year2>\d{4})[-年]?[Qq](?P<q2>\d)"
)
QUARTER_SPAN = re.compile(Y + r"第?(?P<from>[1-4])[-—~至到、]第?(?P<to>[1-4])季度(?:末|底)?")
HALF = re.compile(
    Y
    + r"(?P<half>上|下|前|后)半年|"
    + Y.replace("year", "year2").replace("relative", "relative2")
    + r"(?P<middle>年中(?![秋考国央共]))"
)
PLAN = re.compile(r"[“\"]?(?P<plan>十三五|十四五|十五五|十六五)[”\"]?(?:期?末|期间|时期|规划期末|末期)?")
FEAST = re.compile(
    Y + r"[“\"]?(?P<feast>春节|" + "|".join(FEASTS) + r")[”\"]?(?:节)?(?:假期)?(?:开学)?(?P<before>之?前)"
)
# A season, a term, a feast of the moon: a point in the year, and not its end.
NO_YEAR_END = (
    r"(?![^,;。、\d]{0,4}(?:[春夏秋冬][季天耕收]|[正腊冬]月|学期|开学|汛|[寒暑]假|[高中]考|中秋|端午|清明|重阳"
    r"|元宵|双节))"
)
WHOLE = re.compile(
    r"(?P<year>(?<!\d)20\d\d|(?<!\d)\d{2}(?=年(?:底|末|内|度|前|终)))(?:年度?)(?P<part>底|末|终|内|全年)?"
    + NO_YEAR_END
    + r""
    r"|(?P<relative>"
    + "|".join(RELATIVE)
    + r")(?:年?[底末终内])?|(?P<now>全年|岁末|(?<![\d一二三四五六七八九十两数])(?:年底|年末|年终|年内|年前|年度内))"
    r"|(?<!\d)(?P<bare>20\d\d)(?!\d|\.\d|年)"
)
BROKEN = re.compile(r"(?<!\d)\d{3}年|\d{5,}年|\d{4}年?-?\d{3,}月")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One point in time with its place in the text. Impossible: it looks like a date of no calendar."""

    start: int
    end: int
    first: date = date.min
    last: date = date.min
    is_late: bool = False  # “底”: as a start it means the end of the period too
    is_span: bool = False
    is_whole: bool = False
    is_impossible: bool = False
    lacks_year: bool = False

    def day(self, *, is_start: bool) -> date:
        """The first day for a start, the last one otherwise."""
        return self.first if is_start and not self.is_late else self.last


LATE = re.compile(r"[底末终]$|下旬$|中旬$|月中$")
Finder = Callable[[re.Match[str], int | None], tuple[date, date] | None]


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Half-width, without spaces, with Arabic numbers before 年, 月, 日 and 季度."""
    said = LISTED.sub("", squeezed(CLOCK.sub("", text.strip()))).translate(ROMAN)
    for words, rewritten in REWRITTEN:
        said = words.sub(rewritten, said)
    if "/" in said:
        said = FOREIGN.sub(_foreign, said)
    elif english := ENGLISH.fullmatch(said):
        month = MONTHS.index(english[2].lower()) + 1
        said = f"20{english[3]}-{month}" + (f"-{english[1]}" if english[1] else "")
    return SPOKEN.sub(lambda found: str(chinese_number(found[0]) or found[0]), said)


def _foreign(found: re.Match[str]) -> str:
    """06/30/2026 and 30/6/2026; 6/7/2026 may be either and names no day."""
    first, second = int(found[1]), int(found[2])
    if first <= 12 and second <= 12 and first != second:
        return "?"
    month, day = (first, second) if first <= 12 else (second, first)
    return f"{found[3]}-{month}-{day}"


def short_day(said: str, *, year: int | None) -> Moment | None:
    """6.30 and 6/30 with nothing around them, in the given year; None when it is none."""
    found = re.fullmatch(r"(?:(2\d)[./-](?=\d{1,2}[./-]))?(\d{1,2})[./-](\d{1,2})(?:日|之?前)*", said)
    if found is None or ("-" in said and not found[1] and int(found[3]) <= 12):
        return None  # 6-9 is a span of something
    year = 2000 + int(found[1]) if found[1] else year
    try:
        day = date(year, int(found[2]), int(found[3])) if year else None
    except ValueError:
        return None
    return Moment(start=0, end=len(said), first=day, last=day) if day else None


def compact_day(said: str) -> Moment | None:
    """202606 and 20260630, with nothing around them; None when it is none or no day of the calendar."""
    found = re.fullmatch(r"(20\d\d)(\d\d)(\d\d)?(?:日|之?前)*", said)
    if not found:
        return None
    month, day = int(found[2]), int(found[3] or 1)
    try:
        first = date(int(found[1]), month, day)
    except ValueError:
        return None
    return Moment(start=0, end=len(said), first=first, last=first if found[3] else month_end(first.year, month))


def is_broken_day(said: str) -> bool:
    """Whether the digits look like a date and are none: “206年6月”, “20260230”, “2026-13”."""
    return bool(BROKEN.search(said) or re.fullmatch(r"20\d\d[01]\d[0-3]\d|20\d\d\d\d", said))


def find(said: str, *, year: int | None) -> tuple[Moment, ...]:
    """All points in time in their order. A year that is said holds for what follows it."""
    taken = [False] * len(said)
    hits: list[tuple[re.Match[str], Finder]] = []
    for words, finder in FINDERS:
        for match in words.finditer(said):
            if match.end() > match.start() and not any(taken[match.start() : match.end()]):
                hits.append((match, finder))
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
    found = []
    for match, finder in sorted(hits, key=lambda hit: hit[0].start()):
        current, year = _year_of(match, year)
        found.append(_moment(match, finder, current))
    return tuple(found)


def _year_of(match: re.Match[str], year: int | None) -> tuple[int | None, int | None]:
    """The year of this moment, and the year that holds for the next one."""
    groups = match.groupdict()
    said = groups.get("year") or groups.get("year2") or groups.get("bare")
    if said:
        full = int(said) if len(said) == 4 else 2000 + int(said)
        return full, full
    relative = groups.get("relative") or groups.get("relative2")
    if relative and year is not None:
        return year + RELATIVE[relative], year
    return year, year


def _moment(match: re.Match[str], finder: Finder, year: int | None) -> Moment:
    start, end = match.span()
    needs_year = finder not in {_year_span, _plan}
    if needs_year and year is None:
        return Moment(start=start, end=end, lacks_year=True)
    try:
        days = finder(match, year)
    except ValueError:
        days = None
    if days is None or not FIRST_YEAR <= days[0].year <= LAST_YEAR:
        return Moment(start=start, end=end, is_impossible=True)
    return Moment(
        start=start,
        end=end,
        first=days[0],
        last=days[1],
        is_late=bool(LATE.search(match[0])),
        is_span=finder in {_year_span, _month_span, _quarter_span},
        is_whole=finder is _whole,
    )


def month_end(year: int, month: int) -> date:
    """The last day of a month. Raises ValueError for a month of no calendar."""
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, calendar.monthrange(year, month)[1])


def _day(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    day = date(year or 0, int(match["month"] or match["month2"]), int(match["day"] or match["day2"]))
    return day, day


def _month(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    month = int(match["month"])
    last = month_end(year or 0, month)
    part = match["part"]
    if part in {"初", "上旬"}:
        return last.replace(day=1), last.replace(day=10)
    if part in {"中旬", "中"}:
        return last.replace(day=11), last.replace(day=20 if part == "中旬" else 15)
    return last.replace(day=1), last


def _month_span(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    first, last = int(match["from"]), int(match["to"])
    return date(year or 0, first, 1), month_end((year or 0) + (first > last), last)


def _year_span(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    first, last = int(match["from"]), int(match["to"])
    return date(first, 1, 1), date(last, 12, 31)  # the wrong way round too: the row says which one is wrong


def _quarter(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    last = int(match["quarter"] or match["q"] or match["q2"]) * 3
    return date(year or 0, last - 2, 1), month_end(year or 0, last)


def _quarter_span(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    return date(year or 0, int(match["from"]) * 3 - 2, 1), month_end(year or 0, int(match["to"]) * 3)


def _half(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    if match["half"] in {"下", "后"}:
        return date(year or 0, 7, 1), date(year or 0, 12, 31)
    return date(year or 0, 1, 1), date(year or 0, 6, 30)


def _plan(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    last = PLANS[match["plan"]]
    return date(last - 4, 1, 1), date(last, 12, 31)


def _feast(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    month, day = SPRING.get(year or 0, (2, 1)) if match["feast"] == "春节" else FEASTS[match["feast"]]
    eve = date(year or 0, month, day) - timedelta(days=1)
    return eve, eve


def _whole(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    return date(year or 0, 1, 1), date(year or 0, 12, 31)


FINDERS: tuple[tuple[re.Pattern[str], Finder], ...] = (
    (DAY, _day),
    (YEAR_SPAN, _year_span),
    (MONTH_SPAN, _month_span),
    (QUARTER_SPAN, _quarter_span),
    (MONTH, _month),
    (YEAR_MONTH, _month),
    (QUARTER, _quarter),
    (HALF, _half),
    (FEAST, _feast),
    (PLAN, _plan),
    (WHOLE, _whole),
)
