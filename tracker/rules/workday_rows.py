"""Moved working days as people write them: a table 日期、是否上班、名称、来源, or one line a day. Pure.

Reads rows, names what is wrong by row, and compares with what stands. Files are opened by `tracker.ledger.reader`.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from projects.errors import DomainError
from tracker.rules import ledger
from tracker.rules.ledger import Cell
from tracker.rules.workdays import FIRST_YEAR, LAST_YEAR, ONE_DAY, is_never_worked

MOST_DAYS = 400  # a notice moves about thirty days of a year
MOST_LINES = 1000
LONGEST_SPAN = 31
LONGEST_NAME, LONGEST_NOTICE = 60, 200  # as the columns of `DayOverride`
HEADER_SEARCH = 10  # rows above the data in which the header may stand
WORDS: Mapping[str, bool] = dict.fromkeys(
    ("上班", "调休上班", "补班", "班", "是", "工作日", "work", "working", "yes", "y", "true", "1"), True
) | dict.fromkeys(
    ("休", "休息", "放假", "放假调休", "调休放假", "调休", "否", "off", "holiday", "no", "n", "false", "0"), False
)
# The columns in their order, each with the headings by which it is known.
HEADINGS: Mapping[str, frozenset[str]] = {
    "day": frozenset({"日期", "day", "date"}),
    "is_working": frozenset({"是否上班", "上班", "officeswork", "is_working", "isworking"}),
    "name": frozenset({"名称", "节日", "name", "occasion"}),
    "notice": frozenset({"来源", "文号", "依据", "source", "notice"}),
}
WANTED = "日期、是否上班、名称、来源"
WEEKDAYS = "一二三四五六日"
SAID = re.compile(r"(?:周|星期)\s*([一二三四五六日天])")
WEEKDAY = r"(\s*[（(](?:周|星期)[一二三四五六日天][）)])?"
DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + WEEKDAY
# The last day of a span may leave out the year, or the year and the month: 2027年2月5日至11日.
LAST = r"(?:(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*)?(\d{1,2})\s*日?" + WEEKDAY
SPAN = re.compile(rf"{DAY}(?:\s*(?:至|到|~|～|—+|–|\.\.)\s*{LAST})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDay:
    """One day and whether offices work on it. `number`: its row in the file or text, 0: it comes from elsewhere."""

    day: date
    is_working: bool
    name: str
    notice: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file or text says: the days, and one refusal for each row that is wrong."""

    rows: tuple[MovedDay, ...] = ()
    faults: tuple[DomainError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A day that would be written. `before` None: it is new."""

    row: MovedDay
    before: MovedDay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What entering the days would do."""

    new: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()
    unchanged_count: int = 0

    @property
    def written(self) -> tuple[Difference, ...]:
        return (*self.new, *self.changed)


def judge(rows: Iterable[MovedDay], standing: Mapping[date, MovedDay]) -> Judgement:
    """Compare with what is stored; the row's number is no difference."""
    new, changed, unchanged = [], [], 0
    for row in rows:
        before = standing.get(row.day)
        if before is None:
            new.append(Difference(row=row))
        elif replace(row, number=0) != replace(before, number=0):
            changed.append(Difference(row=row, before=before))
        else:
            unchanged += 1
    return Judgement(new=tuple(new), changed=tuple(changed), unchanged_count=unchanged)


def check(row: MovedDay) -> None:
    """Raise DomainError unless the day may be entered."""
    place: dict[str, object] = {"day": row.day.isoformat()}
    if not FIRST_YEAR <= row.day.year <= LAST_YEAR:
        raise DomainError("workday_out_of_range", field="day", first=FIRST_YEAR, last=LAST_YEAR, **place)
    if row.is_working and is_never_worked(row.day):
        raise DomainError("workday_never_worked", field="is_working", **place)
    for field, text, longest in (("name", row.name, LONGEST_NAME), ("notice", row.notice, LONGEST_NOTICE)):
        if not text:
            raise DomainError(f"workday_{field}_missing", field=field, **place)
        if len(text) > longest:
            raise DomainError(f"workday_{field}_too_long", field=field, longest=longest, **place)


# --- Reading


def of_text(text: str, *, notice: str = "") -> Reading:
    """Read pasted lines or a CSV file; `notice` is the source of rows that name none. Raises DomainError."""
    lines = ledger.tidy(text.removeprefix("\ufeff")).split("\n")
    if len(lines) > MOST_LINES:
        raise DomainError("workdays_too_many", field="text", most=MOST_DAYS)
    return of_table([_cells(line) for line in lines], notice=notice)


def of_table(table: Sequence[Sequence[Cell]], *, notice: str = "") -> Reading:
    """Read a table, with or without a header; `notice` is the source of rows that name none. Raises DomainError."""
    first, columns = _header(table)
    rows: list[MovedDay] = []
    faults: list[DomainError] = []
    for number, cells in enumerate(table[first:], start=first + 1):
        if all(not ledger.text_of(cell) for cell in cells):
            continue
        try:
            rows += _days(number, cells, columns, notice)
        except DomainError as fault:
            faults.append(DomainError("workday_row", row=number, said=fault))
        if len(rows) > MOST_DAYS or len(faults) > MOST_DAYS:
            raise DomainError("workdays_too_many", field="text", most=MOST_DAYS)
    if not rows and not faults:
        raise DomainError("workdays_none", field="text", headings=WANTED)
    return Reading(rows=tuple(rows), faults=(*faults, *twice(rows)))


def _header(table: Sequence[Sequence[Cell]]) -> tuple[int, Mapping[str, int]]:
    """Where the rows begin and in which column what stands; without headings the columns stand in their order."""
    for position, cells in enumerate(table[:HEADER_SEARCH]):
        keys = [re.sub(r"[\s_]", "", ledger.text_of(cell)).casefold() for cell in cells]
        found = {
            field: keys.index(key)
            for field, words in HEADINGS.items()
            for key in dict.fromkeys(keys)
            if key in {word.replace("_", "") for word in words}
        }
        if {"day", "is_working"} <= found.keys():
            return position + 1, found
    return 0, {field: place for place, field in enumerate(HEADINGS)}


def _days(number: int, cells: Sequence[Cell], columns: Mapping[str, int], notice: str) -> Iterator[MovedDay]:
    """The days of one row: usually one, a span has several. Raises DomainError."""
    said = {field: cells[place] for field, place in columns.items() if place < len(cells)}
    word = ledger.text_of(said.get("is_working"))
    first, last = _span(said.get("day"))
    key = unicodedata.normalize("NFKC", word).casefold()
    if key not in WORDS:
        raise DomainError("workday_word_unknown", word=word[:40], field="is_working")
    name, source = (ledger.text_of(said.get(field)) for field in ("name", "notice"))
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        row = MovedDay(day=day, is_working=WORDS[key], name=name, notice=source or notice, number=number)
        check(row)
        yield row


def _span(cell: Cell) -> tuple[date, date]:
    """First and last day of a cell; the same one twice where it names one day."""
    if isinstance(cell, datetime):
        return cell.date(), cell.date()
    if isinstance(cell, date):
        return cell, cell
    text = ledger.text_of(cell)
    if ledger.SERIAL.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(text))
        return day, day
    found = SPAN.fullmatch(text.removesuffix(" 00:00:00"))
    if found is None:
        raise DomainError("workday_no_date", text=text[:40], field="day")
    year, month, day_of = (int(part) for part in found.group(1, 2, 3))
    try:
        first = date(year, month, day_of)
        last = date(int(found[5] or year), int(found[6] or month), int(found[7] or day_of))
    except ValueError:
        raise DomainError("workday_no_date", text=text[:40], field="day") from None
    check_weekday(first, found[4])
    check_weekday(last, found[8])
    if not ONE_DAY * 0 <= last - first < ONE_DAY * LONGEST_SPAN:
        raise DomainError("workday_span", text=text[:40], most=LONGEST_SPAN, field="day")
    return first, last


