"""Things of the catalogue entered and corrected over REST, each change one event."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

from projects.choices import InitiativeKind
from projects.models import Initiative, ParkDetails, PlatformDetails, ProjectDetails
from tests.factories import Cast, make_commitment, make_initiative, make_jurisdiction
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.event_kinds import EventKind
from tracker.models import Event

SignIn = Callable[[str], Caller]


def told() -> list[dict[str, object]]:
    return list(
        Event.objects.filter(kind=EventKind.CATALOGUE_REVISED).order_by("seq").values_list("changes", flat=True)
    )


def test_each_kind_is_entered_with_its_details(cast: Cast, sign_in: SignIn) -> None:
    make_jurisdiction(code="511302", name="顺庆区")
    chen = sign_in("chen")
    for kind, details in (
        ("park", {"grade": "provincial", "shares": [{"county": "511302", "share_percent": "40"}]}),
        (
            "project",
            {"stage": "construction", "stands_in": "N-park", "total_investment_wan": "500.5"},
        ),
        ("platform", {"grade": "municipal", "field": "新材料"}),
        ("talent_programme", {"audience": "博士", "years": [{"year": 2026, "quota": 30, "headcount": None}]}),
    ):
        said = {
            "code": f"N-{kind}", "kind": kind, "name": "新载体", "jurisdiction": "511302", "host": "某公司",
            kind: details,
            "designations": [{"title": "重点", "grade": "national", "step": "applied"}], "client_ref": str(uuid4()),
        }  # fmt: skip
        made = chen.post("initiatives/", said)
        assert made.status_code == 201, made.json()
        assert_fits(made.json(), "InitiativeDetailOutput")
        again = chen.post("initiatives/", said)
        assert (again.status_code, again["Location"], again.json()) == (200, made["Location"], made.json())
        assert [one["step"] for one in made.json()["designations"]] == ["applied"]
        assert made.json()[kind] is not None
    assert len(told()) == Initiative.objects.count() == 4
    assert ParkDetails.objects.get().shares.get().share_percent == 40
    project = ProjectDetails.objects.get()
    assert (project.park_id, project.total_investment_wan) == (ParkDetails.objects.get().pk, Decimal("500.50"))


def test_a_correction_changes_what_it_names_and_one_event_tells_it(cast: Cast, sign_in: SignIn) -> None:
    one = make_initiative("P-1")
    ProjectDetails.objects.create(initiative=one, stage="planning", physical_percent=Decimal(10))
    item = make_commitment("A", department=cast.science, initiative=one)
    gu, lin = sign_in("gu"), sign_in("lin")
    tag, read = gu.get("initiatives/P-1/")["ETag"], lin.get("commitments/A/")["ETag"]
    done = gu.patch("initiatives/P-1/", {"name": "改名", "project": {"stage": "completed"}}, If_Match=tag)
    assert done.status_code == 200, done.json()
    assert_fits(done.json(), "InitiativeDetailOutput")
    assert (done.json()["project"]["stage"], done.json()["project"]["physical_percent"]) == ("completed", "10")
    assert told() == [
        {"name": ["载体 P-1", "改名"], "projectdetails: stage": ["planning", "completed"]},
    ]
    assert_refused(gu.patch("initiatives/P-1/", {"name": "旧页"}, If_Match=tag), 412, "stale")
    assert gu.patch("initiatives/P-1/", {"name": "改名"}).json()["revision"] == done.json()["revision"]
    assert len(told()) == 1
    assert lin.get("commitments/A/").json()["initiative"]["name"] == "改名"
    assert lin.get("commitments/A/", If_None_Match=read).status_code in {200, 304}
    assert item.initiative == one
    rungs = [{"title": "示范", "grade": "provincial"}]
    assert gu.patch("initiatives/P-1/", {"designations": rungs}).json()["designations"][0]["step"] == "aimed"
    climbed = gu.patch("initiatives/P-1/", {"designations": [{"title": "示范", "step": "listed"}]}).json()
    assert [(rung["grade"], rung["step"]) for rung in climbed["designations"]] == [("provincial", "listed")]


def test_what_is_refused_names_its_field_and_writes_nothing(cast: Cast, sign_in: SignIn) -> None:
    PlatformDetails.objects.create(initiative=make_initiative("L-1", kind=InitiativeKind.PLATFORM))
    make_jurisdiction(code="511302", name="顺庆区")
    chen, new = sign_in("chen"), {"code": "N-1", "kind": "platform", "name": "新平台"}
    for change, status, code, field in (
        ({"code": "L-1"}, 409, "code_taken", "code"),
        ({"code": "a/b"}, 400, "field_invalid", "code"),
        ({"kind": "road"}, 400, "field_invalid", "kind"),
        ({"jurisdiction": "1"}, 400, "code_unknown", "jurisdiction"),
        ({"park": {"grade": "national"}}, 400, "initiative_other_kind", "park"),
        ({"designations": [{"title": "重点"}]}, 400, "designation_grade_missing", "designations"),
        ({"platform": {"colour": "red"}}, 400, "field_unknown", "platform.colour"),
        ({"kind": "project", "project": {"stands_in": "L-1"}}, 400, "code_unknown", "project.stands_in"),
        ({"kind": "project", "project": {"physical_percent": "-1"}}, 400, "field_invalid", "project.physical_percent"),
        ({"kind": "park", "park": {"shares": [{"county": "511302", "share_percent": "0"}]}}, 400, "field_invalid",
         "park.shares.0.share_percent"),
    ):  # fmt: skip
        assert_refused(chen.post("initiatives/", new | change), status, code, field)
    assert_refused(chen.patch("initiatives/L-1/", {"kind": "park"}), 400, "field_unknown", "kind")
    assert_refused(chen.patch("initiatives/none/", {}), 404, "not_found")
    for name in ("lin", "wu"):
        assert_refused(sign_in(name).post("initiatives/", new), 403, "not_allowed")
        assert_refused(sign_in(name).patch("initiatives/L-1/", {"name": "x"}), 403, "not_allowed")
    assert (Initiative.objects.count(), told()) == (1, [])
