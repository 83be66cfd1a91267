"""Enumerations of the catalogue. Behaviour that depends on a choice is a set beside the enum."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JurisdictionLevel(models.TextChoices):
    CITY = "city", _("City")
    COUNTY = "county", _("County")


class InitiativeKind(models.TextChoices):
    PROJECT = "project", _("Project")
    PARK = "park", _("Park")
    PLATFORM = "platform", _("Platform")
    TALENT_PROGRAMME = "talent_programme", _("Talent programme")


class ProjectStage(models.TextChoices):
    PLANNING = "planning", _("Planning")
    PREPARATION = "preparation", _("Preparation")
    CONSTRUCTION = "construction", _("Under construction")
    COMPLETED = "completed", _("Completed")
    OPERATING = "operating", _("In operation")


class Grade(models.TextChoices):
    """The level of a designation, highest first."""

    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")
    MUNICIPAL = "municipal", _("Municipal")


class DesignationStep(models.TextChoices):
    """The ladder of a designation, in climbing order."""

    AIMED = "aimed", _("Aimed at")
    APPLIED = "applied", _("Applied for")
    RECOGNISED = "recognised", _("Recognised")
    LISTED = "listed", _("Listed")
    EVALUATED = "evaluated", _("Evaluated")


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")


class Frequency(models.TextChoices):
    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    YEAR = "year", _("Yearly")
