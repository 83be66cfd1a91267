"""What of a decision is asked for: the filters of its page."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from tracker.choices import Health
from tracker.queries.decision import Show


class ClauseFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The query narrows by itself."""

    chapter = CharFilter(max_length=20, help_text="Code of a chapter of the plan.")
    health = ChoiceFilter(choices=Health.choices, help_text="Only commitments with this light, and their clauses.")
    show = ChoiceFilter(
        choices=[(show.value, show.label) for show in Show if show is not Show.UNPLACED],
        help_text="Clauses by whether anybody took them up (uncommitted, judged: for the city’s roles), or commitments"
        " by their lead.",
    )
