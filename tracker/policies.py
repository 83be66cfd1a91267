"""Who may see and do what. Every read starts from `visible_to`, every change asks here; both fail closed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.choices import CITYWIDE_ROLES, DEPARTMENT_ROLES, REPORTABLE_STAGES, Role
from tracker.models import (
    Blocker,
    Commitment,
    CommitmentDepartment,
    Contribution,
    Department,
    Evidence,
    ExtensionRequest,
    Instruction,
    ListLayout,
    Lookback,
    Milestone,
    Post,
    ProgressReport,
    Slip,
    Subscription,
    User,
    Verification,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person with a role, or the site itself (role None, `SYSTEM`).

    `request_id` traces events to a request.
    """

    user: User | None
    role: Role | None
    department_id: int | None = None
    request_id: str = ""

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def is_demo(self) -> bool:
        """Whether what this actor does is demonstration: a demonstration sign-in never makes facts."""
        return bool(self.user and self.user.is_demo)


SYSTEM = Actor(user=None, role=None)
CITYWIDE = "all"  # the scope of those who see every department's matters


def actor_of(user: User, *, request_id: str = "") -> Actor:
    """The actor for a signed-in person. Raises PermissionError for someone who was switched off."""
    if not user.is_active:
        raise PermissionError("not signed in")
    return Actor(user=user, role=Role(user.role), department_id=user.department_id, request_id=request_id)


def is_citywide(viewer: Actor) -> bool:
    """Whether the viewer sees every department's matters."""
    return viewer.role is None or viewer.role in CITYWIDE_ROLES


def scope_key(viewer: Actor) -> str:
    """A short name of what the viewer may see, for cache keys and ETags: equal keys see equal rows."""
    if is_citywide(viewer):
        return CITYWIDE
    return department_scope(viewer.department_id) if viewer.department_id else "none"


def department_scope(department_id: int) -> str:
    """The scope of a department's officers and heads, as `scope_key` names it."""
    return f"d{department_id}"


def _seen(viewer: Actor, *, path: str) -> Q:
    """The condition on commitments, from a table whose commitment lies at `path` ("": the commitment itself)."""
    if is_citywide(viewer):
        return Q()
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return Q(pk__in=[])
    joined = CommitmentDepartment.objects.filter(
        commitment=OuterRef(f"{path}_id" if path else "pk"), department=viewer.department_id
    )
    lead = f"{path}__lead" if path else "lead"
    return Q(**{lead: viewer.department_id}) | Q(Exists(joined))


def visible_to(viewer: Actor) -> QuerySet[Commitment]:
    """The commitments the viewer may see: all for the city's roles, those led or joined for a department."""
    return Commitment.objects.filter(_seen(viewer, path=""))


def reports_visible_to(viewer: Actor) -> QuerySet[ProgressReport]:
    """The reports the viewer may see. A draft is seen by its own department only."""
    seen = ProgressReport.objects.filter(_seen(viewer, path="commitment"))
    if viewer.role in DEPARTMENT_ROLES:
        return seen.exclude(~Q(author__department=viewer.department_id), state="draft")
    return seen.exclude(state="draft") if viewer.role is not None else seen


def milestones_visible_to(viewer: Actor) -> QuerySet[Milestone]:
    """The milestones of the commitments in sight."""
    return Milestone.objects.filter(_seen(viewer, path="commitment"))


def extensions_visible_to(viewer: Actor) -> QuerySet[ExtensionRequest]:
    """The extension requests of the commitments in sight."""
    return ExtensionRequest.objects.filter(_seen(viewer, path="commitment"))


def blockers_visible_to(viewer: Actor, *, today: date) -> QuerySet[Blocker]:
    """The blockers of the commitments in sight, and those that ask a post of the viewer's own department, or a post
    that the viewer holds or stands in for today, of whichever department.

    Whoever raises a blocker shows it, and the commitment's title, to those asked.
    """
    seen = _seen(viewer, path="commitment")
    if viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None:
        seen |= Q(wanted_from__department=viewer.department_id)
        seen |= Q(wanted_from__in=posts_held_by(viewer, today=today).values("pk"))
    return Blocker.objects.filter(seen)


