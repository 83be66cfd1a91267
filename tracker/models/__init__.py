"""The tables of promises."""

from tracker.models.commitments import Commitment, CommitmentDepartment, HealthRuleSet, Milestone
from tracker.models.history import Event, EventChain
from tracker.models.people import Department, Post, PostHolding, User
from tracker.models.plans import Clause, Plan, ReportCycle
from tracker.models.reminders import Reminder, ReminderRule, SweepRun
from tracker.models.reports import ProgressReport
from tracker.models.targets import PathPoint, Target

__all__ = [
    "Clause",
    "Commitment",
    "CommitmentDepartment",
    "Department",
    "Event",
    "EventChain",
    "HealthRuleSet",
    "Milestone",
    "PathPoint",
    "Plan",
    "Post",
    "PostHolding",
    "ProgressReport",
    "Reminder",
    "ReminderRule",
    "ReportCycle",
    "SweepRun",
    "Target",
    "User",
]