def check_weekday(day: date, remark: str | None) -> None:
    """Raise DomainError `workday_weekday` where a remark names another weekday than the day has."""
    said = SAID.search(remark or "")
    if said and said[1].replace("天", "日") != WEEKDAYS[day.weekday()]:
        raise DomainError(
            "workday_weekday", day=day.isoformat(), said=said[0], found=f"周{WEEKDAYS[day.weekday()]}", field="day"
        )


def twice(rows: Sequence[MovedDay]) -> Iterator[DomainError]:
    """A refusal for each day that stands in two rows."""
    seen: dict[date, int] = {}
    for row in rows:
        if row.day in seen:
            fault = DomainError("workday_twice", day=row.day.isoformat(), first=seen[row.day])
            yield DomainError("workday_row", row=row.number, said=fault)
        seen.setdefault(row.day, row.number)


def _cells(line: str) -> list[Cell]:
    """A line as cells: at tabs or commas, or the day, then words: 2027-02-14 上班 春节调休 国办发明电〔2026〕7号."""
    for separator in "\t,":
        if separator in line:
            return _separated(line, separator)
    for separator in "，；;":
        if separator in line:
            return [part.strip() for part in line.split(separator, 3)]
    line = line.strip()
    found = SPAN.match(line)
    if found is None:
        return list(line.split(None, 3))
    return [found[0], *line[found.end() :].split(None, 2)]


def _separated(line: str, separator: str) -> list[Cell]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        raise DomainError("workdays_unreadable", field="text") from None
