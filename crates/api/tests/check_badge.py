"""What programs that know nothing of Acquis say of a badge: one finding a line, none if all is well.

    check_badge.py FOLDER

FOLDER holds what the server gave: badge.jwt, badge.svg, key.json, issuer.json and list.jwt. The
official schemas stand beside the environment that this runs in.
"""

import json
import sys
from pathlib import Path

import jsonschema
import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm
from openbadgeslib.ob3.verifier import OB3Verifier

folder = Path(sys.argv[1])
schemas = Path(sys.prefix) / "schemas"


def read(name):
    return (folder / name).read_text()


def check(what, step):
    try:
        step()
    except Exception as error:
        print(f"{what}: {error}".splitlines()[0])


def fits(schema, document):
    schema = json.loads((schemas / f"ob_v3p0_{schema}_schema.json").read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(document)


badge = read("badge.jwt")
key = OKPAlgorithm.from_jwk(read("key.json"))
pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
# Read without its signature, so that the schema is asked whatever that says.
payload = jwt.decode(badge, options={"verify_signature": False})

check("schema of the credential", lambda: fits("achievementcredential", payload))
check("schema of the issuer", lambda: fits("profile", json.loads(read("issuer.json"))))
check("signature", lambda: jwt.decode(badge, key, algorithms=["EdDSA"]))
check(
    "credential",
    lambda: OB3Verifier(pem).verify(
        badge, check_status=True, download=lambda url: read("list.jwt").encode()
    ),
)
if OB3Verifier.extract_token_from_svg((folder / "badge.svg").read_bytes()) != badge:
    print("picture: it holds another credential")
