"""Changes to departments, posts and people."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from projects.models import Jurisdiction
from tracker import policies
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import DEPARTMENT_ROLES, DepartmentKind, EventKind, Role
from tracker.models import Department, Post, PostHolding, User
from tracker.policies import Actor


def _require(by: Actor) -> None:
    if not policies.can_administer(by):
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
    by: Actor,
) -> Department:
    """Create or correct a department by its code; the same call twice changes nothing."""
    _require(by)
    values: Mapping[str, object] = {
        "name": name,
        "short_name": short_name,
        "kind": kind,
        "jurisdiction": jurisdiction,
        "order": order,
    }
    department = Department.objects.filter(code=code).first() or Department(code=code)
    changes = (
        events.differences(department, values) if department.pk else {"name": [None, name], "kind": [None, str(kind)]}
    )
    if department.pk and not changes:
        return department
    for field, value in values.items():
        setattr(department, field, value)
    department.save()
    events.record(Entry(kind=EventKind.PERSON_REVISED, subject=f"department {code}", changes=changes), by=by)
    clock.tick()  # its name stands on kept pages
    return department


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
        DomainError: not allowed, or an officer or head without a department.
    """
    _require(by)
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
    user = User.objects.filter(username=username).first() or User(username=username, is_demo=is_demo)
    changes = events.differences(user, values)
    if password is not None and not (user.pk and user.check_password(password)):
        user.set_password(password)
        changes["password"] = ["", "set"]
    elif not user.pk:
        user.set_unusable_password()
    if user.pk and not changes:
        return user
    for field, value in values.items():
        setattr(user, field, value)
    user.save()
    entry = Entry(kind=EventKind.PERSON_REVISED, subject=f"user {username}", changes=changes, is_demo=user.is_demo)
    events.record(entry, by=by)
    return user


@transaction.atomic
def deactivate_user(user: User, *, by: Actor) -> None:
    """Take a person's sign-in away; what they wrote stays."""
    _require(by)
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
    post = Post.objects.filter(code=code).first() or Post(code=code)
    if post.pk and all(getattr(post, field) == value for field, value in values.items()):
        return post
    for field, value in values.items():
        setattr(post, field, value)
    post.save()
    changes = {"title": [None, title], "department": [None, department.code]}
    events.record(Entry(kind=EventKind.PERSON_REVISED, subject=f"post {code}", changes=changes), by=by)
    return post


@transaction.atomic
def hand_over(post: Post, *, to: User, on: date, by: Actor) -> PostHolding:
    """Make `to` the holder of the post from `on`; the present holding ends the day before.

    Raises:
        DomainError: not allowed, or the present holding started on that day or later.
    """
    _require(by)
    present = PostHolding.objects.select_for_update().filter(post=post, ends_on__isnull=True).first()
    if present is not None:
        if present.holder_id == to.pk:
            return present
        if present.starts_on >= on:
            raise DomainError("handover_too_early", field="on", day=present.starts_on)
        present.ends_on = date.fromordinal(on.toordinal() - 1)
        present.save(update_fields=["ends_on"])
    holding = PostHolding.objects.create(post=post, holder=to, starts_on=on)
    changes = {"holder": [present.holder.username if present else None, to.username]}
    events.record(Entry(kind=EventKind.PERSON_REVISED, subject=f"post {post.code}", changes=changes), by=by)
    return holding
