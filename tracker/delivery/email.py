"""The e-mail channel: a digest as HTML and text, handed to Django's mail back end. Knows no rows and no retries."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from tracker.delivery.digest import Digest
from tracker.delivery.transport import Failed, Refused, Unreachable


class Email:
    """One connection to the mail server."""

    def __init__(self) -> None:
        self.connection = mail.get_connection()

    def open(self) -> None:
        """Raises Unreachable."""
        try:
            self.connection.open()
        except OSError as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def send(self, digest: Digest) -> None:
        """Raises as Transport.send."""
        if not digest.recipient.email:
            raise Refused("no address")
        try:
            compose(digest, self.connection).send()
        except smtplib.SMTPRecipientsRefused as error:
            raise Failed(str(error)) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        try:
            self.connection.close()
        except OSError:
            return


def compose(digest: Digest, connection: object = None) -> EmailMultiAlternatives:
    """The message. Its Message-ID depends on the key only: mail servers may drop a repetition."""
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
