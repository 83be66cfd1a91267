"""What exactly is asked on matters that wait for somebody's word: one question for a row, the oldest first.

The same questions that `questions.words_wanted` and `questions.to_decide` choose matters by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from tracker import policies
from tracker.choices import DEPARTMENT_ROLES, AnswerState, ExtensionState, ReportState
from tracker.models import Blocker, ExtensionRequest, Instruction, ProgressReport
from tracker.policies import Actor


class Question(StrEnum):
    """What kind of word is wanted."""

    BLOCKER = "blocker"
    INSTRUCTION = "instruction"
    EXTENSION = "extension"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The oldest question on a matter. `label`: a blocker's category in words, "" otherwise; `text`: the asker's words
    ("" for a report); `on`: the new date that an extension asks for, the last day of a report's period; `others`: how
    many more questions wait on the same matter.
    """

    kind: Question
    text: str
    waited_days: int
    label: str = ""
    on: date | None = None
    others: int = 0


Found = tuple[str, datetime, Question, str, str, date | None]


def wanted_words(viewer: Actor, codes: Sequence[str], *, today: date) -> dict[str, Asked]:
    """The question behind each of these matters of `questions.words_wanted`, by code. At most three queries."""
    posts = Q(wanted_from__in=policies.posts_held_by(viewer, today=today).values("pk"))
    found: list[Found] = []
    if viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None:
        posts |= Q(wanted_from__department=viewer.department_id)
        found += _instructions(codes, department_id=viewer.department_id)
    found += _blockers(codes, posts)
    if policies.can_supervise(viewer):
        found += _extensions(codes)
    return _oldest(found, today=today)


def to_decide(codes: Sequence[str], *, today: date) -> dict[str, Asked]:
    """The report or the request behind each of these matters of `questions.to_decide`, by code. Two queries."""
    reports = ProgressReport.objects.filter(commitment__code__in=codes, state=ReportState.SUBMITTED)
    rows = reports.values_list("commitment__code", "submitted_at", "created_at", "period_end")
    found: list[Found] = [
        (code, submitted_at or created_at, Question.REPORT, "", "", period_end)
        for code, submitted_at, created_at, period_end in rows
    ]
    return _oldest(found + _extensions(codes), today=today)


def _blockers(codes: Sequence[str], asked: Q) -> list[Found]:
    rows = Blocker.objects.filter(asked, commitment__code__in=codes, state=AnswerState.OPEN).select_related(
        "commitment"
    )
    return [
        (row.commitment.code, row.created_at, Question.BLOCKER, row.text, str(row.get_category_display()), None)
        for row in rows
    ]


def _instructions(codes: Sequence[str], *, department_id: int) -> list[Found]:
    rows = Instruction.objects.filter(
        commitment__code__in=codes, commitment__lead=department_id, state=AnswerState.OPEN
    ).select_related("commitment")
    return [(row.commitment.code, row.created_at, Question.INSTRUCTION, row.text, "", None) for row in rows]


def _extensions(codes: Sequence[str]) -> list[Found]:
    rows = ExtensionRequest.objects.filter(commitment__code__in=codes, state=ExtensionState.PENDING)
    values = rows.values_list("commitment__code", "created_at", "reason", "wanted_on")
    return [(code, asked_at, Question.EXTENSION, reason, "", wanted_on) for code, asked_at, reason, wanted_on in values]


def _oldest(found: Iterable[Found], *, today: date) -> dict[str, Asked]:
    by_code: dict[str, list[Found]] = {}
    for one in sorted(found, key=lambda row: row[:2]):
        by_code.setdefault(one[0], []).append(one)
    return {
        code: Asked(
            kind=rows[0][2],
            text=rows[0][3],
            label=rows[0][4],
            on=rows[0][5],
            waited_days=max(0, (today - timezone.localdate(rows[0][1])).days),
            others=len(rows) - 1,
        )
        for code, rows in by_code.items()
    }
