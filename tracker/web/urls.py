"""Addresses of the pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from tracker.web import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("commitments/", views.commitments, name="commitments"),
    path("commitments/<str:code>/", views.commitment, name="commitment"),
    path("departments/", views.departments, name="departments"),
    path("departments/<slug:code>/", views.department, name="department"),
    path("accounts/login/", views.SignInView.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(template_name="registration/logged_out.html"), name="logout"),
]
