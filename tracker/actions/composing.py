"""How the day's messages are made of what waits: a few statements over sets, the same on both databases.

`told` is who gets which waiting reminder today: its recipient, or whoever stands in while the recipient is away; what
`is_prompt` goes out beside the message of the day where that one cannot carry it now (docs/reminders.md). `way` is by
which channels each of these people is reached: those they chose, else the site's own, and e-mail only with an address.
"""

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from tracker.choices import PROMPT_OCCASIONS, MessageState
from tracker.models import Channel, Message, SiteSettings
from tracker.queries import messages as queries
from tracker.queries import reminders
from tracker.queries.messages import DEPUTY_STEPS
from tracker.rules.hours import Hours

Plain = str | int | bool | date | None
PROMPT = ", ".join(f"'{occasion.value}'" for occasion in sorted(PROMPT_OCCASIONS))
# Who stands in for whom today. A deputy who is away too passes it on, a few steps far; where nobody is there, or they
# name each other in a circle, it stays with the person.
AWAY = f"""
pause AS (
    SELECT a.user_id, a.deputy_id FROM tracker_preference a
    JOIN tracker_user d ON d.id = a.deputy_id AND d.is_active
    WHERE a.paused_from <= %(today)s AND a.paused_until >= %(today)s
), steps (user_id, deputy_id, step) AS (
    SELECT user_id, deputy_id, 1 FROM pause
    UNION ALL SELECT steps.user_id, pause.deputy_id, steps.step + 1
    FROM steps JOIN pause ON pause.user_id = steps.deputy_id WHERE steps.step < {DEPUTY_STEPS}
), away AS (
    SELECT user_id, deputy_id FROM steps
    WHERE NOT EXISTS (SELECT 1 FROM pause WHERE pause.user_id = steps.deputy_id)
)
"""  # noqa: S608  our own text
TOLD_AND_WAY = f"""
WITH RECURSIVE {AWAY}, told AS (
    SELECT r.id AS reminder_id, COALESCE(away.deputy_id, r.recipient_id) AS person_id,
           r.occasion IN ({PROMPT}) AND r.planned_on = %(today)s AS is_prompt
    FROM tracker_reminder r LEFT JOIN away ON away.user_id = r.recipient_id
    WHERE r.state = 'planned' AND r.planned_on <= %(today)s
), way AS (
    SELECT u.id AS person_id, c.id AS channel_id, p.hour AS hour
    FROM tracker_user u
    JOIN tracker_channel c ON c.is_active AND (c.department_id IS NULL OR c.department_id = u.department_id)
    LEFT JOIN tracker_preference p ON p.user_id = u.id
    WHERE u.is_active AND (c.kind <> 'email' OR u.email <> '')
      AND CASE WHEN COALESCE(p.chooses_channels, %(no)s) THEN EXISTS (
              SELECT 1 FROM tracker_preference_channels pc WHERE pc.preference_id = u.id AND pc.channel_id = c.id)
          ELSE c.is_default END
), heir AS (
    SELECT away.user_id, away.deputy_id, way.channel_id FROM away JOIN way ON way.person_id = away.deputy_id
)
"""  # noqa: S608  our own text
# Who gets what the message `m` could not tell its recipient: a deputy whom the channel reaches, or the recipient.
BOUND = """COALESCE((
    SELECT heir.deputy_id FROM heir WHERE heir.user_id = m.recipient_id AND heir.channel_id = m.channel_id
), m.recipient_id)"""
# Messages of earlier days that did not go out, and today's to somebody who is away meanwhile: they go out with today's
# message, to the deputy of who is away. What failed does so as long as it carries something that is not too old; what a
# worker took and never began counts as waiting once the claim has lapsed.
STALE = """
    (m.day < %(today)s OR EXISTS (SELECT 1 FROM heir WHERE heir.user_id = m.recipient_id
                                  AND heir.channel_id = m.channel_id)) AND (
        m.state = 'waiting' OR (m.state = 'claimed' AND m.attempts = 0 AND m.claimed_at <= %(lapsed)s)
        OR (m.state = 'failed' AND EXISTS (
            SELECT 1 FROM tracker_messageline l JOIN tracker_reminder r ON r.id = l.reminder_id
            WHERE l.message_id = m.id AND r.settled_at IS NULL AND r.planned_on >= %(oldest)s)))
"""
IS_STALE = f"""
{TOLD_AND_WAY}
SELECT 1 FROM tracker_message m JOIN tracker_channel c ON c.id = m.channel_id AND c.is_active WHERE {STALE} LIMIT 1
"""  # noqa: S608  our own text
MESSAGES = f"""
INSERT INTO tracker_message
    (recipient_id, channel_id, day, kind, not_before, state, attempts, line_count, error, created_at)
{TOLD_AND_WAY}, hours (hour, moment) AS (VALUES {{hours}}), wanted AS (
    SELECT told.person_id, way.channel_id FROM told JOIN way ON way.person_id = told.person_id
    WHERE NOT EXISTS (SELECT 1 FROM tracker_messageline l
                      WHERE l.reminder_id = told.reminder_id AND l.channel_id = way.channel_id)
    UNION SELECT {BOUND}, m.channel_id FROM tracker_message m WHERE {STALE}
)
SELECT wanted.person_id, wanted.channel_id, %(today)s, 'digest', hours.moment, 'waiting', 0, 0, '', %(now)s
FROM wanted
JOIN tracker_channel c ON c.id = wanted.channel_id AND c.is_active
LEFT JOIN tracker_preference p ON p.user_id = wanted.person_id
JOIN hours ON hours.hour = COALESCE(p.hour, -1)
WHERE 1 = 1 ON CONFLICT DO NOTHING
"""  # noqa: S608  our own text
# What does not wait for the next day, where the message of this day cannot carry it now: it has gone, or its hour is to
# come. One such message a person, channel and day: the constraint keeps it. The rest goes with the next message.
PROMPTS = f"""
INSERT INTO tracker_message
    (recipient_id, channel_id, day, kind, not_before, state, attempts, line_count, error, created_at)
{TOLD_AND_WAY}, hours (hour, moment) AS (VALUES {{hours}}), urgent AS (
    SELECT DISTINCT told.person_id, way.channel_id FROM told
    JOIN way ON way.person_id = told.person_id
    JOIN hours ON hours.hour = COALESCE(way.hour, -1)
    LEFT JOIN tracker_message d ON d.recipient_id = told.person_id AND d.channel_id = way.channel_id
        AND d.day = %(today)s AND d.kind = 'digest'
    WHERE told.is_prompt AND NOT EXISTS (
        SELECT 1 FROM tracker_messageline l WHERE l.reminder_id = told.reminder_id AND l.channel_id = way.channel_id)
      AND CASE WHEN d.id IS NULL THEN hours.moment > %(now)s
          ELSE NOT (d.state = 'waiting' AND d.attempts = 0 AND d.not_before <= %(now)s) END
)
SELECT urgent.person_id, urgent.channel_id, %(today)s, 'prompt', %(now)s, 'waiting', 0, 0, '', %(now)s
FROM urgent WHERE 1 = 1 ON CONFLICT DO NOTHING
"""  # noqa: S608  our own text
# The day's message of a person and channel, and the one beside it, while no worker has them (`_lock_open`).
OPEN = """
    SELECT id, recipient_id, channel_id FROM tracker_message
    WHERE day = %(today)s AND kind = 'digest' AND state = 'waiting' AND attempts = 0
"""
OPEN_PROMPT = OPEN.replace("'digest'", "'prompt'")
LINES = f"""
INSERT INTO tracker_messageline (message_id, reminder_id, channel_id)
{TOLD_AND_WAY}
SELECT fresh.id, told.reminder_id, way.channel_id
FROM told JOIN way ON way.person_id = told.person_id
JOIN ({OPEN}) AS fresh ON fresh.recipient_id = told.person_id AND fresh.channel_id = way.channel_id
WHERE 1 = 1 ON CONFLICT DO NOTHING
"""  # noqa: S608  our own text
PROMPT_LINES = LINES.replace(OPEN, OPEN_PROMPT).replace("WHERE 1 = 1", "WHERE told.is_prompt")
# The state changes before the lines move, and is asked of the row itself: a worker that was faster keeps the message.
MERGED = f"""
{TOLD_AND_WAY}
UPDATE tracker_message AS m SET state = 'merged', claimed_at = NULL
WHERE {STALE} AND EXISTS (
    SELECT 1 FROM ({OPEN}) AS fresh
    WHERE fresh.id <> m.id AND fresh.recipient_id = {BOUND} AND fresh.channel_id = m.channel_id)
"""  # noqa: S608  our own text
MOVED = f"""
{TOLD_AND_WAY}, moved AS (
    SELECT m.id AS old_id, fresh.id AS new_id FROM tracker_message m JOIN ({OPEN}) AS fresh
      ON fresh.recipient_id = {BOUND} AND fresh.channel_id = m.channel_id
    WHERE m.state = 'merged'
)
UPDATE tracker_messageline
SET message_id = (SELECT moved.new_id FROM moved WHERE moved.old_id = tracker_messageline.message_id)
WHERE message_id IN (SELECT moved.old_id FROM moved)
"""  # noqa: S608  our own text
# Who is reached by no channel, or only by one that was switched off since: the inbox has told them.
INBOX_ONLY = f"""
UPDATE tracker_reminder SET state = 'sent', sent_at = %(now)s WHERE id IN (
    {TOLD_AND_WAY} SELECT told.reminder_id FROM told
    WHERE NOT EXISTS (SELECT 1 FROM way WHERE way.person_id = told.person_id)
      AND NOT EXISTS (SELECT 1 FROM tracker_messageline l JOIN tracker_channel c ON c.id = l.channel_id
                      WHERE l.reminder_id = told.reminder_id AND c.is_active))
"""  # noqa: S608  our own text


