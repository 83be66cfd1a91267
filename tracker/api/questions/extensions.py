"""Extension requests: asked for by the lead department, decided by the supervision office."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import policies
from tracker.actions import extensions
from tracker.api import described
from tracker.api.once import once
from tracker.api.questions import shapes
from tracker.api.questions.filters import ExtensionFilter
from tracker.api.questions.inputs import DecisionInput, NewExtensionInput, TakeBackInput
from tracker.api.questions.outputs import ExtensionOutput, ExtensionPageOutput
from tracker.api.rows import Json, RowEndpoint
from tracker.models import ExtensionRequest
from tracker.queries import api_words

WRITE = (403, 404, 409, 412, *described.BODY)


class ExtensionEndpoint(RowEndpoint[ExtensionRequest]):
    """What all endpoints of extension requests share."""

    columns = api_words.EXTENSION_COLUMNS
    place = "extensions"

    def seen(self) -> QuerySet[ExtensionRequest]:
        return policies.extensions_visible_to(self.actor)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.extension(row)


class ExtensionListView(ExtensionEndpoint):
    """The requests of the commitments in the caller's sight, newest first; and the door for a new one."""

    @described.operation(
        "listExtensions",
        tag="extensions",
        answers={200: ExtensionPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(ExtensionFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=ExtensionFilter)

    @once
    @described.operation(
        "askForExtension",
        tag="extensions",
        takes=NewExtensionInput,
        answers={201: ExtensionOutput, 200: ExtensionOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request) -> Response:
        """Ask for a later date. If-Match takes the commitment's ETag."""
        given = NewExtensionInput.read(request.data)
        said = given.validated_data
        item = self.matter(said["commitment"], field="commitment")
        self.check_matter_unchanged(item)
        asked = extensions.request(
            item, wanted_on=said["wanted_on"], reason=said["reason"], by=self.actor, today=self.today
        )
        return self.answer(asked, status=201)


class ExtensionView(ExtensionEndpoint):
    """One request."""

    @described.operation(
        "getExtension",
        tag="extensions",
        answers={200: ExtensionOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))


class DecisionView(ExtensionEndpoint):
    """Grant or refuse. A granted date becomes the commitment's due date; the original date stays."""

    @described.operation(
        "decideExtension",
        tag="extensions",
        takes=DecisionInput,
        answers={200: ExtensionOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        asked = self.find(ref)
        given = DecisionInput.read(request.data)
        expected = self.expected_revision(asked.revision)
        extensions.decide(asked, **given.validated_data, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(asked)


class ExtensionWithdrawalView(ExtensionEndpoint):
    """Take a request back while nobody has decided it."""

    @described.operation(
        "withdrawExtension",
        tag="extensions",
        takes=TakeBackInput,
        answers={200: ExtensionOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        asked = self.find(ref)
        given = TakeBackInput.read(request.data)
        expected = self.expected_revision(asked.revision)
        reason = given.validated_data["reason"]
        extensions.withdraw(asked, reason=reason, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(asked)
