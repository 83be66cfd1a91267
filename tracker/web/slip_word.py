"""A slip as a Word file, from the template that the office may replace (`LUOSHI_SLIP_TEMPLATE`, docs/slips.md).

The template knows the names of `values` and nothing else. What people wrote stays text: it is escaped, and never read
as a template again.
"""

import io
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any
from zipfile import BadZipFile

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import pgettext
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from projects.errors import DomainError
from tracker.queries.slips import SlipView
from tracker.web import present_slip
from tracker.web.forms import printable

logger = logging.getLogger(__name__)
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What can go wrong with a file that somebody put in the template's place.
BROKEN = (OSError, KeyError, ValueError, SyntaxError, BadZipFile, OpcError, TemplateError)
JOINED_BRACES = ("{_{", "}_}", "{_%", "%_}")  # which docxtpl would turn into braces


def values(view: SlipView, *, today: date) -> dict[str, object]:
    """What the template may name. The paper is the office's: in the site's own language, whatever the reader's."""
    with translation.override(settings.LANGUAGE_CODE):
        found: dict[str, object] = _plain(present_slip.paper(view, today=today))
        return found


def document(view: SlipView, *, today: date) -> bytes:
    """The file. Raises DomainError `slip_template_broken` when the template cannot be used; the log says why."""
    try:
        template = DocxTemplate(settings.SLIP_TEMPLATE)
        template.render(values(view, today=today), jinja_env=SandboxedEnvironment(), autoescape=True)
        stream = io.BytesIO()
        template.save(stream)
    except BROKEN as error:
        logger.exception("the template of slips cannot be used", extra={"kind": type(error).__name__})
        raise DomainError("slip_template_broken") from error
    return stream.getvalue()


def _plain(one: object) -> Any:
    """Days in words, text without what no document may hold; nothing else of the paper changes."""
    if isinstance(one, date):
        return formats.date_format(one, pgettext("date in a sentence", "j F Y"))
    if isinstance(one, str):
        kept = printable(str(one)).replace("\r\n", "\n").replace("\r", "\n")
        for joined in JOINED_BRACES:
            kept = kept.replace(joined, " ".join(joined.split("_")))
        return kept
    if isinstance(one, Mapping):
        return {str(name): _plain(value) for name, value in one.items()}
    if isinstance(one, list | tuple):
        return [_plain(value) for value in one]
    return one
