"""Every refusal that the code can raise is a sentence, with all the values that the sentence names."""

import ast
from collections.abc import Iterator
from pathlib import Path

from projects.errors import DomainError

ROOT = Path(__file__).resolve().parents[3]


def raised() -> Iterator[tuple[str, set[str], str]]:
    """(code, names of the values, place) of each `DomainError(…)` with a literal code in our packages."""
    for package in ("projects", "tracker"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError" and node.args:
                    first = node.args[0]
                    names = {keyword.arg or "**" for keyword in node.keywords} - {"field"}
                    if isinstance(first, ast.Constant):
                        yield str(first.value), names, f"{path.relative_to(ROOT)}:{node.lineno}"


class Asked(dict[str, object]):
    """Remembers which values a sentence asks for."""

    def __missing__(self, name: str) -> int:
        self[name] = 1
        return 1


def test_every_code_has_a_sentence_and_its_values() -> None:
    missing = []
    found = list(raised())
    assert len(found) > 40
    for code, given, place in found:
        if code not in DomainError.sentences:
            missing.append(f"{place}: {code} has no sentence")
            continue
        asked = Asked()
        str(DomainError.sentences[code]) % asked
        if code.startswith("ledger_"):
            continue  # a ledger's finding gets its row and heading from the sheet that is read
        if "**" not in given and (lacking := asked.keys() - given):
            missing.append(f"{place}: {code} needs {sorted(lacking)}")
    assert missing == []


def test_every_sentence_ends_with_a_full_stop() -> None:
    endless = [code for code, sentence in DomainError.sentences.items() if str(sentence)[-1] not in ".。s"]
    assert endless == ["field_invalid", "ledger_refused"] or endless == []
