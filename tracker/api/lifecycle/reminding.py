"""The supervision office reminds people of one commitment by hand 催办."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.actions import reminders_by_hand
from tracker.api import described
from tracker.api.lifecycle.inputs import RemindInput
from tracker.api.lifecycle.outputs import ReminderToldOutput
from tracker.api.registering.views import OfficeEndpoint
from tracker.api.rows import moment, person

WRITE = (403, 404, 409, *described.BODY)


class ReminderListView(OfficeEndpoint):
    """The door for a reminder by hand. A second one on the same day reaches nobody, so a repetition is harmless."""

    @described.operation(
        "remindOfCommitment", tag="steps", takes=RemindInput, answers={200: ReminderToldOutput}, refusals=WRITE
    )
    def post(self, request: Request, code: str) -> Response:
        """Remind the officers, the post holder and the deputy. It stands in their inboxes at once."""
        item, said = self.received(request, code, RemindInput)
        rows = reminders_by_hand.written(item, reason=said["reason"], by=self.actor, today=self.today)
        found = reminders_by_hand.ways(rows, today=self.today, now=timezone.now())
        return Response(
            {
                "recipients": [person(row.recipient.username, row.recipient.full_name) for row in rows],
                "at_once_count": found.at_once,
                "later": [{"count": one.count, "at": moment(one.at), "why": one.why.value} for one in found.later],
                "inbox_only_count": found.inbox_only,
            }
        )
