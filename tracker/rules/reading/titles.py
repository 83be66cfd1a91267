"""Which column names the task, which the wider task it belongs to. Headings first, then how the cells lie."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tracker.rules.reading.characters import squeezed, written
from tracker.rules.reading.header import Head
from tracker.rules.reading.samples import Samples

FINER = re.compile("(?:内容|任务|事项|工作|举措|措施|要求)$")  # what a hint must say to divide a task
GOAL = re.compile("目标|(?:工作|量化|考核|绩效|主要|核心)指标|年度(?:建设|工作|主要|重点)*(?:任务|计划)")


def choose(heads: Sequence[Head], fields: dict[int, str], below: Mapping[int, Samples]) -> None:
    """One title, at most one parent: the narrower column is the title when the wider one is merged over its rows."""
    found = sorted(
        (head for head in heads if fields[head.index].startswith("title:")),
        key=lambda head: (
            fields[head.index],
            _is_goal(head),
            bool(re.search("内容|描述|要求|清单", head.text)),
            head.index,
        ),
    )
    marks = {head.index for head in found if below[head.index].are_marks()}
    if len(marks) < len(found):  # “(一)” under 项目 beside 任务 is a number
        fields |= dict.fromkeys(marks, "ordinal")
        found = [head for head in found if head.index not in marks]
    if not found:
        spare = next((head for head in heads if fields[head.index] == "goal"), None)
        spare = spare or next((head for head in heads if fields[head.index] == "content"), None)
        if spare:
            fields[spare.index] = "title"
        return
    twins = [head for head in found if head.path == found[0].path]
    if len(twins) > 1:  # one heading over several columns: the longest texts are the tasks, “(一)” beside them is none
        longest = max(twins, key=lambda head: (sum(map(len, below[head.index].texts())), head.index))
        found = [longest, *(head for head in found if head not in twins)]
        fields |= {head.index: "ordinal" for head in twins if head is not longest}
    *levels, title = _levels(found, fields, below)
    before = [head for head in found if head.index < title.index and not _is_goal(head)]
    wider = levels + [head for head in before if head not in levels and _holds(head, title, fields, below)]
    wider.sort(key=lambda head: (-len(set(below[head.index].texts())), abs(title.index - head.index)))
    for head in found:
        spare_field = "goal" if GOAL.search(squeezed(head.text)) else "content" if "内容" in head.text else ""
        is_spare = spare_field not in fields.values() and fields[head.index] != "title:?"
        fields[head.index] = spare_field if is_spare else ""
    fields[title.index] = "title"
    for head, name in zip(wider, ("parent", "section"), strict=False):
        fields[head.index] = name if name not in fields.values() else ""


def _levels(found: Sequence[Head], fields: Mapping[int, str], below: Mapping[int, Samples]) -> list[Head]:
    """From the widest task to the one that a row is. 目标任务 beside 重点任务 and 具体举措 is their goal."""
    title = found[0]
    if _is_goal(title):  # 政策措施 with 目标任务 behind it: the goal of the measure
        title = next((head for head in found if head.index < title.index), title)
    levels = [title]
    for narrower in sorted(found, key=_is_goal):
        is_hint = fields[narrower.index] == "title:?" and not FINER.search(squeezed(narrower.text))
        is_spare = narrower in levels or is_hint or (_is_goal(narrower) and len(levels) > 1)
        if not is_spare and _holds(levels[-1], narrower, fields, below):
            levels.append(narrower)
    return levels


def _holds(wide: Head, narrow: Head, fields: Mapping[int, str], below: Mapping[int, Samples]) -> bool:
    """Whether the narrow column divides what the wide one names; 一级指标 beside 二级指标 is never the task."""
    return fields[wide.index] == "title:1" or _is_grouped(wide.index, narrow.index, below)


def _is_goal(head: Head) -> bool:
    text = squeezed(head.text)
    return "目标" in text and not text.endswith(("及目标", "和目标", "与目标"))  # 工作任务及目标 is the task


def _is_grouped(wide: int, narrow: int, below: Mapping[int, Samples]) -> bool:
    """Whether the wide column holds one text for several rows of the narrow one: merged, or left empty below."""
    if below[wide].merged > below[narrow].merged:
        return True
    pairs = list(zip(map(written, below[wide].cells), map(written, below[narrow].cells), strict=True))
    continued = sum(not group and bool(task) for group, task in pairs)
    repeated = sum(bool(a[0]) and a[0] == b[0] and bool(a[1]) and a[1] != b[1] for a, b in pairwise(pairs))
    filled = sum(bool(task) for _, task in pairs)
    is_small = filled * 0.3 <= continued <= filled * 0.7
    return filled > 2 and (continued >= max(2, filled * 0.2) or is_small or repeated >= max(2, filled * 0.3))
