"""Addresses of plans and clauses."""

from django.urls import path

from tracker.api.decisions import views

PATTERNS = [
    path("plans/<slug:code>/", views.PlanView.as_view(), name="api-plan"),
    path("plans/<slug:code>/clauses/", views.ClauseListView.as_view(), name="api-clauses"),
    path("plans/<slug:code>/clauses/<clause_code:clause>/", views.ClauseView.as_view(), name="api-clause"),
]
