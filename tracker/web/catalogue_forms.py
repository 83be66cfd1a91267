"""The filters of the catalogue's lists."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import Grade, InitiativeKind, ProjectStage
from projects.models import Initiative, Jurisdiction
from tracker.choices import Health
from tracker.queries import catalogue, indicators
from tracker.web.address_form import AddressForm
from tracker.web.forms import ALL

NOT_ENTERED = (catalogue.UNKNOWN, _("Not known"))
IN_NONE = (catalogue.UNKNOWN, _("In none, or not known"))
# What a list can be narrowed by besides words, place and light.
OWN = {
    InitiativeKind.PROJECT: ("stage", "statistics", "park"),
    InitiativeKind.PARK: ("grade",),
    InitiativeKind.PLATFORM: ("grade",),
    InitiativeKind.TALENT_PROGRAMME: (),
}


class ThingForm(AddressForm):
    """The filters of the things of one kind."""

    q = forms.CharField(label=_("Code, name, carrying organisation"), max_length=100, required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[ALL, *ProjectStage.choices, NOT_ENTERED])
    grade = forms.ChoiceField(label=_("Level"), required=False, choices=[ALL, *Grade.choices, NOT_ENTERED])
    statistics = forms.ChoiceField(
        label=_("In the statistics"),
        required=False,
        choices=[ALL, ("yes", _("yes")), ("no", _("no")), NOT_ENTERED],
    )
    park = forms.ChoiceField(label=_("Park"), required=False)
    health = forms.ChoiceField(label=_("Light"), required=False, choices=[ALL, *Health.choices])

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        kind: InitiativeKind,
        places: Iterable[Jurisdiction],
        parks: Iterable[Initiative] = (),
    ) -> None:
        super().__init__(data)
        for name in {"stage", "grade", "statistics", "park"} - set(OWN[kind]):
            del self.fields[name]
        self.offer("place", [ALL, *((one.code, one.name) for one in places)])
        if "park" in self.fields:
            self.offer("park", [ALL, *((one.code, one.name) for one in parks), IN_NONE])

    def filters(self) -> catalogue.Filters:
        """What to narrow by; a field with an error does not narrow."""
        names = ("q", "place", "stage", "grade", "statistics", "park", "health")
        return catalogue.Filters(**{name: self.value(name) for name in names})


class IndicatorForm(AddressForm):
    """The filters of the indicators."""

    q = forms.CharField(label=_("Code or name"), max_length=100, required=False)
    wanted = forms.ChoiceField(
        label=_("Target"), required=False, choices=[ALL, ("yes", _("has a target")), ("no", _("has none"))]
    )
    health = forms.ChoiceField(label=_("Light"), required=False, choices=[ALL, *Health.choices])

    def filters(self) -> indicators.Filters:
        """What to narrow by; a field with an error does not narrow."""
        return indicators.Filters(q=self.value("q"), wanted=self.value("wanted"), health=self.value("health"))
