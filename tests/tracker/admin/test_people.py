"""People, departments, posts and the catalogue: kept through actions, with events, by those who may."""

from datetime import date

from django.urls import reverse

from projects.models import Designation, Initiative, Reading
from tests.factories import make_indicator, make_initiative
from tracker.actions import people
from tracker.choices import Role
from tracker.event_kinds import EventKind
from tracker.models import Department, Event, Post, PostHolding, User
from tracker.policies import SYSTEM


def url(row: object, view: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}", args=[row.pk])  # type: ignore[attr-defined]  # any model


def person(user: User, **said: object) -> dict[str, object]:
    kept = {"full_name": user.full_name, "role": user.role, "department": user.department_id or "", "email": user.email}
    return kept | {"is_active": "on", "new_password": ""} | said


def test_a_supervisor_enters_a_person_who_can_then_sign_in(cast, browser):
    said = {
        "username": "sun",
        "full_name": "孙",
        "role": "officer",
        "department": cast.science.pk,
        "email": "",
        "is_active": "on",
    }
    answer = browser("chen").post("/admin/tracker/user/add/", said | {"new_password": "a long password 7"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    sun = User.objects.get(username="sun")
    assert (sun.role, sun.department, sun.is_staff, sun.is_superuser) == (Role.OFFICER, cast.science, True, False)
    assert sun.check_password("a long password 7")
    assert Event.objects.filter(kind=EventKind.PERSON_REVISED, subject="user sun").exists()


def test_a_weak_password_and_a_missing_department_are_told_at_their_field(cast, browser):
    said = {"username": "sun", "role": "officer", "department": "", "is_active": "on"}
    gu = browser("gu")
    answer = gu.post("/admin/tracker/user/add/", said | {"new_password": "123"})
    assert set(answer.context["adminform"].form.errors) == {"new_password"}
    answer = gu.post("/admin/tracker/user/add/", said | {"new_password": "a long password 7"})
    assert set(answer.context["adminform"].form.errors) == {"department"}
    assert not User.objects.filter(username="sun").exists()


def test_taking_a_sign_in_away_and_giving_it_back(cast, browser):
    gu = browser("gu")
    said = person(cast.zhou)
    del said["is_active"]
    gu.post(url(cast.zhou), said)
    cast.zhou.refresh_from_db()
    assert cast.zhou.is_active is False
    gu.post(url(cast.zhou), person(cast.zhou))
    cast.zhou.refresh_from_db()
    assert cast.zhou.is_active is True


def test_only_administrators_make_and_change_administrators(cast, browser):
    chen = browser("chen")
    answer = chen.post(url(cast.lin), person(cast.lin, role="admin"))
    assert "role" in answer.context["adminform"].form.errors
    assert chen.post(url(cast.gu), person(cast.gu, new_password="taken over 123456")).status_code == 403
    cast.gu.refresh_from_db()
    assert not cast.gu.check_password("taken over 123456")
    assert browser("gu").post(url(cast.lin), person(cast.lin, role="admin", department="")).status_code == 302


def test_changing_ones_own_password_keeps_one_signed_in(cast, browser):
    gu = browser("gu")
    gu.post(url(cast.gu), person(cast.gu, new_password="another battery 9"))
    cast.gu.refresh_from_db()
    assert cast.gu.is_superuser
    assert cast.gu.check_password("another battery 9")
    assert gu.get("/admin/").status_code == 200


def test_a_department_is_entered_and_its_code_stays(cast, browser):
    said = {
        "code": "ny",
        "name": "市农业农村局",
        "short_name": "农业",
        "kind": "city",
        "jurisdiction": cast.science.jurisdiction_id,
        "order": 3,
    }
    gu = browser("gu")
    gu.post("/admin/tracker/department/add/", said)
    department = Department.objects.get(code="ny")
    gu.post(url(department), said | {"code": "other", "short_name": "农"})
    department.refresh_from_db()
    assert (department.code, department.short_name) == ("ny", "农")
    entries = gu.get(url(department, "history")).context["entries"]
    assert len(entries) == 2


def test_a_post_changes_hands_and_its_history_stays(cast, browser):
    chen = browser("chen")
    chen.post(
        "/admin/tracker/post/add/", {"code": "kjj-1", "title": "局长", "department": cast.science.pk, "overseen_by": ""}
    )
    post = Post.objects.get()
    add = "/admin/tracker/postholding/add/"
    chen.post(add, {"post": post.pk, "holder": cast.lin.pk, "starts_on": "2026-01-01"})
    chen.post(add, {"post": post.pk, "holder": cast.zhou.pk, "starts_on": "2026-06-01"})
    held = list(PostHolding.objects.order_by("starts_on").values_list("holder", "ends_on"))
    assert held == [(cast.lin.pk, date(2026, 5, 31)), (cast.zhou.pk, None)]
    answer = chen.post(add, {"post": post.pk, "holder": cast.lin.pk, "starts_on": "2026-03-01"})
    assert "starts_on" in answer.context["adminform"].form.errors
    assert PostHolding.objects.count() == 2


def test_an_initiative_is_corrected_with_its_details_stamped_and_told(cast, browser):
    item = make_initiative("I-1")
    browser("chen").get(url(item))
    said = {
        "name": "新名", "jurisdiction": "", "host": "", "note": "",
        "project-TOTAL_FORMS": 1, "project-INITIAL_FORMS": 0, "project-0-total_investment_wan": "1200.5",
        "project-0-stage": "construction",
        "project-0-in_statistics": "unknown",
        "designations-TOTAL_FORMS": 1, "designations-INITIAL_FORMS": 0, "designations-0-title": "国家级",
        "designations-0-grade": "national",
        "designations-0-step": "applied",
    }  # fmt: skip
    answer = browser("chen").post(url(item), said)
    assert answer.status_code == 302, [form.errors for form in answer.context["inline_admin_formsets"]]
    fresh = Initiative.objects.get(pk=item.pk)
    assert (fresh.name, fresh.project.stage, fresh.revision > item.revision) == ("新名", "construction", True)
    assert Designation.objects.get().step == "applied"
    event = Event.objects.get(kind=EventKind.CATALOGUE_REVISED)
    assert event.subject == "initiative I-1"
    assert event.actor == cast.chen


def test_a_verified_reading_needs_its_source(cast, browser):
    indicator = make_indicator()
    said = {
        "indicator": indicator.pk,
        "period_start": "2026-01-01",
        "period_end": "2026-12-31",
        "reported": "",
        "source": "",
    }
    add = "/admin/projects/reading/add/"
    answer = browser("chen").post(add, said | {"verified": "262"})
    assert "source" in answer.context["adminform"].form.errors
    browser("chen").post(add, said | {"verified": "262", "source": "省公示"})
    assert Reading.objects.get().verified == 262


def test_the_action_behind_the_page_asks_again(cast):
    """The pages hide what is not allowed; the action refuses it."""
    assert people.set_user("root", role=Role.ADMIN, by=SYSTEM).role == Role.ADMIN
