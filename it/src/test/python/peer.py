"""A DiracX server of PyPI for comparison: sqlite, a stand-in for OpenSearch (DiracX's own) and one for S3 (below).

Arguments: an empty folder, a port, and user:group pairs. Writes FOLDER/tokens.json (a token for each pair, as "group user") and then serves until it is killed.
Environment: DIRACX_PEER_DATABASE, the address of a MySQL or MariaDB server to use instead of sqlite, mysql+aiomysql://root@HOST:PORT/; DIRACX_PEER_WORKERS.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

GROUPS = {
    "user": ["NormalUser"],
    "admin": [
        "NormalUser",
        "JobAdministrator",
        "ServiceAdministrator",
        "Operator",
        "SiteManager",
        "CSAdministrator",
    ],
    "pilot": ["GenericPilot"],
}
VO = "spinor"


class ObjectStore(BaseHTTPRequestHandler):
    """Buckets and objects of S3, as far as DiracX asks for them; signatures are not looked at."""

    protocol_version = "HTTP/1.1"
    objects = {}

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def key(self):
        return self.path.split("?")[0].strip("/")

    def do_PUT(self):
        self.objects[self.key()] = self.body()
        self.answer(200)

    def do_HEAD(self):
        self.answer(200 if self.key() in self.objects else 404)

    def do_GET(self):
        found = self.objects.get(self.key())
        self.answer(404 if found is None else 200, found or b"")

    def do_POST(self):
        boundary = self.headers["Content-Type"].split("boundary=")[1].strip('"').encode()
        key, content = None, b""
        for part in self.body().split(b"--" + boundary):
            head, _, value = part.partition(b"\r\n\r\n")
            value = value.removesuffix(b"\r\n")
            if b'name="key"' in head:
                key = value.decode()
            elif b'name="file"' in head:
                content = value
        self.objects[f"{self.key()}/{key}"] = content
        self.answer(204)


def serve_objects():
    server = ThreadingHTTPServer(("127.0.0.1", 0), ObjectStore)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def configuration(folder, pairs):
    """The registry as the git repository that DiracX reads."""
    import yaml

    users = sorted({user for user, _ in pairs})
    document = {
        "DIRAC": {},
        "Registry": {
            VO: {
                "IdP": {"URL": "http://127.0.0.1:9/", "ClientID": "none"},
                "DefaultGroup": "user",
                "Users": {user: {"PreferedUsername": user} for user in users},
                "Groups": {
                    group: {
                        "Properties": properties,
                        "Users": sorted({user for user, member in pairs if member == group}),
                    }
                    for group, properties in GROUPS.items()
                },
            }
        },
        "Operations": {"Defaults": {}},
    }
    repository = folder / "configuration"
    repository.mkdir()
    (repository / "default.yml").write_text(yaml.safe_dump(document))
    for command in (
        ["init", "--quiet", "--initial-branch=master"],
        ["add", "."],
        ["-c", "user.name=peer", "-c", "user.email=peer@localhost", "commit", "--quiet", "-m", "first"],
    ):
        subprocess.run(["git", *command], cwd=repository, check=True)
    return f"git+file://{repository}"


def tokens(keystore, issuer, pairs):
    from joserfc import jwt
    from joserfc.jwk import KeySet
    from uuid_utils import uuid7

    keys = KeySet.import_key_set(json.loads(keystore.read_text()))
    key = next(key for key in keys if "sign" in (key.get("key_ops") or ["sign"]))
    made = {}
    for user, group in pairs:
        claims = {
            "jti": str(uuid7()),
            "exp": int(time.time()) + 8 * 3600,
            "dirac_policies": {},
            "sub": f"{VO}:{user}",
            "vo": VO,
            "iss": issuer,
            "dirac_properties": GROUPS[group],
            "preferred_username": user,
            "dirac_group": group,
        }
        header = {"alg": "Ed25519", "kid": key.kid}
        made[f"{group} {user}"] = jwt.encode(header, claims, key, algorithms=["Ed25519"])
    return made


def make_databases(address):
    """Empty ones at a MySQL or MariaDB server without a password, as soon as it is there."""
    import pymysql

    _, _, place = address.partition("@")
    host, port = place.strip("/").split(":")
    for attempt in range(60):
        try:
            connection = pymysql.connect(host=host, port=int(port), user="root")
            break
        except pymysql.err.OperationalError:
            time.sleep(0.5)
    with connection.cursor() as cursor:
        for name, value in os.environ.items():
            if name.startswith("DIRACX_DB_URL_"):
                cursor.execute(f"CREATE DATABASE {value.rsplit('/', 1)[1]}")


def main():
    folder, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    pairs = [tuple(pair.split(":")) for pair in sys.argv[3:]]
    database = os.environ.get("DIRACX_PEER_DATABASE")
    databases = folder / "databases"
    databases.mkdir()
    keystore = folder / "jwks.json"
    url = f"http://127.0.0.1:{port}"
    subprocess.run([sys.executable, "-m", "diracx.logic", "rotate-jwk", "--jwks-path", keystore], check=True)
    lines = subprocess.run(
        [sys.executable, "-m", "diracx.db", "generate-local-urls", databases], check=True, capture_output=True, text=True
    ).stdout
    for line in lines.splitlines():
        name, value = line.removeprefix("export ").split("=", 1)
        os.environ[name] = value.strip("'\"")
        if database and name.startswith("DIRACX_DB_URL_"):
            os.environ[name] = database + name.removeprefix("DIRACX_DB_URL_").lower()
    if database:
        make_databases(database)
    os.environ |= {
        "DIRACX_CONFIG_BACKEND_URL": configuration(folder, pairs),
        "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE": f"file://{keystore}",
        "DIRACX_SERVICE_AUTH_STATE_KEY": base64.b64encode(os.urandom(32)).decode(),
        "DIRACX_SERVICE_AUTH_TOKEN_ISSUER": url,
        "DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS": json.dumps([f"{url}/api/docs/oauth2-redirect"]),
        "DIRACX_SANDBOX_STORE_BUCKET_NAME": "sandboxes",
        "DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET": "true",
        "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS": json.dumps(
            {
                "endpoint_url": f"http://127.0.0.1:{serve_objects()}",
                "aws_access_key_id": "testing",
                "aws_secret_access_key": "testing",
            }
        ),
        "DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY": hashlib.sha256(b"key").hexdigest(),
    }
    (folder / "tokens.json").write_text(json.dumps(tokens(keystore, url, pairs)))
    if database:
        # Before the workers come, which would all do it at once.
        subprocess.run([sys.executable, "-m", "diracx.db", "init-sql"], check=True)
    import uvicorn

    uvicorn.run(
        "diracx.testing.routers:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        workers=int(os.environ.get("DIRACX_PEER_WORKERS", "1")),
        loop="uvloop",
        http="httptools",
    )


if __name__ == "__main__":
    main()
