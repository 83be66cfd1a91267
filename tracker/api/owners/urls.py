"""Addresses of departments and posts."""

from django.urls import path

from tracker.api.owners import views

PATTERNS = [
    path("departments/", views.DepartmentListView.as_view(), name="api-departments"),
    path("departments/<slug:code>/", views.DepartmentView.as_view(), name="api-department"),
    path("posts/", views.PostListView.as_view(), name="api-posts"),
    path("posts/<slug:code>/", views.PostView.as_view(), name="api-post"),
    path("portfolio/", views.PortfolioView.as_view(), name="api-portfolio"),
]
