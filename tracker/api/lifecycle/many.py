"""What the supervision office does with many commitments at once: each by itself, under one reason and event group."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.actions import commitments, reassign, reminders_by_hand, steps
from tracker.api import described, errors
from tracker.api.inputs import Input
from tracker.api.lifecycle.inputs import ManyInput, ReassignManyInput, RemindManyInput
from tracker.api.lifecycle.outputs import ManyOutput
from tracker.api.registering import chosen
from tracker.api.registering.views import OfficeEndpoint
from tracker.api.rows import Json
from tracker.choices import Stage
from tracker.models import Commitment, Department

Act = Callable[[Commitment], object]
WRITE = (403, *described.BODY)


class ManyEndpoint(OfficeEndpoint):
    """One order for many commitments; a refusal of one stops no other."""

    def said(self, request: Request, by: type[Input]) -> Mapping[str, Any]:
        """What the body says, once the caller was found to be of the office."""
        self.require_office()
        given = by.read(request.data)
        found: Mapping[str, Any] = given.validated_data
        return found

    def each(self, codes: Sequence[str], act: Act) -> Response:
        """One result for each code, in the order sent."""
        return Response({"results": [self._one(code, act) for code in codes]})

    def _one(self, code: str, act: Act) -> Json:
        try:
            item = self.find(code)
            act(item)
        except DomainError as refusal:
            problem = errors.problem(refusal)
            return {"commitment": code, "status": problem["status"], "stage": None, "error": problem}
        return {"commitment": code, "status": 200, "stage": self.find(code).stage, "error": None}


class ManyIssuancesView(ManyEndpoint):
    """Hand many registered commitments out, each to its lead department."""

    @described.operation("handOutCommitments", tag="steps", takes=ManyInput, answers={200: ManyOutput}, refusals=WRITE)
    def post(self, request: Request) -> Response:
        said, group = self.said(request, ManyInput), uuid4()
        return self.each(said["commitments"], lambda item: self._hand_out(item, said["reason"], group))

    def _hand_out(self, item: Commitment, reason: str, group: UUID) -> None:
        by, today = self.actor, self.today
        steps.check_hand_out(item, by=by, today=today)
        steps.move(item, to=Stage.ISSUED, reason=reason, by=by, today=today, group=group)


class ManyLeadConfirmationsView(ManyEndpoint):
    """Turn the suggested lead departments of many commitments into the real ones."""

    @described.operation("confirmLeads", tag="steps", takes=ManyInput, answers={200: ManyOutput}, refusals=WRITE)
    def post(self, request: Request) -> Response:
        said, group = self.said(request, ManyInput), uuid4()
        return self.each(said["commitments"], lambda item: self._confirm(item, said["reason"], group))

    def _confirm(self, item: Commitment, reason: str, group: UUID) -> None:
        commitments.check_suggestion(item)
        commitments.confirm_lead(item, reason=reason, by=self.actor, today=self.today, group=group)


class ManyReassignmentsView(ManyEndpoint):
    """Give many commitments to another lead department. Work under way is handed out anew."""

    @described.operation(
        "reassignCommitments", tag="steps", takes=ReassignManyInput, answers={200: ManyOutput}, refusals=WRITE
    )
    def post(self, request: Request) -> Response:
        said, group = self.said(request, ReassignManyInput), uuid4()
        lead = chosen.one(Department.objects.filter(is_active=True), said["lead"], field="lead")
        return self.each(
            said["commitments"],
            lambda item: reassign.reassign(
                item, lead=lead, reason=said["reason"], by=self.actor, today=self.today, group=group
            ),
        )


class ManyRemindersView(ManyEndpoint):
    """Remind people of many commitments by hand; each stands in their inboxes at once."""

    @described.operation(
        "remindOfCommitments", tag="steps", takes=RemindManyInput, answers={200: ManyOutput}, refusals=WRITE
    )
    def post(self, request: Request) -> Response:
        said, group = self.said(request, RemindManyInput), uuid4()
        return self.each(
            said["commitments"],
            lambda item: reminders_by_hand.written(
                item, reason=said["reason"], by=self.actor, today=self.today, group=group
            ),
        )
