"""Evidence: lists, uploads to a commitment, a report or a verification, the bytes, and taking a file back."""

import logging
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import FileResponse
from django_filters import CharFilter, ChoiceFilter
from drf_spectacular.types import OpenApiTypes
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
from tracker import policies
from tracker.actions import evidence as actions
from tracker.actions import evidence_store
from tracker.actions.evidence_store import Kept
from tracker.api import described
from tracker.api.evidence import shapes
from tracker.api.evidence.inputs import UploadInput, UploadParser, WithdrawalInput
from tracker.api.evidence.outputs import EvidenceDetailOutput, EvidencePageOutput
from tracker.api.filters import YES_NO, NoFilter
from tracker.api.once import take
from tracker.api.rows import Json, MatterFilter, RowEndpoint
from tracker.models import Commitment, Evidence, ProgressReport, Verification
from tracker.queries import api_words
from tracker.rules.evidence import DOWNLOAD_HEADERS

logger = logging.getLogger(__name__)
WRITE = (403, 404, 409, 412, *described.BODY)
UPLOAD = (403, 404, 409, 503, *described.BODY)


class EvidenceFilter(MatterFilter):
    """Which files."""

    q = CharFilter(method="holding", max_length=100, help_text="Part of a file’s name or note, or a SHA-256.")
    is_withdrawn = ChoiceFilter(choices=YES_NO, method="withdrawn", help_text="Whether they were taken back.")

    def holding(self, rows: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return rows.filter(Q(name__icontains=value) | Q(note__icontains=value) | Q(sha256=value.lower()))

    def withdrawn(self, rows: QuerySet[Evidence], name: str, value: str) -> QuerySet[Evidence]:
        return rows.filter(withdrawn_at__isnull=value == "false")


class EvidenceEndpoint(RowEndpoint[Evidence]):
    """What all endpoints of files share."""

    columns = api_words.EVIDENCE_COLUMNS
    place = "evidence"

    def seen(self) -> QuerySet[Evidence]:
        return policies.evidence_visible_to(self.actor)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.evidence(row)

    def answer(self, row: Evidence, *, status: int = 200, is_located: bool = False) -> Response:
        """The file's facts as they stand now, with what else it is said to prove."""
        seen_at = clock.revision()
        found = api_words.one(self.seen(), self.columns, row.pk)
        codes, hidden = actions.elsewhere(row, viewer=self.actor)
        body = self.shape(found) | {"also_proves": codes, "also_unseen_count": hidden}
        response = self.tagged(body, revision=found[-1], seen_at=seen_at, status=status)
        if status == 201 or is_located:
            response["Location"] = str(body["url"])
        return response

    def standing(self, request: Request, **place: Commitment | ProgressReport | Verification) -> Response:
        """A page of the files that stand in one place."""
        return self.listed(request, by=NoFilter, rows=self.seen().filter(withdrawn_at__isnull=True, **place))

    def added(self, request: Request, item: Commitment, **place: Any) -> Response:
        """Take the file that the body holds: 201 for a new one, 200 where the very same file hangs there already."""
        given = UploadInput.read(request.data)
        said, actor = given.validated_data, self.actor

        def keep() -> Kept:
            actions.check_may_add(actor, item, **place)
            return evidence_store.keep(said["upload"])

        def add(kept: Kept) -> Response:
            done = actions.add(item, upload=kept, note=said["note"], by=actor, today=self.today, **place)
            return self.answer(done.evidence, status=201 if done.is_new else 200, is_located=True)

        return take(self, request, add, prepare=keep)


class EvidenceListView(EvidenceEndpoint):
    """The files of the commitments in the caller's sight, newest first, those that were withdrawn among them."""

    @described.operation(
        "listEvidence",
        tag="evidence",
        answers={200: EvidencePageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(EvidenceFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=EvidenceFilter)


class CommitmentEvidenceView(EvidenceEndpoint):
    """The files of one commitment that stand; and the door for one more."""

    parser_classes = (UploadParser,)

    @described.operation(
        "listCommitmentEvidence",
        tag="evidence",
        answers={200: EvidencePageOutput, 304: None},
        refusals=(400, 404),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request, code: str) -> Response:
        return self.standing(request, commitment=self.matter(code))

    @described.operation(
        "addCommitmentEvidence",
        tag="evidence",
        takes=UploadInput,
        answers={201: EvidenceDetailOutput, 200: EvidenceDetailOutput},
        refusals=UPLOAD,
    )
    def post(self, request: Request, code: str) -> Response:
        """A department of the commitment, lead or joined, and the supervision office."""
        return self.added(request, self.matter(code))


class ReportEvidenceView(EvidenceEndpoint):
    """The files of one report; and the door for one more while it is open."""

    parser_classes = (UploadParser,)

    def report(self, ref: UUID) -> ProgressReport:
        found = policies.reports_visible_to(self.actor).select_related("commitment").filter(ref=ref).first()
        if found is None:
            raise DomainError("not_found")
        return found

    @described.operation(
        "listReportEvidence",
        tag="evidence",
        answers={200: EvidencePageOutput, 304: None},
        refusals=(400, 404),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.standing(request, report=self.report(ref))

    @described.operation(
        "addReportEvidence",
        tag="evidence",
        takes=UploadInput,
        answers={201: EvidenceDetailOutput, 200: EvidenceDetailOutput},
        refusals=UPLOAD,
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """The report's own department, while it is a draft or was returned."""
        report = self.report(ref)
        return self.added(request, report.commitment, report=report)


class VerificationEvidenceView(EvidenceEndpoint):
    """The files of one verification; and the door for one more."""

    parser_classes = (UploadParser,)

    def verification(self, ref: UUID) -> Verification:
        found = policies.verifications_visible_to(self.actor).select_related("commitment").filter(ref=ref).first()
        if found is None:
            raise DomainError("not_found")
        return found

    @described.operation(
        "listVerificationEvidence",
        tag="evidence",
        answers={200: EvidencePageOutput, 304: None},
        refusals=(400, 404),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.standing(request, verification=self.verification(ref))

    @described.operation(
        "addVerificationEvidence",
        tag="evidence",
        takes=UploadInput,
        answers={201: EvidenceDetailOutput, 200: EvidenceDetailOutput},
        refusals=UPLOAD,
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """The supervision office."""
        row = self.verification(ref)
        return self.added(request, row.commitment, verification=row)


class EvidenceView(EvidenceEndpoint):
    """What is known of one file."""

    @described.operation(
        "getEvidence",
        tag="evidence",
        answers={200: EvidenceDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))


class Whatever(BaseContentNegotiation):
    """The bytes are what they are, whatever the client would rather have; refusals are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next(iter(parsers), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class EvidenceFileView(EvidenceEndpoint):
    """The bytes, always as an attachment that nothing runs. Out of sight and withdrawn are both not found.

    Their tag is their SHA-256: who has the file already gets a bare 304, as long as it is in sight.
    """

    content_negotiation_class = Whatever

    @described.operation(
        "downloadEvidence",
        tag="evidence",
        answers={200: OpenApiTypes.BINARY, 304: None},
        refusals=(404, 500),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> FileResponse | Response:
        row = self.find(ref)
        if row.withdrawn_at is not None:
            raise DomainError("not_found")
        tag = f'"{row.sha256}"'
        if self.holds(tag):
            return self.unchanged(tag)
        try:
            handle = evidence_store.opened(row.sha256)
        except (evidence_store.Lost, ValueError) as fault:
            logger.error("evidence lost", extra={"evidence": row.pk, "fault": str(fault)})
            raise DomainError("evidence_lost") from fault
        answer = FileResponse(handle, as_attachment=True, filename=row.name, content_type=described.BYTES)
        for name, value in {**DOWNLOAD_HEADERS, "ETag": tag}.items():
            answer[name] = value
        return answer


class EvidenceWithdrawalView(EvidenceEndpoint):
    """Take a file back with a reason: the office, or the department that added it until it was handed in."""

    @described.operation(
        "withdrawEvidence",
        tag="evidence",
        takes=WithdrawalInput,
        answers={200: EvidenceDetailOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        row = self.find(ref)
        given = WithdrawalInput.read(request.data)
        expected = self.expected_revision(row.revision)
        reason = given.validated_data["reason"]
        actions.withdraw(row, reason=reason, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(row)
