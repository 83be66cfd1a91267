"""Who may see and do what. Every read starts from `visible_to`, every change asks here; both fail closed."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.choices import CITYWIDE_ROLES, DEPARTMENT_ROLES, REPORTABLE_STAGES, Role
from tracker.models import Commitment, CommitmentDepartment, Department, ProgressReport, User


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
        return "all"
    return f"d{viewer.department_id}" if viewer.department_id else "none"


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


def departments_visible_to(viewer: Actor) -> QuerySet[Department]:
    """The departments whose page the viewer may open: all for the city's roles, one's own otherwise."""
    if is_citywide(viewer):
        return Department.objects.all()
    return Department.objects.filter(pk=viewer.department_id) if viewer.department_id else Department.objects.none()


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