def instructions_visible_to(viewer: Actor) -> QuerySet[Instruction]:
    """The leaders' instructions on the commitments in sight."""
    return Instruction.objects.filter(_seen(viewer, path="commitment"))


def verifications_visible_to(viewer: Actor) -> QuerySet[Verification]:
    """The verifications of the commitments in sight."""
    return Verification.objects.filter(_seen(viewer, path="commitment"))


def lookbacks_visible_to(viewer: Actor) -> QuerySet[Lookback]:
    """The look-back samples: for the city's roles, never for a department that may be in one."""
    return Lookback.objects.all() if is_citywide(viewer) else Lookback.objects.none()


def evidence_visible_to(viewer: Actor) -> QuerySet[Evidence]:
    """The files of the commitments in sight. What hangs on a draft report is its department's only."""
    seen = Evidence.objects.filter(_seen(viewer, path="commitment"))
    if viewer.role is None:
        return seen
    drafts = Q(report__state="draft")
    if viewer.role in DEPARTMENT_ROLES:
        return seen.exclude(drafts & ~Q(author__department=viewer.department_id))
    return seen.exclude(drafts)


def contributions_visible_to(viewer: Actor) -> QuerySet[Contribution]:
    """What departments contributed to the commitments in sight: to the lead, the city's roles and the contributor.

    Another supporting department does not read it.
    """
    seen = Contribution.objects.filter(_seen(viewer, path="commitment"))
    if viewer.role in DEPARTMENT_ROLES:
        return seen.filter(Q(department=viewer.department_id) | Q(commitment__lead=viewer.department_id))
    return seen


def slips_visible_to(viewer: Actor) -> QuerySet[Slip]:
    """The slips of the commitments in sight. What has no number, a draft or a dropped one, is for the city's roles."""
    seen = Slip.objects.filter(_seen(viewer, path="commitment"))
    return seen if is_citywide(viewer) else seen.filter(number__isnull=False)


def published_by(day: date) -> QuerySet[Commitment]:
    """What anyone may read who has not signed in: marked public, on that day or before it.

    Callers ask `queries.settings_of` first whether there are public pages at all.
    """
    return Commitment.objects.filter(is_public=True, published_on__lte=day)


def reader_of(subscription: Subscription) -> Actor | None:
    """As whom a subscription reads: its owner, or somebody of the department that it is narrowed to. None while the
    owner may not say where the site posts to: then nothing is told.
    """
    owner = subscription.owner
    if not owner.is_active or owner.role not in Role.values or not can_set_addresses(actor_of(owner)):
        return None
    if subscription.department_id is None:
        return actor_of(owner)
    return Actor(user=None, role=Role.OFFICER, department_id=subscription.department_id)


def told_to(subscription: Subscription) -> QuerySet[Commitment]:
    """The commitments that a subscription may be told of: those its reader sees, of its plan where it names one."""
    reader = reader_of(subscription)
    if reader is None:
        return Commitment.objects.none()
    seen = visible_to(reader)
    return seen.filter(plan=subscription.plan_id) if subscription.plan_id else seen


def posts_held_by(viewer: Actor, *, today: date) -> QuerySet[Post]:
    """The posts that the viewer holds today, or stands in for while their holder is away."""
    if viewer.user is None:
        return Post.objects.none()
    in_office = Q(holdings__holder=viewer.user, holdings__starts_on__lte=today) & (
        Q(holdings__ends_on__isnull=True) | Q(holdings__ends_on__gte=today)
    )
    standing_in = Q(deputies__deputy=viewer.user, deputies__starts_on__lte=today, deputies__ends_on__gte=today)
    return Post.objects.filter(in_office | standing_in).distinct()


def posts_visible_to(viewer: Actor, *, today: date) -> QuerySet[Post]:
    """The posts whose page the viewer may open: all for the city's roles; otherwise those of one's own department, and
    those that one holds or stands in for. What the page lists is still read through `visible_to`.
    """
    if is_citywide(viewer):
        return Post.objects.all()
    own = Q(pk__in=posts_held_by(viewer, today=today).values("pk"))
    if viewer.department_id is not None:
        own |= Q(department=viewer.department_id)
    return Post.objects.filter(own)


