"""Slips change here. Every answer is the whole paper as it stands."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from projects.errors import DomainError
from tracker import policies
from tracker.actions import slips
from tracker.api import described
from tracker.api.described import View
from tracker.api.inputs import Input
from tracker.api.once import once
from tracker.api.shapes import ROOT
from tracker.api.slip_acts.inputs import DraftInput, EndInput, IssueInput, SlipAnswerInput
from tracker.api.slip_papers import views as reading
from tracker.api.slip_papers.outputs import SlipOutput
from tracker.models import Slip
from tracker.queries import api_words

WRITE = (403, 404, 409, *described.BODY)


def act(operation_id: str, *, takes: type[Serializer[Any]]) -> Callable[[View], View]:
    """Describe the operation that does one thing with a slip."""
    return described.operation(
        operation_id,
        tag="slips",
        takes=takes,
        answers={200: SlipOutput},
        refusals=(*WRITE, 412),
        parameters=(described.IF_MATCH,),
    )


class SlipListView(reading.SlipListView):
    """The slips of the commitments in sight, and the door for a draft. What has no number is for the city’s roles."""

    @once
    @described.operation(
        "draftSlip",
        tag="slips",
        takes=DraftInput,
        answers={201: SlipOutput, 200: SlipOutput},
        refusals=WRITE,
    )
    def post(self, request: Request) -> Response:
        """Draft the next slip of the chain by hand: the supervision office."""
        if not policies.can_issue_slips(self.actor):
            raise DomainError("not_allowed")
        said = DraftInput.read(request.data).validated_data
        item = api_words.matter(said["commitment"], viewer=self.actor)
        if item is None:
            raise DomainError("not_found", field="commitment")
        row = slips.draft(item, text=said["text"], by=self.actor, today=self.today)
        response = self.answer(row.ref, status=201)
        response["Location"] = f"{ROOT}/slips/{row.ref}/"
        return response


class ActEndpoint(reading.SlipEndpoint):
    """What all acts share: the slip in sight, what the body says of it, the paper for an answer."""

    def received(self, ref: UUID, request: Request, by: type[Input]) -> tuple[Slip, dict[str, Any]]:
        """The slip, and the words of the body with what If-Match asks. Raises DomainError `not_found`."""
        row = policies.slips_visible_to(self.actor).select_related("commitment").filter(ref=ref).first()
        if row is None:
            raise DomainError("not_found")
        said = by.read(request.data).validated_data
        return row, {**said, "expected_revision": self.expected_revision(row.revision)}


class IssuanceView(ActEndpoint):
    """Issue a draft under the next number of the year; its department is told at once."""

    @act("issueSlip", takes=IssueInput)
    def post(self, request: Request, ref: UUID) -> Response:
        row, said = self.received(ref, request, IssueInput)
        slips.issue(row, **said, by=self.actor, today=self.today)
        return self.answer(ref)


class DropView(ActEndpoint):
    """Drop a draft. The site drafts nothing more for this due date by itself."""

    @act("dropSlip", takes=EndInput)
    def post(self, request: Request, ref: UUID) -> Response:
        row, said = self.received(ref, request, EndInput)
        slips.drop(row, **said, by=self.actor, today=self.today)
        return self.answer(ref)


class WithdrawalView(ActEndpoint):
    """Withdraw what was issued: nothing has to be answered, and its number stays used."""

    @act("withdrawSlip", takes=EndInput)
    def post(self, request: Request, ref: UUID) -> Response:
        row, said = self.received(ref, request, EndInput)
        slips.withdraw(row, **said, by=self.actor, today=self.today)
        return self.answer(ref)


class AnswerView(ActEndpoint):
    """Answer a slip, once, with the day by which the matter will be done: the lead department."""

    @act("answerSlip", takes=SlipAnswerInput)
    def post(self, request: Request, ref: UUID) -> Response:
        row, said = self.received(ref, request, SlipAnswerInput)
        slips.answer(row, **said, by=self.actor, today=self.today)
        return self.answer(ref)
