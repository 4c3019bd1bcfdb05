#!/usr/bin/env python3
"""Prints texts.json: a badge as JWT and as SD-JWT, and its holder's signature.

Written from PROTOCOL.md section 7, RFC 7515, RFC 6979 and RFC 9901 alone; it shares no code with the
project and needs nothing but Python's standard library.
   python3 make_texts.py > texts.json
"""
import base64
import hashlib
import hmac
import json
import sys

# P-256, FIPS 186-5 and SP 800-186.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(number, point):
    result = None
    for bit in bin(number)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def nonce(secret, digest):
    """RFC 6979 section 3.2."""
    x, h = secret.to_bytes(32, "big"), (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
    k, v = bytes(32), b"\x01" * 32
    for mark in (b"\x00", b"\x01"):
        k = hmac.digest(k, v + mark + x + h, "sha256")
        v = hmac.digest(k, v, "sha256")
    while True:
        v = hmac.digest(k, v, "sha256")
        candidate = int.from_bytes(v, "big")
        if 0 < candidate < N:
            return candidate
        k = hmac.digest(k, v + b"\x00", "sha256")
        v = hmac.digest(k, v, "sha256")


def sign(secret, message):
    digest = hashlib.sha256(message).digest()
    k = nonce(secret, digest)
    r = times(k, G)[0] % N
    s = (int.from_bytes(digest, "big") + r * secret) * pow(k, -1, N) % N
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jcs(value):
    """RFC 8785 for what stands here: ASCII names, strings and small integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def jwk(secret):
    x, y = times(secret, G)
    return {"kty": "EC", "crv": "P-256", "x": b64(x.to_bytes(32, "big")),
            "y": b64(y.to_bytes(32, "big"))}


def jws(header, payload, secret):
    signed = b64(jcs(header)) + "." + b64(jcs(payload))
    return signed + "." + b64(sign(secret, signed.encode()))


def digest_of(text):
    return b64(hashlib.sha256(text.encode()).digest())


ISSUER, HOLDER = 0x1234, 0x5678
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:9b6c5f8e-3f1c-4e52-9f5e-0d8f7f2f9a10",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:uni-a.example", "type": ["Profile"], "name": "University A"},
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2029-01-01T00:00:00+01:00",
    "credentialSubject": {
        "id": "urn:uuid:1",
        "type": ["AchievementSubject"],
        "name": "Ana Pérez",
        "result": [{"value": "A"}, {"value": "B"}],
        "achievement": {"name": "Cryptography"},
    },
    "evidence": [{"id": "https://uni-a.example/work/ana"}],
}
FROM, UNTIL = 1767225600, 1861916400
POINTERS = ["/credentialSubject/id", "/credentialSubject/name", "/credentialSubject/result",
            "/credentialSubject/result/0", "/credentialSubject/result/1", "/evidence",
            "/evidence/0"]
KEY_ID = "did:web:uni-a.example#key"


def as_jwt():
    payload = dict(DOCUMENT, iss="did:web:uni-a.example", jti=DOCUMENT["id"], sub="urn:uuid:1",
                   nbf=FROM, exp=UNTIL)
    return jws({"alg": "ES256", "typ": "JWT", "jwk": jwk(ISSUER)}, payload, ISSUER)


def as_sd_jwt():
    claims = json.loads(json.dumps(DOCUMENT))
    claims.update({
        "iss": "did:web:uni-a.example", "nbf": FROM, "exp": UNTIL, "_sd_alg": "sha-256",
        "vct": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential",
        "cnf": {"jwk": jwk(HOLDER)}})
    salts = {pointer: bytes([i + 1]) * 16 for i, pointer in enumerate(POINTERS)}
    disclosures = []
    # What lies deepest first, else as listed.
    for pointer in sorted(POINTERS, key=lambda one: -one.count("/")):
        *above, name = pointer[1:].split("/")
        parent = claims
        for step in above:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        salt = b64(salts[pointer])
        if isinstance(parent, list):
            disclosures.append(b64(jcs([salt, parent[int(name)]])))
            parent[int(name)] = {"...": digest_of(disclosures[-1])}
        else:
            disclosures.append(b64(jcs([salt, name, parent.pop(name)])))
            parent["_sd"] = sorted(parent.get("_sd", []) + [digest_of(disclosures[-1])])
    text = jws({"alg": "ES256", "typ": "dc+sd-jwt", "kid": KEY_ID}, claims, ISSUER)
    return "~".join([text, *disclosures, ""])


def bound(presentation):
    claims = {"aud": "https://employer.example", "iat": FROM, "nonce": "n-0S6",
              "sd_hash": digest_of(presentation)}
    return presentation + jws({"alg": "ES256", "typ": "kb+jwt"}, claims, HOLDER)


sd_jwt = as_sd_jwt()
vector = {
    "made_by": "make_texts.py",
    "issuer_secret": ISSUER.to_bytes(32, "big").hex(),
    "holder_secret": HOLDER.to_bytes(32, "big").hex(),
    "document": DOCUMENT,
    "jwt": as_jwt(),
    "key_id": KEY_ID,
    "concealed": POINTERS,
    "salts": [(bytes([i + 1]) * 16).hex() for i in range(len(POINTERS))],
    "sd_jwt": sd_jwt,
    "audience": "https://employer.example",
    "nonce": "n-0S6",
    "issued_at": FROM,
    "bound": bound(sd_jwt),
}
json.dump(vector, sys.stdout, indent=1, ensure_ascii=False)
print()
