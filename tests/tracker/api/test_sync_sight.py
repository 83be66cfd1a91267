"""Every way by which something enters or leaves a sight, or reads differently, without a stamp of its own: the table of
docs/decisions/0022, row by row. After each change every device that syncs on equals one that begins now.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from projects.actions import clock
from tests import import_rows
from tests.factories import (
    TODAY,
    Cast,
    make_clause,
    make_commitment,
    make_indicator,
    make_initiative,
    make_milestone,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
    make_user,
)
from tests.tracker.api.conftest import Caller
from tests.tracker.api.mirror import fresh, mirror
from tests.tracker.ledger.books import xlsx
from tracker.actions import (
    commitments,
    demo,
    imports,
    ledger,
    people,
    plans,
    readings,
    reassign,
    reports,
    reviews,
    sight,
)
from tracker.actions.commitments import Owners
from tracker.choices import DepartmentKind, ReportState, Role
from tracker.ledger import importing
from tracker.models import Commitment, LedgerImport, Milestone, Plan, ProgressReport, User
from tracker.policies import SYSTEM, actor_of
from tracker.queries import ledger as sheets
from tracker.rules.reporting import ReportValues


class Scene:
    """Two departments, two plans, a parent with a child, reports of October, a target, an initiative, a post."""

    def __init__(self, cast: Cast) -> None:
        self.cast, science, health = cast, cast.science, cast.health_bureau
        self.other = make_user("other", department=science)
        plan = make_plan("P1")
        self.chapter, self.second = make_clause(plan, "1"), make_clause(plan, "2")
        self.clause = make_clause(plan, "1.1", parent=self.chapter)
        make_clause(make_plan("P2"), "1")
        self.lab, self.indicator, self.post = make_initiative("LAB"), make_indicator(), make_post(department=science)
        up = make_commitment("UP", department=health)
        item = make_commitment("A", department=science, parent=up, clause=self.clause, initiative=self.lab)
        kid = make_commitment("KID", department=science, parent=item)
        make_target(kid, self.indicator)
        for one in (item, kid):
            self.report(one.code, cast.lin, state=ReportState.ACCEPTED, month=10)

    def item(self, code: str) -> Commitment:
        return Commitment.objects.get(code=code)

    def report(
        self, code: str, user: User, *, state: ReportState, month: int = 11, value: Decimal | None = None
    ) -> ProgressReport:
        report = make_report(
            self.item(code), author=user, state=state, period_start=date(2026, month, 1),
            period_end=date(2026, month, 30), done=f"{code} {month}",
        )  # fmt: skip
        ProgressReport.objects.filter(pk=report.pk).update(value=value)
        clock.stamp(report)
        return report

    def draft(self, code: str, user: User) -> None:
        self.report(code, user, state=ReportState.DRAFT)

    def take_up(self) -> None:
        """An officer of the lead writes on in the draft that stands."""
        draft = ProgressReport.objects.get(commitment__code="A", state=ReportState.DRAFT)
        reports.revise(draft, values=ReportValues(done="接着写。"), by=actor_of(self.cast.zhou), today=TODAY)

    def add(self, code: str, plan: str, **values: Any) -> None:
        said = {"title": "事项", "kind": "action", **values}
        commitments.register(code, plan=make_plan(plan), values=said, by=SYSTEM, today=TODAY)

    def revise(self, code: str, *, owners: Owners | None = None, **values: Any) -> None:
        commitments.revise(self.item(code), values=values, owners=owners, reason="调整。", by=SYSTEM, today=TODAY)

    def reassign(self, code: str, department: Any) -> None:
        reassign.reassign(self.item(code), lead=department, reason="调整。", by=SYSTEM, today=TODAY)

    def import_lead(self, code: str, name: str) -> None:
        row = next(iter(sheets.rows(Commitment.objects.filter(code=code))))
        ledger.apply([replace(row, lead=name, number=2)], by=SYSTEM, today=TODAY)

    def bring(self) -> None:
        """A ledger of the office: one new commitment of the science department in the second plan."""
        chen = actor_of(self.cast.chen)
        content = xlsx([[1, "清淤河道", "市科技局", "年底"]])
        row = import_rows.make_import(Plan.objects.get(code="P2"), chen, content=content)
        imports.confirm(row, seal=row.seal, by=chen)
        importing.work(row.pk, now=timezone.now())

    def take_back(self) -> None:
        row = imports.take_back(LedgerImport.objects.get(), reason="传错了。", by=actor_of(self.cast.chen))
        importing.work(row.pk, now=timezone.now())

    def set_user(self, name: str, department: Any, full_name: str) -> None:
        people.set_user(name, role=Role.OFFICER, department=department, full_name=full_name, by=SYSTEM)

    def set_department(self, department: Any, name: str) -> None:
        people.set_department(
            department.code, name=name, short_name=department.short_name, kind=DepartmentKind(department.kind),
            jurisdiction=department.jurisdiction, by=SYSTEM,
        )  # fmt: skip

    def set_post(self, title: str, *, owns: str = "") -> None:
        if owns:
            self.revise(owns, post=self.post)
        people.set_post(self.post.code, title=title, department=self.cast.science, by=SYSTEM)

    def read(self, value: int) -> None:
        start, end = date(2026, 1, 1), date(2026, 6, 30)
        readings.record(
            self.indicator, period_start=start, period_end=end, reported=Decimal(value), by=SYSTEM, today=TODAY
        )

    def accept_value(self) -> None:
        make_target(self.item("B"), self.indicator)
        clock.stamp(self.item("B"))
        sent = self.report("B", self.cast.zhou, state=ReportState.SUBMITTED, value=Decimal(7))
        reviews.accept(sent, by=SYSTEM, today=TODAY)

    def demonstrate(self) -> None:
        """What a demonstration leaves: a report, a milestone on a real commitment, a reading."""
        shown = self.report("UP", self.cast.zhou, state=ReportState.ACCEPTED, month=9)
        step = make_milestone(self.item("B"), "演示")
        ProgressReport.objects.filter(pk=shown.pk).update(is_demo=True)
        Milestone.objects.filter(pk=step.pk).update(is_demo=True)
        clock.stamp(shown, self.item("B"))


Change = tuple[str, Callable[[Scene], Any], dict[str, tuple[str, str]]]
# What is done; then, for each device that must notice, what leaves it and what comes or reads differently (more may).
# Reports by commitment and month. From devices that are not named nothing leaves.
TABLE: list[Change] = [
    ("a part is given: plan, reports and children come along",
     lambda s: s.revise("A", owners=Owners(supporting=[s.cast.health_bureau])),
     {"zhou": ("", "A A/10"), "lin": ("", "A"), "wu": ("", "A")}),
    ("a part is taken away: the reports leave with the commitment",
     lambda s: s.revise("A", owners=Owners()), {"zhou": ("A A/10", ""), "lin": ("", "A"), "wu": ("", "A")}),
    ("the first commitment of a plan brings the plan",
     lambda s: s.add("B", "P2", lead=s.cast.health_bureau), {"zhou": ("", "B P2"), "wu": ("", "B")}),
    ("the last commitment of a plan takes the plan away",
     lambda s: s.revise("B", lead=s.cast.science), {"zhou": ("B P2", ""), "lin": ("", "B P2"), "wu": ("", "B")}),
    ("a parent comes into sight: the child names it",
     lambda s: s.reassign("UP", s.cast.science), {"zhou": ("UP P1", ""), "lin": ("", "UP A"), "wu": ("", "UP")}),
    ("a parent leaves the sight: the child names it no longer",
     lambda s: s.reassign("UP", s.cast.health_bureau), {"zhou": ("", "UP P1"), "lin": ("UP", "A"), "wu": ("", "UP")}),
    ("a draft is seen in its own department only",
     lambda s: s.draft("KID", s.cast.lin), {"lin": ("", "KID/11")}),
    ("another lead: the draft is gone, the accepted report comes along",
     lambda s: s.reassign("KID", s.cast.health_bureau),
     {"lin": ("KID KID/10 KID/11", ""), "zhou": ("", "KID KID/10"), "wu": ("", "KID")}),
    ("a draft of the lead", lambda s: s.draft("A", s.cast.lin), {"lin": ("", "A/11")}),
    ("a lead that keeps a part: its draft alone is gone",
     lambda s: s.revise("A", lead=s.cast.health_bureau, owners=Owners(supporting=[s.cast.science])),
     {"zhou": ("", "A A/10 KID"), "lin": ("A/11", "A"), "wu": ("", "A")}),
    ("an imported sheet names another lead",
     lambda s: s.import_lead("B", "市卫生健康委"), {"lin": ("B P2", ""), "zhou": ("", "B P2"), "wu": ("", "B")}),
    ("a ledger is brought", Scene.bring, {"lin": ("", "P2-001 P2"), "wu": ("", "P2-001")}),
    ("and taken back", Scene.take_back, {"lin": ("P2-001 P2", ""), "wu": ("P2-001", "")}),
    ("a title stands on the reports too",
     lambda s: s.revise("A", title="改名"), dict.fromkeys(("lin", "zhou", "wu"), ("", "A A/10"))),
    ("a department has another name",
     lambda s: s.set_department(s.cast.science, "市科技创新局"),
     {"lin": ("", "kjj A"), "zhou": ("", "A"), "wu": ("", "kjj A")}),
    ("a post has another title",
     lambda s: s.set_post("一把手", owns="B"), {"zhou": ("", "B"), "wu": ("", "B")}),
    ("and another one", lambda s: s.set_post("局长"), {"zhou": ("", "B"), "wu": ("", "B")}),
    ("a clause stands in another chapter",
     lambda s: plans.set_clause(s.clause.plan, "1.1", values={"parent": s.second}, by=SYSTEM),
     {"lin": ("", "A"), "wu": ("", "A")}),
    ("a chapter has another heading",
     lambda s: plans.set_clause(s.clause.plan, "1", values={"heading": "新"}, by=SYSTEM),
     {"lin": ("", "P1"), "wu": ("", "P1")}),
    ("reports are owed from another day", lambda s: plans.start_tracking(s.clause.plan, since=TODAY, by=SYSTEM),
     {"lin": ("", "P1"), "wu": ("", "P1")}),
    ("a value that moves no light", lambda s: s.read(5), {"zhou": ("", "KID"), "wu": ("", "KID")}),
    ("an accepted value is another commitment’s reading",
     Scene.accept_value,
     {"zhou": ("", "B B/11 KID"), "wu": ("", "B B/11 KID")}),
    ("a person has another name", lambda s: s.set_user("lin", s.cast.science, "林工"),
     {"zhou": ("", "A/10 KID/10"), "wu": ("", "A/10")}),
    ("a colleague’s draft", lambda s: s.draft("A", s.other), {"lin": ("", "A/11")}),
    ("its author is moved: the draft changes hands",
     lambda s: s.set_user("other", s.cast.health_bureau, "Other"), {"lin": ("A/11", ""), "zhou": ("", "A/11")}),
    ("and back", lambda s: s.set_user("other", s.cast.science, "Other"), {"zhou": ("A/11", ""), "lin": ("", "A/11")}),
    ("the lead takes up a draft that another department’s officer began", Scene.take_up,
     {"lin": ("A/11", ""), "zhou": ("", "A/11")}),
    ("a demonstration", Scene.demonstrate, {"zhou": ("", "UP/9 B"), "wu": ("", "UP/9 B")}),
    ("the demonstration is cleared",
     lambda s: demo.remove(by=SYSTEM, today=TODAY), {"zhou": ("UP/9", "B"), "wu": ("UP/9", "B")}),
]  # fmt: skip


def flat(rows: Any) -> dict[str, Any]:
    """A device's rows by short names."""
    found: dict[str, Any] = {}
    for name, listed in rows.items():
        for key, row in listed.items():
            short = f"{row['commitment']}/{int(row['period_start'][5:7])}" if name == "reports" else key
            found[short] = row
    return found


