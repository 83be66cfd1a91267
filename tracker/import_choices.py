"""Choices of ledger files that are brought in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """How far a ledger file is: brought, looked at, confirmed, entered; or refused, laid aside, taken back.

    Three of them are work: for the worker, or for the request itself where the file is small.
    """

    WAITING = "waiting", _("Being read")
    REFUSED = "refused", _("Cannot be read")
    READY = "ready", _("Waiting for your confirmation")
    CONFIRMED = "confirmed", _("Being entered")
    DONE = "done", _("Entered")
    DROPPED = "dropped", _("Laid aside")
    LEAVING = "leaving", _("Being taken back")
    REVERTED = "reverted", _("Taken back")


AT_WORK = (ImportState.WAITING, ImportState.CONFIRMED, ImportState.LEAVING)


class LineEffect(models.TextChoices):
    """What a row of a ledger file did to its commitment."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    NOTED = "noted", _("Noted beside")


class LedgerField(models.TextChoices):
    """What a column of a ledger may be, as the preview offers it; the values are fields of `rules.reading`."""

    TITLE = "title", _("Commitment")
    PARENT = "parent", _("Task it belongs to")
    SECTION = "section", _("Section")
    GOAL = "goal", _("What counts as done")
    CODE = "code", _("Code or number")
    KIND = "kind", _("Kind")
    LEAD = "lead", _("Lead department, or all departments")
    SUPPORT = "support", _("Supporting departments")
    LEADER = "leader", _("Responsible leader")
    CONTACT = "contact", _("Contact")
    START = "start", _("Start")
    DUE = "due", _("Deadline")
    SPAN = "span", _("From and until")
    STAGES = "stages", _("Milestones")
    TARGET = "target", _("Target value")
    UNIT = "unit", _("Unit")
    TOTAL = "amount:total_investment", _("Total investment")
    YEAR = "amount:year_investment", _("Investment planned this year")
    SPENT = "amount:done_investment", _("Investment so far")
    FUNDS = "amount:funds", _("Funds")
    PROGRESS = "progress", _("Progress")
    STATUS = "status", _("State of the work")
    REMARKS = "remarks", _("Remarks")
