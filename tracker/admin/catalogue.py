"""The catalogue's pages: laid out in `projects.admin`, opened and saved here, where roles and the log are known."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from projects.actions import catalogue, clock
from projects.admin.indicators import IndicatorLayout, ReadingLayout
from projects.admin.initiatives import InitiativeLayout, ParkLayout, TalentLayout
from projects.choices import Direction, Frequency, InitiativeKind
from projects.models import Indicator, Initiative, ParkDetails, Reading, TalentProgrammeDetails
from tracker.actions import events, readings, sight
from tracker.actions.events import Entry
from tracker.admin import access
from tracker.admin.acting import Acting, ActionForm
from tracker.event_kinds import EventKind

Row = TypeVar("Row", bound=Model)


class CataloguePage(Acting[Row]):
    """Kept by the supervision office and the administrators; each change is an event."""

    viewers = access.CITY
    editors = access.KEEPERS
    form: Any = ActionForm

    def tell(self, request: HttpRequest, subject: str, form: Any, formsets: Any) -> None:
        """Write the event of a change, when there was one."""
        changes = _changes(form) | {
            f"{formset.model._meta.model_name}: {name}": pair
            for formset in formsets
            for inner in formset.forms
            if inner.has_changed()
            for name, pair in _changes(inner).items()
        }
        if changes:
            entry = Entry(kind=EventKind.CATALOGUE_REVISED, subject=subject, changes=changes)
            events.record(entry, by=access.actor_of(request))


def _changes(form: Any) -> dict[str, list[events.LogValue]]:
    """Field by field; what the page remembers of the row (`seen`) is none of its facts."""
    said, before = form.cleaned_data, form.initial
    names = [name for name in form.changed_data if name in said and name != "seen"]
    return {name: [_plain(before.get(name)), _plain(said.get(name))] for name in names}


def _plain(value: object) -> events.LogValue:
    return events.plain(getattr(value, "code", value))


@admin.register(Initiative)
class InitiativeAdmin(InitiativeLayout, CataloguePage[Initiative]):
    def carry_out(self, request: HttpRequest, row: Initiative, form: Any, formsets: Any, change: bool) -> Initiative:
        said = form.cleaned_data
        initiative = catalogue.set_initiative(
            row.code,
            name=said["name"],
            kind=InitiativeKind(row.kind),
            jurisdiction=said["jurisdiction"],
            host=said["host"],
            note=said["note"],
            grade=_kept_grade(row),
        )
        for formset in formsets:
            formset.save()
        self.tell(request, f"initiative {initiative.code}", form, formsets)
        for inner in _changed(formsets, "stands_in"):
            catalogue.place_in_park(initiative, park=inner.cleaned_data["stands_in"])
        if any(formset.has_changed() for formset in formsets):
            clock.stamp(initiative)
        if "name" in form.changed_data:
            sight.tell_names(initiative=initiative)
        return initiative


def _changed(formsets: Any, name: str) -> list[Any]:
    """The forms of details in which this field was changed."""
    return [inner for formset in formsets for inner in formset.forms if name in inner.changed_data]


def _kept_grade(row: Initiative) -> str:
    """The grade as it stands: `set_initiative` writes one, and the details' own form corrects it afterwards."""
    for name in ("park", "platform"):
        details = getattr(row, name, None) if row.pk else None
        if details is not None:
            return str(details.grade)
    return ""


class DetailsPage(CataloguePage[Row]):
    """Rows that belong to an initiative's details; they are entered here and stamp the initiative."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def carry_out(self, request: HttpRequest, row: Row, form: Any, formsets: Any, change: bool) -> Row:
        initiative: Initiative = row.initiative  # type: ignore[attr-defined]  # both details tables have one
        for formset in formsets:
            formset.save()
        self.tell(request, f"initiative {initiative.code}", form, formsets)
        if any(formset.has_changed() for formset in formsets):
            clock.stamp(initiative)
        return row


@admin.register(ParkDetails)
class ParkAdmin(ParkLayout, DetailsPage[ParkDetails]):
    pass


@admin.register(TalentProgrammeDetails)
class TalentAdmin(TalentLayout, DetailsPage[TalentProgrammeDetails]):
    pass


@admin.register(Indicator)
class IndicatorAdmin(IndicatorLayout, CataloguePage[Indicator]):
    def carry_out(self, request: HttpRequest, row: Indicator, form: Any, formsets: Any, change: bool) -> Indicator:
        said = form.cleaned_data
        indicator = catalogue.set_indicator(
            row.code,
            name=said["name"],
            definition=said["definition"],
            unit=said["unit"],
            direction=Direction(said["direction"]),
            frequency=Frequency(said["frequency"]),
            source=said["source"],
        )
        self.tell(request, f"indicator {indicator.code}", form, formsets)
        if {"name", "unit"} & {*form.changed_data}:
            sight.tell_names(indicator=indicator)
        return indicator


@admin.register(Reading)
class ReadingAdmin(ReadingLayout, CataloguePage[Reading]):
    def carry_out(self, request: HttpRequest, row: Reading, form: Any, formsets: Any, change: bool) -> Reading:
        said = form.cleaned_data
        return readings.record(
            row.indicator,
            period_start=row.period_start,
            period_end=row.period_end,
            reported=said["reported"],
            verified=said["verified"],
            source=said["source"],
            by=access.actor_of(request),
            today=timezone.localdate(),
        )
