"""The catalogue's tables."""

from projects.models.indicators import Indicator, Reading
from projects.models.initiatives import (
    Designation,
    Initiative,
    ParkDetails,
    ParkShare,
    PlatformDetails,
    ProjectDetails,
    TalentProgrammeDetails,
    TalentYear,
)
from projects.models.places import Jurisdiction
from projects.models.sync import Stamped, SyncClock

__all__ = [
    "Designation",
    "Indicator",
    "Initiative",
    "Jurisdiction",
    "ParkDetails",
    "ParkShare",
    "PlatformDetails",
    "ProjectDetails",
    "Reading",
    "Stamped",
    "SyncClock",
    "TalentProgrammeDetails",
    "TalentYear",
]
