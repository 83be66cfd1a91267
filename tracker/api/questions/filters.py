"""Which questions: the filters of the pages."""

from django_filters import CharFilter, ChoiceFilter, FilterSet

from tracker.api.filters import YES_NO
from tracker.api.rows import MatterFilter
from tracker.choices import AnswerState, BlockerCategory, ExtensionState


class ExtensionFilter(MatterFilter):
    state = ChoiceFilter(choices=ExtensionState.choices)
    is_exemption = ChoiceFilter(choices=YES_NO, method="yes")


class BlockerFilter(MatterFilter):
    state = ChoiceFilter(choices=AnswerState.choices)
    category = ChoiceFilter(choices=BlockerCategory.choices)


class InstructionFilter(MatterFilter):
    state = ChoiceFilter(choices=AnswerState.choices)


class PostFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    q = CharFilter(
        method="passed", max_length=100, help_text="Words of a title, a department, or their pinyin initials."
    )

    def passed(self, rows: object, name: str, value: str) -> object:
        """The query searches by itself."""
        return rows
