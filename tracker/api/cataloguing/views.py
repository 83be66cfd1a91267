"""Initiatives change here, by the office and the administrators; every answer is the whole thing as it stands."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from rest_framework.request import Request
from rest_framework.response import Response

from projects.choices import InitiativeKind
from projects.errors import DomainError
from projects.models import Initiative, Jurisdiction
from tracker import policies
from tracker.actions import initiatives
from tracker.actions.initiatives import FACTS, Said
from tracker.api import described
from tracker.api.cataloguing.inputs import InitiativeCorrectionInput, NewInitiativeInput
from tracker.api.initiatives import views as reading
from tracker.api.initiatives.outputs import InitiativeDetailOutput
from tracker.api.once import once
from tracker.api.registering import chosen
from tracker.api.shapes import ROOT

# Rows of lists inside of the details, by the field that names them.
KEYS = {"shares": "county", "years": "year", "designations": "title"}
NESTED = {"stands_in": "project.stands_in"}


class InitiativeListView(reading.InitiativeListView):
    """Projects, parks, platforms and talent programmes, by code; and the door for a new one."""

    nested = NESTED

    @once
    @described.operation(
        "enterInitiative",
        tag="initiatives",
        takes=NewInitiativeInput,
        answers={201: InitiativeDetailOutput, 200: InitiativeDetailOutput},
        refusals=(403, 404, 409, *described.BODY),
    )
    def post(self, request: Request) -> Response:
        """Enter a new thing: the supervision office or an administrator."""
        if not policies.can_administer(self.actor):
            raise DomainError("not_allowed")
        body = NewInitiativeInput.read(request.data).validated_data
        kind = InitiativeKind(body["kind"])
        row = initiatives.enter(body["code"], kind=kind, said=_said(body, kind), by=self.actor)
        response = self.answer(row.code, status=201)
        response["Location"] = f"{ROOT}/initiatives/{quote(row.code)}/"
        return response


class InitiativeView(reading.InitiativeView):
    """One thing with the details of its kind, what stands on it, what was reported."""

    nested = NESTED

    @described.operation(
        "correctInitiative",
        tag="initiatives",
        takes=InitiativeCorrectionInput,
        answers={200: InitiativeDetailOutput},
        refusals=(403, 404, 412, *described.BODY),
        parameters=(described.IF_MATCH,),
    )
    def patch(self, request: Request, code: str) -> Response:
        """Correct what the body names; the rest stays. Rows of lists are added or corrected, none is taken away."""
        if not policies.can_administer(self.actor):
            raise DomainError("not_allowed")
        row = Initiative.objects.filter(code=code).first()
        if row is None:
            raise DomainError("not_found")
        body = InitiativeCorrectionInput.read(request.data).validated_data
        initiatives.correct(
            row,
            said=_said(body, InitiativeKind(row.kind)),
            by=self.actor,
            expected_revision=self.expected_revision(row.revision),
        )
        return self.answer(code)


def _said(body: Mapping[str, Any], kind: InitiativeKind) -> Said:
    """What the action takes. Raises DomainError for details of another kind, and for codes that name nothing."""
    for other in InitiativeKind:
        if other != kind and other in body:
            raise DomainError("initiative_other_kind", field=other.value, kind=kind.label)
    facts = {name: body[name] for name in FACTS if name in body}
    if facts.get("jurisdiction"):
        facts["jurisdiction"] = chosen.one(Jurisdiction.objects.all(), facts["jurisdiction"], field="jurisdiction")
    details = dict(body.get(kind, {}))
    places = {row["county"]: place for place, row in enumerate(details.get("shares", ()))}
    lists = {name: _by_key(details.pop(name, ()), KEYS[name]) for name in ("shares", "years")}
    if details.get("stands_in"):
        parks = Initiative.objects.filter(kind=InitiativeKind.PARK)
        details["stands_in"] = chosen.one(parks, details["stands_in"], field=NESTED["stands_in"])
    shares = {
        chosen.one(Jurisdiction.objects.all(), county, field=f"park.shares.{places[county]}.county"): values
        for county, values in lists["shares"].items()
    }
    designations = _by_key(body.get("designations", ()), KEYS["designations"])
    return Said(facts=facts, details=details, shares=shares, years=lists["years"], designations=designations)


def _by_key(rows: Any, key: str) -> dict[Any, dict[str, Any]]:
    """The rows by what names them; of two with one name the later one counts."""
    return {row[key]: {name: value for name, value in row.items() if name != key} for row in rows}
