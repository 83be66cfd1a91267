"""Who may open which page, and that what is foreign does not exist."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import make_commitment, make_initiative, make_plan, make_report
from tracker.choices import ReportState
from tracker.models import Commitment, ProgressReport

PEOPLE = ("lin", "zhou", "chen", "wu", "gu")
# What each person gets on the list and on the add page: lin and zhou are officers, chen supervises, wu leads, gu keeps.
EVERYBODY, NOBODY = dict.fromkeys(PEOPLE, 200), dict.fromkeys(PEOPLE, 403)
CITY = {"lin": 403, "zhou": 403, "chen": 200, "wu": 200, "gu": 200}
KEEPERS = {"lin": 403, "zhou": 403, "chen": 200, "wu": 403, "gu": 200}
LISTS = {
    "tracker_commitment": (EVERYBODY, NOBODY | {"chen": 200}),
    "tracker_progressreport": (EVERYBODY, NOBODY | {"lin": 200, "zhou": 200}),
    "tracker_contribution": (EVERYBODY, NOBODY | {"lin": 302, "zhou": 302}),
    "tracker_extensionrequest": (EVERYBODY, NOBODY | {"lin": 200, "zhou": 200}),
    "tracker_blocker": (EVERYBODY, NOBODY | {"lin": 200, "zhou": 200}),
    "tracker_instruction": (EVERYBODY, NOBODY | {"chen": 200, "wu": 200}),
    "tracker_verification": (EVERYBODY, NOBODY),
    "tracker_lookback": (CITY, NOBODY | {"chen": 200}),
    "tracker_evidence": (EVERYBODY, NOBODY | {"lin": 200, "zhou": 200, "chen": 200}),
    "tracker_deputy": (CITY, KEEPERS),
    "tracker_plan": (EVERYBODY, NOBODY | {"chen": 200}),
    "tracker_clause": (EVERYBODY, NOBODY | {"chen": 200}),
    "tracker_department": (EVERYBODY, KEEPERS),
    "tracker_post": (CITY, KEEPERS),
    "tracker_postholding": (CITY, KEEPERS),
    "tracker_user": (CITY, KEEPERS),
    "tracker_event": (CITY, NOBODY),
    "tracker_reminder": (CITY, NOBODY),
    "tracker_reminderrule": (KEEPERS, KEEPERS),
    "tracker_message": (CITY, NOBODY),
    "tracker_dayoverride": (CITY, KEEPERS),
    "tracker_slip": (EVERYBODY, NOBODY | {"chen": 200}),
    "tracker_healthruleset": (CITY, NOBODY),
    "tracker_sweeprun": (CITY, NOBODY),
    "tracker_channel": (KEEPERS, NOBODY | {"gu": 200}),
    "tracker_subscription": (KEEPERS, NOBODY | {"gu": 200}),
    "tracker_delivery": (KEEPERS, NOBODY),
    # Its add page leads to the upload.
    "tracker_ledgerimport": (NOBODY | {"chen": 200}, NOBODY | {"chen": 302}),
    "tracker_departmentalias": (NOBODY | {"chen": 200}, NOBODY | {"chen": 200}),
    "tracker_headingword": (NOBODY | {"chen": 200}, NOBODY | {"chen": 200}),
    "tracker_listlayout": (EVERYBODY, KEEPERS | {"lin": 200, "zhou": 200}),
    # One row: its list leads to its page.
    "tracker_sitesettings": (KEEPERS | {"chen": 302, "gu": 302}, NOBODY),
    "projects_initiative": (CITY, KEEPERS),
    "projects_indicator": (CITY, KEEPERS),
    "projects_reading": (CITY, KEEPERS),
    "projects_parkdetails": (CITY, NOBODY),
    "projects_talentprogrammedetails": (CITY, NOBODY),
}


def test_the_table_names_every_registered_page():
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert registered == LISTS.keys()


@pytest.mark.parametrize("page", LISTS)
def test_each_person_opens_what_the_role_allows(page, browser):
    on_list, on_add = LISTS[page]
    clients = {name: browser(name) for name in PEOPLE}
    assert {
        name: client.get(reverse(f"admin:{page}_changelist")).status_code for name, client in clients.items()
    } == on_list
    assert {name: client.get(reverse(f"admin:{page}_add")).status_code for name, client in clients.items()} == on_add


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_has_a_desk_and_it_lists_only_what_opens(name, browser):
    page = browser(name).get(reverse("admin:index"))
    text = page.content.decode()
    assert page.status_code == 200
    for key, (on_list, _on_add) in LISTS.items():
        opens = on_list[name] in {200, 302}
        assert (f'href="{reverse(f"admin:{key}_changelist")}"' in text.split('id="lists"')[1]) == opens


@pytest.mark.parametrize("view", ["change", "history", "delete"])
def test_a_foreign_matter_does_not_exist(view, cast, browser):
    item = make_commitment(department=cast.science)
    report = make_report(item, author=cast.lin)
    zhou = browser("zhou")
    assert zhou.get(reverse(f"admin:tracker_commitment_{view}", args=[item.pk])).status_code == 404
    assert zhou.get(reverse(f"admin:tracker_progressreport_{view}", args=[report.pk])).status_code == 404


def test_a_foreign_matter_cannot_be_posted_to_reported_or_moved(cast, browser):
    item = make_commitment("C-9", department=cast.science)
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    zhou = browser("zhou")
    for url in (
        reverse("admin:tracker_commitment_change", args=[item.pk]),
        reverse("admin:tracker_progressreport_change", args=[draft.pk]),
        reverse("admin:tracker_progressreport_add") + "?commitment=C-9",
        reverse("admin:tracker_progressreport_unchanged", args=[item.pk]),
        reverse("admin:tracker_commitment_step", args=[item.pk, "reported_done"]),
    ):
        assert zhou.post(url, {"done": "x", "_submit": "1", "reason": "x", "seen": 0}).status_code == 404, url
    draft.refresh_from_db()
    assert (draft.done, draft.state) == ("完成设备调试。", ReportState.DRAFT)


def test_foreign_rows_are_in_no_list_and_no_search_box(cast, browser):
    make_commitment("C-1", title="科技的事", department=cast.science)
    make_commitment("C-2", title="卫健的事", department=cast.health_bureau)
    zhou = browser("zhou")
    page = zhou.get(reverse("admin:tracker_commitment_changelist")).content.decode()
    assert ("卫健的事" in page, "科技的事" in page) == (True, False)
    box = {"app_label": "tracker", "model_name": "progressreport", "field_name": "commitment", "term": "事"}
    found = zhou.get(reverse("admin:autocomplete"), box).json()["results"]
    assert [row["text"] for row in found] == ["C-2 卫健的事"]


def test_a_foreign_draft_is_seen_by_its_own_department_only(cast, browser):
    draft = make_report(make_commitment(department=cast.science), author=cast.lin, state=ReportState.DRAFT)
    url = reverse("admin:tracker_progressreport_change", args=[draft.pk])
    seen = {name: browser(name).get(url).status_code for name in PEOPLE}
    assert seen == {"lin": 200, "zhou": 404, "chen": 404, "wu": 404, "gu": 404}


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_deletes_anything(name, cast, browser):
    item = make_commitment(department=cast.science)
    initiative = make_initiative()
    client = browser(name)
    for row in (item, make_plan(), initiative, cast.science, cast.lin):
        meta = row._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[row.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"post": "yes"}).status_code == 404
    url = reverse("admin:tracker_commitment_changelist")
    client.post(url, {"action": "delete_selected", "_selected_action": [item.pk], "post": "yes"})
    assert Commitment.objects.filter(pk=item.pk).exists()


def test_a_leader_reads_everything_and_changes_nothing(cast, browser):
    item = make_commitment(department=cast.science)
    report = make_report(item, author=cast.lin)
    wu = browser("wu")
    for key, row in (
        ("commitment", item),
        ("progressreport", report),
        ("department", cast.science),
        ("user", cast.lin),
    ):
        url = reverse(f"admin:tracker_{key}_change", args=[row.pk])
        page = wu.get(url)
        assert page.status_code == 200, key
        assert 'type="submit" value' not in page.content.decode(), key
        assert wu.post(url, {"title": "x", "_accept": "1", "seen": 0}).status_code == 403, key
    assert ProgressReport.objects.get().state == ReportState.SUBMITTED


def test_a_visitor_and_a_person_taken_out_are_sent_to_the_sign_in(cast, client, browser):
    lin = browser("lin")
    type(cast.lin).objects.filter(pk=cast.lin.pk).update(is_active=False)
    for visitor in (client, lin):
        answer = visitor.get(reverse("admin:tracker_commitment_changelist"))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_the_admins_own_sign_in_hands_over_to_the_sites(client):
    answer = client.get("/admin/login/?next=/admin/tracker/plan/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/admin/tracker/plan/"


def test_the_ledger_comes_in_through_the_office_only_and_goes_out_in_the_readers_scope(cast, browser):
    make_commitment("C-1", department=cast.science)
    make_commitment("C-2", department=cast.health_bureau)
    into = {name: browser(name).get(reverse("admin:tracker_commitment_import")).status_code for name in PEOPLE}
    assert into == dict.fromkeys(PEOPLE, 403) | {"chen": 200}
    out = browser("zhou").post(reverse("admin:tracker_commitment_export"), {"layout": "ledger", "format": "csv"})
    text = out.getvalue().decode()
    assert ("C-2" in text, "C-1" in text) == (True, False)
