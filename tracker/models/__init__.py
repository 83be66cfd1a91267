"""The tables of promises."""

from tracker.models.api_access import ApiWrite, Device
from tracker.models.channels import Channel, Message, MessageLine, Preference
from tracker.models.commitments import Commitment, CommitmentDepartment, HealthRuleSet, Milestone
from tracker.models.feeds import CalendarFeed
from tracker.models.handover import HandoverItem
from tracker.models.history import ChainCheck, Event, EventChain
from tracker.models.imports import DepartmentAlias, HeadingWord, LedgerFile, LedgerImport, LedgerLine
from tracker.models.layouts import ListLayout
from tracker.models.lights import LastLook, LightCell, LightChange
from tracker.models.people import Department, Deputy, Post, PostHolding, User
from tracker.models.plans import Clause, Plan, ReportCycle
from tracker.models.questions import Blocker, ExtensionRequest, Instruction
from tracker.models.reminders import Reminder, ReminderRule, ReminderRuleVersion, SweepRun
from tracker.models.reports import ProgressReport
from tracker.models.site import SiteSettings
from tracker.models.slips import Slip, SlipCounter
from tracker.models.subscriptions import Delivery, Subscription
from tracker.models.sync import SyncNote
from tracker.models.targets import PathPoint, Target
from tracker.models.verifications import Evidence, Lookback, LookbackPick, Verification
from tracker.models.volumes import Contribution, ReportVolumes
from tracker.models.workdays import DayOverride

__all__ = [
    "ApiWrite",
    "Blocker",
    "CalendarFeed",
    "ChainCheck",
    "Channel",
    "Clause",
    "Commitment",
    "CommitmentDepartment",
    "Contribution",
    "DayOverride",
    "Delivery",
    "Department",
    "DepartmentAlias",
    "Deputy",
    "Device",
    "Event",
    "EventChain",
    "Evidence",
    "ExtensionRequest",
    "HandoverItem",
    "HeadingWord",
    "HealthRuleSet",
    "Instruction",
    "LastLook",
    "LedgerFile",
    "LedgerImport",
    "LedgerLine",
    "LightCell",
    "LightChange",
    "ListLayout",
    "Lookback",
    "LookbackPick",
    "Message",
    "MessageLine",
    "Milestone",
    "PathPoint",
    "Plan",
    "Post",
    "PostHolding",
    "Preference",
    "ProgressReport",
    "Reminder",
    "ReminderRule",
    "ReminderRuleVersion",
    "ReportCycle",
    "ReportVolumes",
    "SiteSettings",
    "Slip",
    "SlipCounter",
    "Subscription",
    "SweepRun",
    "SyncNote",
    "Target",
    "User",
    "Verification",
]
