"""Reports: list, write, correct, hand in, accept, return. Every change goes through `actions.reports`."""

from collections.abc import Callable
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
from tracker import policies
from tracker.actions import reports, reviews
from tracker.actions.reports import Received
from tracker.api import described, filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.filters import ReportFilter
from tracker.api.inputs import VOLUMES, NewReportInput, ReportInput, ReturnInput
from tracker.api.serializers import ReportOutput, ReportPageOutput
from tracker.models import ProgressReport
from tracker.queries import api

WRITE = (403, 404, 409, 412, *described.BODY)


class ReportEndpoint(Endpoint):
    """What all endpoints of reports share: finding one, answering with one."""

    nested = VOLUMES

    def find(self, ref: UUID) -> ProgressReport:
        """The report, when it is in the caller's sight. Raises DomainError `not_found`."""
        found = policies.reports_visible_to(self.actor).filter(ref=ref).first()
        if found is None:
            raise DomainError("not_found")
        return found

    def receive(self, given: NewReportInput, *, expected: Callable[[int], int | None]) -> Received:
        """Let what came in take effect, once.

        Args:
            given: a body that was found readable.
            expected: of the revision that stands, the one that the caller has read; None: any.
        """
        said = given.validated_data
        item = policies.visible_to(self.actor).filter(code=said["commitment"]).first()
        if item is None:
            raise DomainError("not_found", field="commitment")
        standing = item.reports.exclude(state="accepted").values_list("revision", flat=True).first() or 0
        return reports.receive(
            item,
            values=given.values(),
            by=self.actor,
            today=self.today,
            period_start=said["period_start"],
            client_ref=said["client_ref"],
            is_handed_in=said["submit"],
            expected_revision=expected(standing),
        )

    def answer(self, report: ProgressReport, *, status: int = 200) -> Response:
        """The report as it stands now."""
        seen_at = clock.revision()
        row = api.report_row(report)
        response = self.tagged(shapes.report(row), revision=row[-1], seen_at=seen_at, status=status)
        if status == 201:
            response["Location"] = f"{shapes.ROOT}/reports/{report.ref}/"
        return response


class ReportListView(ReportEndpoint):
    """The reports in the caller's sight, newest first; and the door for a new one."""

    @described.operation(
        "listReports",
        tag="reports",
        answers={200: ReportPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(ReportFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> dict[str, object]:
        actor = self.actor
        at = paging.window(request)
        seen = filters.narrow(policies.reports_visible_to(actor), request.query_params, by=ReportFilter)
        rows = api.report_rows(seen, after=at.after, limit=at.limit + 1)
        if not rows and at.after is None:
            filters.check_codes(("commitment",), request.query_params, viewer=actor)
        return paging.page(request, at, rows, shape=shapes.report, key=lambda row: str(row[0]))

    @described.operation(
        "createReport",
        tag="reports",
        takes=NewReportInput,
        answers={201: ReportOutput, 200: ReportOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request) -> Response:
        """201 for a new report; 200 where the open draft took the values, and for a retry with the same client_ref."""
        given = NewReportInput.read(request.data)
        received = self.receive(given, expected=self.expected_revision)
        return self.answer(self.find(received.report.ref), status=201 if received.is_new else 200)


class ReportView(ReportEndpoint):
    """One report. A foreign one, and another department's draft, is not found."""

    @described.operation(
        "getReport",
        tag="reports",
        answers={200: ReportOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))

    @described.operation(
        "reviseReport",
        tag="reports",
        takes=ReportInput,
        answers={200: ReportOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def put(self, request: Request, ref: UUID) -> Response:
        """Replace what a draft or returned report says. Its period stays."""
        report = self.find(ref)
        given = ReportInput.read(request.data)
        expected = self.expected_revision(report.revision)
        reports.revise(report, values=given.values(), by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(report)


class SubmissionView(ReportEndpoint):
    """Hand a draft or returned report in."""

    @described.operation(
        "submitReport", tag="reports", answers={200: ReportOutput}, refusals=WRITE, parameters=(described.IF_MATCH,)
    )
    def post(self, request: Request, ref: UUID) -> Response:
        report = self.find(ref)
        expected = self.expected_revision(report.revision)
        reports.submit(report, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(report)


class AcceptanceView(ReportEndpoint):
    """Accept a submitted report: its values become the commitment's."""

    @described.operation(
        "acceptReport", tag="reports", answers={200: ReportOutput}, refusals=WRITE, parameters=(described.IF_MATCH,)
    )
    def post(self, request: Request, ref: UUID) -> Response:
        report = self.find(ref)
        expected = self.expected_revision(report.revision)
        reviews.accept(report, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(report)


class ReturnView(ReportEndpoint):
    """Return a submitted report with a reason."""

    @described.operation(
        "returnReport",
        tag="reports",
        takes=ReturnInput,
        answers={200: ReportOutput},
        refusals=WRITE,
        parameters=(described.IF_MATCH,),
    )
    def post(self, request: Request, ref: UUID) -> Response:
        report = self.find(ref)
        given = ReturnInput.read(request.data)
        reason = given.validated_data["reason"]
        expected = self.expected_revision(report.revision)
        reviews.send_back(report, reason=reason, by=self.actor, today=self.today, expected_revision=expected)
        return self.answer(report)
