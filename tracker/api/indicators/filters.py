"""Which indicators: the filters of the page."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from tracker.api.filters import YES_NO
from tracker.choices import Health


class IndicatorFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The query narrows by itself."""

    q = CharFilter(max_length=100, help_text="Part of a code or a name, or pinyin initials.")
    has_target = ChoiceFilter(choices=YES_NO, help_text="Whether a target in sight aims at it.")
    health = ChoiceFilter(choices=Health.choices, help_text="The light of a target in sight.")
