"""Commitments: the list and the whole of one."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.api import described, filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.filters import CommitmentFilter
from tracker.api.serializers import CommitmentDetailOutput, CommitmentPageOutput
from tracker.models import Commitment
from tracker.queries import api, choices_of, ledger_rows
from tracker.queries.ledger_rows import Filters

# Filters whose value is a code of ours. A code out of sight is refused as an unknown one is.
CODES = ("department", "plan", "chapter")
# Filters that ask who calls, or on which day.
FURTHER = {"part", "progress", "waits_for", "post", "portfolio"}


class CommitmentListView(Endpoint):
    """The commitments in the reader's sight, by code. One query, whatever the page."""

    @described.operation(
        "listCommitments",
        tag="commitments",
        answers={200: CommitmentPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(CommitmentFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> dict[str, object]:
        actor = self.actor
        at = paging.window(request)
        seen = filters.narrow(self._seen(request), request.query_params, by=CommitmentFilter)
        rows = api.commitment_rows(seen, after=at.after, limit=at.limit + 1)
        if not rows and at.after is None:
            filters.check_codes(CODES, request.query_params, viewer=actor)
        shape = shapes.commitments(today=self.today)
        return paging.page(request, at, rows, shape=shape, key=lambda row: str(row[0]))

    def _seen(self, request: Request) -> QuerySet[Commitment]:
        """What is in sight, narrowed by the further filters as the page narrows it."""
        actor, today = self.actor, self.today
        if not FURTHER & request.query_params.keys():
            return policies.visible_to(actor)
        said = filters.said(request.query_params, by=CommitmentFilter)
        if "part" in said and "department" not in said:
            raise DomainError("filter_needs", field="part", name="part", needs="department")
        post = said.get("post", "")
        if post and not choices_of.posts(actor, post, today=today):
            raise DomainError("filter_code", field="post", name="post", value=post)
        narrowed = Filters(
            progress_unknown="progress" in said,
            review=said.get("waits_for") == "review",
            word_on=today if said.get("waits_for") == "me" else None,
            post=post,
            portfolio_on=today if "portfolio" in said else None,
        )
        return ledger_rows.filtered(actor, narrowed)


class CommitmentView(Endpoint):
    """One commitment with milestones, targets, departments and the latest reports. A foreign one is not found."""

    @described.operation(
        "getCommitment",
        tag="commitments",
        answers={200: CommitmentDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, code: str) -> Response:
        actor = self.actor
        head = api.commitment_head(code, viewer=actor)
        if head is None:
            raise DomainError("not_found")
        tag = self.tag(head.revision)
        if self.holds(tag):
            return self.unchanged(tag)
        body = shapes.commitment(head, api.commitment_parts(head, viewer=actor), today=self.today)
        return Response(body, headers={"ETag": tag})
