"""Makes .venv and fills it from the lock. Standard library only, and readable by old Pythons, to tell them what to do.

`python scripts/bootstrap.py` installs requirements.txt, `--dev` requirements-dev.txt.
A stamp with the lock's hash makes a second run a matter of milliseconds.
"""

import hashlib
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "luoshi-locks.json")
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"


class Missing(Exception):
    """Something the machine lacks; the text is one sentence that says what to do."""


def check_machine() -> None:
    """Raise Missing unless this Python can make an environment."""
    found = "%d.%d" % sys.version_info[:2]
    if sys.version_info < (3, 11):
        raise Missing(
            "Python 3.11 or newer is needed and this is %s. Install python3.11 and run make PYTHON=python3.11 demo."
            % found
        )
    if sys.platform == "win32":
        raise Missing("Windows itself cannot run the embedded services. Run make demo inside WSL (Linux) instead.")
    try:
        import ensurepip  # noqa: F401  Debian ships Python without it
        import venv  # noqa: F401
    except ImportError:
        raise Missing(
            "Python %s has no venv module here. "
            "Install it (Debian, Ubuntu: apt-get install python%s-venv) and run the command again." % (found, found)
        )


def digest(lock: str) -> str:
    """The hash of a lock file, with the Python that it was installed for."""
    with open(os.path.join(ROOT, lock), "rb") as source:
        return "%d.%d-%s" % (sys.version_info[0], sys.version_info[1], hashlib.sha256(source.read()).hexdigest())


def read_stamp() -> "dict[str, str]":
    """What is installed: {lock name: digest}. Empty when unknown or when the environment's Python is gone."""
    if not os.path.exists(PYTHON):
        return {}
    try:
        with open(STAMP) as source:
            return dict(json.load(source))
    except (OSError, ValueError):
        return {}


def run(command: "list[str]", sentence: str) -> None:
    """Run a command quietly. Raises Missing with the sentence; what the command said goes to stderr first."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
        raise Missing(sentence)


def ensure_venv() -> None:
    """Make .venv, or make it anew when its Python no longer runs or is another version than this one."""
    if os.path.exists(PYTHON):
        probe = subprocess.run(
            [PYTHON, "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if probe.returncode == 0 and probe.stdout.decode().strip() == "%d.%d" % sys.version_info[:2]:
            return
    print("Making .venv with Python %d.%d …" % sys.version_info[:2], flush=True)
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        "The environment .venv could not be made. Check that this folder is writable and has 500 MB to spare, "
        "then run the command again.",
    )


def ensure_packages(lock: str) -> None:
    """Install the lock, hashes required, unless the stamp says that it is there already."""
    stamp = read_stamp()
    wanted = {lock: digest(lock)}
    if lock == DEVELOPMENT:
        wanted[RUNTIME] = digest(RUNTIME)  # held by the other lock: tests/config/test_deployment.py
    if all(stamp.get(name) == value for name, value in wanted.items()):
        return
    ensure_venv()
    print("Installing %s (about 20 seconds the first time) …" % lock, flush=True)
    run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock],
        "The packages of %s could not be installed. Check the network (or pip's settings) and run the command again."
        % lock,
    )
    with open(STAMP, "w") as target:
        json.dump(wanted, target)


def main(arguments: "list[str]") -> int:
    """Exit status 0, or 1 after one sentence."""
    try:
        check_machine()
        ensure_packages(DEVELOPMENT if "--dev" in arguments else RUNTIME)
        run(
            [PYTHON, os.path.join("scripts", "translations.py"), "compile"],
            "The translations could not be compiled. Correct the .po file named above and run the command again.",
        )
    except Missing as missing:
        sys.stderr.write("%s\n" % missing)
        return 1
    except OSError as error:
        sys.stderr.write("The environment could not be set up: %s. Correct that and run the command again.\n" % error)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Run the command again to go on.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
