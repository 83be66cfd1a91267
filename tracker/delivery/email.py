"""The e-mail channel: a digest as HTML and text, handed to Django's mail back end. Knows no rows and no retries."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from projects.errors import DomainError
from tracker.delivery.digest import Digest


def send(digest: Digest, *, connection: BaseEmailBackend) -> None:
    """Send it in the active language.

    Raises:
        DomainError: the person has no address; another try cannot help.
        Exception: whatever the back end raises; another try may help.
    """
    if not digest.recipient.email:
        raise DomainError("address_missing", name=str(digest.recipient))
    compose(digest, connection=connection).send()


def compose(digest: Digest, *, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The message. Its Message-ID depends on the reminders only: mail servers may drop a repetition."""
    values = {"digest": digest, "count": len(digest.lines), "site": settings.SITE_URL}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string("email/reminder.subject.txt", values).split()),
        body=render_to_string("email/reminder.txt", values),
        to=[digest.recipient.email],
        headers={"Message-ID": f"<reminder.{digest.key}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    message.attach_alternative(render_to_string("email/reminder.html", values), "text/html")
    return message
