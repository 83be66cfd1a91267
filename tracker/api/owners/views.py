"""One department as its page shows it; the posts with who holds them and what they answer for."""

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.filters import YES_NO, NoFilter
from tracker.api.lines import check_bare
from tracker.api.owners import shapes
from tracker.api.owners.outputs import (
    DepartmentDetailOutput,
    DepartmentPageOutput,
    HeldPostPageOutput,
    PortfolioOutput,
    PostDetailOutput,
)
from tracker.api.rows import Json
from tracker.models import Post
from tracker.queries import detail, portfolio, posts, questions, rollup
from tracker.queries.portfolio import Asked


class PostFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which posts."""

    department = CharFilter(field_name="department__code", max_length=40, help_text="Code of the department.")
    is_head = ChoiceFilter(choices=YES_NO, method="heading")

    def heading(self, rows: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        return rows.filter(is_head=value == "true")


class OwnerEndpoint(Endpoint):
    """What these endpoints share."""

    def seen_among(self, asked: Asked) -> set[str]:
        """The codes of the blocked matters that are in the caller's sight. One query."""
        codes = [row.commitment.code for row in asked.rows]
        return set(policies.visible_to(self.actor).filter(code__in=codes).values_list("code", flat=True))


class DepartmentListView(Endpoint):
    """The departments whose page the reader may open, by code, with the lights of what they lead."""

    @described.operation(
        "listDepartments",
        tag="directory",
        answers={200: DepartmentPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> Json:
        at = paging.window(request)
        seen = filters.narrow(policies.departments_visible_to(self.actor), request.query_params, by=NoFilter)
        rows = list(seen.filter(code__gt=at.after or "").order_by("code")[: at.limit + 1])
        lights = rollup.by_lead([one.pk for one in rows], viewer=self.actor)
        return paging.page(
            request, at, rows, shape=lambda one: shapes.line(one, lights.get(one.pk, {})), key=lambda one: one.code
        )


class DepartmentView(OwnerEndpoint):
    """One department: its posts, what it leads, shares or supports, what it is asked for."""

    @described.operation(
        "getDepartment",
        tag="directory",
        answers={200: DepartmentDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, code: str) -> Response:
        return self.listing(lambda: self._department(code))

    def _department(self, code: str) -> Json:
        view = detail.department(code, viewer=self.actor, today=self.today)
        if view is None:
            raise DomainError("not_found")
        return shapes.department(view, seen=self.seen_among(view.asked), today=self.today)


class PostListView(Endpoint):
    """The posts whose page the reader may open, by code: who holds them, who stands in, who held them before."""

    @described.operation(
        "listPosts",
        tag="directory",
        answers={200: HeldPostPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(PostFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> Json:
        at = paging.window(request)
        seen = policies.posts_visible_to(self.actor, today=self.today)
        found = filters.narrow(seen, request.query_params, by=PostFilter).filter(code__gt=at.after or "")
        rows = posts.views(found.select_related("department").order_by("code")[: at.limit + 1], today=self.today)
        code = request.query_params.get("department", "").strip()
        if code and not rows and not policies.departments_visible_to(self.actor).filter(code=code).exists():
            raise DomainError("filter_code", field="department", name="department", value=code)
        return paging.page(request, at, rows, shape=shapes.post, key=lambda row: row.post.code)


class PostView(OwnerEndpoint):
    """One post and what it answers for."""

    @described.operation(
        "getPost",
        tag="directory",
        answers={200: PostDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, code: str) -> Response:
        return self.listing(lambda: self._post(code))

    def _post(self, code: str) -> Json:
        found = portfolio.post(code, viewer=self.actor, today=self.today)
        if found is None:
            raise DomainError("not_found")
        return shapes.whole_post(found, seen=self.seen_among(found.asked), today=self.today)


class PortfolioView(Endpoint):
    """What the posts of the person who asks answer for, and those under them."""

    @described.operation(
        "portfolio",
        tag="directory",
        answers={200: PortfolioOutput, 304: None},
        refusals=(400,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._portfolio(request))

    def _portfolio(self, request: Request) -> Json:
        check_bare(request)
        wanted = questions.words_wanted(self.actor, today=self.today).count()
        return shapes.portfolio(
            portfolio.of_viewer(self.actor, today=self.today, words_wanted=wanted), today=self.today
        )
