"""The State Council's notice as it is published, read as moved working days. Pure.

“一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。” The year stands in its title, in its
number, or in the dates. What it says twice (weekdays, how many days) is compared, so that a wrong year or a slip of the
hand is noticed. Dates count only where they stand at once before what is said of them.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from projects.errors import DomainError
from tracker.rules import workday_rows
from tracker.rules.workday_rows import LONGEST_SPAN, MOST_LINES, MovedDay, Reading, check, check_weekday

HOLIDAY = r"(?:元旦|[一-鿿]{1,4}节)"
HEADING = re.compile(rf"({HOLIDAY}(?:\s*[、和]\s*{HOLIDAY})*)\s*:")
REMARK = r"(?:\s*\(([^()]*)\))?"  # (周四), (农历除夕、周二)
FIRST = rf"(?:(\d{{4}})\s*年)?\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日{REMARK}"
LAST = rf"(?:(?:(\d{{4}})\s*年)?\s*(\d{{1,2}})\s*月)?\s*(\d{{1,2}})\s*日{REMARK}"
SPAN = re.compile(rf"(?<!\d){FIRST}(?:\s*(?:至|到|~|-|—+|–)\s*{LAST})?")
ONE = re.sub(r"\((?=\[\^|\\d)", "(?:", SPAN.pattern)  # without its groups
SAID = re.compile(rf"{ONE}(?:\s*[、,和及]\s*{ONE})*\s*(?:照常|正常|调休)?\s*(放假|上班)")
COUNT = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")
YEAR = re.compile(r"(\d{4})\s*年\s*(?:部分节假日|元旦)")
NUMBER = re.compile(r"国办发(?:明电)?\s*[〔\[(【](\d{4})[〕\])】]\s*\d+\s*号")
TITLE = re.compile(r"国务院办公厅关于\d{4}年部分节假日安排的通知")
# Where a date without a year opens a sentence of the notice; a list of days names the year in each line.
IS_NOTICE = re.compile(rf"(?:^|[:。;、,\s])\d{{1,2}}月\d{{1,2}}日[^\n]*?(?:放假|上班)|{HOLIDAY}\s*:", re.MULTILINE)


def of_text(text: str, *, notice: str = "") -> Reading:
    """Read a notice, or pasted lines and tables as `workday_rows.of_text` does. Raises DomainError."""
    plain = _plain(text)
    return of_notice(plain, notice=notice) if IS_NOTICE.search(plain) else workday_rows.of_text(text, notice=notice)


def of_notice(text: str, *, notice: str = "") -> Reading:
    """The days of a notice, in the order of its sentences; `notice` is its name, else what the text calls itself.

    Raises:
        DomainError: no year can be told (`workdays_year_unknown`), no name (`workday_notice_missing`), no days, or too
            many lines.
    """
    plain = _plain(text)
    lines = plain.split("\n")
    if len(lines) > MOST_LINES:
        raise DomainError("workdays_too_many", field="text", most=workday_rows.MOST_DAYS)
    year, source = _year(plain, notice), notice or _source(plain)
    rows: list[MovedDay] = []
    faults: list[DomainError] = []
    name = ""
    for number, line in enumerate(lines, start=1):
        for sentence in re.split("[。;]", line):
            heading = HEADING.search(sentence)
            name = re.sub(r"\s", "", heading[1]) if heading else name
            try:
                rows += _days(sentence, name, year=year, source=source, number=number)
            except DomainError as fault:
                if fault.code in {"workdays_year_unknown", "workday_notice_missing"}:
                    raise DomainError(fault.code, field="notice", **fault.params) from None
                faults.append(DomainError("workday_row", row=number, said=fault))
    if not rows and not faults:
        raise DomainError("workdays_none", field="text", headings=workday_rows.WANTED)
    return Reading(rows=tuple(rows), faults=(*faults, *workday_rows.twice(rows)))


def _plain(text: str) -> str:
    """Wide digits, brackets and signs as narrow ones."""
    return unicodedata.normalize("NFKC", text.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")


def _year(text: str, notice: str) -> int | None:
    """The year of which the notice speaks; its number is of the year before. None: the text does not say."""
    if found := YEAR.search(text):
        return int(found[1])
    number = NUMBER.search(text) or NUMBER.search(_plain(notice))
    return int(number[1]) + 1 if number else None


def _source(text: str) -> str:
    found = NUMBER.search(text) or TITLE.search(text)
    return found[0] if found else ""


def _days(sentence: str, name: str, *, year: int | None, source: str, number: int) -> Iterator[MovedDay]:
    """The days of a sentence: those before “放假” are off, those before “上班” are worked. Raises DomainError."""
    for said in SAID.finditer(sentence):
        is_working = said[1] == "上班"
        spans = [_span(found, name, year) for found in SPAN.finditer(said[0])]
        if not is_working:
            _check_count(sentence[said.start(1) :], spans)
        for first, last in spans:
            for ahead in range((last - first).days + 1):
                called = f"{name}调休" if is_working else name or "节假日"
                day = first + timedelta(days=ahead)
                row = MovedDay(day=day, is_working=is_working, name=called, notice=source, number=number)
                check(row)
                yield row


def _span(found: re.Match[str], name: str, year: int | None) -> tuple[date, date]:
    """First and last day; the same one twice for a single day. Weekdays in brackets have to agree."""
    said_first, month, day, remark, said_last, last_month, last_day, last_remark = found.groups()
    of_first = int(said_first) if said_first else year
    if of_first is None:
        raise DomainError("workdays_year_unknown", field="notice")
    goes_over = last_month is not None and int(last_month) < int(month)
    if not said_first and (goes_over or (int(month) == 12 and "元旦" in name)):
        of_first -= 1  # the days before New Year's Day
    of_last = int(said_last) if said_last else of_first + goes_over
    first = _day(of_first, month, day, remark, found[0])
    last = _day(of_last, last_month or month, last_day, last_remark, found[0]) if last_day else first
    if not 0 <= (last - first).days < LONGEST_SPAN:
        raise DomainError("workday_span", text=found[0][:40], most=LONGEST_SPAN, field="day")
    return first, last


def _day(year: int, month: str, day: str, remark: str | None, text: str) -> date:
    try:
        found = date(year, int(month), int(day))
    except ValueError:
        raise DomainError("workday_no_date", text=text[:40], field="day") from None
    check_weekday(found, remark)
    return found


def _check_count(rest: str, spans: list[tuple[date, date]]) -> None:
    """What the notice counts has to be what it names."""
    said = COUNT.search(rest)
    count = sum((last - first).days + 1 for first, last in spans)
    if said and int(said[1]) != count:
        raise DomainError("workday_count", said=int(said[1]), count=count)
