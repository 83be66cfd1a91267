"""Addresses of plans and clauses."""

from django.urls import path

from tracker.api.decisions import views

PATTERNS = [
    path("plans/<slug:plan>/", views.PlanView.as_view(), name="api-plan"),
    path("plans/<slug:plan>/clauses/", views.ClauseListView.as_view(), name="api-clauses"),
    path("plans/<slug:plan>/clauses/<clause_code:clause>/", views.ClauseView.as_view(), name="api-clause"),
]
