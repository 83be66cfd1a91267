"""Draws docs/lifecycle.md from the one table of steps: `python -m scripts.lifecycle_table` writes it, `check` compares.

A test runs the comparison, so that the page never tells of another life than the code lives.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation

from tracker.choices import DEPARTMENT_ROLES, Stage
from tracker.rules.lifecycle import STEPS, SUPERVISION_ROLES, Step

PAGE = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"
HEAD = """# The life of a commitment

Drawn from `tracker/rules/lifecycle.py` by `python -m scripts.lifecycle_table`; do not edit it by hand. That table is
the only place in which a step is allowed, for the admin, the actions and any client alike. What is not in it does not
exist: the pages of such a step answer 404, the action answers `step_not_allowed`.
"""
KEY = """D: the lead department's officer or head. S: the supervision office. Leaders and administrators take no step.
r: a reason is owed. u: a last day is owed, later than today. v: taken by recording a verification that confirms the
work (`actions.verifications`), never by itself. o: a refusal, which may propose the right owner.
Empty: there is no such step.
"""
TAIL = """## What else happens with a step

- An accepted report starts the work: what was only handed out, or taken on, is in progress from then on
  (`STARTED_BY_REPORT`).
- Handed out: the first time the day is kept (`issued_on`); a proposed owner is cleared.
- Reported done below 100 % of accepted progress: with a reason only; an unknown progress asks nothing.
- Reported done: who reported it is kept, until the work goes on. That person, and whoever wrote an accepted report,
  does not verify it.
- A verification that finds less than “confirmed” takes the step back to work, with its note as the reason.
- Closed: the day is kept (`closed_on`) in the archive too, until a look-back or the supervision office re-opens it.
- Exempt: ends on its last day; the light is judged again from the next day on.
- Every step is an event: who, when, from what to what, why.
"""


def who(step: Step) -> str:
    """The side that takes a step: D, S, or both."""
    sides = (("D", DEPARTMENT_ROLES), ("S", SUPERVISION_ROLES))
    return "".join(letter for letter, roles in sides if step.roles & roles)


def owed(step: Step) -> str:
    """What a step owes, one letter each."""
    marks = (
        ("r", step.needs_reason),
        ("u", step.needs_until),
        ("v", step.needs_verification),
        ("o", step.names_owner),
    )
    return "".join(letter for letter, is_owed in marks if is_owed)


def cell(step: Step | None) -> str:
    """One cell of the table: "", "S", "D ro"."""
    return "" if step is None else f"{who(step)} {owed(step)}".strip()


def table() -> Iterator[str]:
    """From × to, all stages in the order of a life."""
    yield "| from \\ to | " + " | ".join(str(stage.label) for stage in Stage) + " |"
    yield "|---" * (len(Stage) + 1) + "|"
    for current in Stage:
        yield f"| **{current.label}** | " + " | ".join(cell(STEPS[current].get(to)) for to in Stage) + " |"


def diagram() -> Iterator[str]:
    """The steps between the stages of a life, as a mermaid chart; side states are in the table only."""
    side = {Stage.SUSPENDED, Stage.CANCELLED, Stage.EXEMPT}
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {Stage.REGISTERED}"
    for current in Stage:
        for to in Stage:
            if to in STEPS[current] and not {current, to} & side:
                yield f"    {current} --> {to}: {cell(STEPS[current][to])}"
    yield "```"


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        count = sum(len(steps) for steps in STEPS.values())
        cells = len(Stage) ** 2
        parts = [
            HEAD,
            *diagram(),
            "",
            "## Every step",
            "",
            KEY,
            *table(),
            "",
            f"{count} of {cells} cells are steps. `tests/tracker/rules/test_lifecycle.py` and",
            "`tests/tracker/actions/test_steps.py` try every cell for every role.",
            "",
            TAIL,
        ]
        return "\n".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or say whether it is still true. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["write", "check"], default="write")
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    if parser.parse_args(arguments).what == "write":
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/lifecycle.md is not what the code says. Run: python -m scripts.lifecycle_table", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
