"""The desk's part of the demonstration: requests, blockers, instructions, files, look-backs, people.

Deterministic for a given day, through actions, every row marked. `seed()` is the entrance; `demo_layer` calls it last.
"""

import io
from collections.abc import Callable
from datetime import date, timedelta

from django.core.files import File

from tracker.actions import (
    blockers,
    commitments,
    contributions,
    evidence,
    evidence_store,
    extensions,
    instructions,
    lookbacks,
    people,
    verifications,
)
from tracker.actions.commitments import Owners
from tracker.choices import (
    DONE_STAGES,
    BlockerCategory,
    Stage,
    VerificationFinding,
    VerificationMethod,
)
from tracker.models import Commitment, Department, Plan, Post, User
from tracker.policies import SYSTEM, Actor, actor_of

LEADER_POST = "demo-leader"
OVERSEEN = ("fgw", "jxj", "kjj", "zrj", "czj")  # whose head posts the leader of the demonstration oversees
LEADER_TITLE = "分管市领导（演示）"
LEADER_DEPARTMENT = "sfb"
SEED = "luoshi-demo"


def pdf(text: str) -> bytes:
    """A one-page PDF of a line of Latin text, small enough to be read as it stands."""
    stream = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


class DeskLayer:
    """Gives the desks of all roles something to show. What has no place on this day is left out."""

    def __init__(
        self, plan: Plan, *, today: date, since: date, office: Actor, officer: Callable[[Commitment], Actor]
    ) -> None:
        self.plan, self.today, self.since, self.office, self.officer = plan, today, since, office, officer
        self.leader = actor_of(User.objects.get(username="leader"))
        self.head = User.objects.get(username="head")
        working = Commitment.objects.filter(plan=plan, stage=Stage.IN_PROGRESS).select_related("plan", "lead")
        self.working = list(working.order_by("code"))
        self.ours = [item for item in self.working if item.lead_id == self.head.department_id]
        self.others = [item for item in self.working if item.lead_id != self.head.department_id]

    def seed(self) -> None:
        """Everything, in the order in which it would have happened."""
        self._people()
        self._extensions()
        self._blockers()
        self._instructions()
        self._contributions()
        self._files()
        self._lookback()

    def _people(self) -> None:
        """A head in office with a deputy, and the leader's post."""
        assert self.head.department is not None  # `sign_ins` made both
        assert self.leader.user is not None
        post = Post.objects.filter(department=self.head.department, is_head=True).first()
        if post is not None:
            people.hand_over(post, to=self.head, on=self.since, by=SYSTEM)
            deputy = User.objects.get(username="officer")
            ends_on = self.today + timedelta(days=5)
            people.set_deputy(
                post,
                deputy=deputy,
                starts_on=self.today,
                ends_on=ends_on,
                reason="参加培训（演示）",
                by=SYSTEM,
                is_demo=True,
            )
        office = Department.objects.get(code=LEADER_DEPARTMENT)
        chair = people.set_post(LEADER_POST, title=LEADER_TITLE, department=office, by=SYSTEM)
        people.hand_over(chair, to=self.leader.user, on=self.since, by=SYSTEM)
        for one in Post.objects.filter(is_head=True, department__code__in=OVERSEEN).select_related("department"):
            people.set_post(
                one.code, title=one.title, department=one.department, is_head=True, overseen_by=chair, by=SYSTEM
            )

    def _extensions(self) -> None:
        """Two wait, one was granted, one refused. Asked before the date, or not at all."""
        asked = []
        for item in [*self.ours[4:5], *self.others[5:30:8]]:
            if item.due_on is None or item.due_on < self.today:
                continue
            wanted_on, by = item.due_on + timedelta(days=60), self.officer(item)
            reason = "关键设备到货推迟，安装调试顺延。（演示）"
            row = extensions.request(item, wanted_on=wanted_on, reason=reason, by=by, today=self.today, is_demo=True)
            asked.append(row)
        for row, is_granted in zip(asked[2:4], (True, False), strict=False):
            words = "同意，请倒排工期。（演示）" if is_granted else "任务量未变，请按原期限推进。（演示）"
            extensions.decide(row, is_granted=is_granted, decision=words, by=self.office, today=self.today)

    def _blockers(self) -> None:
        """Ours to others, others' to us, one to the leader; one is answered."""
        posts = {post.department.code: post for post in Post.objects.filter(is_head=True).select_related("department")}
        leader_post = Post.objects.get(code=LEADER_POST)
        told = (
            (self.ours[1:2], BlockerCategory.LAND, "用地预审未办结，请协助加快。（演示）", posts.get("zrj"), 6),
            (self.ours[2:3], BlockerCategory.MONEY, "配套资金尚未下达。（演示）", posts.get("czj"), -3),
            (self.others[3:4], BlockerCategory.TALENT, "缺少技术经理人，请推荐人选。（演示）", posts.get("kjj"), 9),
            (self.others[7:8], BlockerCategory.ENERGY, "用能指标需市级统筹。（演示）", leader_post, 4),
        )
        raised = [
            blockers.ask(
                items[0],
                category=category,
                text=text,
                wanted_from=post,
                wanted_by=self.today + timedelta(days=max(days, 0)),
                by=self.officer(items[0]),
                today=self.today,
                is_demo=True,
            )
            for items, category, text, post, days in told
            if items and post is not None
        ]
        if len(raised) > 1:
            blockers.answer(raised[1], answer="已列入下月拨付计划。（演示）", by=self.office, today=self.today)

    def _instructions(self) -> None:
        """Two of the leader's words, one answered."""
        assert self.leader.user is not None  # a signed-in person
        told = zip(self.ours[0:2], ("请说明滞后原因和补救措施。（演示）", "请会同有关部门抓紧。（演示）"), strict=False)
        given = [
            instructions.give(
                item,
                text=text,
                answer_due_on=self.today + timedelta(days=7),
                given_by=self.leader.user,
                by=self.leader,
                today=self.today,
                is_demo=True,
            )
            for item, text in told
        ]
        if len(given) > 1:
            by = self.officer(self.ours[1])
            instructions.answer(given[1], answer="已召开协调会，月底前完成。（演示）", by=by, today=self.today)

    def _contributions(self) -> None:
        """Departments beside the lead are confirmed in two matters; one has contributed, one still owes it."""
        for mine, beside in ((self.ours[3:4], "jxj"), (self.others[9:10], "kjj")):
            for item in mine:
                department = Department.objects.filter(code=beside).first()
                if department is None or department.pk == item.lead_id:
                    continue
                owners = Owners(responsible=[department])
                reason = "明确责任单位。（演示）"
                commitments.revise(item, values={}, owners=owners, reason=reason, by=self.office, today=self.today)
                if beside != "kjj":
                    author = User.objects.filter(department=department, is_active=True).first()
                    if author is not None:
                        text = "已完成企业走访和需求摸排。（演示）"
                        contributions.save(item, text=text, by=actor_of(author), today=self.today, is_demo=True)

    def _files(self) -> None:
        """A file that proves two matters at once: the second time is a warning."""
        upload = File(io.BytesIO(pdf("Demonstration evidence")), name="验收意见（演示）.pdf")
        done = Commitment.objects.filter(plan=self.plan, stage__in=DONE_STAGES).order_by("code")
        kept = evidence_store.keep(upload)
        for item in [*self.ours[0:1], *done[:2]]:
            evidence.add(item, upload=kept, note="演示文件", by=self.office, today=self.today, is_demo=True)

    def _lookback(self) -> None:
        """A sample of what was closed, the first of it looked at again."""
        closed = Commitment.objects.filter(stage__in=[Stage.CLOSED, Stage.ARCHIVED])
        size = min(3, closed.filter(closed_on__range=(self.since, self.today)).count())
        if not size:
            return
        draw = lookbacks.draw(
            closed_from=self.since,
            closed_until=self.today,
            size=size,
            seed=SEED,
            by=self.office,
            today=self.today,
            is_demo=True,
        )
        pick = draw.picks.select_related("commitment").order_by("order").first()
        assert pick is not None  # a draw has at least one
        verifications.record(
            pick.commitment,
            method=VerificationMethod.SITE_VISIT,
            finding=VerificationFinding.CONFIRMED,
            note="现场查看，与销号时一致。（演示）",
            lookback=draw,
            by=self.office,
            today=self.today,
            is_demo=True,
        )
