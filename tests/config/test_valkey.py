"""The embedded Valkey: where its socket lies, and that it really starts and keeps what it was told."""

import sys
import time
from pathlib import Path

import pytest
import redis

from config import valkey
from config.supervisor import Child, Supervisor


def test_the_socket_lies_in_var(tmp_path: Path) -> None:
    assert valkey.socket_path(Path("/srv/luoshi/var")) == Path("/srv/luoshi/var/valkey.sock")


def test_a_long_path_falls_back_to_a_short_private_folder() -> None:
    deep = Path("/srv") / ("落实" * 20) / "var"
    fallback = valkey.socket_path(deep)
    assert fallback == valkey.socket_path(deep)
    assert fallback != valkey.socket_path(deep / "other")
    assert len(str(fallback).encode()) <= valkey.SOCKET_LIMIT


def test_asking_nobody_is_no_error(tmp_path: Path) -> None:
    assert not valkey.answers(tmp_path / "absent.sock")


def test_the_embedded_server_starts_and_keeps_its_data_over_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = valkey.binary()
    assert server is not None, f"no Valkey for {sys.platform}; set REDIS_URL to use another server"
    home = tmp_path_factory.mktemp("valkey")
    socket_file = valkey.socket_path(home)
    command = valkey.command(server, socket_file=socket_file, data=home / "data")
    for expected in (None, b"kept"):
        keeper = Supervisor(cwd=home, logs=home / "log")
        keeper.add(Child(name="valkey", command=command))
        start = time.monotonic()
        try:
            keeper.wait_for("valkey", lambda: valkey.answers(socket_file), seconds=20)
            assert time.monotonic() - start < 5
            with redis.Redis.from_url(f"unix://{socket_file}?db=1") as client:
                assert client.get("word") == expected
                client.set("word", "kept")
        finally:
            keeper.stop()
        assert not valkey.answers(socket_file)


def test_the_socket_is_private(redis_url: str, tmp_path: Path) -> None:
    """The fixture's server answers over TCP for tests; the folder of a socket is closed to others."""
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
    valkey.command(Path("valkey-server"), socket_file=tmp_path / "s" / "valkey.sock", data=tmp_path / "data")
    assert (tmp_path / "s").stat().st_mode & 0o077 == 0
