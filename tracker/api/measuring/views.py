"""Values of indicators, by their periods."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.models import Indicator
from tracker import policies
from tracker.actions import readings
from tracker.api import described
from tracker.api.indicators.outputs import IndicatorDetailOutput
from tracker.api.indicators.views import IndicatorEndpoint
from tracker.api.measuring.inputs import ReadingInput


class ReadingListView(IndicatorEndpoint):
    """The values of one indicator: one for each period."""

    @described.operation(
        "setReading",
        tag="indicators",
        takes=ReadingInput,
        answers={200: IndicatorDetailOutput},
        refusals=(403, 404, *described.BODY),
    )
    def put(self, request: Request, indicator: str) -> Response:
        """Record what the indicator was in a period, or correct it. Lights that rest on it follow. Twice is once."""
        actor = self.actor
        if not policies.can_administer(actor):
            raise DomainError("not_allowed")
        row = Indicator.objects.filter(code=indicator).first()
        if row is None:
            raise DomainError("not_found")
        said = ReadingInput.read(request.data).validated_data
        readings.record(row, **said, by=actor, today=self.today)
        return Response(self.whole(indicator))
