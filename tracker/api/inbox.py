"""The inbox: its lines, how many are unread, and marking them as read."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.actions import inbox as actions
from tracker.api import described, filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.filters import InboxFilter
from tracker.api.inputs import InboxReadInput
from tracker.api.serializers import InboxPageOutput, InboxReadOutput, UnreadOutput
from tracker.models import Reminder
from tracker.queries import inbox
from tracker.queries.inbox import Show


class InboxView(Endpoint):
    """What the caller, and those for whom the caller stands in today, were told: by what is asked, newest first."""

    @described.operation(
        "listInbox",
        tag="inbox",
        answers={200: InboxPageOutput},
        refusals=(400,),
        parameters=described.filtered(InboxFilter),
    )
    def get(self, request: Request) -> Response:
        at = paging.window(request)
        filters.narrow(Reminder.objects.none(), request.query_params, by=InboxFilter)
        show = Show(request.query_params.get("show") or Show.ALL)
        found = inbox.page(self.actor, today=self.today, show=show, after=at.after or "", size=at.limit + 1)
        shape = shapes.inbox_line(today=self.today)
        return Response(paging.page(request, at, found.lines, shape=shape, key=lambda line: line.key))


class UnreadView(Endpoint):
    """How many lines were not looked at; a bare 304 while the number stands."""

    @described.operation(
        "countUnread",
        tag="inbox",
        answers={200: UnreadOutput, 304: None},
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request) -> Response:
        count = inbox.unread_count(self.actor, today=self.today)
        return self.tagged(shapes.unread(count), revision=count)


class InboxReadView(Endpoint):
    """Mark lines as read, or all. What is not in the caller's inbox is passed over; a repetition changes nothing."""

    @described.operation(
        "readInbox",
        tag="inbox",
        takes=InboxReadInput,
        answers={200: InboxReadOutput},
        refusals=described.BODY,
    )
    def post(self, request: Request) -> Response:
        given = InboxReadInput.read(request.data)
        ids, now = given.ids_or_all(), timezone.now()
        if ids is None:
            count = actions.read_all(by=self.actor, today=self.today, now=now)
        else:
            count = actions.read(ids, by=self.actor, today=self.today, now=now)
        left = inbox.unread_count(self.actor, today=self.today)
        return Response({"read_count": count} | shapes.unread(left))
