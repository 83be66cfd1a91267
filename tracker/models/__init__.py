"""The tables of promises."""

from tracker.models.commitments import Commitment, CommitmentDepartment, HealthRuleSet, Milestone
from tracker.models.handover import HandoverItem
from tracker.models.history import ChainCheck, Event, EventChain
from tracker.models.lights import LastLook, LightCell, LightChange
from tracker.models.people import Department, Deputy, Post, PostHolding, User
from tracker.models.plans import Clause, Plan, ReportCycle
from tracker.models.questions import Blocker, ExtensionRequest, Instruction
from tracker.models.reminders import Reminder, ReminderRule, SweepRun
from tracker.models.reports import ProgressReport
from tracker.models.site import SiteSettings
from tracker.models.targets import PathPoint, Target
from tracker.models.verifications import Evidence, Lookback, LookbackPick, Verification
from tracker.models.volumes import Contribution, ReportVolumes

__all__ = [
    "Blocker",
    "ChainCheck",
    "Clause",
    "Commitment",
    "CommitmentDepartment",
    "Contribution",
    "Department",
    "Deputy",
    "Event",
    "EventChain",
    "Evidence",
    "ExtensionRequest",
    "HandoverItem",
    "HealthRuleSet",
    "Instruction",
    "LastLook",
    "LightCell",
    "LightChange",
    "Lookback",
    "LookbackPick",
    "Milestone",
    "PathPoint",
    "Plan",
    "Post",
    "PostHolding",
    "ProgressReport",
    "Reminder",
    "ReminderRule",
    "ReportCycle",
    "ReportVolumes",
    "SiteSettings",
    "SweepRun",
    "Target",
    "User",
    "Verification",
]
