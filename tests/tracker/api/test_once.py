"""A creation takes effect once for each reference of the client's, however often and from wherever it arrives."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.factories import TODAY, Cast, make_cast, make_commitment, make_post
from tests.tracker.actions.test_concurrency import at_once
from tests.tracker.api.conftest import Caller, assert_refused
from tracker.actions import api_writes
from tracker.models import ApiWrite, Blocker, Commitment
from tracker.tasks import jobs

SignIn = Callable[[str], Caller]


def blocker(reference: object, **said: object) -> dict[str, object]:
    wanted = {"commitment": "A", "category": "land", "text": "缺用地指标。", "wanted_from": "wjw-head"}
    return wanted | {"wanted_by": (TODAY + timedelta(days=10)).isoformat(), "client_ref": str(reference)} | said


@pytest.fixture
def scene(cast: Cast) -> Cast:
    make_commitment("A", department=cast.science)
    make_post("wjw-head", department=cast.health_bureau)
    return cast


def test_a_repetition_gets_what_the_first_one_made(scene: Cast, sign_in: SignIn) -> None:
    reference, lin = uuid4(), sign_in("lin")
    first, again = lin.post("blockers/", blocker(reference)), sign_in("lin").post("blockers/", blocker(reference))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert first["ETag"] == again["ETag"]
    lin.post(f"blockers/{first.json()['ref']}/withdrawal/", {"reason": "已解决。"})
    assert lin.post("blockers/", blocker(reference)).json()["state"] == "withdrawn", "what stands now, not a copy"
    assert Blocker.objects.count() == 1


def test_the_same_reference_with_something_else_is_refused(scene: Cast, sign_in: SignIn) -> None:
    reference, lin = uuid4(), sign_in("lin")
    lin.post("blockers/", blocker(reference))
    assert_refused(lin.post("blockers/", blocker(reference, text="缺资金。")), 409, "client_ref_reused", "client_ref")
    body = {"commitment": "A", "wanted_on": "2027-03-31", "reason": "延期。", "client_ref": str(reference)}
    assert_refused(lin.post("extensions/", body), 409, "client_ref_reused", "client_ref")
    assert Blocker.objects.count() == 1


def test_a_refused_write_is_not_remembered(scene: Cast, sign_in: SignIn) -> None:
    reference, lin = uuid4(), sign_in("lin")
    assert_refused(lin.post("blockers/", blocker(reference, wanted_from="nobody")), 400, "post_unknown")
    assert_refused(lin.post("blockers/", blocker("no-uuid")), 400, "field_invalid", "client_ref")
    assert not ApiWrite.objects.exists()
    assert lin.post("blockers/", blocker(reference)).status_code == 201


def test_a_reference_belongs_to_its_author_and_shows_nothing_that_went_out_of_sight(
    scene: Cast, sign_in: SignIn
) -> None:
    reference = uuid4()
    make_commitment("B", department=scene.health_bureau)
    assert sign_in("lin").post("blockers/", blocker(reference)).status_code == 201
    assert sign_in("zhou").post("blockers/", blocker(reference, commitment="B")).status_code == 201
    Commitment.objects.filter(code="A").update(lead=scene.health_bureau)
    assert_refused(sign_in("lin").post("blockers/", blocker(reference)), 404, "not_found")


def test_old_references_are_forgotten(scene: Cast, sign_in: SignIn) -> None:
    sign_in("lin").post("blockers/", blocker(uuid4()))
    now = timezone.now()
    assert api_writes.forget(now=now + timedelta(days=89)) == 0
    assert api_writes.forget(now=now + timedelta(days=91)) == 1
    jobs.forget_writes()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_write_from_several_connections_at_once_makes_one(settings: object) -> None:
    from knox.models import AuthToken

    cast = make_cast()
    make_commitment("A", department=cast.science)
    make_post("wjw-head", department=cast.health_bureau)
    reference, token = uuid4(), AuthToken.objects.create(user=cast.lin)[1]
    sent = blocker(reference)
    answers = Counter(at_once(*[lambda: Caller(token).post("blockers/", sent).status_code] * 6))
    assert answers == {201: 1, 200: 5}
    assert Blocker.objects.count() == 1
