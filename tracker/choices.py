"""Enumerations of the promises. Behaviour that depends on a choice is a set beside the enum."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a person may do. Officers and heads belong to a department; the others see everything."""

    OFFICER = "officer", _("Officer")
    HEAD = "head", _("Department head")
    SUPERVISOR = "supervisor", _("Supervision officer")
    LEADER = "leader", _("Leader")
    ADMIN = "admin", _("System administrator")


DEPARTMENT_ROLES = frozenset({Role.OFFICER, Role.HEAD})
CITYWIDE_ROLES = frozenset({Role.SUPERVISOR, Role.LEADER, Role.ADMIN})
STAFF_ROLES = frozenset(Role)


class DepartmentKind(models.TextChoices):
    SUPERVISION = "supervision", _("Supervision office")
    CITY = "city", _("City department")
    COUNTY = "county", _("County government")
    ZONE = "zone", _("Development zone")
    INSTITUTION = "institution", _("Institution or enterprise")


class Kind(models.TextChoices):
    TARGET = "target", _("Target")
    PROJECT = "project", _("Project")
    PARK = "park", _("Park")
    PLATFORM = "platform", _("Platform")
    TALENT_PROGRAMME = "talent_programme", _("Talent programme")
    REFORM = "reform", _("Reform")
    ACTION = "action", _("Action")


class DueBasis(models.TextChoices):
    """Where a due date comes from."""

    NONE = "", _("Unknown")
    STATED = "stated", _("Stated in the plan’s text")
    HORIZON = "horizon", _("The plan’s horizon")
    ASSIGNED = "assigned", _("Set when handed out")


class Stage(models.TextChoices):
    """A commitment's life, in order; the last three are side states."""

    REGISTERED = "registered", _("Registered")
    ISSUED = "issued", _("Issued")
    ACCEPTED = "accepted", _("Taken on")
    IN_PROGRESS = "in_progress", _("In progress")
    REPORTED_DONE = "reported_done", _("Reported done")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")
    EXEMPT = "exempt", _("Exempt")


# Stages in which a department works and reports.
REPORTABLE_STAGES = frozenset({Stage.ISSUED, Stage.ACCEPTED, Stage.IN_PROGRESS})
# Stages that make the light blue: done, and somebody other than the reporter has looked.
DONE_STAGES = frozenset({Stage.VERIFIED, Stage.CLOSED, Stage.ARCHIVED})
# Stages that need no attention any more and get no reminders.
FINAL_STAGES = DONE_STAGES | {Stage.CANCELLED}
# Stages outside assessment: the light says "exempt".
EXEMPT_STAGES = frozenset({Stage.SUSPENDED, Stage.CANCELLED, Stage.EXEMPT})


class Health(models.TextChoices):
    """The seven lights, in the order in which they are always shown."""

    DONE = "done", _("Done")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    OFF_TRACK = "off_track", _("Late")
    NOT_STARTED = "not_started", _("Not started")
    NO_DATA = "no_data", _("No data")
    EXEMPT = "exempt", pgettext_lazy("light", "Exempt")


class ProgressBasis(models.TextChoices):
    """What the progress of a commitment rests on."""

    NONE = "", _("Unknown")
    REPORTED = "reported", _("Reported and accepted")
    MILESTONES = "milestones", _("Weighted milestones")
    READING = "reading", _("A reading of its indicator")


class Involvement(models.TextChoices):
    """The part of a department that does not lead."""

    RESPONSIBLE = "responsible", _("Responsible")
    SUPPORTING = "supporting", _("Supporting")


class Comparator(models.TextChoices):
    AT_LEAST = "at_least", "≥"
    AT_MOST = "at_most", "≤"
    EQUAL = "equal", "="
    RANGE = "range", _("Between")
    GROWTH_AT_LEAST = "growth_at_least", _("Growth of at least")
    DECLINE_AT_LEAST = "decline_at_least", _("Decline of at least")


RELATIVE_COMPARATORS = frozenset({Comparator.GROWTH_AT_LEAST, Comparator.DECLINE_AT_LEAST})


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


OPEN_REPORT_STATES = frozenset({ReportState.DRAFT, ReportState.RETURNED})  # its department may edit and submit it


