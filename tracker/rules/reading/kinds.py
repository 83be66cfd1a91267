"""The words of a column “类别” and the kinds they mean. Words that mean none keep their text and have no kind."""

import re

from tracker.choices import Kind
from tracker.rules.reading.characters import squeezed

WORDS: tuple[tuple[str, str], ...] = (
    (Kind.TARGET, r"指标|目标|target"),
    (Kind.TALENT_PROGRAMME, r"人才|talent"),
    (Kind.PARK, r"园区|产业园|基地|集聚区|开发区|集群|park"),
    (Kind.PLATFORM, r"平台|实验室|中心|孵化|platform"),
    (Kind.REFORM, r"改革|体制机制|制度|试点|reform"),
    (Kind.PROJECT, r"项目|工程|实事|project"),
    (Kind.ACTION, r"行动|活动|工作|任务|整治|攻坚|action"),
)
PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in WORDS)


def read(text: str) -> str | None:
    """The kind, None when the words mean none."""
    said = squeezed(text)
    return next((str(kind) for kind, words in PATTERNS if words.search(said)), None)
