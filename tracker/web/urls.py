"""Addresses of the pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from projects.choices import InitiativeKind
from tracker.web import calendar_page, catalogue_page, indicators_page, search_page, thing_page, timeline_page, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("commitments/", views.commitments, name="commitments"),
    path("commitments/<str:code>/", views.commitment, name="commitment"),
    path("departments/", views.departments, name="departments"),
    path("departments/<slug:code>/", views.department, name="department"),
    path("burden/", views.burden, name="burden"),
    path("projects/", catalogue_page.things, {"kind": InitiativeKind.PROJECT}, name="projects"),
    path("projects/<str:code>/", thing_page.thing, {"kind": InitiativeKind.PROJECT}, name="project"),
    path("parks/", catalogue_page.things, {"kind": InitiativeKind.PARK}, name="parks"),
    path("parks/<str:code>/", thing_page.thing, {"kind": InitiativeKind.PARK}, name="park"),
    path("platforms/", catalogue_page.things, {"kind": InitiativeKind.PLATFORM}, name="platforms"),
    path("platforms/<str:code>/", thing_page.thing, {"kind": InitiativeKind.PLATFORM}, name="platform"),
    path("talent/", catalogue_page.things, {"kind": InitiativeKind.TALENT_PROGRAMME}, name="talents"),
    path("talent/<str:code>/", thing_page.thing, {"kind": InitiativeKind.TALENT_PROGRAMME}, name="talent"),
    path("targets/", indicators_page.targets, name="targets"),
    path("targets/<slug:code>/", indicators_page.target, name="target"),
    path("timeline/", timeline_page.page, name="timeline"),
    path("calendar/", calendar_page.page, name="calendar"),
    path("search/", search_page.page, name="search"),
    path("accounts/login/", views.SignInView.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(template_name="registration/logged_out.html"), name="logout"),
]
