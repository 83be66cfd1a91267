"""Blockers 堵点: raised by a department of the commitment, answered by the post that can help."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.actions import blockers
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.once import once
from tracker.api.questions import shapes
from tracker.api.questions.filters import BlockerFilter, PostFilter
from tracker.api.questions.inputs import AnswerInput, NewBlockerInput, TakeBackInput
from tracker.api.questions.outputs import AskedPostPageOutput, BlockerOutput, BlockerPageOutput
from tracker.api.rows import Json, RowEndpoint
from tracker.choices import DEPARTMENT_ROLES, BlockerCategory
from tracker.models import Blocker, Post
from tracker.queries import api_words, questions

WRITE = (403, 404, 409, 412, *described.BODY)


class BlockerEndpoint(RowEndpoint[Blocker]):
    """What all endpoints of blockers share."""

    columns = api_words.BLOCKER_COLUMNS
    place = "blockers"

    def seen(self) -> QuerySet[Blocker]:
        return api_words.blockers_in_sight(self.actor, today=self.today)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.blocker(row)


class BlockerListView(BlockerEndpoint):
    """The blockers of the commitments in sight, and those that ask the caller or the caller's department."""

    @described.operation(
        "listBlockers",
        tag="blockers",
        answers={200: BlockerPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(BlockerFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=BlockerFilter)

    @once
    @described.operation(
        "raiseBlocker",
        tag="blockers",
        takes=NewBlockerInput,
        answers={201: BlockerOutput, 200: BlockerOutput},
        refusals=WRITE,
    )
    def post(self, request: Request) -> Response:
        """Name what is lacking, and ask a post for it by a day."""
        given = NewBlockerInput.read(request.data)
        said = given.validated_data
        item = self.matter(said["commitment"], field="commitment")
        if self.actor.role not in DEPARTMENT_ROLES:
            raise DomainError("blocker_not_yours")
        raised = blockers.ask(
            item,
            category=BlockerCategory(said["category"]),
            text=said["text"],
            wanted_from=_post(said["wanted_from"]),
            wanted_by=said["wanted_by"],
            by=self.actor,
            today=self.today,
        )
        return self.answer(raised, status=201)


class AskedPostListView(Endpoint):
    """The posts that a blocker may ask, by code; not who holds them."""

    @described.operation(
        "listPostsToAsk",
        tag="blockers",
        answers={200: AskedPostPageOutput},
        refusals=(400,),
        parameters=described.filtered(PostFilter),
    )
    def get(self, request: Request) -> Response:
        at = paging.window(request)
        filters.narrow(Post.objects.none(), request.query_params, by=PostFilter)
        found = questions.posts_to_ask(request.query_params.get("q", "")).filter(code__gt=at.after or "")
        rows = list(found.order_by("code")[: at.limit + 1])
        return Response(paging.page(request, at, rows, shape=shapes.post, key=lambda row: row.code))


class BlockerView(BlockerEndpoint):
    """One blocker."""

    @described.operation(
        "getBlocker",
        tag="blockers",
        answers={200: BlockerOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))


class BlockerAnswerView(BlockerEndpoint):
    """Answer, which closes it: the post's holder or deputy, its department, or the supervision office for them."""

    @described.operation(
        "answerBlocker",
        tag="blockers",
        takes=AnswerInput,
        answers={200: BlockerOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        row = self.find(ref)
        given = AnswerInput.read(request.data)
        expected = self.expected_revision(row.revision)
        said = given.validated_data["answer"]
        blockers.answer(row, answer=said, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(row)


class BlockerWithdrawalView(BlockerEndpoint):
    """Take it back: solved otherwise, or raised by mistake."""

    @described.operation(
        "withdrawBlocker",
        tag="blockers",
        takes=TakeBackInput,
        answers={200: BlockerOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        row = self.find(ref)
        given = TakeBackInput.read(request.data)
        expected = self.expected_revision(row.revision)
        reason = given.validated_data["reason"]
        blockers.withdraw(row, reason=reason, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(row)


def _post(code: str) -> Post:
    """The post of this code among those that may be asked. Raises DomainError `post_unknown`."""
    found = questions.posts_to_ask().filter(code=code).first()
    if found is None:
        raise DomainError("post_unknown", field="wanted_from", code=code)
    return found
