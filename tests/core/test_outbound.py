"""What goes out reaches public addresses only, takes no more than it should, and follows no redirect inside."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from dure.core import outbound


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/")
            self.end_headers()
            return
        body = b"x" * (outbound.MOST_BYTES + 1) if self.path == "/large" else b"hello"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])  # noqa: S104 -- an address to be refused
def test_ones_own_machine_is_not_called(host, port):
    with pytest.raises(requests.RequestException), outbound.session() as session:
        session.get(f"http://{host}:{port}/")


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "100.64.0.1"])
def test_ones_own_network_is_not_called(host):
    with pytest.raises(requests.RequestException, match="not a public address"), outbound.session() as session:
        session.get(f"http://{host}/")


def test_a_public_host_is_called_by_https_alone():
    with pytest.raises(requests.RequestException, match="by https alone"), outbound.session() as session:
        session.get("http://1.1.1.1/")


def test_a_host_that_is_named_may_be_private(port):
    with outbound.session(private=["localhost"]) as session:
        assert session.get(f"http://localhost:{port}/").text == "hello"


def test_a_redirect_is_looked_at_again(port):
    with pytest.raises(requests.RequestException, match="not a public address"):  # noqa: SIM117 -- one fact a line
        with outbound.session(private=["localhost"]) as session:
            session.get(f"http://localhost:{port}/away")


def test_an_answer_that_is_too_large_is_refused(port):
    with (
        pytest.raises(requests.RequestException, match="too large"),
        outbound.session(private=["localhost"]) as session,
    ):
        session.get(f"http://localhost:{port}/large")


def test_a_proxy_of_the_environment_is_not_used(port, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with outbound.session(private=["localhost"]) as session:
        assert session.get(f"http://localhost:{port}/").text == "hello"
