"""One message sent over the network: what does not answer, what is inside a network, what is no address."""

import socket
import threading
import time

import pytest

from participation.errors import Unacceptable
from participation.webhooks.posting import Outcome, Problem, check_address, post
from tests.participation.webhooks.conftest import Receiver


def test_nobody_answers(receiver: Receiver) -> None:
    receiver.answers = [0]
    outcome = post(receiver.address, b"{}", {}, demo=True, timeout=0.3)
    assert outcome == Outcome(problem=Problem.TIMEOUT)


def test_who_answers_a_byte_at_a_time_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            caller, _ = server.accept()
            with caller:
                try:
                    for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 60:
                        caller.sendall(bytes([letter]))
                        time.sleep(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        assert post(address, b"{}", {}, demo=True, timeout=0.3).problem is Problem.TIMEOUT
        thread.join()


def test_no_server_no_name_no_certificate() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"{}", {}, demo=True).problem is Problem.CONNECTION
    assert post("https://nobody.invalid/", b"{}", {}, demo=True).problem is Problem.NAME


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "169.254.169.254", "[fe80::1]",
     "[fd00::1]", "0", "[::]", "100.64.0.1", "224.0.0.1", "0x7f.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"],
)  # fmt: skip
def test_nothing_inside_a_network_is_reached(host: str, receiver: Receiver) -> None:
    address = f"http://{host}:{receiver.server_port}/"
    assert post(address, b"{}", {}, demo=False).problem is Problem.FORBIDDEN
    assert receiver.received == []


@pytest.mark.parametrize(
    "typed",
    ["", "example.org", "http://example.org/", "ftp://example.org/", "https://", "https://a:b@example.org/",
     "https://example.org/#x", "https://example.org:99999/", "https://localhost/", "https://127.0.0.1/",
     "https://[::1]/", "https://example.org/ا", "https://example.org/a b", "https://[x/",
     "https://a.example/" + "x" * 500],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Unacceptable):
        check_address(typed, demo=False)
    assert check_address("https://example.org:8443/hook?x=1", demo=False) == "https://example.org:8443/hook?x=1"