class ExtensionState(models.TextChoices):
    PENDING = "pending", _("Waits for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BlockerCategory(models.TextChoices):
    """What is lacking that the department cannot get by itself (PRODUCT.md §2)."""

    LAND = "land", _("Land")
    MONEY = "money", _("Money")
    APPROVAL = "approval", _("Approval")
    ENERGY = "energy", _("Energy")
    TALENT = "talent", _("Talent")
    DEMAND = "demand", _("Demand")
    OTHER = "other", pgettext_lazy("blocker", "Other")


class AnswerState(models.TextChoices):
    """The life of a question: a blocker or a leader's instruction. The answer closes it."""

    OPEN = "open", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VerificationMethod(models.TextChoices):
    DOCUMENTS = "documents", _("Documents examined")
    SITE_VISIT = "site_visit", _("Visit on site")
    DATA_CHECK = "data_check", _("Figures compared")
    INTERVIEW = "interview", _("People asked")


class VerificationFinding(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    PARTLY = "partly", _("Confirmed in part")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")


class HandoverKind(models.TextChoices):
    """What lies open when a post changes hands."""

    COMMITMENT = "commitment", _("Commitment")
    REPORT = "report", _("Report")
    EXTENSION = "extension", _("Extension request")
    BLOCKER = "blocker", _("Blocker")
    INSTRUCTION = "instruction", _("Instruction")


class ReminderOccasion(models.TextChoices):
    """What a rule reminds of. Each has an anchor, the day from which the rule's days count (docs/reminders.md)."""

    BEFORE_DUE = "before_due", _("Before the due date")
    ON_DUE = "on_due", _("On the due date")
    AFTER_DUE = "after_due", _("After the due date")
    PERIOD_CLOSING = "period_closing", _("A reporting window closes")
    REPORT_RETURNED = "report_returned", _("A report was returned")
    EXTENSION_DECIDED = "extension_decided", _("An extension was decided")
    BLOCKER_OPEN = "blocker_open", _("A blocker waits for an answer")
    BLOCKER_ANSWERED = "blocker_answered", _("A blocker was answered")
    INSTRUCTION_GIVEN = "instruction_given", _("An instruction was given")
    INSTRUCTION_DUE = "instruction_due", _("An instruction waits for an answer")
    HANDOUT_OPEN = "handout_open", _("Handed out and not taken on")
    SLIP_ISSUED = "slip_issued", _("A supervision slip was issued")
    SLIP_DUE = "slip_due", _("A supervision slip waits for an answer")
    BY_HAND = "by_hand", _("Sent by the supervision office")


# Nothing is asked of the reader: these one may switch off. The others are duties.
INFORMATION_OCCASIONS = frozenset({ReminderOccasion.EXTENSION_DECIDED, ReminderOccasion.BLOCKER_ANSWERED})
# They rest on the dates of a commitment or of its milestones.
DUE_OCCASIONS = frozenset({ReminderOccasion.BEFORE_DUE, ReminderOccasion.ON_DUE, ReminderOccasion.AFTER_DUE})
# Their anchor is the day on which somebody said something, and they are told on that day, by the action itself.
SAME_DAY_OCCASIONS = frozenset({ReminderOccasion.INSTRUCTION_GIVEN, ReminderOccasion.SLIP_ISSUED})
# Their anchor is the day on which something happened: days count from the morning after (of SAME_DAY_OCCASIONS from the
# day itself), so they are working days.
EVENT_OCCASIONS = SAME_DAY_OCCASIONS | {
    ReminderOccasion.REPORT_RETURNED,
    ReminderOccasion.EXTENSION_DECIDED,
    ReminderOccasion.BLOCKER_ANSWERED,
    ReminderOccasion.HANDOUT_OPEN,
}
# What a person has just said to another: it does not wait for the next day's message (docs/reminders.md).
PROMPT_OCCASIONS = SAME_DAY_OCCASIONS | {ReminderOccasion.BY_HAND}


class Ask(models.TextChoices):
    """What a line of the inbox asks of its reader, in the order in which the inbox shows them."""

    LATE = "late", pgettext_lazy("group of the inbox", "Late")
    RETURNED = "returned", _("Reports to correct")
    SLIP = "slip", _("Slips to answer")
    INSTRUCTION = "instruction", _("Instructions to answer")
    BLOCKER = "blocker", _("Blockers to answer")
    HANDOUT = "handout", _("To be taken on")
    REPORT = "report", _("Reports to hand in")
    SOON = "soon", pgettext_lazy("group of the inbox", "Due soon")
    BY_HAND = "by_hand", _("Asked by the supervision office")
    INFORMATION = "information", _("For your information")


class FeedKind(models.TextChoices):
    """What a day in the calendar feed is."""

    DUE = "due", pgettext_lazy("in a calendar", "Due")
    MILESTONE = "milestone", _("Milestone")
    WINDOW = "window", _("Last day for reports")
    INSTRUCTION = "instruction", _("Answer to an instruction")
    SLIP = "slip", _("Answer to a slip")


class Audience(models.TextChoices):
    """Who is told, from the bottom of the ladder to its top."""

    OFFICER = "officer", _("Officers and the owner post")
    HEAD = "head", _("Head of the department")
    OVERSEER = "overseer", _("Post that oversees")


class VersionState(models.TextChoices):
    """The life of a version of a reminder rule. A version is never changed, only followed."""

    DRAFT = "draft", _("Draft")
    LIVE = "live", _("In force")
    RETIRED = "retired", _("Replaced")
    DROPPED = "dropped", _("Dropped before it was in force")


class ReminderState(models.TextChoices):
    PLANNED = "planned", _("Waits to be sent")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Not needed any more")


class ChannelKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    WEBHOOK = "webhook", _("Webhook")


# A robot speaks to a whole group: it belongs to one department, or nobody could tell who reads along.
ROBOT_KINDS = frozenset({ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU})


class MessageKind(models.TextChoices):
    """The day's message, or the one that may go out beside it, at once (docs/reminders.md)."""

    DIGEST = "digest", _("Message of the day")
    PROMPT = "prompt", _("Sent at once")


class MessageState(models.TextChoices):
    """The life of one message to one person by one channel on one day (docs/reminders.md tells what a crash leaves)."""

    WAITING = "waiting", _("Waits to be sent")
    CLAIMED = "claimed", _("Taken by a worker")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    MERGED = "merged", _("Went out with a later message")
    EMPTY = "empty", _("Nothing was left to say")


# Messages that somebody still has to send.
OPEN_MESSAGE_STATES = frozenset({MessageState.WAITING, MessageState.CLAIMED, MessageState.SENDING})


class NewsKind(models.TextChoices):
    """What a subscription may be told; the words are those of the messages themselves (docs/webhooks.md)."""

    COMMITMENT = "commitment.changed", _("Commitment changed")
    REPORT = "report.accepted", _("Report accepted")
    LIGHT = "light.changed", _("Light changed")


class DeliveryState(models.TextChoices):
    """The life of one event told to one subscription."""

    WAITING, SENDING = ("waiting", _("Waits to be sent")), ("sending", _("Being sent"))
    SENT, FAILED = ("sent", _("Sent")), ("failed", _("Given up"))
    UNSEEN = "unseen", _("No longer in sight")


class SlipLevel(models.TextChoices):
    """The colour of a supervision slip; each cites the one before."""

    BLUE = "blue", pgettext_lazy("slip", "Blue")
    YELLOW = "yellow", pgettext_lazy("slip", "Yellow")
    RED = "red", pgettext_lazy("slip", "Red")


class SlipState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    DROPPED = "dropped", _("Dropped before it was issued")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PublicField(models.TextChoices):
    """What the public pages may show of a matter beside its code and title; the office approves each (`SiteSettings`).

    Names of officers and what people wrote (reports, reasons, blockers) are not among them and never will be.
    """

    LIGHT = "light", _("light")
    OWNER = "owner", _("lead department")
    DUE = "due", _("due date, original and current")
    SUMMARY = "summary", _("what counts as done")
    CLAUSE = "clause", _("clause of the plan")
    PROGRESS = "progress", _("progress of accepted reports")
    READINGS = "readings", _("targets with their verified values")


class OfficialLayout(models.TextChoices):
    """The forms in which offices hand the ledger round, as files say them."""

    BREAKDOWN = "breakdown", _("Breakdown of tasks")
    PROJECTS = "projects", _("Progress of major projects")
    SUPERVISION = "supervision", _("Supervision ledger")