def test_whatever_changes_a_device_that_syncs_on_equals_one_that_begins_now(
    cast: Cast, sign_in: Callable[[str], Caller]
) -> None:
    scene = Scene(cast)
    phones = {name: sign_in(name) for name in ("lin", "zhou", "wu")}
    devices = {name: mirror(phone, limit=7) for name, phone in phones.items()}
    for device in devices.values():
        device.sync()
    for what, change, told in TABLE:
        before = {name: flat(device.rows) for name, device in devices.items()}
        change(scene)
        cache.clear()
        for name, device in devices.items():
            device.sync()
            kept = flat(device.rows)
            assert device.rows == fresh(phones[name]), f"{what}: {name}"
            left, came = told.get(name, ("", ""))
            assert before[name].keys() - kept.keys() == {*left.split()}, f"{what}: {name}"
            differs = {key for key, row in kept.items() if before[name].get(key) != row}
            assert {*came.split()} <= differs, f"{what}: {name}"


def test_a_name_of_the_catalogue_is_told_where_it_is_shown(cast: Cast, sign_in: Callable[[str], Caller]) -> None:
    scene = Scene(cast)
    make_reading(scene.indicator, 2023, Decimal(1))
    device = mirror(sign_in("lin"))
    device.sync()
    scene.lab.name, scene.indicator.name = "新实验室", "新指标"
    scene.lab.save()
    scene.indicator.save()
    clock.stamp(scene.lab, scene.indicator)
    sight.tell_names(initiative=scene.lab)
    sight.tell_names(indicator=scene.indicator)
    device.sync()
    assert device.rows["commitments"]["A"]["initiative"]["name"] == "新实验室"
    assert device.rows["commitments"]["KID"]["targets"][0]["indicator"]["name"] == "新指标"
    assert device.rows == fresh(sign_in("lin"))
