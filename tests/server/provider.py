"""A sign-in provider elsewhere: its keys, and the endpoint where it exchanges codes."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm

ISSUER, AUDIENCE = "https://appleid.apple.com", "com.example.desk"
Answer = tuple[int, Any]


class Provider:
    """Signs tokens, and answers a code as `answer` says: (status, body, or the address to go to)."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.client_key = ec.generate_private_key(ec.SECP256R1())
        self.asked: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, str]], Answer] = lambda form: (200, {})
        self.url = ""

    def token(self, subject: str, **claims: Any) -> str:
        """Return an identity token."""
        now = int(time.time())
        known = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300}
        return jwt.encode(known | claims, self.key, "ES256", {"kid": "k1"})

    def keys(self) -> Answer:
        """Return the key set."""
        public = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return 200, {"keys": [{**public, "kid": "k1", "alg": "ES256", "use": "sig"}]}

    def exchange(self, form: dict[str, str]) -> Answer:
        """Note what was asked, and answer."""
        self.asked.append(form)
        return self.answer(form)

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Return the server's settings for this provider."""
        pem = self.client_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        own = {"token_url": f"{self.url}/token", "team_id": "TEAM", "key_id": "KEY", "private_key": pem}
        known = {"issuer": ISSUER, "audience": AUDIENCE, "jwks_url": f"{self.url}/keys"}
        return {"apple": {**known, "exchange": {**own, **changes}}}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers for the provider."""

        def do_GET(self) -> None:
            """Answer the keys, or whatever a redirect led to."""
            self._send(*provider.keys() if self.path == "/keys" else provider.exchange({"path": self.path}))

        def do_POST(self) -> None:
            """Answer a form."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*provider.exchange({name: values[0] for name, values in parse_qs(body).items()}))

        def _send(self, status: int, body: Any) -> None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if status in (302, 307):
                self.send_header("Location", str(body))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent."""

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
