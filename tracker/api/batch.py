"""Reports that were written without a network, sent together: each is accepted or refused by itself."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.api import described, errors, shapes
from tracker.api.inputs import BatchedReportInput, BatchInput
from tracker.api.reports import ReportEndpoint
from tracker.api.serializers import BatchOutput
from tracker.queries import api

MOST = 50


class BatchView(ReportEndpoint):
    """The door for many reports at once."""

    @described.operation(
        "createReports",
        tag="reports",
        takes=BatchInput,
        answers={200: BatchOutput},
        refusals=described.BODY,
    )
    def post(self, request: Request) -> Response:
        """One result for each report, in the order sent. The whole batch may be repeated: each takes effect once."""
        sent = self.body.get("reports")
        unknown = sorted(self.body.keys() - {"reports"})
        if unknown:
            raise DomainError("field_unknown", field=unknown[0][:40], name=unknown[0][:40], allowed="reports")
        if not isinstance(sent, list) or not 1 <= len(sent) <= MOST:
            raise DomainError("batch_size", field="reports", most=MOST)
        return Response({"results": [self._one(data) for data in sent]})

    def _one(self, data: object) -> dict[str, object]:
        reference = data.get("client_ref") if isinstance(data, dict) else None
        result: dict[str, object] = {"client_ref": str(reference) if reference else None, "report": None, "error": None}
        try:
            if not isinstance(data, dict):
                raise DomainError("body_malformed", field="reports")
            given = BatchedReportInput.read(data)
            wanted = given.validated_data["expected_revision"]
            received = self.receive(given, expected=lambda _standing: wanted)
        except Exception as fault:
            error = errors.refusal(self.placed(fault))
            if (
                error is None
            ):  # ours: nothing of this one is kept, the ones before it stand, and a repetition is harmless
                raise
            problem = errors.problem(error)
            return result | {"status": problem["status"], "error": problem}
        report = shapes.report(api.report_row(self.find(received.report.ref)))
        return result | {"status": 201 if received.is_new else 200, "report": report}
