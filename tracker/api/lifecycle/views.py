"""The steps of a commitment's life. Each answers with the whole commitment; `rules.lifecycle` says who takes which."""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from tracker.actions import steps
from tracker.api import described, shapes
from tracker.api.commitments import CommitmentEndpoint
from tracker.api.described import View
from tracker.api.inputs import Input
from tracker.api.lifecycle import verbs
from tracker.api.lifecycle.inputs import ExemptionInput, RefusalInput, StepInput
from tracker.api.lifecycle.outputs import StepPageOutput
from tracker.api.lifecycle.verbs import Verb
from tracker.api.registering import chosen
from tracker.api.rows import Json
from tracker.api.serializers import CommitmentDetailOutput
from tracker.choices import Stage
from tracker.models import Commitment, Department
from tracker.queries.steps import open_to
from tracker.rules import lifecycle

WRITE = (403, 404, 409, 412, *described.BODY)


def step(operation_id: str, *, takes: type[Serializer[Any]] = StepInput) -> Callable[[View], View]:
    """Describe the operation that takes one step."""
    return described.operation(
        operation_id,
        tag="steps",
        takes=takes,
        answers={200: CommitmentDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )


class StepListView(CommitmentEndpoint):
    """The steps that the caller may take with a commitment now, and what each asks."""

    @described.operation("listSteps", tag="steps", answers={200: StepPageOutput}, refusals=(404,))
    def get(self, request: Request, code: str) -> Response:
        item = self.find(code)
        return Response({"results": [_offered(item, to) for to in open_to(self.actor, item)], "next": None})


class StepEndpoint(CommitmentEndpoint):
    """What all steps share."""

    verb: ClassVar[Verb]
    takes: ClassVar[type[Input]] = StepInput

    def take(self, request: Request, code: str) -> Response:
        """Take the step with what the body says."""
        item = self.find(code)
        given = self.takes.read(request.data)
        said = dict(given.validated_data)
        if said.get("proposed_lead") is not None:
            at_work = Department.objects.filter(is_active=True)
            said["proposed_lead"] = chosen.one(at_work, said["proposed_lead"], field="proposed_lead")
        steps.move(
            item,
            to=self.verb.to,
            starts_from=self.verb.starts_from,
            **said,
            by=self.actor,
            today=self.today,
            expected_revision=self.expected(item),
        )
        return self.answer(code)


class IssuanceView(StepEndpoint):
    """Hand a registered commitment out: its lead department has to take it on."""

    verb = verbs.ISSUANCE

    @step("handOutCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class AcceptanceView(StepEndpoint):
    """Take on what was handed out: the lead department."""

    verb = verbs.ACCEPTANCE

    @step("takeOnCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class RefusalView(StepEndpoint):
    """Refuse what was handed out, with a reason, and name who should lead instead: the lead department."""

    verb, takes = verbs.REFUSAL, RefusalInput

    @step("refuseCommitment", takes=RefusalInput)
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class StartView(StepEndpoint):
    """Start work on what was taken on: the lead department."""

    verb = verbs.START

    @step("startCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class CompletionView(StepEndpoint):
    """Report the work done: the lead department. The office verifies it."""

    verb = verbs.COMPLETION

    @step("completeCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class ClosingView(StepEndpoint):
    """Close what was verified: the supervision office."""

    verb = verbs.CLOSING

    @step("closeCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class ArchivingView(StepEndpoint):
    """Archive what was closed: the supervision office."""

    verb = verbs.ARCHIVING

    @step("archiveCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class ReopeningView(StepEndpoint):
    """Send what was reported done, verified, closed or archived back to work, with a reason: the office."""

    verb = verbs.REOPENING

    @step("reopenCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class SuspensionView(StepEndpoint):
    """Suspend an open commitment, with a reason: the supervision office."""

    verb = verbs.SUSPENSION

    @step("suspendCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class ExemptionView(StepEndpoint):
    """Exempt an open commitment until a day, with a reason: the supervision office."""

    verb, takes = verbs.EXEMPTION, ExemptionInput

    @step("exemptCommitment", takes=ExemptionInput)
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class CancellationView(StepEndpoint):
    """Cancel a commitment, with a reason: the supervision office. It stays in the ledger."""

    verb = verbs.CANCELLATION

    @step("cancelCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class ResumptionView(StepEndpoint):
    """Take what was suspended, cancelled or exempt back to work, with a reason: the supervision office."""

    verb = verbs.RESUMPTION

    @step("resumeCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


class DeferralView(StepEndpoint):
    """Take what was suspended, cancelled or exempt back to the register, with a reason: the supervision office."""

    verb = verbs.DEFERRAL

    @step("deferCommitment")
    def post(self, request: Request, code: str) -> Response:
        return self.take(request, code)


def _offered(item: Commitment, to: Stage) -> Json:
    """One step as JSON."""
    found, verb = lifecycle.STEPS[Stage(item.stage)][to], verbs.verb_of(Stage(item.stage), to)
    return {
        "to": to,
        "url": f"{shapes.commitment_url(item.code)}{verb.name}/" if verb else f"{shapes.ROOT}/verifications/",
        "needs_reason": found.needs_reason or (to == Stage.REPORTED_DONE and lifecycle.is_below_hundred(item.progress)),
        "needs_until": found.needs_until,
        "needs_verification": found.needs_verification,
        "may_propose_lead": found.names_owner,
    }
