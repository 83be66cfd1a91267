"""The table on the screen, and bench/results.json."""

import json
import platform
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median

from bench.timing import Result

RESULTS = Path(__file__).resolve().parent / "results.json"
GROWTH_TARGET = 1.5
FLAT = frozenset({"P1", "P2"})
HEADINGS = ("", "engine", "rows", "work | floor", "floor", "product", "ratio (min–max)", "target", "verdict")


def growth(results: Sequence[Result]) -> Iterator[Result]:
    """For the works that must stay flat: the product's time at the most rows over that at the fewest."""
    series: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for result in results:
        if result.work in FLAT:
            series[(result.work, result.engine, result.name.partition(" | ")[0])].append(result)
    for (work, engine, name), found in series.items():
        first, last = min(found, key=lambda one: one.rows), max(found, key=lambda one: one.rows)
        if first.rows < last.rows:
            yield Result(
                work=work,
                name=f"{name}: {short(first.rows)} → {short(last.rows)} | the product itself",
                engine=engine,
                rows=last.rows,
                target=GROWTH_TARGET,
                floor=[median(first.product)],
                product=[median(last.product)],
            )


def table(results: Sequence[Result]) -> str:
    """One line per result, aligned."""
    lines = [HEADINGS, *(_line(result) for result in results)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([rows[0], "-" * max(map(len, rows)), *rows[1:]])


def markdown(results: Sequence[Result]) -> str:
    """The same table for docs/performance.md."""
    lines = [HEADINGS, tuple("---" for _ in HEADINGS), *(_line(result) for result in results)]
    return "\n".join("| " + " | ".join(cell.replace(" | ", " / ") for cell in line) + " |" for line in lines)


def machine() -> str:
    """On what and when this was measured."""
    busy = getloadavg()[0]
    when = datetime.now().astimezone().date().isoformat()
    python = platform.python_version()
    return f"measured on {when}, {cpu_count()} cores, Python {python}, load before {busy:.1f}"


def write(results: Sequence[Result], not_run: Sequence[str], *, header: str, command: Sequence[str]) -> None:
    """bench/results.json: every round of every line."""
    lines = [
        asdict(result) | {"ratios": result.ratios, "value": result.value, "is_met": result.is_met} for result in results
    ]
    found = {"header": header, "command": list(command), "results": lines, "not_run": list(not_run)}
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read() -> tuple[list[Result], str]:
    """What the last run wrote: its results and its header."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    extra = {"ratios", "value", "is_met"}
    return [
        Result(**{name: value for name, value in line.items() if name not in extra}) for line in found["results"]
    ], found["header"]


def short(rows: int) -> str:
    """1000 → 1k, 1000000 → 1M; other numbers as they are."""
    if rows >= 1_000_000 and rows % 1_000_000 == 0:
        return f"{rows // 1_000_000}M"
    return f"{rows // 1000}k" if rows >= 1000 and rows % 1000 == 0 else str(rows)


def _line(result: Result) -> tuple[str, ...]:
    floor = _figure(median(result.floor), result.unit) if result.floor else "–"
    ratios = result.ratios
    if result.is_ratio and len(ratios) > 1:
        ratio = f"{result.value:.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
    else:
        ratio = f"{result.value:.2f}" if result.is_ratio else "–"
    sign = "≥" if result.is_least else "≤"
    target = f"{sign} {result.target:g} ×" if result.is_ratio else f"≤ {result.target:g} {result.unit}"
    verdict = "met" if result.is_met else "NOT MET"
    if (
        result.engine == "sqlite" and result.is_ratio
    ):  # the targets were set on PostgreSQL; this one is for first contact
        verdict = f"({verdict.lower()})"
    product = _figure(median(result.product), result.unit)
    rows = short(result.rows) if result.rows else "demo"
    return result.work, result.engine, rows, result.name, floor, product, ratio, target, verdict


def _figure(value: float, unit: str) -> str:
    return f"{value:.0f} {unit}" if unit == "MB" else f"{value:.2f} {unit}"


if __name__ == "__main__":
    found, header = read()
    sys.stdout.write(f"{header}\n\n{markdown(found)}\n")
