"""The sections of each desk, in the order of its page."""

from collections.abc import Collection

from tracker.api.desk import shapes
from tracker.api.desk.shapes import Section, section
from tracker.queries.desk import SHOWN
from tracker.queries.desk_department import DepartmentDesk
from tracker.queries.desk_leader import LeaderDesk
from tracker.queries.desk_office import OfficeDesk
from tracker.queries.questions import Cards


def questions(name: str, kind: str, cards: Cards, *, is_task: bool = False) -> Section:
    """Questions on matters in sight."""
    return section(name, cards, (shapes.question(kind, card) for card in cards.rows), is_task=is_task)


def blockers(name: str, cards: Cards, *, seen: Collection[str], is_task: bool = False) -> Section:
    """Blockers; `seen`: the codes among theirs that are in sight."""
    lines = (shapes.question("blocker", card, is_seen=card.code in seen) for card in cards.rows)
    return section(name, cards, lines, is_task=is_task)


def of_department(desk: DepartmentDesk, *, seen: Collection[str]) -> list[Section]:
    """A department's desk."""
    reports, contributions, posts = desk.to_report, desk.to_contribute, desk.handovers
    return [
        section("slips", desk.slips, map(shapes.slip, desk.slips.rows), is_task=True),
        section("returned", desk.returned, map(shapes.report, desk.returned.rows), is_task=True),
        questions("instructions", "instruction", desk.instructions, is_task=True),
        section("to_accept", desk.to_accept, map(shapes.matter, desk.to_accept.rows), is_task=True),
        blockers("blockers_asked", desk.blockers.asked_of_us, seen=seen, is_task=True),
        Section(
            name="to_report", count=len(reports), items=[shapes.owed(card) for card in reports[:SHOWN]], is_task=True
        ),
        Section(
            name="to_contribute",
            count=len(contributions),
            items=[shapes.contribution(card) for card in contributions[:SHOWN]],
            is_task=True,
        ),
        Section(
            name="handovers", count=len(posts), items=[shapes.handover(card) for card in posts[:SHOWN]], is_task=True
        ),
        section("overdue", desk.overdue, map(shapes.matter, desk.overdue.rows)),
        section("due_soon", desk.due_soon, map(shapes.matter, desk.due_soon.rows)),
        section("waiting", desk.waiting, map(shapes.report, desk.waiting.rows)),
        questions("extensions", "extension", desk.extensions),
        questions("decisions", "extension", desk.decisions),
        blockers("blockers_raised", desk.blockers.raised_by_us, seen=seen),
        blockers("blockers_elsewhere", desk.blockers.elsewhere, seen=seen),
        blockers("answers", desk.answers, seen=seen),
    ]


def of_office(desk: OfficeDesk) -> list[Section]:
    """The supervision office's desk. Its roles see every matter."""
    return [
        section("queue", desk.queue, map(shapes.report, desk.queue.rows), is_task=True),
        questions("extensions", "extension", desk.extensions, is_task=True),
        section("slip_drafts", desk.slip_drafts, map(shapes.slip, desk.slip_drafts.rows), is_task=True),
        section("refused", desk.refused, map(shapes.matter, desk.refused.rows), is_task=True),
        section("to_issue", desk.to_issue, map(shapes.matter, desk.to_issue.rows), is_task=True),
        section("to_verify", desk.to_verify, map(shapes.matter, desk.to_verify.rows), is_task=True),
        section("to_close", desk.to_close, map(shapes.matter, desk.to_close.rows), is_task=True),
        Section(
            name="lookbacks",
            count=len(desk.lookbacks),
            items=[shapes.lookback(card) for card in desk.lookbacks],
            is_task=True,
        ),
        section("slips_late", desk.slips_late, map(shapes.slip, desk.slips_late.rows)),
        Section(
            name="unaccepted",
            count=desk.unaccepted_count,
            items=[shapes.unaccepted(card) for card in desk.unaccepted],
        ),
        Section(name="silent", count=len(desk.silent), items=[shapes.silent(card) for card in desk.silent_shown]),
        questions("blockers_overdue", "blocker", desk.blockers),
    ]


def of_leader(desk: LeaderDesk) -> list[Section]:
    """A leader's desk. Leaders see every matter."""
    return [
        questions("blockers_asked", "blocker", desk.blockers, is_task=True),
        questions("answered", "instruction", desk.answered),
        questions("instructions", "instruction", desk.open),
        questions("extensions", "extension", desk.extensions),
        section("red_slips", desk.red_slips, map(shapes.slip, desk.red_slips.rows)),
    ]
