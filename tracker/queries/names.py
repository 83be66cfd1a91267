"""Names for the codes that the log keeps: looked up together, one query for each kind of thing. Reads only."""

from collections.abc import Mapping, Sequence

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import Indicator, Initiative, Jurisdiction
from tracker import policies
from tracker.choices import Involvement
from tracker.models import Channel, Clause, Commitment, Department, Plan, Post, Subscription, User
from tracker.policies import Actor

Changes = Mapping[str, Sequence[object]]
# How each kind of thing is called in the log, and the field that holds its name.
CALLED: dict[type[Model], tuple[str, str]] = {
    Department: ("code", "name"),
    Post: ("code", "title"),
    Initiative: ("code", "name"),
    Indicator: ("code", "name"),
    Jurisdiction: ("code", "name"),
    Plan: ("code", "short_title"),
    Clause: ("code", "heading"),
    Commitment: ("code", "title"),
    User: ("username", "full_name"),
}
# Lists in one line of the log, by the name under which they stand.
LISTED: dict[str, type[Model]] = {"recipients": User, "departments": Department}
EMPTY = "—"
# Of these the log keeps only that there is one.
SECRETS = frozenset({"address", "secret"})
TOLD_OF_SECRETS: dict[object, str | Promise] = {
    "stored": gettext_lazy("stored"),
    "changed": gettext_lazy("stored anew"),
}


class Names:
    """Collects codes with `expect`, looks them up once, tells names with `shown`; none of what is out of sight."""

    def __init__(self, viewer: Actor, *, plan_id: int | None = None) -> None:
        self.viewer, self.plan_id = viewer, plan_id
        self.wanted: dict[type[Model], set[str]] = {}
        self.known: dict[type[Model], dict[str, str]] = {}

    def expect(self, model: type[Model], changes: Changes) -> None:
        """These changes will be shown."""
        for name, pair in changes.items():
            table, field = self.place(model, name)
            kind = self._kind(table, field)
            if kind is not None:
                codes = {code for value in pair if value for code in _codes(field, str(value))}
                self.wanted.setdefault(kind, set()).update(codes)

    def place(self, model: type[Model], name: str) -> tuple[type[Model], str]:
        """The table and field that a key of the log means: "projectdetails: stage" names its own table.

        An event about a part may tell of the commitment too: what the part has no field for is the commitment's.
        """
        if ": " in name:
            table, field = name.split(": ", 1)
            try:
                return apps.get_model("projects", table), field
            except LookupError:
                return model, name
        return (model if _has(model, name) or not _has(Commitment, name) else Commitment), name

    def shown(self, model: type[Model], name: str, value: object) -> str:
        """One value in words."""
        if value is None or value == "":
            return EMPTY
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)
        if model in {Channel, Subscription} and name in SECRETS:
            return str(TOLD_OF_SECRETS.get(value, value))
        kind = self._kind(model, name)
        if kind is Commitment and not policies.is_citywide(self.viewer) and str(value) not in self._lookup(kind):
            return _("another commitment")  # its code would tell of what is out of sight
        if kind is not None:
            return _listed(name, str(value), self._lookup(kind))
        try:
            choices = dict(getattr(model._meta.get_field(name), "flatchoices", ()))
        except FieldDoesNotExist:
            choices = {}
        return str(choices.get(value, value))

    def of(self, model: type[Model], code: str) -> str:
        """The name of one thing, or what stands there when it has none."""
        self.wanted.setdefault(model, set()).add(code)
        return self._lookup(model).get(code, code)

    def _kind(self, model: type[Model], name: str) -> type[Model] | None:
        if name in LISTED:
            return LISTED[name]
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return {"holder": User, "deputy": User}.get(name)
        related = field.related_model if isinstance(field, ForeignKey) else None
        return related if isinstance(related, type) and related in CALLED else None

    def _lookup(self, kind: type[Model]) -> dict[str, str]:
        known = self.known.setdefault(kind, {})
        missing = self.wanted.get(kind, set()) - known.keys()
        if missing:
            key, name = CALLED[kind]
            rows = policies.visible_to(self.viewer) if kind is Commitment else kind._default_manager.all()
            rows = rows.filter(**{f"{key}__in": missing})
            if kind is Clause:
                rows = rows.filter(plan=self.plan_id)
            known.update(dict.fromkeys(missing, ""))
            known.update(dict(rows.values_list(key, name)))
        return {code: _with_code(kind, code, label) for code, label in known.items() if label}


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _with_code(kind: type[Model], code: str, label: str) -> str:
    """People say departments and persons by name, matters and clauses by code and name."""
    return f"{code} {label}" if kind in {Commitment, Clause, Initiative} else label


def _codes(name: str, value: str) -> list[str]:
    if name == "departments":
        return [part.split(":")[-1] for part in value.split("; ")]
    return value.split(", ") if name == "recipients" else [value]


def _listed(name: str, value: str, known: Mapping[str, str]) -> str:
    if name == "recipients":
        return "、".join(known.get(code, code) for code in value.split(", "))
    if name != "departments":
        return known.get(value, value)
    parts = dict(Involvement.choices)
    found = (part.split(":") for part in value.split("; "))
    return "; ".join(f"{parts.get(pair[0], pair[0])}: {known.get(pair[-1], pair[-1])}" for pair in found)
