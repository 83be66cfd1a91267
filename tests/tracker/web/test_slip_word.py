"""A slip as a Word file: opened again it says what the paper says; what people wrote stays text."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.factories import Cast, make_cast, make_commitment
from tests.slip_rows import make_slip
from tests.tracker.web.pages import signed_in
from tracker.choices import SlipLevel, SlipState
from tracker.models import Slip

pytestmark = pytest.mark.django_db

HOSTILE = "请说明 {{ 7 * 7 }} {% for %} <b>原因</b> & “理由”。\r\n第二行\x0b{_{"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def words(data: bytes) -> str:
    """All text of the document, table cells included."""
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def word(cast: Cast, slip: Slip, *, name: str = "lin", language: str = "") -> Any:
    return signed_in(getattr(cast, name), language=language).get(f"/slips/{slip.ref}.docx")


def make_red(cast: Cast, **options: Any) -> Slip:
    item = make_commitment("S-1", title="用好 {{ 云平台 }}", department=cast.science, due_on=date(2026, 6, 30))
    blue = make_slip(item, number=1)
    return make_slip(item, number=2, level=SlipLevel.YELLOW, cites=blue, **options)


@pytest.mark.parametrize("language", ["", "en"])
def test_opened_again_it_says_what_the_paper_says(cast: Cast, language: str) -> None:
    response = word(cast, make_red(cast), language=language)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    found = words(response.content)
    for part in (
        "市委市政府督查室", "督 办 单", "督办〔2026〕2 号", "黄色督办", "市科技局", "S-1", "2026 年 6 月 30 日",
        "已逾期", "督办〔2026〕1 号", "未答复", "请说明未按期完成的原因和下步措施。", "2026 年 11 月 13 日",
        "2026 年 11 月 2 日",
    ):  # fmt: skip
        assert part in found, part
    assert "{%" not in found
    assert "草稿" not in found


def test_hostile_text_stays_text(cast: Cast) -> None:
    found = words(word(cast, make_red(cast, text=HOSTILE)).content)
    assert "请说明 {{ 7 * 7 }} {% for %} <b>原因</b> & “理由”。" in found
    assert "第二行" in found
    assert "用好 {{ 云平台 }}" in found
    assert "49" not in found.replace("2049", "")


def test_an_answer_stands_in_it(cast: Cast) -> None:
    item = make_commitment("S-1", department=cast.science)
    found = words(word(cast, make_slip(item, state=SlipState.ANSWERED)).content)
    assert "已倒排工期。" in found
    assert "承诺办结时间：2026 年 11 月 20 日" in found
    assert "签字" not in found


def test_a_draft_and_a_demonstration_are_marked(cast: Cast) -> None:
    draft = make_slip(make_commitment("S-1", department=cast.science), state=SlipState.DRAFT)
    Slip.objects.filter(pk=draft.pk).update(is_demo=True)
    found = words(word(cast, draft, name="chen").content)
    assert "【草稿】【演示】" in found
    assert "拟稿，未签发" in found
    assert word(cast, draft).status_code == 404


@pytest.mark.parametrize("content", [b"", b"no document", None])
def test_a_template_that_cannot_be_used_is_told_on_the_page(
    content: bytes | None, cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.SLIP_TEMPLATE = str(tmp_path / "slip.docx")
    if content is not None:
        Path(settings.SLIP_TEMPLATE).write_bytes(content)
    slip, client = make_red(cast), signed_in(cast.lin)
    response = client.get(f"/slips/{slip.ref}.docx", follow=True)
    assert response.redirect_chain == [(f"/slips/{slip.ref}/", 302)]
    assert "Word 模板无法使用" in response.content.decode()


@pytest.mark.parametrize("line", ["{{ number", "{% for x in %}", "{{ ''.__class__.__mro__ }}", "{{ nothing.at.all }}"])
def test_a_template_with_a_mistake_is_told_too(line: str, cast: Cast, tmp_path: Path, settings: Any) -> None:
    own = Document()
    own.add_paragraph(line)
    settings.SLIP_TEMPLATE = str(tmp_path / "slip.docx")
    own.save(settings.SLIP_TEMPLATE)
    slip, client = make_red(cast), signed_in(cast.lin)
    response = client.get(f"/slips/{slip.ref}.docx")
    assert (response.status_code, response.get("Location")) == (302, f"/slips/{slip.ref}/")


def test_the_office_may_replace_the_template(cast: Cast, tmp_path: Path, settings: Any) -> None:
    own = Document()
    own.add_paragraph("本室格式：{{ number }} {{ to }}")
    settings.SLIP_TEMPLATE = str(tmp_path / "slip.docx")
    own.save(settings.SLIP_TEMPLATE)
    assert words(word(cast, make_red(cast)).content) == "本室格式：督办〔2026〕2 号 市科技局"


def test_the_template_that_comes_along_is_the_one_that_the_script_makes(tmp_path: Path, monkeypatch: Any) -> None:
    from scripts import slip_template

    kept = words(slip_template.TARGET.read_bytes())
    monkeypatch.setattr(slip_template, "TARGET", tmp_path / "slip.docx")
    assert slip_template.main() == 0
    assert words(slip_template.TARGET.read_bytes()) == kept
