"""What `make demo` refuses, in one sentence each, and what it writes."""

import json
import socket
from pathlib import Path

import pytest

from config import demo


def test_a_taken_port_names_another_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = f"Port {port} on 127.0.0.1 is taken. Choose another one: make demo PORT={port + 1}."
        with pytest.raises(demo.Refusal) as refusal:
            demo.check_port("127.0.0.1", port)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("port", [0, 65536, 100000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(demo.Refusal, match="is no port number"):
        demo.check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(demo.Refusal, match="is no address of this machine"):
        demo.check_port("192.0.2.1", 8123)


def test_a_second_start_is_refused_with_the_process_that_runs(tmp_path: Path) -> None:
    with demo.lock(tmp_path), pytest.raises(demo.Refusal, match=r"already runs \(process \d+\)\. Use it, or stop it"):
        demo.lock(tmp_path)
    demo.lock(tmp_path).close()


def test_the_sign_ins_are_printed_and_written_without_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    account = {"role": "officer", "username": "lin", "password": "pass", "name": "林"}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([account]), encoding="utf-8")
    demo.announce("http://127.0.0.1:8000", tmp_path)
    written = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
    assert written == {
        "url": "http://127.0.0.1:8000",
        "accounts": [{"role": "officer", "username": "lin", "password": "pass"}],
    }
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8000" in printed
    assert "officer  lin       pass      林" in printed


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "127.0.0.1")]
)
def test_the_printed_address_can_be_opened(host: str, shown: str) -> None:
    assert demo.reachable(host) == shown
