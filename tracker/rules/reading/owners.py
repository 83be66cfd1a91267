"""Who leads and who supports, from the text of one cell in any of the usual forms. No sheets, no known departments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from tracker.rules.reading import people
from tracker.rules.reading.characters import is_nothing, plain


class Part(Enum):
    """What the column says about its names: all lead, all support, or one column for both."""

    LEAD = "lead"
    SUPPORT = "support"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Names in their order. `is_guessed`: nothing but their order said who leads. `people` stood beside them."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    is_guessed: bool = False
    people: tuple[str, ...] = ()


NOBODY = Owners()
LEADING_TICKS = frozenset({"●", "★", "▲", "■", "◆", "◎", "牵头", "主办", "主责", "主", "牵"})
TICKS = LEADING_TICKS | {"○", "☆", "△", "□", "◇", "√", "✓", "✔", "*", "配合", "协办", "协", "配", "参与"}
LONGEST = 2000  # signs of a text that are looked at
LEADS = r"(?:第一|首要|主要|主体|牵头)责任(?:单位|部门)|(?:牵头|主办|主责|首责)(?:单位|部门)?"
OTHERS = (
    r"(?:其他|其它|相关|共同|协同|配合|落实|具体|直接)?责任(?:单位|部门)"
    r"|(?:配合|协办|协助|协同|参与|参加|落实|承办|会办|联办|支持|成员|相关)(?:单位|部门)|责任|配合|协办|协助|协同|参与"
)
LABEL = re.compile(rf"[【\[](?P<boxed>{LEADS}|{OTHERS})[】\]]\s*[::]?|[(]?(?P<label>{LEADS}|{OTHERS})[)]?\s*[::]")
LEADING = re.compile(
    r"^(?:由)?(?P<names>.+?)(?:共同|联合)?(?:负责)?(?:总)?(?:牵头(?:负责|办理|落实|推进|实施|主办)?|主办|主责|为主|为(?:牵头|主办|主责)(?:单位|部门))$"
)
HELPING = re.compile(
    r"^(?P<names>.+?)(?:等|为)?(?:按(?:照)?(?:职责|职能|任务)?分工)?(?:分别|共同|积极|密切|予以|做好|协同|协助)*"
    r"(?:(?:配合|协办|参与|责任)(?:单位|部门)|配合|协办|参与|参加|协同|协助|按职责(?:分工)?(?:负责|落实)|按职能负责|分工负责|会办|支持|为辅|(?<=[区县镇乡])落实)"
    r"(?:落实|实施|推进|办理|做好|工作|负责|完成)*$"
)
ALONE = re.compile(r"^(?:由)?(?P<names>.+?)负责$")
FOLLOWING = re.compile(r"^(?:会同|联合|商)(?P<names>.+?)(?:(?:共同)?(?:落实|实施|推进|办理|负责))?$")
WITH = re.compile(r"^(?:由)?(?P<lead>.+?)会同(?P<support>.+?)(?:(?:共同)?(?:推进|落实|办理|实施|负责))?$")
HELPS = re.compile(r"^(?P<support>[^,;。(]+?)(?:配合|协助)(?P<lead>[^,;。(]+)$")
WITHIN = re.compile(r"^(?P<lead>[^(),;。\n]+)\((?P<names>[^()]+?)(?:配合|协办|协助|参与|协同)(?:落实|实施|办理)?\)$")
NOTED = re.compile(r"\(\s*(?P<note>[^()]*)\s*\)$")
UNSAID = frozenset({"待定", "待明确", "待确定", "待落实", "未定", "暂无", "暂未明确"})
PARTS = r"(?:牵头|主办|主责|配合|协办|参与|责任)(?:单位|部门)?"
BOXED_NOTE = re.compile(rf"[【\[]({PARTS})[】\]]")  # “A【牵头】、B”
VERB_LISTED = re.compile(r"(?<=[\u4e00-\u9fff])(牵头|主办|主责|配合|协办|参与|协助|落实|负责)、")
CIRCLED = re.compile(r"(?<=\S)\s*([①-⑳])")
FIRST_LEADS = re.compile(r"\([^()]*(?:第一|首位|首个|排名靠前|列首)[^()]*(?:牵头|主办|主责)[^()]*\)$")
DISTRICTS = re.compile(r"((?:[\u4e00-\u9fff]{2}、)+[\u4e00-\u9fff]{2})[二两三四五六七八九](区|县)")
PARTY_AND_STATE = re.compile(r"(?<=[\u4e00-\u9fff)]{2})(党委|[县区]委)[、和](?=[县区]?政府)")
NOTE_RUN_ON = re.compile(rf"(\({PARTS}\))(?=[^\s、,;。/|:()])")  # “A(牵头)B(配合)”
STARS = "★☆▲△◆*※"
STARRED = re.compile(rf"^[{re.escape(STARS)}]+|[{re.escape(STARS)}]+$")
LISTED = re.compile(r"^(?:[(]?\d{1,2}[).、.]\s*|[①-⑳])")
LISTED_NEXT = re.compile(r"[\s;,、]*(?:[(]?\d{1,2}[).、.]|[①-⑳])\s*$")  # the number of the label that follows
HEADED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])|\([^()]*\)$|(?:共?\d+[项个件])$"
)
NO_OWNER = re.compile(r"任务|工作|项目|问题|台账|清单|企业$|单位$|部门$|[、,;]")
LONGEST_NAME = 20
ET_CETERA = re.compile(r"(?:等(?:\d+个?|有关|相关|市级|市直|责任)*(?:单位|部门|地|地区|县区)?)$")
ENDINGS = (
    "局|委|办|部|厅|处|院|校|所|站|队|会|社|团|组|室|中心|政府|集团|公司|银行|分行|支行|海关|大学|学院|学校|医院"
    "|管委会|"
    r"区|县|市|镇|乡|街道|联|总工会|科协|工商联|专班|企业|单位|部门|人行|税务|法院|检察院|机场|电台|报社|馆|街|业主|机构|段|\)"
)
ENDS = re.compile(rf"(?:{ENDINGS})$")
PARTY = re.compile(r"(?:^|、)(?:省|市|区|县|州)?委$")
STARTS = re.compile(r"^(?:市|省|县|区|州|各|国家|国网|中国|南充|人行|人民|有关|相关|团市委|全市|属地|川)")
JOINED = re.compile(
    r"(?<=[局委办部院会府区县司心)])(?:以及|和|及|与|或|[.·+&—-]{1,2})(?=市|省|县|区|各|国家|国网|有关|相关|其他"
    r"|属地)"
)


@lru_cache(maxsize=8192)
def read(text: str, *, part: Part, first_leads: bool = False) -> Owners:
    """The names of one cell. `first_leads`: a note of the table says that the first one leads."""
    said, names = people.apart(plain(text[:LONGEST]))
    found = _departments(said, part=part, first_leads=first_leads)
    return replace(found, people=names) if names else found


def _departments(text: str, *, part: Part, first_leads: bool) -> Owners:
    said = text.strip(" \n\r,;。").replace("(★)", "★")
    if is_nothing(said) or said in UNSAID:
        return NOBODY
    if said[0] not in "【[":
        said = BOXED_NOTE.sub(r"(\1)", said)
    first_leads = first_leads or bool(FIRST_LEADS.search(said))
    said = VERB_LISTED.sub(r"\1,", CIRCLED.sub(r"、\1", NOTE_RUN_ON.sub(r"\1、", FIRST_LEADS.sub("", said))))
    said = PARTY_AND_STATE.sub(r"\1", DISTRICTS.sub(_each, said))
    found = _labelled(said) or _within(said) or _in_words(said) or _marked(said)
    if found is not None and (found.lead or part is Part.SUPPORT):
        return found
    names = found.support if found is not None else split(said)
    if part is Part.LEAD:
        return Owners(lead=names)
    if part is Part.SUPPORT:
        return Owners(support=names)
    return Owners(lead=names[:1], support=names[1:], is_guessed=len(names) > 1 and not first_leads)


def _each(found: re.Match[str]) -> str:
    """“顺庆、高坪两区” are 顺庆区 and 高坪区."""
    return "、".join(f"{name}{found[2]}" for name in found[1].split("、"))


@lru_cache(maxsize=8192)
def together(led: Owners, helped: Owners) -> Owners:
    """The names of a column that leads and of one that supports."""
    if not helped.lead and not helped.support:
        return led
    leads = led.lead or helped.lead
    others = (*(helped.lead if led.lead else ()), *led.support, *helped.support)
    return Owners(
        lead=leads,
        support=tuple(name for name in dict.fromkeys(others) if name not in leads),
        people=(*led.people, *helped.people),
    )


def headed(text: str) -> str:
    """The department that a section or a sheet is named after; "" for any other words."""
    name = HEADED.sub("", plain(text)).strip(" :,;。")
    return name if 2 < len(name) <= LONGEST_NAME and ENDS.search(name) and not NO_OWNER.search(name) else ""


def ticked(marks: Sequence[tuple[str, str]]) -> Owners:
    """Departments that are headings, by the marks below them: (department, mark). Without a leading mark the first."""
    said = [(name, mark) for name, mark in marks if mark]
    lead = [name for name, mark in said if mark in LEADING_TICKS]
    names = [name for name, _mark in said]
    if lead:
        return _owners(lead, names)
    return Owners(lead=tuple(names[:1]), support=tuple(names[1:]), is_guessed=len(names) > 1)


def split(text: str) -> tuple[str, ...]:
    """The single names, without doubles. What stands in brackets is not cut."""
    names: list[str] = []
    for piece in _pieces(JOINED.sub("、", _spaced(text))):
        name = ET_CETERA.sub("", LISTED.sub("", piece.strip(" .。")).strip())
        name = STARRED.sub("", name).strip()
        if name and not is_nothing(name) and name not in names:
            names.append(name)
    return tuple(names)


def _spaced(text: str) -> str:
    """A break or space between two names becomes a separator, one inside of a name vanishes."""
    parts = re.split(r"[ \r\n]+", text.strip())
    joined = parts[0]
    for piece in parts[1:]:
        last = re.split(r"[、,;/|]", joined)[-1].rstrip(STARS)
        party = PARTY.search(last) and not STARTS.match(piece)
        ends = bool(ENDS.search(last)) and len(last) > 1 and not party
        joined += ("、" if ends and len(piece) > 1 and not joined.endswith(("、", ",", ";", "/")) else "") + piece
    return joined


def _pieces(text: str) -> list[str]:
    """Cut at the separators that stand outside of brackets."""
    pieces, depth, current = [], 0, ""
    for sign in text:
        depth += (sign in "([") - (sign in ")]" and depth > 0)
        if depth == 0 and sign in "、,;/|\n":
            pieces.append(current)
            current = ""
        else:
            current += sign
    return [*pieces, current]


def _labelled(said: str) -> Owners | None:
    """“牵头单位:A;责任单位:B、C”; a lone “责任单位:” leads."""
    labels = [found for found in LABEL.finditer(said) if found.start() == 0 or not said[found.start() - 1].isalnum()
              or ENDS.search(said[: found.start()])]  # fmt: skip
    led = LEADING.match(said[: labels[0].start()].strip(",;。 ")) if labels else None
    if not labels or (labels[0].start() > 2 and not led):
        return None
    lead: list[str] = [*split(led["names"])] if led else []
    others: list[str] = []
    ends = [label.start() for label in labels[1:]] + [len(said)]
    words = [label["label"] or label["boxed"] for label in labels]
    has_lead = bool(led) or any(re.fullmatch(LEADS, word) for word in words)
    for number, (label, word, end) in enumerate(zip(labels, words, ends, strict=True)):
        leads = re.fullmatch(LEADS, word) or (not has_lead and number == 0 and "责任" in word)
        (lead if leads else others).extend(split(LISTED_NEXT.sub("", said[label.end() : end])))
    return _owners(lead, others)


def _in_words(said: str) -> Owners | None:
    """“A牵头,B、C配合”, “由A、B牵头负责”, “A会同B”."""
    lead: list[str] = []
    others: list[str] = []
    waiting: list[str] = []
    is_said = False
    for clause in _clauses(said):
        if (found := LEADING.match(clause)) or ((found := ALONE.match(clause)) and ENDS.search(found["names"])):
            lead += [*waiting, *split(found["names"])]
        elif found := HELPING.match(clause) or (FOLLOWING.match(clause) if is_said else None):
            others += [*waiting, *split(found["names"])]
        elif (found := HELPS.match(clause)) and ENDS.search(found["lead"]) and ENDS.search(found["support"]):
            lead += split(found["lead"])
            others += [*waiting, *split(found["support"])]
        elif (found := WITH.match(clause)) and ENDS.search(found["lead"]):
            lead += [*waiting, *split(found["lead"])]
            others += split(HELPING.sub(r"\g<names>", found["support"]))
        else:
            waiting += split(clause)
            continue
        waiting, is_said = [], True
    return _owners(lead, others + waiting) if is_said else None


def _within(said: str) -> Owners | None:
    """“A(B、C配合)”."""
    found = WITHIN.match(said)
    if not found or not ENDS.search(found["names"]):
        return None
    return _owners([*split(found["lead"])], [*split(found["names"])])


def _clauses(said: str) -> list[str]:
    """Cut at commas and the like, and behind “牵头” where the comma was forgotten; names stay together."""
    whole = re.sub(r"(牵头(?:负责|办理|落实)?)[、\s]*(?=[^,;。\n、\s()负办落推单部])", r"\1,", _spaced(said))
    pieces, depth, current = [], 0, ""
    for sign in whole:
        depth += (sign in "([") - (sign in ")]" and depth > 0)
        if depth == 0 and sign in ",;。\n":
            pieces.append(current.strip("、 "))
            current = ""
        else:
            current += sign
    return [piece for piece in [*pieces, current.strip("、 ")] if piece]


def _marked(said: str) -> Owners | None:
    """“A(牵头)、B” and “★A、B”."""
    lead: list[str] = []
    others: list[str] = []
    for piece in _pieces(JOINED.sub("、", _spaced(said))):
        name = LISTED.sub("", piece.strip(" .。"))
        note = NOTED.search(STARRED.sub("", name))
        is_lead = bool(STARRED.search(name)) or bool(note and re.search(r"牵头|主办|主责|^主$", note["note"]))
        if note and re.search(r"牵头|主办|主责|配合|协办|参与|责任单位|^[主协]$", note["note"]):
            name = STARRED.sub("", name)[: note.start()]
        (lead if is_lead else others).extend(split(name))
    return _owners(lead, others) if lead else None


def _owners(lead: list[str], others: list[str]) -> Owners:
    leads = tuple(dict.fromkeys(lead))
    return Owners(lead=leads, support=tuple(name for name in dict.fromkeys(others) if name not in leads))
