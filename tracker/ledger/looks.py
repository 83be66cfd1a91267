"""How written sheets look: one frame, lights as a word on its colour, A4 landscape, the head on each page."""

from collections.abc import Mapping

import xlsxwriter

from tracker.choices import Health
from tracker.ledger.stream import Form

A4 = 9
FROZEN_COLUMNS = 2
DAY = {"num_format": "yyyy-mm-dd"}
HEAD: dict[str, object] = {
    "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF", "bg_color": "#EDEDED",
}  # fmt: skip
CENTRED = {"align": "center"}
READ_ONLY = {"font_color": "#7F7F7F"}
BODY: dict[str, object] = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}
WRAPPED = BODY | {"text_wrap": True}
TITLE: dict[str, object] = {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"}
SECTION: dict[str, object] = BODY | {"bold": True, "bg_color": "#F5F5F5", "valign": "vcenter"}
# Fill and ink, as on the site (static/luoshi/tokens.css); where nothing is known or due there is no colour.
LIGHTS: Mapping[str, tuple[str, str]] = {
    Health.DONE: ("#2B5CA6", "#FFFFFF"),
    Health.ON_TRACK: ("#2B7A50", "#FFFFFF"),
    Health.AT_RISK: ("#C48200", "#1A1C20"),
    Health.OFF_TRACK: ("#BF2E1D", "#FFFFFF"),
    Health.NOT_STARTED: ("#FFFFFF", "#1A1C20"),
    Health.NO_DATA: ("#D9D9D9", "#1A1C20"),
    Health.EXEMPT: ("#87817A", "#FFFFFF"),
}


def light(health: str) -> Form:
    """The cell that says a light."""
    fill, ink = LIGHTS[health]
    return BODY | CENTRED | {"bg_color": fill, "font_color": ink}


def print_well(sheet: xlsxwriter.worksheet.Worksheet, *, first: int = 0, last: int = 0) -> None:
    """Landscape A4, one page wide; rows `first` to `last` are the head: in sight, and on every page."""
    sheet.freeze_panes(last + 1, FROZEN_COLUMNS)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first, last)
    sheet.set_footer("&C&P / &N")
