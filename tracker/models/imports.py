"""Ledger files that were brought in: the file, what became of it, what each of its rows said, and the words learnt."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker.choices import Kind
from tracker.import_choices import AT_WORK, ImportState, LineEffect
from tracker.models.commitments import Commitment
from tracker.models.people import Department
from tracker.models.plans import Plan


class DepartmentAlias(models.Model):
    """What ledgers call one department or a group of them; without any department the words name nobody."""

    name = models.CharField(_("name in ledgers"), max_length=120, unique=True)
    departments = models.ManyToManyField(
        Department, related_name="aliases", blank=True, verbose_name=_("departments meant")
    )

    class Meta:
        verbose_name = _("other name of a department")
        verbose_name_plural = _("other names of departments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class HeadingWord(models.Model):
    """A heading that ledgers use, and the field it means: comes before the built-in table of headings."""

    heading = models.CharField(_("heading"), max_length=60, unique=True)
    # A field of `rules.reading.headings.FIELDS`; "" for a column that is known and not read.
    field = models.CharField(_("means"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("heading of ledgers")
        verbose_name_plural = _("headings of ledgers")
        ordering = ["heading"]

    def __str__(self) -> str:
        return self.heading


class LedgerImport(models.Model):
    """One ledger file on its way: looked at, chosen from, confirmed, entered, perhaps taken back. The file stays."""

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ledger_imports", verbose_name=_("brought by")
    )
    at = models.DateTimeField(_("brought at"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    byte_count = models.PositiveIntegerField(_("size (bytes)"))
    # NULL: the file says the plan of each row itself, as our own export does.
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )
    # NULL: the file's own title says it.
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    kind = models.CharField(_("kind of rows that name none"), max_length=20, choices=Kind, blank=True)
    # What a person chose in the preview; see `rules.ledger_choices`.
    choices = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.WAITING)
    # Why it was refused, put off, or not taken back: the code and parameters of the sentence.
    problem = models.JSONField(default=dict)
    seal = models.CharField(max_length=64, blank=True)
    new_count = models.PositiveIntegerField(pgettext_lazy("rows of a ledger", "new"), default=0)
    changed_count = models.PositiveIntegerField(pgettext_lazy("rows of a ledger", "changed"), default=0)
    unchanged_count = models.PositiveIntegerField(pgettext_lazy("rows of a ledger", "unchanged"), default=0)
    refused_count = models.PositiveIntegerField(pgettext_lazy("rows of a ledger", "refused"), default=0)
    # Since when there is work on it, and since when somebody does it.
    waits_since = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    done_at = models.DateTimeField(_("entered at"), null=True)
    group = models.UUIDField(null=True)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )
    revert_reason = models.TextField(_("reason"), blank=True)
    reverted_at = models.DateTimeField(_("taken back at"), null=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("import of a ledger")
        verbose_name_plural = _("imports of ledgers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="ledgerimport_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="ledgerimport_done_has_time",
                condition=~Q(state__in=[ImportState.DONE, ImportState.LEAVING, ImportState.REVERTED])
                | Q(done_at__isnull=False),
            ),
        ]
        indexes = [
            # The worker's look for what waits.
            models.Index(
                name="ledgerimport_waiting",
                fields=["id"],
                condition=Q(state__in=AT_WORK),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class LedgerFile(models.Model):
    """The bytes of an import and what its preview shows, apart from the list."""

    of = models.OneToOneField(LedgerImport, on_delete=models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()
    # `ledger.preview` as compressed JSON, and the rows as `ledger.kept` packs them; NULL: not looked at yet.
    preview = models.BinaryField(null=True)
    rows = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self) -> str:
        return str(self.of_id)


class LedgerLine(models.Model):
    """What one row of a file said of one commitment, and how the commitment was before: for conflicts and undoing."""

    of = models.ForeignKey(LedgerImport, on_delete=models.CASCADE, related_name="lines", verbose_name=_("import"))
    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="ledger_lines", verbose_name=_("commitment")
    )
    sheet = models.CharField(_("sheet"), max_length=60, blank=True)
    row = models.PositiveIntegerField(_("row"))
    effect = models.CharField(_("effect"), max_length=10, choices=LineEffect)
    # The facts as the file says them, as `rules.ledger_lines.facts` writes them, and everything beside them.
    facts = models.JSONField(default=dict)
    beside = models.JSONField(default=dict)
    # The changed facts as they stood before this import.
    before = models.JSONField(default=dict)
    # Of facts and beside: equal digests say the same.
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("row of a ledger file")
        verbose_name_plural = _("rows of ledger files")
        ordering = ["of", "row"]
        constraints = [
            models.UniqueConstraint(name="ledgerline_once", fields=["of", "commitment"]),
            models.CheckConstraint(name="ledgerline_effect_known", condition=Q(effect__in=LineEffect.values)),
        ]
        indexes = [
            # What files said of one commitment, the last one first.
            models.Index(name="ledgerline_commitment", fields=["commitment", "-of"]),
        ]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.row}"
