"""Commitments: the list and the whole of one."""

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
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


class CommitmentEndpoint(Endpoint):
    """What all endpoints of one commitment share: finding it, what If-Match asks of it, answering with the whole."""

    def find(self, code: str) -> Commitment:
        """The commitment, when it is in the caller's sight. Raises DomainError `not_found`."""
        found = policies.visible_to(self.actor).filter(code=code).select_related("lead", "plan", "post").first()
        if found is None:
            raise DomainError("not_found")
        return found

    def expected(self, item: Commitment) -> int | None:
        """The commitment's own revision for the action, where If-Match names it or the ETag of the whole; None: any.

        Raises:
            DomainError: `stale`, with the revision that stands.
        """
        wanted = self.expected_revision(item.revision)
        if wanted in {None, item.revision}:
            return wanted
        head = api.commitment_head(item.code, viewer=self.actor)
        if head is None:
            raise DomainError("not_found")
        if self.expected_revision(head.revision) != head.revision:
            raise DomainError("stale", revision=head.revision)
        return item.revision

    def answer(self, code: str, *, status: int = 200) -> Response:
        """The whole commitment as it stands now, with its tag; a bare 304 for who has it."""
        actor, seen_at = self.actor, clock.revision()
        head = api.commitment_head(code, viewer=actor)
        if head is None:
            raise DomainError("not_found")
        tag = self.whole_tag(head.revision, seen_at=seen_at)
        if self.request.method == "GET" and self.holds(tag):
            return self.unchanged(tag)
        body = shapes.commitment(head, api.commitment_parts(head, viewer=actor), today=self.today)
        response = Response(body, status=status, headers={"ETag": tag})
        if status == 201:
            response["Location"] = shapes.commitment_url(code)
        return response


class CommitmentView(CommitmentEndpoint):
    """One commitment with milestones, targets, departments and the latest reports. A foreign one is not found."""

    @described.operation(
        "getCommitment",
        tag="commitments",
        answers={200: CommitmentDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, code: str) -> Response:
        return self.answer(code)
