"""Checks a receipt or certificate without our code: signature by `pyjwt`, canonical form by
`rfc8785`, form by `jsonschema`. Without arguments, the vectors beside it; else FILE JWK-FILE.

Needs the PyPI packages `pyjwt[crypto]`, `rfc8785` and `jsonschema`.
"""
import json
import pathlib
import sys

import jsonschema
import jwt
import rfc8785

HERE = pathlib.Path(__file__).parent
SCHEMAS = {"faceward-consent-receipt+jws": "consent-receipt", "faceward-erasure-certificate+jws": "erasure-certificate"}


def check(path, jwk):
    token = path.read_text().strip()
    key = jwt.PyJWK(json.loads(jwk.read_text()))
    opened = jwt.PyJWS().decode_complete(token, key, algorithms=["EdDSA"])
    assert opened["header"]["kid"] == key.key_id
    document = json.loads(opened["payload"])
    assert rfc8785.dumps(document) == opened["payload"], "not canonical"
    schema = HERE / f"../../docs/schema/{SCHEMAS[opened['header']['typ']]}-v1.schema.json"
    jsonschema.Draft202012Validator(json.loads(schema.read_text())).validate(document)
    print(f"{path.name}: signed by {key.key_id}, canonical, of its form")


if len(sys.argv) == 3:
    check(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
else:
    for name in ("consent-v1.jws", "erasure-v1.jws"):
        check(HERE / name, HERE / "key.jwk")
