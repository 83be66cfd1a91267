"""What goes out about departments and posts: described here, shaped in `shapes`."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tracker.api.lines import LineOutput, lights_field
from tracker.api.questions.outputs import BlockerOutput
from tracker.api.rows import NamedOutput
from tracker.api.serializers import DepartmentOutput, Output, PageOutput, PersonOutput, PostOutput
from tracker.choices import Involvement

PARTS = [("lead", _("Lead")), *Involvement.choices]


class DepartmentLineOutput(DepartmentOutput):
    """A department, and how what it leads stands in the reader’s sight."""

    lights = lights_field("What it leads, by light; all seven are keys.")
    url = serializers.CharField()


class DepartmentPageOutput(PageOutput):
    results = DepartmentLineOutput(many=True)


class DeputyOutput(PersonOutput):
    """Who stands in today."""

    ends_on = serializers.DateField()
    reason = serializers.CharField(allow_blank=True)


class EarlierHolderOutput(PersonOutput):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class HeldPostOutput(PostOutput):
    """A post and its people."""

    department = NamedOutput()
    is_head = serializers.BooleanField(help_text="Heads the department, and so answers for all that it leads.")
    holder = PersonOutput(allow_null=True, help_text="Null: nobody holds it today.")
    held_since = serializers.DateField(allow_null=True)
    deputies = DeputyOutput(many=True)
    earlier = EarlierHolderOutput(many=True, help_text="The latest first.")
    url = serializers.CharField()


class HeldPostPageOutput(PageOutput):
    results = HeldPostOutput(many=True)


class AskedBlockersOutput(Output):
    """Blockers that ask a post, without those that were taken back."""

    total_count = serializers.IntegerField()
    open_count = serializers.IntegerField()
    blockers = BlockerOutput(many=True, help_text="The first twelve: open ones first, the earliest wanted day first.")


class PostDetailOutput(HeldPostOutput):
    """A post with what it answers for in the reader’s sight: what names it; of a head post all that its department
    leads.
    """

    overseen_by = PostOutput(allow_null=True)
    oversees = PostOutput(many=True, help_text="The posts right under it.")
    headline = serializers.CharField(help_text="The figures in one sentence.")
    total_count = serializers.IntegerField()
    lights = lights_field()
    commitments = LineOutput(many=True, help_text="The first thirty, by code.")
    asked = AskedBlockersOutput()


class PartGroupOutput(Output):
    part = serializers.ChoiceField(PARTS, help_text="How the department takes part.")
    total_count = serializers.IntegerField()
    commitments = LineOutput(many=True, help_text="The first thirty, by code.")


class DepartmentDetailOutput(DepartmentLineOutput):
    """One department with its posts and what it leads, shares or supports in the reader’s sight."""

    jurisdiction = NamedOutput()
    headline = serializers.CharField(help_text="The figures in one sentence.")
    groups = PartGroupOutput(many=True, help_text="Those that hold something.")
    posts = HeldPostOutput(many=True, help_text="The head post first.")
    asked = AskedBlockersOutput()


class PortfolioLineOutput(HeldPostOutput):
    """A post of the portfolio with what it answers for."""

    depth = serializers.IntegerField(help_text="Under the post held; 0: held, or stood in for.")
    total_count = serializers.IntegerField()
    lights = lights_field()
    open_blocker_count = serializers.IntegerField(help_text="Blockers that ask it and wait for an answer.")


class PortfolioOutput(Output):
    """The posts that the reader holds or stands in for, and all under them."""

    headline = serializers.CharField(help_text="The figures in one sentence.")
    total_count = serializers.IntegerField()
    lights = lights_field("Each commitment once, however many of the posts answer for it.")
    word_wanted_count = serializers.IntegerField(help_text="Commitments that wait for the reader’s own word.")
    posts = PortfolioLineOutput(many=True, help_text="A post before those under it; none for who holds no post.")
