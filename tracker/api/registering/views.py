"""The supervision office enters commitments and corrects them; every answer is the whole commitment as it stands."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.models import Indicator
from tracker import policies
from tracker.actions import commitments, corrections, reassign
from tracker.api import commitments as reading
from tracker.api import described
from tracker.api.commitments import CommitmentEndpoint
from tracker.api.indicators.views import CommitmentTargetListView
from tracker.api.inputs import Input
from tracker.api.milestones.views import CommitmentMilestoneListView
from tracker.api.once import once
from tracker.api.registering import chosen
from tracker.api.registering.inputs import (
    CommitmentCorrectionInput,
    LeadConfirmationInput,
    MilestoneInput,
    NewCommitmentInput,
    ReassignmentInput,
    TargetInput,
)
from tracker.api.serializers import CommitmentDetailOutput
from tracker.models import Commitment, Department, Plan

WRITE = (403, 404, 409, 412, *described.BODY)


class OfficeEndpoint(CommitmentEndpoint):
    """What only the supervision office does: asked first, so that nobody else learns which codes there are."""

    def require_office(self) -> None:
        """Raises DomainError `not_allowed`."""
        if not policies.can_supervise(self.actor):
            raise DomainError("not_allowed")

    def received(self, request: Request, code: str, by: type[Input]) -> tuple[Commitment, Mapping[str, Any]]:
        """The commitment in sight, and what the body says of it, once the caller was found to be of the office."""
        item = self.find(code)
        self.require_office()
        given = by.read(request.data)
        return item, given.validated_data


class CommitmentListView(reading.CommitmentListView, OfficeEndpoint):
    """The commitments in the reader's sight, by code. One query, whatever the page; and the door for a new one."""

    @once
    @described.operation(
        "registerCommitment",
        tag="commitments",
        takes=NewCommitmentInput,
        answers={201: CommitmentDetailOutput, 200: CommitmentDetailOutput},
        refusals=(403, 404, 409, *described.BODY),
    )
    def post(self, request: Request) -> Response:
        """Enter a commitment into a plan's ledger. It is handed out by a step of its own."""
        self.require_office()
        given = NewCommitmentInput.read(request.data)
        said, actor = given.validated_data, self.actor
        plan = chosen.one(Plan.objects.all(), said["plan"], field="plan")
        item = commitments.register(
            said["code"],
            plan=plan,
            values=chosen.values(said, plan=plan, viewer=actor),
            owners=chosen.owners(said),
            by=actor,
            today=self.today,
        )
        return self.answer(item.code, status=201)


class CommitmentView(reading.CommitmentView, OfficeEndpoint):
    """One commitment with milestones, targets, departments and the latest reports. A foreign one is not found."""

    @described.operation(
        "correctCommitment",
        tag="commitments",
        takes=CommitmentCorrectionInput,
        answers={200: CommitmentDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def patch(self, request: Request, code: str) -> Response:
        """Correct the facts that the body names. Work that gets another lead is handed out anew."""
        item = self.find(code)
        self.require_office()
        given = CommitmentCorrectionInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        corrections.correct(
            item,
            values=chosen.values(said, plan=item.plan, viewer=self.actor),
            owners=chosen.owners(said, item=item),
            reason=said.get("reason", ""),
            expected_revision=self.expected(item),
            by=self.actor,
            today=self.today,
        )
        return self.answer(code)


class LeadConfirmationView(OfficeEndpoint):
    """Turn the suggested lead department into the real one."""

    @described.operation(
        "confirmLead",
        tag="commitments",
        takes=LeadConfirmationInput,
        answers={200: CommitmentDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, code: str) -> Response:
        item, said = self.received(request, code, LeadConfirmationInput)
        expected = self.expected(item)
        commitments.check_suggestion(item)
        commitments.confirm_lead(
            item, reason=said["reason"], by=self.actor, today=self.today, expected_revision=expected
        )
        return self.answer(code)


class ReassignmentView(OfficeEndpoint):
    """Give the commitment to another lead department. What it was working on is handed out anew."""

    @described.operation(
        "reassignCommitment",
        tag="commitments",
        takes=ReassignmentInput,
        answers={200: CommitmentDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, code: str) -> Response:
        item, said = self.received(request, code, ReassignmentInput)
        reassign.reassign(
            item,
            lead=chosen.one(Department.objects.all(), said["lead"], field="lead"),
            reason=said["reason"],
            by=self.actor,
            today=self.today,
            expected_revision=self.expected(item),
        )
        return self.answer(code)


class MilestoneListView(CommitmentMilestoneListView, OfficeEndpoint):
    """The milestones of one commitment; set by their names."""

    @described.operation(
        "setMilestone",
        tag="commitments",
        takes=MilestoneInput,
        answers={200: CommitmentDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def put(self, request: Request, code: str) -> Response:
        """Add the milestone of this name, or correct what the body names of it. Twice is once."""
        item, said = self.received(request, code, MilestoneInput)
        values = {name: value for name, value in said.items() if name != "name"}
        corrections.amend_milestone(
            item,
            name=said["name"],
            values=values,
            by=self.actor,
            today=self.today,
            expected_revision=self.expected(item),
        )
        return self.answer(code)


class TargetListView(CommitmentTargetListView, OfficeEndpoint):
    """The targets of one commitment with what their readings make of them: pace, progress, forecast."""

    @described.operation(
        "setTarget",
        tag="commitments",
        takes=TargetInput,
        answers={200: CommitmentDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def put(self, request: Request, code: str) -> Response:
        """Add the target for this indicator, or correct what the body names of it. Twice is once."""
        item, said = self.received(request, code, TargetInput)
        values = {name: value for name, value in said.items() if name != "indicator"}
        corrections.amend_target(
            item,
            indicator=chosen.one(Indicator.objects.all(), said["indicator"], field="indicator"),
            values=values,
            by=self.actor,
            today=self.today,
            expected_revision=self.expected(item),
        )
        return self.answer(code)