def is_needed(*, today: date, now: datetime, claim_holds: timedelta) -> bool:
    """Whether anything waits that no message carries, or a message of an earlier day did not go out. Two queries."""
    untold = reminders.waiting().filter(planned_on__lte=today, lines__isnull=True)
    if untold.exists():
        return True
    with connection.cursor() as cursor:
        cursor.execute(IS_STALE, _values(today=today, now=now, claim_holds=claim_holds))
        return cursor.fetchone() is not None


def write(*, today: date, now: datetime, claim_holds: timedelta, hours: SiteSettings) -> int:
    """Make or complete today's messages; returns how many are new. Call it inside a transaction.

    One writer at a time: the channels' rows are locked. In the quiet hours nothing goes out beside the day's message.
    """
    list(Channel.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    zone = timezone.get_current_timezone()
    rules = Hours(digest=hours.digest_hour, quiet_from=hours.quiet_from, quiet_until=hours.quiet_until)
    moments = [(-1, rules.moment(today, hour=None, zone=zone))]
    moments += [(hour, rules.moment(today, hour=hour, zone=zone)) for hour in range(24)]
    values = _values(today=today, now=now, claim_holds=claim_holds)
    adapt = connection.ops.adapt_datetimefield_value
    values |= {f"moment_{place}": adapt(moment) for place, (_, moment) in enumerate(moments)}
    marks = ", ".join(f"({hour}, %(moment_{place})s)" for place, (hour, _) in enumerate(moments))
    with connection.cursor() as cursor:
        count = 0
        if not rules.is_quiet(timezone.localtime(now)):
            cursor.execute(PROMPTS.replace("{hours}", marks), values)
            count += int(cursor.rowcount)
            _lock_open(today=today)
            cursor.execute(PROMPT_LINES, values)
        cursor.execute(MESSAGES.replace("{hours}", marks), values)
        count += int(cursor.rowcount)
        _lock_open(today=today)
        for statement in (LINES, MERGED, MOVED, INBOX_ONLY):
            cursor.execute(statement, values)
    return count


def _lock_open(*, today: date) -> None:
    """Keep the day's open messages from workers until their lines stand, so that none takes one half-written."""
    found = Message.objects.filter(day=today, state=MessageState.WAITING, attempts=0)
    list(found.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _values(*, today: date, now: datetime, claim_holds: timedelta) -> dict[str, Plain]:
    """The statements' parameters, as the database's driver takes them."""
    day, moment = connection.ops.adapt_datefield_value, connection.ops.adapt_datetimefield_value
    return {
        "today": day(today),
        "oldest": day(today - timedelta(days=queries.CARRIED_DAYS)),
        "now": moment(now),
        "lapsed": moment(now - claim_holds),
        "no": False,
    }
