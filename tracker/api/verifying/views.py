"""Verifications and look-backs to read; and the draw of a sample."""

from uuid import UUID

from django.db.models import QuerySet
from django_filters import ChoiceFilter
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import policies
from tracker.actions import lookbacks
from tracker.api import described
from tracker.api.filters import NoFilter
from tracker.api.once import REFERENCE, once
from tracker.api.rows import Json, MatterFilter, RowEndpoint
from tracker.api.verifying import shapes
from tracker.api.verifying.inputs import DrawInput
from tracker.api.verifying.outputs import (
    LookbackDetailOutput,
    LookbackPageOutput,
    VerificationOutput,
    VerificationPageOutput,
)
from tracker.choices import VerificationFinding, VerificationMethod
from tracker.models import Lookback, Verification
from tracker.queries import api_words, verifications


class VerificationFilter(MatterFilter):
    """The filters of the page."""

    finding = ChoiceFilter(choices=VerificationFinding.choices)
    method = ChoiceFilter(choices=VerificationMethod.choices)


class VerificationEndpoint(RowEndpoint[Verification]):
    """What all endpoints of verifications share."""

    columns = api_words.VERIFICATION_COLUMNS
    place = "verifications"

    def seen(self) -> QuerySet[Verification]:
        return policies.verifications_visible_to(self.actor)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.verification(row, is_citywide=policies.is_citywide(self.actor))


class VerificationListView(VerificationEndpoint):
    """The verifications of the commitments in the caller's sight, newest first."""

    @described.operation(
        "listVerifications",
        tag="verifications",
        answers={200: VerificationPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(VerificationFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=VerificationFilter)


class VerificationView(VerificationEndpoint):
    """One verification."""

    @described.operation(
        "getVerification",
        tag="verifications",
        answers={200: VerificationOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))


class LookbackEndpoint(RowEndpoint[Lookback]):
    """What all endpoints of look-backs share. A sample never changes, so it has no revision."""

    columns = api_words.LOOKBACK_COLUMNS
    place = "lookbacks"

    def seen(self) -> QuerySet[Lookback]:
        return api_words.lookbacks_in_sight(self.actor)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.lookback(row)

    def answer(self, row: Lookback, *, status: int = 200, is_located: bool = False) -> Response:
        """The sample with its picks and its population."""
        found, sample = api_words.one(self.seen(), self.columns, row.pk), verifications.sample(row)
        body = self.shape(found) | {
            "population": row.population,
            "picks": [shapes.pick(pick) for pick in sample.picks],
            "is_as_drawn": sample.is_as_drawn,
        }
        return Response(
            body, status=status, headers={"Location": str(body["url"])} if status == 201 or is_located else None
        )


class LookbackListView(LookbackEndpoint):
    """The samples, newest first: for the city's roles, nothing for a department that may be in one."""

    @described.operation(
        "listLookbacks",
        tag="verifications",
        answers={200: LookbackPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=NoFilter)

    @once
    @described.operation(
        "drawLookback",
        tag="verifications",
        takes=DrawInput,
        answers={201: LookbackDetailOutput, 200: LookbackDetailOutput},
        refusals=(403, 409, *described.BODY),
    )
    def post(self, request: Request) -> Response:
        """Draw a sample of what was closed in these days, for the supervision office to look at again."""
        given = DrawInput.read(request.data)
        said = {name: value for name, value in given.validated_data.items() if name != REFERENCE}
        row = lookbacks.draw(**said, by=self.actor, today=self.today)
        return self.answer(row, status=201)


class LookbackView(LookbackEndpoint):
    """One sample in the order of the draw, with everything needed to draw it again."""

    @described.operation("getLookback", tag="verifications", answers={200: LookbackDetailOutput}, refusals=(404,))
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))
