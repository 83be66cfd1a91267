"""A loopback HTTP client that costs next to nothing, so that what is timed is the server: one socket, keep-alive."""

import socket
import time
from typing import NamedTuple, Self

TIMEOUT = 60.0
CHUNK = 1 << 18


class Answer(NamedTuple):
    """What came back, and after how many seconds the last byte was here."""

    status: int
    body: bytes
    seconds: float


class Client:
    """GET over one connection, opened again when the server has closed it. Use as a context manager."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port = port
        lines = {"Host": "127.0.0.1", "Connection": "keep-alive"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def get(self, path: str) -> Answer:
        """Ask once; a connection that had gone idle is replaced first. Raises OSError when nobody answers."""
        request = f"GET {path} HTTP/1.1\r\n{self._headers}".encode()
        for is_fresh in (self._socket is None, True):
            start = time.perf_counter()
            try:
                return self._ask(request, start)
            except ConnectionError:
                self.close()
                if is_fresh:
                    raise
        raise ConnectionError(path)

    def _ask(self, request: bytes, start: float) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start = time.perf_counter()
        self._socket.sendall(request)
        head, body = self._head()
        fields = _fields(head)
        if "content-length" not in fields:
            raise ValueError(f"an answer without Content-Length: {head[:200]!r}")
        parts, missing = [body], int(fields["content-length"]) - len(body)
        while missing > 0:
            parts.append(self._receive())
            missing -= len(parts[-1])
        seconds = time.perf_counter() - start
        if fields.get("connection") == "close":
            self.close()
        return Answer(int(head[9:12]), b"".join(parts), seconds)

    def _head(self) -> tuple[bytes, bytes]:
        """The status line with the headers, and what came of the body with them."""
        received = self._receive()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive()
        return received[:end], received[end + 4 :]

    def _receive(self) -> bytes:
        assert self._socket is not None
        received = self._socket.recv(CHUNK)
        if not received:
            raise ConnectionResetError("the server closed the connection")
        return received


def _fields(head: bytes) -> dict[str, str]:
    """The headers, names and values in lower case."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip().lower() for name, _, value in (line.partition(":") for line in lines)}
