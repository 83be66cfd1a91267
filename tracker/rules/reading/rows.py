"""What a row below the header is: data, or one of the many things that are not. No cell of a data row is read here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from tracker.rules.reading import owners
from tracker.rules.reading.characters import NOTHING, squeezed
from tracker.rules.reading.columns import Table

FORMULA_BEHIND = re.compile(r"(?<=^\d)=.*$|(?<=^\d\d)=.*$")  # 6=5/4 among the numbers of columns
STAR = re.compile(r"[★☆▲△◆*※#]+")
CHINESE = "一二三四五六七八九十百"
NUMBERED = re.compile(
    rf"^(?:[{CHINESE}]+[、.,::\s]|\([{CHINESE}]+\)[、.]?|第[{CHINESE}\d]+(?:部分|章|篇|节|批|类|板块|专题|大类)|[★◆●■▲]|[IVXⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[、.])"
)
ORDER = re.compile(
    rf"^(?:[{CHINESE}]+[、.]?|\([{CHINESE}]+\)|第[{CHINESE}\d]+(?:部分|章|篇|节|批|类|板块)|[IVXⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[、.]?)$"
)
TOTAL = re.compile(
    r"^(?:[^,。;::、]{0,14}?)(?:合计|总计|小计|共计|总和|累计|平均|平均值|汇总)(?:\([^)]*\)|[\d.]+[个项家万亿元]*)?[::]?$|^(?:合计|总计|小计|共计)[::(（\d]|^共\d+(?:项|个|件|家)[,;。]"
)
NOTE = re.compile(
    r"^(?:\(?(?:备?注|说明|填报说明|填表说明|编制说明|备注说明|附注|注释|注意|注意事项|填报要求|提示|温馨提示|附件?\d*|附表\d*|来源|数据来源|资料来源|指标解释|名词解释|填写说明|使用说明)\)?\s*\d?[::.、\s]"
    r"|[^,。;::]{2,6}(?:说明|解释|口径)[::]|附[件表录]\d*$|附[::]|续表|\(?(?:此件|以下|本页|以下为)?(?:无正文|空白)\)?$|\(?此件[^,]{2,12}\)?$"
    r"|.{2,24}\d日印发$|(?:暂?无|略|[….·。]+|\d+/\d+)$|传真|打印时间|.{0,6}(?:签字|签章|盖章)\)?[::]?$|※|\*\s*[^\d]|[★☆▲△◆](?:为|表示|代表|号|指)|(?:标注?|带|标有|加)?[“\"]?[★☆▲△*#][”\"]?(?:号|的)?(?:为|表示|的?为|代表|指)"
    r"|(?:联系(?:人|电话|单位|方式)|(?:咨询|监督|举报)电话|填报人|填表人|审核人|审核|复核|制表人?|制表单位|填报单位|填报日期|填表日期|报送单位|报送日期|负责人|单位负责人|主要负责人|分管领导|签字|签发|经办人|单位\(?盖章\)?|打印日期|日期|报表日期|电话|制表日期|编制单位|印发|抄送|主送|抄报)"
    r"[\s(签字盖章)]*[::]|第\d+页|共\d+页|[-—]\s*\d+\s*[-—]$|以上共|以上合计|本表|此表|本台账|表中|注$|备注$)"
)
FOOTER_CELL = re.compile(
    r"^(?:联系人|联系电话|填报人|填表人|审核人?|复核人?|制表人?|填报单位|填报日期|填表日期|报送|(?:单位|主要|分管)?负责人|分管领导|签字|签发|经办人?|盖章|单位\(?盖章\)?|日期|电话|手机|填报时间|制表日期|统计截止|编制单位|截至日期|报送日期|报送时间)[^::]{0,8}[::]|^20\d\d年\d{1,2}月\d{1,2}日$|^第\d+页"
)
UNIT_LINE = re.compile(r"^\(?(?:金额|投资|资金|计量|货币|数据)?单位[::]")
TITLE_LINE = re.compile(
    r"(?:\(续表?\d*\)|续表|(?:一览|分解|明细|进度|计划|汇总|统计|登记|清单|情况|任务|台账|目标|调度|责任)表|台账|清单|方案)(?:\([^)]*\))?$"
)
COUNT_ONLY = re.compile(
    r"^[-\d.,%％]+(?:个|项|家|件|亿元|万元|元|户|人|条)?$|^共?\d+(?:个|项|家|件)(?:项目|任务|事项)?$"
)


COUNTED = re.compile(r"\w\(?(?:共|计)?\d+(?:个|项|家|件)\)?$")
MOST_FOOTERS = 8  # cells in a line of signatures
LONGEST_SECTION = 25
LONGEST_FACT = 40  # signs; a longer text alone in its row is no department and no day
SUMS = re.compile("[计均总汇]")


class Row(Enum):
    """The classes of rows."""

    BLANK = "blank"
    TITLE = "title"
    HEADER = "repeated_header"
    SECTION = "section"
    TOTAL = "total"
    NOTE = "footer"
    DATA = "data"


class Classifier:
    """Tells the rows of one table apart. It remembers one thing: whether the closing notes have begun."""

    def __init__(self, table: Table, *, titles: Iterable[str], width: int) -> None:
        self._table = table
        self._above = frozenset(map(squeezed, titles))
        self._width = max(width, 1)
        self._in_notes = False
        self._heads: Mapping[int, frozenset[str]] = {
            head.index: frozenset(squeezed(piece) for piece in head.path) for head in table.header.heads
        }
        self._first = min((head.index for head in table.header.heads), default=0)
        self._code = _index(table, "code")
        self._titles = {index for index in (_index(table, "title"), _index(table, "parent")) if index is not None}
        self._facts = {
            column.index
            for name in ("lead", "support", "due", "goal", "start", "status")
            for column in table.by_field.get(name, ())
        }

    def classify(self, texts: Sequence[str], *, merged: int, is_covered: bool = False) -> Row:
        """What a row is.

        Args:
            texts: the row's own cells.
            merged: how many columns its widest one-row merge spans.
            is_covered: cells merged from above reach into the row, so that one cell of its own may be a whole task.
        """
        said = {index: text for index, text in enumerate(texts) if text}
        if not said:
            return Row.BLANK
        if is_covered and self._titles & said.keys() and not self._facts & said.keys():
            found = Row.TOTAL if any(TOTAL.match(squeezed(text)) for text in said.values()) else Row.DATA
        else:
            found = self._line(said, merged) if len(said) == 1 else self._cells(said)
        self._in_notes = found is Row.NOTE or (self._in_notes and found is Row.BLANK)
        return found

    def _line(self, said: Mapping[int, str], merged: int) -> Row:
        """A row with one cell."""
        (index, text), *_ = said.items()
        bare = squeezed(text)
        is_wide = merged > 1 and (merged * 2 >= self._width or merged >= 5)
        if not is_wide and index == self._code and not NUMBERED.match(bare) and re.fullmatch(r"[\d.\-()A-Za-z]+", bare):
            return Row.BLANK  # numbered beforehand, never filled in
        if self._is_above(bare) or (TITLE_LINE.search(bare) and is_wide and not NUMBERED.match(bare)):
            return Row.TITLE
        if UNIT_LINE.match(bare) or NOTE.match(bare) or FOOTER_CELL.match(bare):
            return Row.NOTE
        if TOTAL.match(bare):
            return Row.TOTAL
        if self._in_notes and (is_wide or index <= self._first) and re.match(r"^\(?\d+[).、.]|^\s", bare):
            return Row.NOTE
        is_named = bool(NUMBERED.match(bare)) and len(bare) <= LONGEST_SECTION and not self._in_notes
        if is_wide or NUMBERED.match(bare) or index == self._code:
            return Row.NOTE if len(bare) > 60 or (bare.endswith("。") and not is_named) else Row.SECTION
        if index in self._titles:
            return self._lone_title(bare)
        if index <= self._first and self._titles and (index not in self._facts or _is_no_fact(bare)):
            return Row.NOTE if bare.endswith("。") else Row.SECTION
        return Row.NOTE if self._in_notes or len(bare) > LONGEST_FACT or bare.endswith("。") else Row.DATA

    def _lone_title(self, bare: str) -> Row:
        """Words where a task belongs, and nothing beside them: a section, unless most tasks are written so."""
        if bare.endswith("。") or bare in NOTHING:
            return Row.NOTE
        is_task = self._table.is_sparse or self._table.is_continued or len(bare) > LONGEST_SECTION
        return Row.DATA if is_task else Row.SECTION

    def _is_above(self, bare: str) -> bool:
        """Whether a line from above the header stands here again, on the next printed page."""
        if bare in self._above:
            return True
        return not NUMBERED.match(bare) and any(
            len(text) > 5 and bare.startswith(text) and len(bare) < len(text) + 8 for text in self._above
        )

    def _cells(self, said: Mapping[int, str]) -> Row:
        """A row with several cells."""
        bare = {index: squeezed(text) for index, text in said.items()}
        words = list(bare.values())
        if any(text in self._heads.get(index, ()) for index, text in list(bare.items())[:3]):
            same = sum(text in self._heads.get(index, ()) for index, text in bare.items())
            if same * 5 >= len(bare) * 3 and same >= 2:
                return Row.HEADER
        first = next((text for text in words if not STAR.fullmatch(text)), words[0])
        is_note = not first.isdecimal() and NOTE.match(first)
        if is_note and (len(words) == 2 or len(first) > 12):
            return Row.NOTE
        if len(words) <= MOST_FOOTERS and sum(bool(FOOTER_CELL.match(text)) for text in words) * 2 >= len(words):
            return Row.NOTE
        if not self._titles & bare.keys():
            if any(SUMS.search(text) and TOTAL.match(text) for text in words):
                return Row.TOTAL
            code = bare.get(self._code, "") if self._code is not None else ""
            if NUMBERED.match(code) and re.search(r"[\u4e00-\u9fff]{2}", NUMBERED.sub("", code)):
                return Row.SECTION
        facts = {index for index in self._facts & bare.keys() if not COUNT_ONLY.match(bare[index])}
        if not facts:
            return self._without_facts(bare)
        places = [index for index in bare if index == self._code or index in self._titles or index <= self._first]
        is_total = any(SUMS.search(bare[index]) and TOTAL.match(bare[index]) for index in places)
        return Row.TOTAL if is_total and self._is_counted(bare) else Row.DATA

    def _without_facts(self, bare: Mapping[int, str]) -> Row:
        """Nobody leads, nothing is due: a total, a section with its sums, or a poor row of data."""
        first_index, first = next(iter(bare.items()))
        named = [text for index, text in bare.items() if index == self._code or index in self._titles]
        if any(TOTAL.match(text) for text in [*list(bare.values())[:3], *named]):
            return Row.TOTAL
        if first.startswith("其中") and all(COUNT_ONLY.match(text) for text in list(bare.values())[1:]):
            return Row.TOTAL
        if self._code is not None and self._code not in bare and COUNTED.search(first) and self._facts:
            return Row.SECTION
        rest = [text for index, text in bare.items() if index != first_index]
        if NUMBERED.match(first) and not ORDER.match(first) and all(COUNT_ONLY.match(text) for text in rest):
            return Row.SECTION
        if any(index in self._titles and COUNT_ONLY.match(text) for index, text in bare.items()):
            return Row.TOTAL  # “12个” where a task belongs
        if ORDER.match(first) and first_index == self._code and (self._facts or len(bare) == 2):
            return Row.SECTION
        return Row.DATA

    def _is_counted(self, bare: Mapping[int, str]) -> bool:
        """Whether what stands beside “合计” is mostly numbers and dashes."""
        rest = [text for text in bare.values() if not TOTAL.match(text)]
        return sum(bool(COUNT_ONLY.match(text)) or text in NOTHING for text in rest) * 2 >= len(rest)


def _is_no_fact(bare: str) -> bool:
    """Words in the first column that are neither a department nor a day."""
    return len(bare) <= LONGEST_SECTION and not bare[-1].isdecimal() and not owners.ENDS.search(bare)


def _index(table: Table, name: str) -> int | None:
    column = table.one(name)
    return column.index if column else None


def section_of(texts: Sequence[str], *, code: int | None) -> str:
    """The text of a section row: its number and its words, without the sums behind them."""
    said = [(index, text) for index, text in enumerate(texts) if text]
    first = said[0][1]
    if len(said) > 1 and ORDER.match(squeezed(first)) and not COUNT_ONLY.match(squeezed(said[1][1])):
        bare = squeezed(first)
        return f"{bare}{'' if bare[-1] in '、.)' else '、'}{said[1][1]}"
    return first


def is_column_numbers(texts: Sequence[str]) -> bool:
    """The row “1 2 3 4” or “甲 乙 1 2” that some forms have below the header."""
    said = [FORMULA_BEHIND.sub("", squeezed(text).strip("()=")) for text in texts if text]
    if len(said) < 3:
        return False
    numbers = [int(text) for text in said if text.isdecimal()]
    others = [text for text in said if not text.isdecimal()]
    runs = not numbers or sorted(numbers) == list(range(min(numbers), min(numbers) + len(numbers)))
    is_marked = len(numbers) >= 3 or {"甲", "乙"} <= {*others} or {"A", "B"} <= {*others}
    return runs and is_marked and all(re.fullmatch(r"[甲乙丙丁戊己庚辛A-Z]|[\d=+\-*/÷×%]+", text) for text in others)
