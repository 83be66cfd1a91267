"""How many fields the site asks for: of each report, of each contribution (PRODUCT.md §4, rule 8). Pure.

The names are those of the forms in `tracker.admin`; tests/tracker/web/test_burden.py compares them, so none drifts.
"""

from dataclasses import dataclass, fields

from tracker.rules.reporting import VolumeValues

ALWAYS = ("is_no_change", "done", "problems", "next_steps", "forecast_on", "files")
PROGRESS = ("progress",)
VALUE = ("value",)
VOLUMES = tuple(field.name for field in fields(VolumeValues))
CONTRIBUTION = ("text", "is_no_change")
# Not counted: it stands in the form only where a figure is unusual.
WHEN_IN_DOUBT = ("doubts_answer",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How often something was asked for in a month: reports, those with progress, with a value, of projects."""

    reports: int = 0
    with_progress: int = 0
    with_value: int = 0
    of_projects: int = 0
    contributions: int = 0

    @property
    def report_fields(self) -> int:
        extra = self.with_progress * len(PROGRESS) + self.with_value * len(VALUE) + self.of_projects * len(VOLUMES)
        return self.reports * len(ALWAYS) + extra

    @property
    def contribution_fields(self) -> int:
        return self.contributions * len(CONTRIBUTION)

    @property
    def total(self) -> int:
        """All fields of the month. A report of "nothing changed" is one tap, whatever it would ask."""
        return self.report_fields + self.contribution_fields

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})


def report(*, takes_progress: bool, has_target: bool, is_project: bool) -> tuple[str, ...]:
    """The fields of one report: red lines take no progress, targets ask for a value, projects for their quantities."""
    return (
        ALWAYS
        + (PROGRESS if takes_progress else ())
        + (VALUE if has_target else ())
        + (VOLUMES if is_project else ())
    )  # fmt: skip
