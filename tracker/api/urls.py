"""Addresses of the API; config.urls hangs them under /api/v1/. What stands in an address is a public code."""

from django.urls import path, re_path

from tracker.api import batch, directory, inbox, openapi, problems, reports, sessions
from tracker.api.cataloguing.urls import PATTERNS as CATALOGUING
from tracker.api.contributions.urls import PATTERNS as CONTRIBUTIONS
from tracker.api.decisions.urls import PATTERNS as DECISIONS
from tracker.api.desk.urls import PATTERNS as DESK
from tracker.api.devices.urls import PATTERNS as DEVICES
from tracker.api.evidence.urls import PATTERNS as EVIDENCE
from tracker.api.figures.urls import PATTERNS as FIGURES
from tracker.api.handing_over.urls import PATTERNS as HANDING_OVER
from tracker.api.histories.urls import PATTERNS as HISTORIES
from tracker.api.indicators.urls import PATTERNS as INDICATORS
from tracker.api.lifecycle.urls import PATTERNS as LIFECYCLE
from tracker.api.measuring.urls import PATTERNS as MEASURING
from tracker.api.milestones.urls import PATTERNS as MILESTONES
from tracker.api.owners.urls import PATTERNS as OWNERS
from tracker.api.preferences.urls import PATTERNS as PREFERENCES
from tracker.api.questions.urls import PATTERNS as QUESTIONS
from tracker.api.registering.urls import PATTERNS as REGISTERING
from tracker.api.slip_acts.urls import PATTERNS as SLIP_ACTS
from tracker.api.slip_papers.urls import PATTERNS as SLIPS
from tracker.api.sync.urls import PATTERNS as SYNC
from tracker.api.verifying.urls import PATTERNS as VERIFYING

urlpatterns = [
    path("auth/login/", sessions.LoginView.as_view(), name="api-login"),
    path("auth/logout/", sessions.LogoutView.as_view(), name="api-logout"),
    path("auth/logoutall/", sessions.LogoutAllView.as_view(), name="api-logoutall"),
    path("me/", sessions.MeView.as_view(), name="api-me"),
    *REGISTERING,
    *LIFECYCLE,
    path("reports/", reports.ReportListView.as_view(), name="api-reports"),
    path("reports/batch/", batch.BatchView.as_view(), name="api-reports-batch"),
    path("reports/<uuid:ref>/", reports.ReportView.as_view(), name="api-report"),
    path("reports/<uuid:ref>/submission/", reports.SubmissionView.as_view(), name="api-report-submission"),
    path("reports/<uuid:ref>/acceptance/", reports.AcceptanceView.as_view(), name="api-report-acceptance"),
    path("reports/<uuid:ref>/return/", reports.ReturnView.as_view(), name="api-report-return"),
    path("inbox/", inbox.InboxView.as_view(), name="api-inbox"),
    path("inbox/unread/", inbox.UnreadView.as_view(), name="api-inbox-unread"),
    path("inbox/read/", inbox.InboxReadView.as_view(), name="api-inbox-read"),
    path("plans/", directory.PlanListView.as_view(), name="api-plans"),
    *DECISIONS,
    *HISTORIES,
    *MILESTONES,
    *INDICATORS,
    *MEASURING,
    *FIGURES,
    *OWNERS,
    *HANDING_OVER,
    *CATALOGUING,
    *SLIPS,
    *SLIP_ACTS,
    *QUESTIONS,
    *EVIDENCE,
    *CONTRIBUTIONS,
    *VERIFYING,
    *DESK,
    *DEVICES,
    *PREFERENCES,
    path("problems/", problems.ProblemsView.as_view(), name="api-problems"),
    *SYNC,
    path("schema/", openapi.SchemaView.as_view(), name="api-schema"),
    path("docs/", openapi.DocsView.as_view(), name="api-docs"),
    re_path(r"^[\s\S]*$", openapi.NothingHereView.as_view(), name="api-nothing-here"),
]
