"""Changes to departments, posts and people. How a post changes hands is in `handovers`; it is called from here too."""

from collections.abc import Mapping

from django.db import transaction

from projects.actions import clock, initials
from projects.errors import DomainError
from projects.models import Jurisdiction
from tracker import policies
from tracker.actions import devices, events, handovers, sight
from tracker.actions.events import Entry
from tracker.actions.sight import Note
from tracker.choices import DEPARTMENT_ROLES, FINAL_STAGES, DepartmentKind, Role
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Department, Post, User
from tracker.models.sync import NoteSubject
from tracker.policies import Actor

hand_over = handovers.hand_over
receive_handover = handovers.receive_handover
set_deputy = handovers.set_deputy
end_deputy = handovers.end_deputy


def _require(by: Actor) -> None:
    if not policies.can_administer(by):
        raise DomainError("not_allowed")


def _require_over(by: Actor, person: User | None, *, becomes_admin: bool) -> None:
    """Administrators are made and changed by administrators, and by the site itself."""
    _require(by)
    is_admin = person is not None and (person.is_superuser or person.role == Role.ADMIN)
    if (is_admin or becomes_admin) and by.role not in {None, Role.ADMIN}:
        raise DomainError("not_allowed")


@transaction.atomic
def set_department(
    code: str,
    *,
    name: str,
    short_name: str,
    kind: DepartmentKind,
    jurisdiction: Jurisdiction,
    order: int = 0,
    is_active: bool | None = None,
    by: Actor,
) -> Department:
    """Create or correct a department by its code; the same call twice changes nothing.

    Args:
        is_active: None keeps what stands. Switched off, it takes no new matters; what it did stays.

    Raises:
        DomainError: not allowed, or a department that still leads open commitments would be switched off.
    """
    _require(by)
    values: dict[str, object] = {
        "name": name,
        "short_name": short_name,
        "kind": kind,
        "jurisdiction": jurisdiction,
        "order": order,
    }
    department = Department.objects.select_for_update().filter(code=code).first() or Department(code=code)
    if is_active is not None:
        values["is_active"] = is_active
        _check_switch(department, is_active=is_active)
    changes = (
        events.differences(department, values) if department.pk else {"name": [None, name], "kind": [None, str(kind)]}
    )
    if department.pk and not changes:
        return department
    for field, value in values.items():
        setattr(department, field, value)
    department.initials = initials.of(name)
    department.save()
    events.record(Entry(kind=EventKind.PERSON_REVISED, subject=f"department {code}", changes=changes), by=by)
    clock.tick()  # its name stands on kept pages
    sight.write([Note(NoteSubject.DEPARTMENT, code)])
    if "name" in changes:
        sight.tell_names(department=department)
    return department


def _check_switch(department: Department, *, is_active: bool) -> None:
    if is_active or not department.pk or not department.is_active:
        return
    count = Commitment.objects.filter(lead=department).exclude(stage__in=sorted(FINAL_STAGES)).count()
    if count:
        raise DomainError("department_has_open_matters", field="is_active", count=count)


@transaction.atomic
def set_user(
    username: str,
    *,
    role: Role,
    full_name: str = "",
    department: Department | None = None,
    password: str | None = None,
    email: str = "",
    is_staff: bool = True,
    is_superuser: bool = False,
    is_demo: bool = False,
    by: Actor,
) -> User:
    """Create or correct a person. `password` None keeps the present one (a new person then cannot sign in).

    Raises:
        DomainError: not allowed (only administrators make and change administrators), or an officer or head without
            a department.
    """
    user = User.objects.select_for_update(of=("self",)).filter(username=username).first()
    _require_over(by, user, becomes_admin=role == Role.ADMIN or is_superuser)
    if role in DEPARTMENT_ROLES and department is None:
        raise DomainError("department_needed", field="department")
    values: Mapping[str, object] = {
        "role": role,
        "full_name": full_name,
        "department": department,
        "email": email,
        "is_staff": is_staff,
        "is_superuser": is_superuser,
        "is_active": True,
    }
    user = user or User(username=username, is_demo=is_demo)
    moved_from = user.department_id if user.pk else None
    changes = events.differences(user, values) | _set_password(user, password)
    if user.pk and not changes:
        return user
    for field, value in {**values, "initials": initials.of(full_name)}.items():
        setattr(user, field, value)
    user.save()
    subject = f"user {username}"
    events.record(Entry(kind=EventKind.PERSON_REVISED, subject=subject, changes=changes, is_demo=user.is_demo), by=by)
    if "password" in changes:
        devices.end_all(user, by=by)
    sight.tell_person(user, moved_from=moved_from, is_renamed="full_name" in changes)
    return user


def _set_password(user: User, password: str | None) -> dict[str, list[events.LogValue]]:
    """Give the password, if it is another one; what the log tells of it."""
    if password is not None and not (user.pk and user.check_password(password)):
        user.set_password(password)
        return {"password": ["", "set"]}
    if not user.pk:
        user.set_unusable_password()
    return {}


@transaction.atomic
def deactivate_user(user: User, *, by: Actor) -> None:
    """Take a person's sign-in away; what they wrote stays. An administrator's only an administrator takes."""
    _require_over(by, user, becomes_admin=False)
    if not user.is_active:
        return
    User.objects.filter(pk=user.pk).update(is_active=False)
    entry = Entry(
        kind=EventKind.PERSON_REVISED,
        subject=f"user {user.username}",
        changes={"is_active": [True, False]},
        is_demo=user.is_demo,
    )
    events.record(entry, by=by)


@transaction.atomic
def set_post(
    code: str,
    *,
    title: str,
    department: Department,
    is_head: bool = False,
    overseen_by: Post | None = None,
    by: Actor,
) -> Post:
    """Create or correct a post by its code."""
    _require(by)
    values: Mapping[str, object] = {
        "title": title,
        "department": department,
        "is_head": is_head,
        "overseen_by": overseen_by,
    }
    post = Post.objects.select_for_update(of=("self",)).filter(code=code).first() or Post(code=code)
    changes = (
        events.differences(post, values) if post.pk else {"title": [None, title], "department": [None, department.code]}
    )
    if post.pk and not changes:
        return post
    for field, value in values.items():
        setattr(post, field, value)
    post.initials = initials.of(title)
    post.save()
    events.record(Entry(kind=EventKind.PERSON_REVISED, subject=f"post {code}", changes=changes), by=by)
    clock.tick()  # its title stands on kept pages
    if "title" in changes:
        sight.tell_names(post=post.pk)
    return post
