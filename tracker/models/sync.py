"""What syncing clients have to be told although no row they can read was stamped: who lost sight of what, and whose
answer changed because something beside it did.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoteSubject(models.TextChoices):
    """What a sync note is about. `floor` is no object: notes up to its revision are forgotten."""

    COMMITMENT = "commitment", _("Commitment")
    REPORT = "report", _("Report")
    PLAN = "plan", _("Plan")
    DEPARTMENT = "department", _("Department")
    FLOOR = "floor", _("Floor")


class SyncNote(models.Model):
    """Look at this object again. Written by `actions.sight`, read by `queries.sync`, forgotten after some months."""

    revision = models.BigIntegerField(_("revision"))
    subject = models.CharField(_("subject"), max_length=12, choices=NoteSubject)
    # The code of a commitment, plan or department; the reference of a report. No foreign key: the row may be gone.
    key = models.CharField(_("key"), max_length=40, blank=True)
    # A scope as `policies.scope_key` names it; empty: for all who see the object.
    scope = models.CharField(_("scope"), max_length=24, blank=True)
    is_leaving = models.BooleanField(_("has left the scope’s sight"), default=False)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sync note")
        verbose_name_plural = _("sync notes")
        constraints = [
            models.CheckConstraint(
                name="syncnote_subject_known",
                condition=Q(subject__in=NoteSubject.values),
                violation_error_message=_("Choose a subject from the list."),
            ),
            models.CheckConstraint(
                name="syncnote_leaves_a_scope",
                condition=Q(is_leaving=False) | ~Q(scope=""),
                violation_error_message=_("What leaves somebody’s sight leaves a scope."),
            ),
            models.UniqueConstraint(
                name="syncnote_one_floor",
                fields=["subject"],
                condition=Q(subject=NoteSubject.FLOOR),
                violation_error_message=_("There is only one floor."),
            ),
        ]
        indexes = [
            # A page of notes since a revision.
            models.Index(name="syncnote_revision", fields=["revision", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.subject} {self.key}"
