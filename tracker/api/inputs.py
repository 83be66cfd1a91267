"""What comes in: read and refused here. What goes out is described in `serializers`."""

from typing import Any, Self

from django.utils.translation import gettext_noop
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from projects.choices import ProjectStage
from projects.errors import DomainError
from tracker.actions import reports
from tracker.rules.reasons import number
from tracker.rules.reporting import ReportValues, VolumeValues

gettext_noop("Null characters are not allowed.")  # Django's own sentence; its Chinese one says something else


class Input(serializers.Serializer[Any]):
    """Reads a body. A field that it does not know is refused, so that a slip of the pen loses nothing."""

    @classmethod
    def read(cls, data: object) -> Self:
        """A body as this input. Raises ValidationError for one that it cannot read."""
        given = cls(data=data)
        given.is_valid(raise_exception=True)
        return given

    def to_internal_value(self, data: Any) -> Any:
        for name in data:
            if name not in self.fields:
                allowed = ", ".join(self.fields)
                raise serializers.ValidationError({str(name)[:40]: [ErrorDetail(allowed, code="field_unknown")]})
        return super().to_internal_value(data)


class QuantityField(serializers.DecimalField):
    """A decimal as plain digits in a string: ``"262"``, ``"10.5"``. Strings keep every digit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, **options)

    def to_representation(self, value: Any) -> str:
        return number(value)


class ReferenceField(serializers.UUIDField):
    """A UUID as a string: a number would be taken for one, and two clients that count would repeat each other."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class SignInInput(Input):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, style={"input_type": "password"})
    device = serializers.CharField(
        max_length=60,
        allow_blank=True,
        default="",
        help_text="What the person calls the phone or program, shown in the list of devices.",
    )


class VolumesInput(Input):
    """A project's three quantities 三量. A field left out says nothing; shares may exceed 100 with an answer."""

    invested_month_wan = QuantityField(allow_null=True, default=None, help_text="10 000 yuan.")
    invested_year_wan = QuantityField(allow_null=True, default=None, help_text="10 000 yuan, since January.")
    physical_percent = QuantityField(allow_null=True, default=None)
    work_percent = QuantityField(allow_null=True, default=None)
    stage = serializers.ChoiceField(ProjectStage.choices, allow_blank=True, default="")
    in_statistics = serializers.BooleanField(allow_null=True, default=None)
    in_statistics_on = serializers.DateField(allow_null=True, default=None, input_formats=["%Y-%m-%d"])


VOLUMES = {str(name): f"volumes.{name}" for name in VolumesInput().fields}


class ReportInput(Input):
    """What a report says. A field left out says nothing; PUT replaces all of them."""

    done = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    problems = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    next_steps = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    is_no_change = serializers.BooleanField(default=False)
    progress = serializers.DecimalField(
        max_digits=9,
        decimal_places=2,
        coerce_to_string=False,
        allow_null=True,
        default=None,
        help_text="Percent, 0 to 100.",
    )
    value = QuantityField(allow_null=True, default=None, help_text="Value of the commitment’s indicator.")
    forecast_on = serializers.DateField(allow_null=True, default=None, input_formats=["%Y-%m-%d"])
    volumes = VolumesInput(allow_null=True, default=None, help_text="Of projects only.")
    doubts_answer = serializers.CharField(
        max_length=2000, allow_blank=True, default="", help_text="Why unusual figures are right."
    )

    def values(self) -> ReportValues:
        """The values of a body that was found readable."""
        read = self.validated_data
        volumes = VolumeValues(**read["volumes"]) if read["volumes"] else None
        return ReportValues(volumes=volumes, **{name: read[name] for name in reports.FIELDS})


class NewReportInput(ReportInput):
    """A report on a commitment, saved as a draft or handed in at once."""

    commitment = serializers.CharField(max_length=40, help_text="Code of the commitment.")
    period_start = serializers.DateField(
        allow_null=True,
        default=None,
        input_formats=["%Y-%m-%d"],
        help_text="A day of the period; null: the newest open one.",
    )
    submit = serializers.BooleanField(default=False, help_text="Hand it in at once.")
    client_ref = ReferenceField(
        allow_null=True, default=None, help_text="Your own reference: a retry with it gets the first result."
    )


class BatchedReportInput(NewReportInput):
    """One report of a batch."""

    client_ref = ReferenceField(help_text="Your own reference: a retry with it changes nothing.")
    expected_revision = serializers.IntegerField(
        allow_null=True,
        default=None,
        min_value=0,
        max_value=2**63 - 1,
        help_text="The revision of the report that was read before; refused as `stale` when it changed. Null: any.",
    )


class BatchInput(Input):
    """Reports written without a network."""

    reports = serializers.ListField(child=BatchedReportInput(), min_length=1, max_length=50)


class InboxReadInput(Input):
    """Lines by their `id`, or all of them."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=200, default=list
    )
    all = serializers.BooleanField(default=False)

    def ids_or_all(self) -> list[int] | None:
        """The keys of a body that was found readable; None for all. Raises DomainError where it names neither."""
        read = self.validated_data
        if not read["ids"] and not read["all"]:
            raise DomainError("read_nothing", field="ids")
        return None if read["all"] else list(read["ids"])


class ReturnInput(Input):
    reason = serializers.CharField(max_length=2000, help_text="What the department shall correct.")
