"""Values of indicators, by their periods."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.models import Indicator
from tracker import policies
from tracker.actions import readings
from tracker.api import described
from tracker.api.endpoint import Endpoint
from tracker.api.measuring.inputs import ReadingInput
from tracker.api.serializers import ReadingOutput
from tracker.api.shapes import quantity


class ReadingListView(Endpoint):
    """The values of one indicator: one for each period."""

    @described.operation(
        "setReading",
        tag="indicators",
        takes=ReadingInput,
        answers={200: ReadingOutput},
        refusals=(403, 404, *described.BODY),
    )
    def put(self, request: Request, code: str) -> Response:
        """Record what the indicator was in a period, or correct it. Lights that rest on it follow. Twice is once."""
        actor = self.actor
        if not policies.can_administer(actor):
            raise DomainError("not_allowed")
        indicator = Indicator.objects.filter(code=code).first()
        if indicator is None:
            raise DomainError("not_found")
        said = ReadingInput.read(request.data).validated_data
        row = readings.record(indicator, **said, by=actor, today=self.today)
        return Response(
            {
                "period_start": row.period_start,
                "period_end": row.period_end,
                "reported": quantity(row.reported),
                "verified": quantity(row.verified),
                "source": row.source,
                "is_demo": row.is_demo,
            }
        )
