"""What endpoints of rows that hang on a commitment share: questions, contributions, files, verifications."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone
from django_filters import CharFilter, FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
from tracker.api import filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.serializers import Output
from tracker.models import Commitment
from tracker.queries import api, api_words

Found = TypeVar("Found", bound=Model)
Json = dict[str, object]


class MatterOutput(Output):
    """The commitment. Who sees it only because a blocker asks them reads its title, no code and no address."""

    code = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True, help_text="Address of the commitment, from the root of the host.")


class NamedOutput(Output):
    """A department by its code."""

    code = serializers.CharField()
    name = serializers.CharField()


def matter(code: str, title: str) -> Json:
    """The commitment that a row hangs on."""
    return {"code": code, "title": title, "url": shapes.commitment_url(code)}


def person(username: str, name: str) -> Json:
    return {"username": username, "name": name or username}


def person_or_none(username: str | None, name: str | None) -> Json | None:
    """None where nobody did it yet, or the site itself did."""
    return person(username, name or "") if username else None


def moment(at: Any) -> object:
    """An instant with the offset of the site's own clock."""
    return None if at is None else timezone.localtime(at)


class MatterFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The filter that all of these lists take; `RowEndpoint.listed` narrows by it."""

    commitment = CharFilter(method="passed", max_length=40, help_text="Code of the commitment.")

    def passed(self, rows: QuerySet[Found], name: str, value: str) -> QuerySet[Found]:
        return rows

    def yes(self, rows: QuerySet[Found], name: str, value: str) -> QuerySet[Found]:
        """Of a yes-or-no column: ``true`` or ``false``."""
        return rows.filter(**{name: value == "true"})


class RowEndpoint(Endpoint, ABC, Generic[Found]):
    """One kind of row: which are in the caller's sight, which columns are read, how they are shaped."""

    columns: ClassVar[tuple[str, ...]]
    # Its list's address below the root of the API.
    place: ClassVar[str]

    @abstractmethod
    def seen(self) -> QuerySet[Found]:
        """The rows in the caller's sight."""

    @abstractmethod
    def shape(self, row: api_words.Row) -> Json:
        """One row of `columns` as JSON."""

    def find(self, ref: UUID) -> Found:
        """The row, when it is in the caller's sight. Raises DomainError `not_found`."""
        found = self.seen().filter(ref=ref).first()
        if found is None:
            raise DomainError("not_found")
        return found

    def matter(self, code: str, *, field: str = "") -> Commitment:
        """The commitment that an address or, with `field`, a body names. Raises DomainError `not_found`."""
        item = api_words.matter(code, viewer=self.actor)
        if item is None:
            raise DomainError("not_found", field=field)
        return item

    def check_matter_unchanged(self, item: Commitment) -> None:
        """For rows that are new: If-Match names the commitment as it was read. Raises DomainError `stale`."""
        if not self.request.META.get("HTTP_IF_MATCH", "").strip():
            return
        head = api.commitment_head(item.code, viewer=self.actor)
        current = head.revision if head else 0
        if self.expected_revision(current) not in {None, current}:
            raise DomainError("stale", revision=current)

    def listed(self, request: Request, *, by: type[FilterSet], rows: QuerySet[Found] | None = None) -> Response:
        """A page of what is in sight, or of `rows` of it, newest first, with its tag. Two queries."""
        return self.listing(lambda: self._page(request, by=by, rows=rows))

    def _page(self, request: Request, *, by: type[FilterSet], rows: QuerySet[Found] | None) -> Json:
        at = paging.window(request)
        seen = filters.narrow(self.seen() if rows is None else rows, request.query_params, by=by)
        code = request.query_params.get("commitment")
        if code is not None:
            seen = api_words.of_matters_in_sight(seen, viewer=self.actor, code=code.strip())
        found = api_words.newest(seen, self.columns, after=at.after, limit=at.limit + 1)
        if not found and at.after is None:
            filters.check_codes(("commitment",), request.query_params, viewer=self.actor)
        return paging.page(request, at, found, shape=self.shape, key=_reference)

    def answer(self, row: Found, *, status: int = 200, is_located: bool = False) -> Response:
        """The row as it stands now, with its tag; 304 for who has it. What is new, or so asked, says where it is."""
        seen_at = clock.revision()
        found = api_words.one(self.seen(), self.columns, row.pk)
        response = self.tagged(self.shape(found), revision=found[-1], seen_at=seen_at, status=status)
        if status == 201 or is_located:
            response["Location"] = f"{shapes.ROOT}/{self.place}/{found[0]}/"
        return response


def _reference(row: api_words.Row) -> str:
    return str(row[0])
