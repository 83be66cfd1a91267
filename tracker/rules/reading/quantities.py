"""The numbers that a goal promises: value, unit, comparator, from free text. Cells that are numbers: see `numbers`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from sys import intern

from tracker.rules.reading.characters import NUMERAL, chinese_number, squeezed

UNITS = (
    "微克/立方米|毫克/立方米|毫克/升|微克/升|吨标准煤/万元|标准煤|亿千瓦时|个百分点|百分点|平方公里|平方千米"
    "|平方米|平米|立方米|方米|标准箱|标箱|"
    "吨标准煤|千瓦时|千瓦|兆瓦时|兆瓦|吉瓦|公里|千米|公顷|公斤|千克|美元|元|人次|户次|家次|项次|场次|批次|架次"
    "|艘次|车次|班次|台次|台套|"
    "个工作日|工作日|个月|航班|班列|学位|床位|张床位|个床位|毫米|厘米|米|亩|吨|克|人|名|户|家|个|项|件|座|所|条|台|套|张|辆|列|批|次"
    "|场|期|处|支|只|头|羽|株|棵|"
    "块|篇|部|间|栋|幢|宗|例|起|片|艘|架|门|位|席|对|组|队|份|道|口|种|类|款|单|笔|倍|孔|盏|根|颗|眼|册|届|节|站"
    "|枪|节点|PB|TB|P|MW|kW|GW|TEU|"
    "摄氏度|℃|分贝|分钟|小时|天|度|分|位次|镇|村|园|店|企|机柜|机架|升|筐|尾|枚|束|幅|首|集|桶|箱|包|袋|瓶|公吨"
    "|英里|海里|卡|码|证|照"
)
UNIT = rf"(?:[万亿千百]*(?:{UNITS})(?:/(?:[万亿]?(?:{UNITS})|年|月|日|人|元))?|[%‰]|个?百分点|[万亿]{{1,2}})"
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
UNIT_BEHIND = re.compile(rf"\(({UNIT})\)$")
COUNTED = re.compile(
    rf"(?<![\d.A-Za-z+])(?P<low>{NUMBER})(?:(?P<low_unit>[%‰]|[万亿])?[-—–~至到](?P<high>{NUMBER}))?(?P<more>余"
    rf"|多)?\s*(?P<unit>{UNIT})"
    r"(?P<after>及?以上|以内|以下|之内|左右|上下|之上)?"
)
LAST_RESORT = re.compile(
    rf"(?<![\d.A-Za-z+])(?P<low>{NUMBER})(?P<high>(?!))?(?P<low_unit>(?!))?(?P<unit>[\u4e00-\u9fff]{{1,3}}?)"
    r"(?P<after>及?以上|以内|以下|左右)?(?=$|[,;。、,)])"
)
PERCENT_WORDS = re.compile(rf"百分之({NUMERAL}+(?:点{NUMERAL}+)?|\d+(?:\.\d+)?)")
SPOKEN = re.compile(
    rf"(?:(?<=新增|新建|建成|建设|培育|引进|创建|打造|组建|举办|引育|招引|开行|改造|达到|突破|超过|不少)"
    rf"|(?<=不少于|不低于))({NUMERAL}+)(?={UNIT})"
)
LONGEST = 2000  # signs of a text that are looked at
NUMERIC = re.compile(rf"\d|{NUMERAL}")
SPEAKS = re.compile(rf"[增建成设育进创造组办引招开行改到破过少于]{NUMERAL}")
SUSPICIOUS = re.compile(r"[“\"《〔\[年月第°A-Za-z+]|\d小时|\d分钟|\d千伏|元(?:及?以上|以下)|[万亿](?:及?以上|以下)")
UNPROMISED = (
    r"“[^”]*\d[^”]*”|\"[^\"]*\d[^\"]*\"|《[^》]*》|〔\d+〕\d*号?|\[\d{4}\]\d+号",
    r"(?:(?:19|20)\d\d[-—~至到])?(?:19|20)\d\d年(?:度|底|末)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末)?前?"
    r"|\d{1,2}月(?:\d{1,2}日)?(?:底|末)?前?(?:完成)?",
    r"第\d+[期批届个名位]?|PM\d+(?:\.\d+)?|[A-Za-z]+\d+|\d+[GgDd](?![A-Za-zW])|\d(?:\+\d|\+[NXn])+|\d+[AaBb]级"
    r"|\d+[Aa](?![A-Za-z])",
    rf"(?:{NUMBER})(?:[万亿]?(?:元|美元)|[万亿])(?:及?以上|以下)的?(?=[\u4e00-\u9fff]{{0,12}}(?:项目|企业|工程"
    rf"|合同|园区|产品|客商|农户|资金项目|平台|产业|集群|镇|乡|村|家庭|主体))",
    r"\d+千伏|\d+[kK][vV]|\d+个月以?内|\d+个?年(?:内|行动|期)?|\d+小时(?:内|制)|\d+分钟(?=[\u4e00-\u9fff]{0,8}圈)|\d+°",
)
NOT_PROMISED = re.compile("|".join(f"(?:{words})" for words in UNPROMISED))
AT_LEAST = re.compile(
    r"(?:不低于|不少于|(?<!不)超过|突破|达到|达|至少|(?<!不)超|(?<!不)高于|(?<!不)大于|稳定在"
    r"|保持在|[≥>])[^,;。、]{0,4}$"
)
AT_MOST = re.compile(
    r"(?:不超过|不高于|控制在|(?<!不)低于|(?<!不)少于|(?<!不)小于|压减至|降至|降到|压缩至"
    r"|压缩到|[≤<])[^,;。、]{0,4}$"
)
GROWTH = re.compile(r"(?:增长|提高|增速|提升|增幅|上升|增加)[^,;。、]{0,6}$")
DECLINE = re.compile(r"(?:下降|降低|减少|压减|降幅|压降|削减)[^,;。、]{0,6}$")
REACHED = re.compile(r"(?:增长|提高|提升|上升|增加|扩大)[到至][^,;。、]{0,2}$")
LOWERED = re.compile(r"(?:下降|降低|减少|压减|缩短)[到至][^,;。、]{0,2}$")
FROM = re.compile(r"(?:提高|提升|增长|增加|扩大|上升|下降|降低|减少|压减|缩短|增)[到至]")
RATE = re.compile(r"(?:率|占比|比重|比例|比)(?:为|保持)?$")
CLAUSES = re.compile("[,;。、\n]")
BASELINE = re.compile(r"(?:较|比)(20\d\d)年")
TARGET_YEAR = re.compile(r"(?:到|至)?(20\d\d)年(?:底|末)?前?[,,]?(?:(?!20\d\d年)[^,;。])*$")
YEARLY = re.compile(r"每年|年均|逐年")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A promised number. `comparator` is one of = >= <= range growth>= decline>=."""

    value: Decimal
    unit: str
    comparator: str = "="
    value_max: Decimal | None = None
    baseline_year: int | None = None
    target_year: int | None = None
    per: str = ""


