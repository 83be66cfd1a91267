"""Who owns and who acts: departments, posts with dated holders, users."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models import Jurisdiction
from tracker.choices import DEPARTMENT_ROLES, DepartmentKind, Role


class Department(models.Model):
    """A department, county government, zone or institution that can own a commitment."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Used in addresses, e.g. kjj."))
    name = models.CharField(_("name"), max_length=120, unique=True)
    short_name = models.CharField(_("short name"), max_length=20)
    kind = models.CharField(_("kind"), max_length=16, choices=DepartmentKind)
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, verbose_name=_("jurisdiction"))
    initials = models.CharField(
        _("pinyin initials"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Written with the name, for search."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="department_kind_known",
                condition=Q(kind__in=DepartmentKind.values),
                violation_error_message=_("Choose a kind from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in. Officers and heads belong to a department; the role decides what the person may do."""

    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.OFFICER)
    # NULL: leaders and administrators stand above the departments.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    full_name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    initials = models.CharField(
        _("pinyin initials"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Written with the name, for search."),
    )
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_("Choose a role from the list."),
            ),
            models.CheckConstraint(
                name="user_of_a_department_has_one",
                condition=~Q(role__in=sorted(DEPARTMENT_ROLES)) | Q(department__isnull=False) | Q(is_superuser=True),
                violation_error_code="department_needed",
                violation_error_message=_("Officers and heads belong to a department. Choose one."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username


class Post(models.Model):
    """A post owns commitments; its holder changes, and the successor inherits."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=80)
    initials = models.CharField(
        _("pinyin initials"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Written with the name, for search."),
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="posts", verbose_name=_("department")
    )
    is_head = models.BooleanField(_("heads the department"), default=False)
    # NULL: nobody oversees this post in the site (the top of the ladder).
    overseen_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="oversees", verbose_name=_("overseen by")
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["department", "code"]
        constraints = [
            models.UniqueConstraint(
                name="post_one_head_per_department",
                fields=["department"],
                condition=Q(is_head=True),
                violation_error_message=_("The department already has a head post."),
            ),
            models.CheckConstraint(
                name="post_does_not_oversee_itself",
                condition=Q(overseen_by__isnull=True) | ~Q(overseen_by=F("id")),
                violation_error_message=_("A post cannot oversee itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PostHolding(models.Model):
    """Who held a post from when to when. `ends_on` NULL: still in office. The last day counts."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("post"))
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("holder"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # NULL: the holder has not confirmed the hand-over list, or there was none.
    received_on = models.DateField(_("hand-over received on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("holding of a post")
        verbose_name_plural = _("holdings of posts")
        ordering = ["post", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="postholding_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The holding ends before it starts. Correct one of the two dates."),
            ),
            models.UniqueConstraint(
                name="postholding_one_open_per_post",
                fields=["post"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("The post already has a holder. End that holding first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.starts_on}"


class Deputy(models.Model):
    """Who stands in for the holder of a post while the holder is away. First and last day count."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies", verbose_name=_("post"))
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputises", verbose_name=_("deputy"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["post", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="deputy_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The absence ends before it starts. Correct one of the two dates."),
            ),
            models.UniqueConstraint(
                name="deputy_once_per_start",
                fields=["post", "deputy", "starts_on"],
                violation_error_message=_("This deputy is already named from that day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.starts_on}"
