"""Forms for people: every field that a page of the admin asks for has a name and a sentence of help."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.foreign import World, make_world, views_of
from tracker.admin.access import Guarded
from tracker.admin.commitment_bulk import ReassignForm
from tracker.choices import Stage
from tracker.models import Commitment, User

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PEOPLE = ("lin", "chen", "wu", "gu")
# Steps that ask something of their own, by where one stands.
STEPS = {Stage.ISSUED: (Stage.ACCEPTED, Stage.REGISTERED, Stage.EXEMPT), Stage.REPORTED_DONE: (Stage.IN_PROGRESS,)}
WITHOUT_FORM = ("/history/", "/delete/", "/download/", "/issued/", "/closed/", "/x/")


@pytest.fixture
def world() -> World:
    """One row of everything, so that every form has something to show."""
    return make_world()


def addresses(world: World) -> Iterator[str]:
    """Every page that may hold a form: a new row, the views of a standing one, and each step that is asked."""
    for model, page in admin.site._registry.items():
        add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        yield from (add, f"{add}?commitment=C-2")
        yield from (view for view in views_of(page, world.row(model)) if not view.endswith(WITHOUT_FORM))
    for stage, steps in STEPS.items():
        row = factories.make_commitment(department=world.cast.science, stage=stage)
        yield from (reverse("admin:tracker_commitment_step", args=[row.pk, to]) for to in steps)
        yield reverse("admin:tracker_commitment_verify", args=[row.pk])


def fields(context: Any) -> Iterator[Any]:
    """The bound fields that a page asks for: of Django's form with its inlines, and of forms of our own."""
    shown = {key: context[key] for key in context.keys()}  # noqa: SIM118  # Django's list of contexts is no mapping
    for value in shown.values():
        if isinstance(value, AdminForm):
            lines = (line for fieldset in value for line in fieldset)
            yield from (place.field for line in lines for place in line if not getattr(place, "is_readonly", False))
        elif isinstance(value, list) and value and isinstance(value[0], InlineAdminFormSet):
            yield from (field for inline in value for field in asked_inline(inline))
        elif isinstance(value, BaseForm) and "adminform" not in shown:
            yield from value.visible_fields()


def asked_inline(inline: InlineAdminFormSet) -> Iterator[Any]:
    if inline.has_add_permission or inline.has_change_permission:
        for row in inline:
            for line in (line for fieldset in row for line in fieldset):
                yield from (place.field for place in line if not getattr(place, "is_readonly", False))


def is_bare(bound: Any) -> bool:
    """Whether a visible field lacks its label or its help."""
    if bound.is_hidden or bound.name in {"DELETE", "id"}:
        return False
    return not str(bound.label or "").strip() or not str(bound.help_text or "").strip()


@pytest.mark.parametrize("name", PEOPLE)
def test_every_field_of_every_page_has_a_label_and_help(name: str, world: World) -> None:
    client, bare, seen = Client(), set(), 0
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    factories.make_commitment("C-2", department=world.cast.science)
    for address in addresses(world):
        answer = client.get(address)
        if answer.status_code != 200 or not answer.context:
            continue
        for bound in fields(answer.context):
            seen += 1
            if is_bare(bound):
                bare.add(f"{address.split('?')[0]} {type(bound.form).__name__}.{bound.name}")
    assert sorted(bare) == []
    assert seen > (0 if name == "wu" else 10)


def test_the_page_of_many_has_help_too() -> None:
    page = admin.site._registry[Commitment]
    assert isinstance(page, Guarded)
    form = ReassignForm(page=page)
    assert [bound.name for bound in form.visible_fields() if is_bare(bound)] == []
