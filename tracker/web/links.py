"""Addresses of the pages, so that no other module spells a query string."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, urlencode
from uuid import UUID

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from projects.choices import InitiativeKind
from projects.models import Initiative


def ledger(**filters: object) -> str:
    """The list, narrowed by the filters that are not empty."""
    kept = {name: value for name, value in filters.items() if value not in (None, "", False)}
    return with_query(_page("commitments"), kept)


def with_query(address: str, query: Mapping[str, object]) -> str:
    """The address with what is asked for behind it."""
    return f"{address}?{urlencode(query)}" if query else address


def commitment(code: str) -> str:
    return reverse("commitment", args=[code])


def department(code: str) -> str:
    return reverse("department", args=[code])


def admin(name: str, *args: object, **query: object) -> str:
    """An address of the admin, "" where that page does not exist."""
    try:
        address = reverse(f"admin:{name}", args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def history(commitment_code: str) -> str:
    """Everything that happened to a commitment."""
    return reverse("commitment-history", args=[commitment_code])


def post(code: str) -> str:
    return reverse("post", args=[code])


def portfolio() -> str:
    """The posts of the person who looks."""
    return reverse("portfolio")


def overview(plan_code: str = "") -> str:
    """The overview, of one plan where one is named."""
    return _filtered("overview", {"plan": plan_code})


def plans() -> str:
    """The list of decisions."""
    return reverse("plans")


def decision(plan_code: str, clause_code: str = "", **filters: object) -> str:
    """The living decision of a plan, at one of its clauses where one is named, with the filters that are not empty."""
    kept = {name: value for name, value in filters.items() if value}
    address = with_query(reverse("decision", args=[plan_code]), kept)
    return f"{address}#{quote(clause_anchor(clause_code))}" if clause_code else address


def clause_anchor(clause_code: str) -> str:
    """The name of a clause's place on its plan's page."""
    return "c-" + "-".join(clause_code.split())


def departments() -> str:
    return reverse("departments")


# The catalogue's addresses by kind: /projects/…, /parks/…, /platforms/…, /talent/…
THINGS = {
    InitiativeKind.PROJECT: "project",
    InitiativeKind.PARK: "park",
    InitiativeKind.PLATFORM: "platform",
    InitiativeKind.TALENT_PROGRAMME: "talent",
}


def things(kind: str, **filters: object) -> str:
    """The list of the things of a kind, narrowed by the filters that are not empty."""
    return _filtered(f"{THINGS[InitiativeKind(kind)]}s", filters)


def thing(one: Initiative) -> str:
    """The page of a project, park, platform or talent programme."""
    return thing_of(one.kind, one.code)


def thing_of(kind: str, code: str) -> str:
    return reverse(THINGS[InitiativeKind(kind)], args=[code])


def indicators() -> str:
    return reverse("targets")


def indicator(code: str) -> str:
    return reverse("target", args=[code])


def timeline(**filters: object) -> str:
    return _filtered("timeline", filters)


def calendar(**filters: object) -> str:
    return _filtered("calendar", filters)


def changes(**filters: object) -> str:
    return _filtered("changes", filters)


def inbox(**filters: object) -> str:
    """What the person who looks was reminded of."""
    return _filtered("inbox", filters)


def inbox_settings() -> str:
    """How the person wants to be told."""
    return _page("inbox-settings")


def devices() -> str:
    """The phones and programs that the person is signed in on."""
    return _page("inbox-devices")


def feeds() -> str:
    """The person's calendar addresses."""
    return _page("inbox-calendar")


def search(**filters: object) -> str:
    return _filtered("search", filters)


def comparison(**filters: object) -> str:
    """Departments side by side; the page answers only where it is switched on."""
    return _filtered("comparison", filters)


def wall(**filters: object) -> str:
    return _filtered("wall", filters)


def slips(**filters: object) -> str:
    """The supervision slips, narrowed by the filters that are not empty."""
    return _filtered("slips", filters)


def slip(ref: UUID) -> str:
    """One slip as a paper."""
    return reverse("slip", args=[ref])


def slip_word(ref: UUID) -> str:
    """The same as a Word file."""
    return reverse("slip-word", args=[ref])


def reminders() -> str:
    """The rules of reminding."""
    return reverse("reminders")


def operations() -> str:
    """How the site itself does; open to the city's roles."""
    return reverse("operations")


def public(plan_code: str = "", code: str = "", *, as_json: bool = False) -> str:
    """The public pages: all plans, one plan, one matter; or the same for machines."""
    names, parts = ("public", "public-plan", "public-matter"), [part for part in (plan_code, code) if part]
    return reverse(names[len(parts)] + ("-json" if as_json else ""), args=parts)


def _filtered(name: str, filters: Mapping[str, object]) -> str:
    """A page with the filters that are not empty."""
    return with_query(_page(name), {key: value for key, value in filters.items() if value})


def _page(name: str) -> str:
    """The address of a page without parts of its own. Kept: a page of figures asks for hundreds of them."""
    return _kept(name, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=200)
def _kept(name: str, prefix: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf)
