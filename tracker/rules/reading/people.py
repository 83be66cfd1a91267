"""People who stand in a cell of departments: “市科技局 张三”, “市财政局(李四 13800000000)”, “联系人:王五”. Pure."""

import re

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚文庞樊兰殷施陶洪翟颜倪严牛温季俞章鲁葛"
    "伍韦申尤毕聂焦柳邢岳齐梅莫庄辛祝涂祁舒耿牟卜詹苗凌费纪靳童欧甄项曲裴席卫屈鲍覃霍翁甘景柏柯阮桂闵房冉司蒲青敬鲜母"
)
TITLE = r"(?:副?(?:[市县区局院处科股所镇乡部]长|主任|书记|总?经理))"
NAME = rf"(?:(?:{TITLE}\s*)?(?:欧阳|上官|司马|诸葛|[{SURNAMES}])(?:{TITLE}|[\u4e00-\u9fff·]{{1,2}}{TITLE}?))"
PHONE = r"(?:1\d{10}|(?:0\d{2,3}-?)?\d{7,8})"
LABEL = r"(?:[\u4e00-\u9fff]{0,4}(?:领导|责任人|负责人|联系人|联络员|联系电话|联系方式|电话))"
PERSON = rf"(?:{LABEL}?[:]?\s*(?:{NAME}[\s:、,]*{PHONE}|{NAME}|{PHONE}))"
PEOPLE = rf"(?:{PERSON}(?:[、,;/\s]+{PERSON})*)"
DEPARTMENT = (
    "局委办部厅处院校所站队会社团组室心府司行关学区县市镇乡道联协班馆科股"  # what a department's name ends with
)
NO_NAME = re.compile(
    rf"[{DEPARTMENT}企业地单位门]$|^(?:金融|文[旅化体物明教]|高[新校铁速中坪标]|林[业草]|石[油化]|田[园间]|康[养复]|武[装警]"
    r"|任务|施工|项目|卫[生健]|司法|房[产管建]|青[年少])"
)
LABELLED = re.compile(rf"(?:^|(?<=[;,。\n])){LABEL}[:]([^;,。\n()]*)[;,。\n]?")
GAP = r"\s{0,3}"
BEHIND = re.compile(
    rf"(?<=[{DEPARTMENT}])(?:{GAP}\({GAP}({PEOPLE}){GAP}\)|(?:{GAP}:{GAP}|\s{GAP})({PERSON})|{GAP}[,;、]{GAP}(?={LABEL})({PERSON}))"
    r"(?![\u4e00-\u9fff\d])"
)
LEADING = re.compile(rf"^{LABEL}[:]?\s*")
BEFORE = re.compile(rf"(?:^|(?<=[、,;\n]))({NAME}{PHONE}?) +(?=[市省县国州])")


def apart(text: str) -> tuple[str, tuple[str, ...]]:
    """The cell without its people, and these. A cell that names nobody else is left as it is."""
    found: list[str] = []

    def taken(match: re.Match[str]) -> str:
        said = LEADING.sub("", " ".join(next(filter(None, match.groups()), "").split()))
        if NO_NAME.search(said):
            return match[0]
        found.append(said)
        return ""

    rest, before = text, None
    while rest != before:
        before = rest
        for words in (BEHIND, LABELLED, BEFORE):
            rest = words.sub(taken, rest)
    rest = rest.strip(" \n,;、")
    return (rest, tuple(filter(None, found))) if rest and found else (text, ())
