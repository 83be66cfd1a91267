"""The e-mail channel: a digest as HTML and text through Django's mail back end. One connection for many messages."""

import contextlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.translation import gettext

from projects.errors import DomainError
from tracker.delivery import renderings
from tracker.delivery.digest import Digest
from tracker.delivery.transport import Failed, Refused, Unreachable
from tracker.queries import channels

PERMANENT = 500
CLOSING = 421  # “service not available, closing”: said to everybody, not to this message


class Email:
    """Letters. A server that knows the Message-ID may drop the repetition of a letter that it took before."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend | None = None

    def open(self) -> None:
        """Connect and sign in at the mail server."""
        self.close()
        if not channels.has_mail():
            # What is printed or thrown away was not sent to anybody.
            raise Unreachable(str(DomainError("channel_without_mail")))
        self.connection = mail.get_connection()
        try:
            self.connection.open()
        except (OSError, ValueError) as error:
            self.connection = None
            raise Unreachable(_unreachable(error)) from error

    def send(self, digest: Digest) -> None:
        """Send one letter; on a connection that broke, a new one is made."""
        if not digest.recipient.email:
            raise Refused(str(DomainError("address_missing", name=str(digest.recipient))))
        try:
            compose(digest, connection=self.connection).send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*_worst(error)) from error
        except smtplib.SMTPSenderRefused as error:
            # It is the site's own address that is not taken: nobody's letter would go out.
            self.close()
            raise Unreachable(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            if isinstance(error.__context__, TimeoutError):
                raise Unreachable(_unreachable(error.__context__)) from error
            raise Failed(gettext("The mail server broke off.")) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            # Letters that the server does not know, or a line break, which Django lets into no header.
            said = gettext("This is no address for e-mail: %(address)s")
            raise Refused(said % {"address": digest.recipient.email}) from error
        except OSError as error:
            self.close()
            raise Unreachable(_unreachable(error)) from error

    def close(self) -> None:
        """Take leave; a connection that is broken already is as good as closed."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()


def compose(digest: Digest, *, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The letter. Its Message-ID depends on the message's key only."""
    values = {"digest": digest, "subject": renderings.subject(digest), "site": settings.SITE_URL}
    if digest.left_out:
        values["rest"] = renderings.rest(digest.left_out)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=renderings.subject(digest),
        body=renderings.text(digest),
        to=[digest.recipient.email],
        headers={
            "Message-ID": f"<message.{digest.key}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": digest.language,
        },
        connection=connection,
    )
    message.attach_alternative(render_to_string("email/digest.html", values), "text/html")
    return message


def _worst(error: smtplib.SMTPRecipientsRefused) -> tuple[int, bytes | str]:
    return min(error.recipients.values(), default=(PERMANENT, b""))


def _judged(code: int, said: bytes | str) -> Exception:
    """What an answer of the server means: for good from 500 on, for now below."""
    if code == CLOSING:
        return Unreachable(_said(code, said))
    return (Refused if code >= PERMANENT else Failed)(_said(code, said))


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return gettext("The mail server answered: %(code)s %(said)s") % {"code": code, "said": " ".join(words.split())}


def _unreachable(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return gettext("The mail server does not accept the site’s account or password.")
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return gettext("The mail server does not answer in time.")
    return gettext("The mail server cannot be reached: %(why)s") % {"why": error}
