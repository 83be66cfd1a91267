"""The list that a post's new holder finds, and their word that they have received it."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.actions import handovers as actions
from tracker.api import described
from tracker.api.endpoint import Endpoint
from tracker.api.handing_over import shapes
from tracker.api.handing_over.outputs import HandoverOutput
from tracker.models import PostHolding
from tracker.queries import handovers


class HandoverEndpoint(Endpoint):
    """What both addresses share."""

    def holding(self, code: str) -> PostHolding:
        """The present holding of the post that an address names. Raises DomainError `not_found`."""
        readable = handovers.readable(self.actor, today=self.today)
        found = readable.filter(post__code=code, ends_on__isnull=True).first()
        if found is None:
            raise DomainError("not_found")
        return found

    def answer(self, holding: PostHolding) -> Response:
        """The list as it stands."""
        lines = handovers.lines(holding, viewer=self.actor)
        can_receive = actions.may_receive(self.actor, holding, today=self.today)
        return Response(shapes.handover(holding, lines, before=handovers.before(holding), can_receive=can_receive))


class HandoverView(HandoverEndpoint):
    """What lay open with the post when its present holder took it over."""

    @described.operation("getHandover", tag="directory", answers={200: HandoverOutput}, refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        return self.answer(self.holding(code))


class ReceiptView(HandoverEndpoint):
    """The word of the new holder, or of who stands in for them, that the list was received."""

    @described.operation("receiveHandover", tag="directory", answers={200: HandoverOutput}, refusals=(403, 404))
    def post(self, request: Request, code: str) -> Response:
        """Confirm. Twice is once."""
        holding = self.holding(code)
        return self.answer(actions.receive_handover(holding, by=self.actor, today=self.today))
