"""Addresses of evidence."""

from django.urls import path

from tracker.api.converters import COMMITMENT
from tracker.api.evidence import views

PATTERNS = [
    path(f"{COMMITMENT}evidence/", views.CommitmentEvidenceView.as_view(), name="api-commitment-evidence"),
    path("reports/<uuid:ref>/evidence/", views.ReportEvidenceView.as_view(), name="api-report-evidence"),
    path(
        "verifications/<uuid:ref>/evidence/", views.VerificationEvidenceView.as_view(), name="api-verification-evidence"
    ),
    path("evidence/", views.EvidenceListView.as_view(), name="api-evidence-list"),
    path("evidence/<uuid:ref>/", views.EvidenceView.as_view(), name="api-evidence"),
    path("evidence/<uuid:ref>/file/", views.EvidenceFileView.as_view(), name="api-evidence-file"),
    path("evidence/<uuid:ref>/withdrawal/", views.EvidenceWithdrawalView.as_view(), name="api-evidence-withdrawal"),
]