@lru_cache(maxsize=8192)
def read(text: str) -> tuple[Quantity, ...]:
    """All promised numbers in their order. Years, thresholds, names and document numbers are none."""
    said = squeezed(text[:LONGEST])
    if not NUMERIC.search(said):
        return ()
    if "百分之" in said:
        said = PERCENT_WORDS.sub(lambda found: f"{_percent(found[1])}%", said)
    if SPEAKS.search(said):
        said = SPOKEN.sub(lambda found: _digits(found[1]), said)
    if SUSPICIOUS.search(said):
        said = NOT_PROMISED.sub(lambda found: _hidden(found[0]), said)
    found = list(COUNTED.finditer(said))
    inside = [match.span() for match in found]
    found += [
        match for match in LAST_RESORT.finditer(said) if not any(start <= match.start() < end for start, end in inside)
    ]
    promised = [match for match in found if not _is_start(said, match)]
    return tuple(_quantity(said, match, text) for match in sorted(promised, key=lambda match: match.start()))


def _is_start(said: str, match: re.Match[str]) -> bool:
    """Whether a number is what is left behind: “从45%提高到60%” promises 60."""
    return said[match.start() - 1 : match.start()] in {"从", "由"} and bool(FROM.match(said, match.end()))


def _hidden(text: str) -> str:
    """A year keeps its words (“到2027年,”), everything else that is no promise is blotted out, at the same length."""
    return re.sub(r"\d", "□", text)


def _digits(numeral: str) -> str:
    value = chinese_number(numeral)
    return str(value) if value is not None and value >= 2 else numeral


def _percent(spoken: str) -> str:
    if spoken[0].isdecimal():
        return spoken
    whole, _, part = spoken.partition("点")
    return f"{chinese_number(whole)}.{chinese_number(part)}" if part else str(chinese_number(whole))


def _quantity(said: str, match: re.Match[str], text: str) -> Quantity:
    place = match.start()
    before = CLAUSES.split(said[max(0, place - 60) : place])[-1]
    baseline_year, target_year = _years(text_between(text, said, place)) if "□□□□年" in said[:place] else (None, None)
    high = match["high"]
    return Quantity(
        value=_value(match["low"]),
        value_max=_value(high) if high else None,
        unit=intern(match["unit"]),
        comparator="range" if high else comparator(before, match["unit"], match["after"] or ""),
        baseline_year=baseline_year,
        target_year=target_year,
        per="year" if YEARLY.search(before) else "",
    )


def _years(sentence: str) -> tuple[int | None, int | None]:
    """The year that is compared with, and the year that the number is for."""
    baseline, target = BASELINE.search(sentence), TARGET_YEAR.search(sentence)
    baseline_year = int(baseline[1]) if baseline else None
    return baseline_year, int(target[1]) if target and int(target[1]) != baseline_year else None


def unit_behind(name: str) -> str:
    """The unit that ends an indicator's name in brackets: “粮食产量(万吨)”; "" when there is none."""
    found = UNIT_BEHIND.search(squeezed(name))
    return found[1] if found else ""


def text_between(text: str, said: str, end: int) -> str:
    """The sentence before `end` as it was before its years were hidden."""
    start = max(said.rfind(";", 0, end), said.rfind("。", 0, end)) + 1
    return squeezed(text[:LONGEST])[start:end]


def comparator(before: str, unit: str, after: str = "") -> str:
    """How the number is meant, from the words around it."""
    is_share = unit in {"%", "‰"} or "百分点" in unit
    if after == "左右" or after == "上下":
        return "growth>=" if is_share and GROWTH.search(before) else "="
    if REACHED.search(before):
        return ">="
    if LOWERED.search(before):
        return "<="
    if is_share and DECLINE.search(before):
        return "decline>="
    if is_share and GROWTH.search(before):
        return "growth>="
    if AT_MOST.search(before) or after in {"以内", "以下", "之内"}:
        return "<="
    if AT_LEAST.search(before) or after in {"以上", "及以上", "之上"} or (is_share and RATE.search(before)):
        return ">="
    return "="


@lru_cache(maxsize=8192)
def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
