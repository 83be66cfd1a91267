"""Leaders' instructions 批示: given by a leader or entered by the office, answered by the lead department."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.actions import instructions
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.filters import NoFilter
from tracker.api.once import once
from tracker.api.questions import shapes
from tracker.api.questions.filters import InstructionFilter
from tracker.api.questions.inputs import AnswerInput, NewInstructionInput, RevokeInput
from tracker.api.questions.outputs import InstructionOutput, InstructionPageOutput, LeaderPageOutput
from tracker.api.rows import Json, RowEndpoint, person
from tracker.choices import Role
from tracker.models import Instruction, User
from tracker.policies import Actor
from tracker.queries import api_words, questions

WRITE = (403, 404, 409, 412, *described.BODY)


class InstructionEndpoint(RowEndpoint[Instruction]):
    """What all endpoints of instructions share."""

    columns = api_words.INSTRUCTION_COLUMNS
    place = "instructions"

    def seen(self) -> QuerySet[Instruction]:
        return policies.instructions_visible_to(self.actor)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.instruction(row)


class InstructionListView(InstructionEndpoint):
    """The instructions on the commitments in the caller's sight, newest first; and the door for a new one."""

    @described.operation(
        "listInstructions",
        tag="instructions",
        answers={200: InstructionPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(InstructionFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=InstructionFilter)

    @once
    @described.operation(
        "giveInstruction",
        tag="instructions",
        takes=NewInstructionInput,
        answers={201: InstructionOutput, 200: InstructionOutput},
        refusals=WRITE,
    )
    def post(self, request: Request) -> Response:
        """A leader gives it in their own name, the supervision office in a leader's."""
        given = NewInstructionInput.read(request.data)
        said, actor = given.validated_data, self.actor
        item = self.matter(said["commitment"], field="commitment")
        if not policies.can_instruct(actor):
            raise DomainError("not_allowed")
        row = instructions.give(
            item,
            text=said["text"],
            answer_due_on=said["answer_due_on"],
            given_by=_giver(said["given_by"], actor),
            by=actor,
            today=self.today,
        )
        return self.answer(row, status=201)


class GiverListView(Endpoint):
    """Whose word an instruction may be, by sign-in name: for the supervision office all leaders, for a leader one."""

    @described.operation(
        "listGivers",
        tag="instructions",
        answers={200: LeaderPageOutput},
        refusals=(400, 403),
        parameters=described.filtered(NoFilter),
    )
    def get(self, request: Request) -> Response:
        actor = self.actor
        if not policies.can_instruct(actor):
            raise DomainError("not_allowed")
        at = paging.window(request)
        found = filters.narrow(questions.leaders(), request.query_params, by=NoFilter)
        if actor.role == Role.LEADER and actor.user is not None:
            found = found.filter(pk=actor.user.pk)
        rows = list(found.filter(username__gt=at.after or "").order_by("username")[: at.limit + 1])
        page = paging.page(
            request, at, rows, shape=lambda row: person(row.username, row.full_name), key=lambda row: row.username
        )
        return Response(page)


class InstructionView(InstructionEndpoint):
    """One instruction."""

    @described.operation(
        "getInstruction",
        tag="instructions",
        answers={200: InstructionOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))


class InstructionAnswerView(InstructionEndpoint):
    """Answer, which closes it: the department that leads the commitment now."""

    @described.operation(
        "answerInstruction",
        tag="instructions",
        takes=AnswerInput,
        answers={200: InstructionOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        row = self.find(ref)
        given = AnswerInput.read(request.data)
        expected = self.expected_revision(row.revision)
        said = given.validated_data["answer"]
        instructions.answer(row, answer=said, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(row)


class InstructionWithdrawalView(InstructionEndpoint):
    """Take it back with a reason: its giver, or the supervision office."""

    @described.operation(
        "withdrawInstruction",
        tag="instructions",
        takes=RevokeInput,
        answers={200: InstructionOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        row = self.find(ref)
        given = RevokeInput.read(request.data)
        expected = self.expected_revision(row.revision)
        reason = given.validated_data["reason"]
        instructions.withdraw(row, reason=reason, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(row)


def _giver(username: str | None, actor: Actor) -> User:
    """The leader of this name, the caller where none is given.

    Raises:
        DomainError: `instruction_not_in_your_name` for a leader who names another, `giver_not_a_leader`.
    """
    if actor.user is not None and username in {None, actor.user.username}:
        return actor.user
    if actor.role == Role.LEADER:
        raise DomainError("instruction_not_in_your_name", field="given_by")
    found = questions.leaders().filter(username=username).first()
    if found is None:
        raise DomainError("giver_not_a_leader", field="given_by")
    return found