def departments_visible_to(viewer: Actor) -> QuerySet[Department]:
    """The departments whose page the viewer may open: all for the city's roles, one's own otherwise."""
    if is_citywide(viewer):
        return Department.objects.all()
    return Department.objects.filter(pk=viewer.department_id) if viewer.department_id else Department.objects.none()


def layouts_visible_to(viewer: Actor) -> QuerySet[ListLayout]:
    """The layouts of files: all for the city's roles, for a department its own and those that are offered to it."""
    if is_citywide(viewer):
        return ListLayout.objects.all()
    offered = Q(department__isnull=True) | Q(is_shared=True)
    return ListLayout.objects.filter((offered & Q(is_active=True)) | Q(department=viewer.department_id))


def can_keep_layout(actor: Actor, *, department_id: int | None) -> bool:
    """Whether this person makes and corrects layouts of that department; None: those of the supervision office."""
    if actor.role in DEPARTMENT_ROLES:
        return department_id is not None and department_id == actor.department_id
    return can_administer(actor)


def can_supervise(actor: Actor) -> bool:
    """Whether the actor works for the supervision office (or is the site itself)."""
    return actor.role in {None, Role.SUPERVISOR}


def can_see(viewer: Actor, commitment: Commitment) -> bool:
    """Whether this commitment is in the viewer's sight. One query for department roles."""
    return is_citywide(viewer) or visible_to(viewer).filter(pk=commitment.pk).exists()


def can_report(actor: Actor, commitment: Commitment) -> bool:
    """Whether the actor may write this commitment's report: its lead department, while it is being worked on."""
    if actor.role is None:
        return True
    if actor.role not in DEPARTMENT_ROLES or actor.department_id is None:
        return False
    return commitment.lead_id == actor.department_id and commitment.stage in REPORTABLE_STAGES


def can_review(actor: Actor, report: ProgressReport) -> bool:
    """Whether the actor may accept or return this report: the supervision office, never its author."""
    return can_supervise(actor) and actor.user_id != report.author_id


def can_administer(actor: Actor) -> bool:
    """Whether the actor keeps people, departments and rules."""
    return actor.role in {None, Role.ADMIN, Role.SUPERVISOR}


def can_set_addresses(actor: Actor) -> bool:
    """Whether the actor says where the site itself posts to: administrators only."""
    return actor.role in {None, Role.ADMIN}


def can_watch(viewer: Actor) -> bool:
    """Whether the viewer reads how the site itself does: who keeps it, and the leaders."""
    return is_citywide(viewer)


def leads(actor: Actor, commitment: Commitment) -> bool:
    """Whether the actor belongs to the department that leads this commitment (or is the site itself)."""
    if actor.role is None:
        return True
    is_ours = actor.department_id is not None and commitment.lead_id == actor.department_id
    return actor.role in DEPARTMENT_ROLES and is_ours


def can_answer_blocker(actor: Actor, blocker: Blocker, *, today: date) -> bool:
    """Whether the actor may answer: the post's holder or deputy, its department, or the supervision office for them."""
    if actor.role in {None, Role.SUPERVISOR}:
        return True
    if actor.role in DEPARTMENT_ROLES and blocker.wanted_from.department_id == actor.department_id:
        return True
    return posts_held_by(actor, today=today).filter(pk=blocker.wanted_from_id).exists()


def can_instruct(actor: Actor) -> bool:
    """Whether the actor may give an instruction: a leader, or the supervision office in a leader's name."""
    return actor.role in {None, Role.LEADER, Role.SUPERVISOR}


def can_compare(viewer: Actor) -> bool:
    """Whether departments may stand side by side before this viewer: leaders and the supervision office only."""
    return viewer.role in {None, Role.SUPERVISOR, Role.LEADER}


def can_issue_slips(actor: Actor) -> bool:
    """Whether the actor drafts, issues, drops and withdraws slips: the supervision office."""
    return can_supervise(actor)


def can_answer_slip(actor: Actor, slip: Slip) -> bool:
    """Whether the actor may answer this slip: the department that leads its commitment now."""
    return leads(actor, slip.commitment)
