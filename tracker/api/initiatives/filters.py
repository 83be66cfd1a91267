"""Which things of the catalogue: the filters of its pages."""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from projects.choices import Grade, InitiativeKind, ProjectStage
from tracker.choices import Health
from tracker.queries.catalogue import UNKNOWN

NOT_ENTERED = (UNKNOWN, _("Not known"))
OR_UNKNOWN = "unknown: nobody has entered it."


class InitiativeFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The query narrows by itself."""

    kind = ChoiceFilter(choices=InitiativeKind.choices)
    q = CharFilter(
        max_length=100, help_text="Part of a code, a name, the carrying organisation; or the name’s pinyin initials."
    )
    place = CharFilter(
        max_length=12, help_text="Code of the place (GB/T 2260); of a park also a county that shares it."
    )
    stage = ChoiceFilter(choices=[*ProjectStage.choices, NOT_ENTERED], help_text=f"Of projects; {OR_UNKNOWN}")
    grade = ChoiceFilter(choices=[*Grade.choices, NOT_ENTERED], help_text=f"Of parks and platforms; {OR_UNKNOWN}")
    statistics = ChoiceFilter(
        choices=[("yes", _("yes")), ("no", _("no")), NOT_ENTERED],
        help_text=f"Whether a project is registered in the statistics; {OR_UNKNOWN}",
    )
    park = CharFilter(
        max_length=40, help_text="Code of the park that a project stands in; unknown: in none, or not known in which."
    )
    health = ChoiceFilter(choices=Health.choices, help_text="A light of a commitment in your sight that stands on it.")
