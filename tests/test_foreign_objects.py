"""What is foreign does not exist: for every page of the admin, every view of one row, lists, files, search boxes and
posted keys, asked by Zhou, an officer of another department. Walks what is registered: a new page is asked too.
"""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.foreign import PUBLIC, SECRET, World, make_world, views_of
from tracker.choices import OfficialLayout
from tracker.models import Commitment, CommitmentDepartment, Department, Event, ProgressReport, User

pytestmark = pytest.mark.django_db

HIDDEN = {404, 403}


@pytest.fixture
def world(settings: Any) -> World:
    settings.AXES_ENABLED = False
    return make_world()


@pytest.fixture
def zhou(world: World) -> Client:
    client = Client()
    client.force_login(world.cast.zhou, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages() -> Iterator[tuple[type[Model], Any]]:
    yield from admin.site._registry.items()


def test_the_world_holds_one_row_of_every_page(world: World) -> None:
    missing = [model.__name__ for model, _page in pages() if model not in world.rows]
    assert missing == [], "make one in tests/foreign.py"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_view_of_a_foreign_row_is_hidden(method: str, world: World, zhou: Client) -> None:
    wrong, asked = [], 0
    for model, page in pages():
        if model in PUBLIC:
            continue
        for address in views_of(page, world.row(model)):
            answer = zhou.generic(method, address, "", content_type="application/x-www-form-urlencoded")
            asked += 1
            # Django's own bare address leads to the change page, which is asked by itself.
            is_way = answer.status_code == 302 and answer["Location"].endswith("/change/")
            if not is_way and (answer.status_code not in HIDDEN or SECRET in answer.content.decode()):
                wrong.append(f"{method} {address}: {answer.status_code}")
    assert wrong == []
    assert asked > 60


def test_what_everybody_reads_has_no_view_that_changes_it(world: World, zhou: Client) -> None:
    for model in PUBLIC:
        name = f"admin:tracker_{model._meta.model_name}"
        row = world.row(model)
        assert zhou.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert zhou.post(reverse(f"{name}_change", args=[row.pk]), {"title": "x"}).status_code == 403
        assert zhou.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 404
        history = zhou.get(reverse(f"{name}_history", args=[row.pk]))
        assert (history.status_code, SECRET in history.content.decode()) == (200, False)


def test_no_list_and_no_desk_shows_a_foreign_row(world: World, zhou: Client) -> None:
    wrong = []
    for model, _page in pages():
        for query in ("", f"?q={SECRET}", "?q=C-1"):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query
            answer = zhou.get(address)
            text = answer.content.decode().replace(f'value="{SECRET}"', "")
            if answer.status_code not in {200, *HIDDEN} or SECRET in text:
                wrong.append(f"{address}: {answer.status_code}")
    assert wrong == []
    assert SECRET not in zhou.get(reverse("admin:index")).content.decode()


def test_a_file_that_is_taken_along_holds_no_foreign_row(world: World, zhou: Client) -> None:
    """Every form from the admin and from the list's page; a workbook's text is compressed, so its cells are read."""
    page, mine = reverse("export"), reverse("admin:tracker_commitment_export")
    forms = ["list", "ledger", *OfficialLayout.values]
    answers = [zhou.get(page, {"layout": form, "format": "xlsx"}) for form in forms]
    answers += [zhou.post(mine, {"layout": form, "format": "xlsx"}) for form in forms[1:]]
    for answer in answers:
        book = load_workbook(io.BytesIO(answer.getvalue()), read_only=True)
        text = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        assert (SECRET in text, "C-1" in text, "Z-1" in text) == (False, False, "项目名称" not in text)
    plain = {"layout": "ledger", "format": "csv"}
    for answer in (zhou.get(page, plain), zhou.get(page, plain | {"layout": "list"}), zhou.post(mine, plain)):
        text = answer.getvalue().decode("utf-8-sig")
        assert ("Z-1" in text, SECRET in text, "C-1" in text) == (True, False, False)


def relations() -> Iterator[tuple[type[Model], str]]:
    """Every relation that a search box may be asked about."""
    for model, _page in pages():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                yield model, field.name
    yield CommitmentDepartment, "department"


def test_no_search_box_answers_with_a_foreign_row(world: World, zhou: Client) -> None:
    wrong, asked = [], 0
    for model, name in relations():
        for term in ("", SECRET):
            box = {
                "app_label": model._meta.app_label, "model_name": str(model._meta.model_name), "field_name": name,
                "term": term,
            }  # fmt: skip
            answer = zhou.get(reverse("admin:autocomplete"), box)
            asked += 1
            found = answer.json().get("results", []) if answer.status_code == 200 else []
            told = " ".join(row["text"] for row in found)
            if answer.status_code not in {200, *HIDDEN} or SECRET in told or "C-1" in told:
                wrong.append(f"{model.__name__}.{name} {term}: {told}")
    assert wrong == []
    assert asked > 60


def counts(world: World) -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in world.rows}


def test_a_foreign_key_that_is_posted_is_refused(world: World, zhou: Client) -> None:
    """To every page that Zhou may write on: the foreign commitment, its report, its department, by key and by code."""
    before, item = counts(world), world.row(Commitment)
    assert isinstance(item, Commitment)
    for model, _page in pages():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        for query in ("", "?commitment=C-1", f"?commitment={item.pk}"):
            said = {
                "commitment": item.pk, "report": world.row(ProgressReport).pk, "department": world.row(Department).pk,
                "text": "x", "reason": "x", "wanted_on": "2027-12-31", "wanted_by": "2026-12-31", "category": "land",
                "done": "x", "period": "2026-11-01", "answer_due_on": "2026-12-31", "is_no_change": "on", "_save": "1",
            }  # fmt: skip
            answer = zhou.post(address + query, said)
            assert SECRET not in answer.content.decode(), address + query
    assert counts(world) == before
    assert Event.objects.count() == before["Event"]


def test_an_inline_row_of_a_foreign_commitment_cannot_be_posted(world: World, zhou: Client) -> None:
    item = world.row(Commitment)
    address = reverse("admin:tracker_commitment_change", args=[item.pk])
    said = {"milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 0, "milestones-0-name": "x", "title": "x"}
    assert zhou.post(address, said).status_code == 404
    assert not item.milestones.exists()  # type: ignore[attr-defined]


def test_the_office_sees_all_of_it(world: World) -> None:
    """So that the walk above does not pass because the addresses are wrong."""
    chen = Client()
    chen.force_login(User.objects.get(username="chen"), backend="django.contrib.auth.backends.ModelBackend")
    shown = set()
    for model, _page in pages():
        row = world.row(model)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for view in ("change", "history"):
            answer = chen.get(reverse(f"{name}_{view}", args=[row.pk]))
            assert answer.status_code == 200, f"{name}_{view}"
            if SECRET in answer.content.decode():
                shown.add(model)
    assert len(shown) > 10
