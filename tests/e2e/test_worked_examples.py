"""The worked examples of docs/api.md, run as they stand there: in a shell with curl, and in Python."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.house import ROOT, House

pytestmark = pytest.mark.e2e
HEADING = "## Tasks, worked"
RUNNERS = {"sh": ["sh", "-eu"], "python": [sys.executable, "-"]}


def tasks() -> dict[str, str]:
    """The text of each task by its title."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    titles = text.split("\n### ")[1:]
    return {title: body for title, _line, body in (part.partition("\n") for part in titles)}


def blocks(kind: str) -> list[str]:
    """One block of each task, in their order."""
    found = [re.findall(rf"```{kind}\n(.*?)```", body, re.DOTALL) for body in tasks().values()]
    assert all(len(one) == 1 for one in found), f"each task has one example in {kind}"
    return [one for (one,) in found]


@pytest.mark.parametrize("kind", RUNNERS)
def test_every_task_of_the_docs_runs_as_it_stands(kind: str, home: House, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is missing; install it"
    passwords = {name.upper(): password for name, password in home.passwords.items()}
    # What a block printed last tells how far a run came that broke off.
    told = "echo %s" if kind == "sh" else "print(%r)"
    script = "\n".join(f"{block}\n{told % f'task {number} done'}" for number, block in enumerate(blocks(kind)))
    run = subprocess.run(
        RUNNERS[kind],
        input=script,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOST": home.url, "PYTHONUTF8": "1", **passwords},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, f"{run.stdout[-3000:]}\n{run.stderr[-3000:]}"
    assert f"task {len(tasks()) - 1} done" in run.stdout
