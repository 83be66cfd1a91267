"""Translations: `compile` turns locale/**/*.po into .mo with polib, `check` refuses what a reader would stumble over.

The .mo files are not in git; scripts/bootstrap.py compiles them, so no machine needs GNU gettext. Extracting needs it:
`check` runs makemessages when xgettext is there and says loudly when it is not.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[a-z]|%%|%[sd]|\{[a-z_0-9]*\}", re.IGNORECASE)
IGNORED = (".venv", "var", "bench", "tests")


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every .po file of the project, sorted; empty when there is no locale/ yet."""
    return sorted((root / "locale").glob("**/*.po"))


def compile_all(root: Path = ROOT) -> int:
    """Write each .mo that is missing or older than its .po. Returns how many were written."""
    written = 0
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(target)  # so that a process reading at the same time never sees half a file
        written += 1
    return written


def faults(source: Path) -> Iterator[str]:
    """What is wrong with one catalogue, one sentence each: empty, fuzzy, or other placeholders than the original."""
    for entry in polib.pofile(str(source)):
        if entry.obsolete:
            continue
        where = f"{source.name}:{entry.linenum} “{entry.msgid[:60]}”"
        if entry.fuzzy:
            yield f"{where} is fuzzy. Check the translation and remove the mark."
        elif not entry.translated():
            yield f"{where} has no translation. Add one."
        else:
            for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                if text and not same_placeholders(entry, text):
                    yield f"{where} has other placeholders than its translation. Make them equal."


def same_placeholders(entry: polib.POEntry, text: str) -> bool:
    """True when the translation names what the original names; a plural may leave out what the singular does."""
    singular, plural, ours = (set(PLACEHOLDER.findall(part or "")) for part in (entry.msgid, entry.msgid_plural, text))
    return ours == (plural or singular) or (bool(entry.msgid_plural) and ours == singular)


def messages(source: Path) -> set[tuple[str, str, str]]:
    """What a catalogue holds, without positions: (context, msgid, plural)."""
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural)
        for entry in polib.pofile(str(source))
        if not entry.obsolete
    }


def stale(root: Path = ROOT) -> list[str]:
    """Extract the messages into a scratch copy; name what the catalogues lack or no longer need. Needs xgettext."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        shutil.copytree(
            root, copy, ignore=shutil.ignore_patterns(*IGNORED, ".git", "*.pyc", "*.sqlite3*", "node_modules")
        )
        for source in catalogues(root):
            language = source.relative_to(root / "locale").parts[0]
            command = [sys.executable, "manage.py", "makemessages", "--locale", language, "--domain", source.stem]
            command += ["--no-obsolete", "--no-location"]
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
            if done.returncode:
                return [f"makemessages failed: {done.stderr.strip()}"]
            ours, fresh = messages(source), messages(copy / source.relative_to(root))
            for _, msgid, _ in sorted(fresh - ours):
                found.append(f"{language}: “{msgid[:70]}” is not in the catalogue. Run makemessages and translate it.")
            for _, msgid, _ in sorted(ours - fresh):
                found.append(f"{language}: “{msgid[:70]}” is used nowhere. Run makemessages --no-obsolete.")
    return found


def check(root: Path = ROOT) -> int:
    """Print every fault. Returns the exit status; a check that could not run is a failure where CI is set."""
    sources = catalogues(root)
    if not sources:
        print("translations: there is no locale/ yet, nothing to check")
        return 0
    found = [fault for source in sources for fault in faults(source)]
    unable = shutil.which("xgettext") is None
    if not unable:
        found += stale(root)
    for fault in found:
        print(fault)
    print(f"translations: {len(sources)} catalogue(s), {len(found)} fault(s)")
    if unable:
        print("NOT RUN: comparing with the sources. GNU gettext is missing: install gettext and run make i18n again.")
    return 1 if found or (unable and os.environ.get("CI")) else 0


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=["compile", "check"])
    if parser.parse_args().verb == "check":
        return check()
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
