"""Makes the Word template of supervision slips anew: `python -m scripts.slip_template`. docs/slips.md names its fields.

A4, the fonts that offices have, black on white; what stands in double braces is filled in by `tracker.web.slip_word`.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TARGET = Path(__file__).resolve().parent.parent / "tracker" / "data" / "slips" / "slip.docx"
SONG, HEI, KAI = "宋体", "黑体", "楷体"
# Label of a row, and the lines below each other that its cell holds.
ROWS = (
    ("送达单位", ["{{ to }}"]),
    ("督办事项", ["{{ title }}（{{ code }}）"]),
    ("决定条款", ["{{ clause }}"]),
    ("完成期限", ["{{ due_on }}{% if is_moved %}（原定 {{ original_due_on }}）{% endif %}"]),
    ("督办理由", ["{%p for one in grounds %}", "{{ one }}", "{%p endfor %}"]),
    (
        "此前督办单",
        [
            "{%p for one in earlier %}",
            "{{ one.number }}（{{ one.level_label }}），{{ one.issued_on }}签发，"
            "{% if one.promised_on %}答复承诺 {{ one.promised_on }}办结{% else %}未答复{% endif %}",
            "{%p endfor %}",
            "{%p if not earlier %}",
            "无",
            "{%p endif %}",
        ],
    ),
    ("督办要求", ["{{ text }}"]),
    ("答复期限", ["{% if answer_due_on %}{{ answer_due_on }}{% else %}签发时确定{% endif %}"]),
    (
        "单位答复",
        [
            "{%p if answer %}",
            "{{ answer.text }}",
            "承诺办结时间：{{ answer.promised_on }}",
            "{{ answer.by }}　{{ answer.on }}",
            "{%p else %}",
            "",
            "承诺办结时间：　　　　年　　月　　日",
            "主要负责人（签字）：",
            "{%p endif %}",
        ],
    ),
)


def main() -> int:
    """Write the template; returns the exit status."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    _write(document.add_paragraph(), "{{ office }}", size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
    _write(document.add_paragraph(), "督 办 单", font=HEI, size=26, align=WD_ALIGN_PARAGRAPH.CENTER)
    _write(document.add_paragraph(), "{%p if marks %}")
    marks = "{% for mark in marks %}【{{ mark }}】{% endfor %}"
    _write(document.add_paragraph(), marks, font=HEI, size=16, align=WD_ALIGN_PARAGRAPH.CENTER)
    _write(document.add_paragraph(), "{%p endif %}")
    _write(document.add_paragraph(), "{{ number }}　　{{ level_label }}督办", font=KAI, size=14)
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, lines in ROWS:
        _row(table, label, lines)
    _write(document.add_paragraph(), "", size=8)
    _write(document.add_paragraph(), "{{ office }}", size=14, align=WD_ALIGN_PARAGRAPH.RIGHT)
    signed = "{% if issued_on %}{{ issued_on }}{% else %}{{ drafted_on }}拟稿，未签发{% endif %}"
    _write(document.add_paragraph(), signed, size=14, align=WD_ALIGN_PARAGRAPH.RIGHT)
    known = document.core_properties
    known.title, known.author, known.comments = "督办单", "", ""
    known.created = known.modified = datetime(2026, 11, 28, tzinfo=UTC)
    document.save(str(TARGET))
    print(f"written: {TARGET.name}")
    return 0


def _row(table: Table, label: str, lines: list[str]) -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]  # python-docx leaves this one without types
    _fill(cells[0], [label], width=Cm(2.9), font=HEI)
    _fill(cells[1], lines, width=Cm(12.9))


def _fill(cell: _Cell, lines: list[str], *, width: Cm, font: str = SONG) -> None:
    cell.width = width
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _write(paragraph, line, font=font, size=12)


def _write(
    paragraph: Paragraph, text: str, *, font: str = SONG, size: int = 12, align: WD_ALIGN_PARAGRAPH | None = None
) -> None:
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.line_spacing = 1.25
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _face(run, font)


def _face(run: Run, font: str) -> None:
    """The face of Latin and of Chinese characters; python-docx sets the first only."""
    run.font.name = font
    properties = run._element.get_or_add_rPr()
    faces = properties.find(qn("w:rFonts"))
    if faces is None:
        faces = OxmlElement("w:rFonts")
        properties.append(faces)
    faces.set(qn("w:eastAsia"), font)


if __name__ == "__main__":
    sys.exit(main())
