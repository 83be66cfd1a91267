"""The park of a project: chosen by the office among the parks, written by an action, told in an event."""

import pytest
from django.test import Client

from projects.actions import catalogue
from projects.choices import InitiativeKind
from projects.errors import DomainError
from projects.models import Initiative, ParkDetails, ProjectDetails
from tests.factories import make_initiative
from tracker.event_kinds import EventKind
from tracker.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(cast):
    one = make_initiative("P-1")
    ProjectDetails.objects.create(initiative=one)
    ParkDetails.objects.create(initiative=make_initiative("K-1", kind=InitiativeKind.PARK))
    return one


def url(one: Initiative) -> str:
    return f"/admin/projects/initiative/{one.pk}/change/"


def save(client: Client, one: Initiative, **changes: object):
    client.get(url(one))
    said = {
        "name": one.name, "jurisdiction": "", "host": "", "note": "",
        "project-TOTAL_FORMS": 1, "project-INITIAL_FORMS": 1, "project-0-initiative": one.pk,
        "project-0-in_statistics": "unknown",
        "designations-TOTAL_FORMS": 0, "designations-INITIAL_FORMS": 0,
        **changes,
    }  # fmt: skip
    return client.post(url(one), said)


def test_the_office_names_the_park_and_the_log_tells_it(cast, browser, project):
    park = Initiative.objects.get(code="K-1")
    assert save(browser("chen"), project, **{"project-0-stands_in": park.pk}).status_code == 302
    assert ProjectDetails.objects.get().park_id == park.pk
    event = Event.objects.get(kind=EventKind.CATALOGUE_REVISED)
    assert event.changes == {"projectdetails: stands_in": [None, "K-1"]}
    fresh = Initiative.objects.get(pk=project.pk)
    assert fresh.revision > project.revision


def test_the_page_shows_the_park_that_stands_and_takes_it_away_again(cast, browser, project):
    park = Initiative.objects.get(code="K-1")
    catalogue.place_in_park(project, park=park)
    shown = browser("chen").get(url(project)).content.decode()
    assert f'<option value="{park.pk}" selected>' in shown
    save(browser("chen"), project, **{"project-0-stands_in": ""})
    assert ProjectDetails.objects.get().park_id is None
    assert Event.objects.get(kind=EventKind.CATALOGUE_REVISED).changes == {"projectdetails: stands_in": ["K-1", None]}


def test_saving_without_a_change_writes_nothing(cast, browser, project):
    park = Initiative.objects.get(code="K-1")
    catalogue.place_in_park(project, park=park)
    assert not catalogue.place_in_park(project, park=park)
    save(browser("chen"), project, **{"project-0-stands_in": park.pk})
    assert not Event.objects.filter(kind=EventKind.CATALOGUE_REVISED).exists()


def test_what_is_no_park_is_refused(cast, browser, project):
    other = make_initiative("P-2")
    assert save(browser("chen"), project, **{"project-0-stands_in": other.pk}).status_code == 200
    with pytest.raises(DomainError, match="P-2”不是园区"):
        catalogue.place_in_park(project, park=other)
    with pytest.raises(DomainError, match="只有项目"):
        catalogue.place_in_park(Initiative.objects.get(code="K-1"), park=None)
    assert ProjectDetails.objects.get().park_id is None
