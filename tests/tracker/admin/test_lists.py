"""The ledger's list: filters for what is missing, search by initials, and honest words about a wrong filter."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import make_commitment, make_department
from tests.tracker.admin.test_commitments import errors, page, url
from tracker.choices import Health, Stage
from tracker.models import Commitment, Post

LIST = "/admin/tracker/commitment/"


def codes(answer):
    return {item.code for item in answer.context["cl"].result_list}


@pytest.fixture
def ledger(cast):
    """One commitment for each thing that may be missing, and one that lacks nothing but its post."""
    make_commitment("WHOLE", department=cast.science)
    make_commitment("NOBODY")
    make_commitment("UNDATED", department=cast.science, due_on=None)
    make_commitment("ENDLESS", department=cast.science, is_continuous=True)
    make_commitment("UNPROVEN", department=cast.science, stage=Stage.REPORTED_DONE)
    suggested = make_commitment("SUGGESTED", department=cast.science)
    suggested.lead_is_suggested = True
    suggested.post = Post.objects.create(code="p", title="局长", department=cast.science)
    suggested.save()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quality=no_owner", {"NOBODY"}),
        ("lead__isnull=True", {"NOBODY"}),
        ("quality=no_date", {"UNDATED"}),
        ("quality=no_evidence", {"UNPROVEN"}),
        ("quality=no_base", set()),
        ("quality=suggested", {"SUGGESTED"}),
        ("quality=no_post", {"WHOLE", "NOBODY", "UNDATED", "ENDLESS", "UNPROVEN"}),
    ],
)
def test_the_list_is_filtered_by_what_is_missing(query, found, ledger, browser):
    assert codes(browser("chen").get(f"{LIST}?{query}")) == found


@pytest.mark.parametrize(
    "query", ["health__exact=purple", "quality=everything", "lead__id__exact=9999", "stage__exact=", "tightened=no"]
)
def test_a_wrong_value_of_a_filter_is_said_and_the_list_shown_without_it(query, ledger, browser):
    answer = browser("chen").get(f"{LIST}?{query}&kind__exact=action", follow=True)
    name, value = query.split("=")
    assert answer.redirect_chain[-1][0].endswith("?kind__exact=action")
    sentence = " ".join(str(message) for message in answer.context["messages"])
    assert f"“{value}”" in sentence
    assert name not in sentence or name == "quality"  # the filter by its title, not by its parameter
    assert len(codes(answer)) == 6


def test_an_unknown_filter_is_said(ledger, browser):
    answer = browser("chen").get(f"{LIST}?nonsense=1", follow=True)
    assert len(codes(answer)) == 6
    assert len(list(answer.context["messages"])) == 1


def test_a_right_filter_is_left_alone(ledger, browser):
    chen = browser("chen")
    for query in ("health__exact=no_data", "lead__isnull=True", "q=WHOLE", "o=1", "p=1", "_facets=True"):
        assert chen.get(f"{LIST}?{query}").status_code == 200, query


def test_titles_and_departments_are_found_by_their_initials(cast, browser):
    item = make_commitment("C-1", title="建成实验室", department=cast.science)
    Commitment.objects.filter(pk=item.pk).update(initials="jcsys")
    make_commitment("C-2", title="别的", department=cast.science)
    assert codes(browser("chen").get(f"{LIST}?q=jcsys")) == {"C-1"}


def test_every_search_box_of_a_named_thing_knows_initials():
    lacking = [
        model.__name__
        for model, page in admin.site._registry.items()
        if any(field.name == "initials" for field in model._meta.get_fields()) and "initials" not in page.search_fields
    ]
    assert lacking == []


def test_a_matter_at_work_that_gets_another_lead_on_its_page_is_handed_out_anew(cast, browser):
    item = make_commitment("C-1", department=cast.science, health=Health.NO_DATA)
    chen, bureau = browser("chen"), make_department("sjj")
    refused = chen.post(url(item), page(item, lead=bureau.pk))
    assert "reason" in errors(refused)
    answer = chen.post(url(item), page(item, lead=bureau.pk, reason="职责调整。", summary="新"))
    assert answer.status_code == 302, errors(answer)
    item.refresh_from_db()
    assert (item.lead, item.stage, item.summary) == (bureau, Stage.ISSUED, "新")
    assert item.issued_on == date(2026, 11, 22)
    assert chen.get(reverse("admin:tracker_commitment_history", args=[item.pk])).status_code == 200
