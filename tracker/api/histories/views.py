"""Everything that happened to one commitment, newest first, as far as the caller may be told."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.filters import NoFilter
from tracker.api.histories import shapes
from tracker.api.histories.outputs import HistoryPageOutput
from tracker.models import Commitment
from tracker.queries import api_words, history


class HistoryView(Endpoint):
    """The events of one commitment, with the proof that those shown were not rewritten.

    It has no tag: some events are no change that anybody follows, and leave the revision as it is.
    """

    @described.operation(
        "listEvents",
        tag="commitments",
        answers={200: HistoryPageOutput},
        refusals=(400, 404),
        parameters=described.filtered(NoFilter),
    )
    def get(self, request: Request, code: str) -> Response:
        at = paging.window(request)
        filters.narrow(Commitment.objects.none(), request.query_params, by=NoFilter)
        item = api_words.matter(code, viewer=self.actor)
        if item is None:
            raise DomainError("not_found")
        before = None if at.after is None else int(at.after)
        found = history.page(item, viewer=self.actor, before=before, size=at.limit)
        following = paging.following(request, str(found.next_before) if found.next_before else None)
        proof = {"event_count": found.proof.event_count, "broken_seq": found.proof.broken_seq}
        return Response({"results": [shapes.event(one) for one in found.entries], "next": following, "proof": proof})
