"""What the lines around a table say about all of it: the year, the unit of money, who of several names leads."""

import re
from collections import Counter
from collections.abc import Iterable

from tracker.rules.reading.characters import NUMERAL, chinese_number, squeezed

YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年|(?=[^\d年月.-]))")
SPOKEN_YEAR = re.compile(rf"({NUMERAL}{{4}})年")
PLANNED = re.compile(
    r"(?<!\d)(20\d\d)年(?!底|以来|末|\d)[^,。;\d]{0,30}?(?:目标|任务|计划|工作|重点|项目|台账|指标|清单|方案|实事|要点|承诺|进度)"
)
UNSAID = re.compile(r"(?:未|没有?|不)(?:写|注|标|注明|标明|写明|标注|填写?)?(?:明)?年份[^。;]{0,12}?(20\d\d)年")
MONEY_UNIT = re.compile(r"单位[::]?[^,。;]{0,10}?([百千]?[万亿]?元)|表\(([万亿]元)\)$")
FIRST_LEADS = re.compile(
    r"(?:第[一1]|首|最前|排在?前|前面)[个位列]?[^。;,]{0,12}(?:牵头|主办)|(?:牵头|主办)[^。;,]{0,8}(?:排|列|为)(?:在)?(?:第[一1]|首)"
)
DAY = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日")


def year(lines: Iterable[str]) -> int | None:
    """The ledger's year from its title lines: the planned one when several are named; None when none is."""
    for line in lines:
        said = SPOKEN_YEAR.sub(lambda found: f"{chinese_number(found[1])}年", squeezed(line))
        if DAY.search(said) and len(said) < 30 and not PLANNED.search(DAY.sub("", said)):
            continue  # the day on which the table was made
        planned = PLANNED.search(said) or YEAR.search(said)
        if planned:
            return int(planned[1])
    return None


def unsaid_year(lines: Iterable[str]) -> int | None:
    """“未写年份的均指2026年”."""
    return next((int(found[1]) for line in lines if (found := UNSAID.search(squeezed(line)))), None)


def most_common_year(years: Iterable[int | None]) -> int | None:
    """The year of most sheets."""
    counted = Counter(one for one in years if one is not None)
    return counted.most_common(1)[0][0] if counted else None


def money_unit(lines: Iterable[str]) -> str:
    """The unit of money of a line such as “单位:亿元” or a title such as “投资计划表(万元)”; "" when none is said."""
    return next((found[1] or found[2] for line in lines if (found := MONEY_UNIT.search(squeezed(line)))), "")


def first_leads(lines: Iterable[str]) -> bool:
    """Whether a note says that the first of several departments leads."""
    return any(FIRST_LEADS.search(squeezed(line)) for line in lines)
