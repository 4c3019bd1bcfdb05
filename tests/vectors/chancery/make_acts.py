#!/usr/bin/env python3
"""Prints acts.json: the acts by which members add and end keys of their own, and what becomes of the
members object.

Written from PROTOCOL.md sections 3, 4, 8 and 10, RFC 9162, BIP-340, RFC 8017, FIPS 186-5, EIP-191 and
the Keccak reference alone; it shares no code with the project and needs nothing but Python's standard
library.
   python3 make_acts.py > acts.json
"""
import json
import sys
from hashlib import sha256

import curves
from ed25519 import public_of, sign
from forms_parts import jcs, multikey, u32, u64, vkey

ORIGIN = "registry.example/test"
START = 1767225600000  # 2026-01-01T00:00:00Z
DAY = 86400000
USES = ("assertion", "cosigner", "governance", "issuer")


def mth(leaves):
    """RFC 9162, section 2.1.1."""
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def seed(slug, use):
    return sha256(("chancery test key %s %s" % (slug, use)).encode()).digest()


def schnorr_key(secret):
    return multikey(b"\xe7\x01", b"\x02" + curves.schnorr_public(secret))


def ed25519_key(secret):
    return multikey(b"\xed\x01", public_of(secret))


def written(slug, use):
    secret = seed(slug, use)
    return schnorr_key(secret) if use in ("issuer", "governance") else ed25519_key(secret)


# --- The network of the tests, four members.

def member(i):
    slug = "uni-" + "abcd"[i]
    return {"slug": slug, "name": "University %d" % (i + 1),
            "did": "did:key:" + written(slug, "assertion"),
            "keys": {use: written(slug, use) for use in USES},
            "node": {"endpoints": {"peer": slug + ".example:7300",
                                   "public": "https://%s.example" % slug},
                     "node_key": ed25519_key(seed(slug, "node")),
                     "tls_spki_sha256": seed(slug, "tls").hex()}}


GENESIS = {"format": "chancery-genesis/v1", "network_name": "Test", "origin": ORIGIN,
           "log": vkey(ORIGIN, public_of(seed("log", "log"))), "quorum": 3,
           "members": [member(i) for i in range(4)]}
NETWORK = sha256(jcs(GENESIS).encode()).digest()


def first_members():
    return {"network": NETWORK.hex(), "origin": ORIGIN, "epoch": 1, "log": GENESIS["log"],
            "quorum": 3,
            "members": [{"number": i + 1, "slug": m["slug"], "name": m["name"],
                         "dids": [{"did": m["did"], "from": 0, "until": None}],
                         "keys": [{"use": use, "number": 1, "key": m["keys"][use], "from": 0,
                                   "until": None} for use in USES]}
                        for i, m in enumerate(GENESIS["members"])]}


# --- Keys and what they sign to show that somebody has them.


def possession_body(by, use, key):
    return NETWORK + u32(by) + use.encode() + b"\0" + key.encode()


def possession(by, use, key, kind, secret):
    body = possession_body(by, use, key)
    message = b"chancery/key/v1\0" + body
    return {"issuer": lambda: curves.schnorr_sign(secret, curves.tagged("chancery/key/v1", body)),
            "ed25519": lambda: sign(secret, message),
            "p256": lambda: curves.p256_sign(secret, message),
            "rsa": lambda: curves.rsa_sign(RSA_N, RSA_D, message),
            "anchor": lambda: curves.personal_sign(secret, message)}[kind]()


def der_integer(number):
    body = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + der_length(len(body)) + body


def der_length(length):
    if length < 128:
        return bytes([length])
    body = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([128 + len(body)]) + body


def rsa_key():
    body = der_integer(RSA_N) + der_integer(65537)
    return multikey(b"\x85\x24", b"\x30" + der_length(len(body)) + body)


NEW = {kind: sha256(b"new " + kind.encode()).digest()
       for kind in ("issuer", "ed25519", "p256", "anchor")}

RSA_N = int(
    "b2de8408479e12b92a0fc01e99f8da8dfc7a020372d565c654209cf4bcf99459054b557d06df907ee7e6906f"
    "f55cbe95f1303868b8ff1181076f67464037954d05edc8d10b2e85e2c4d0c6cc18b2da4ffe3af9311a104003"
    "c37675ec0ef5b65091d0ef1153f05f05dd0c6399ff770bb7f01f8f85d37582970f5a52afb9fb3f4629c4c122"
    "4194b8d47f24c7015a73a4e315c172b73f0e7a50800e0a3f4071b905af12a7745236c5d41042f77cc6ab7ac5"
    "881aefc69ce67428c48b5c0dd542368602b18bb363c8c17a4d4034e19f06e624d8def8dca3868ef2b7b49697"
    "2a78f06a21b2899662cbc74e8dedfb5a2166570b7cc9d9c6a2f7a9a5faaec428fa72a5bf", 16)
RSA_D = int(
    "24f5c1c68c35e79c874a75e25ce28516adc2f0439228f23cc7096e254c1f2e3e2ecfe03c537d42b85666d815"
    "aa579db212026ac588e47bd3739bdb7532b3c98ffed7a19540803e7e1b3920baefa79560ce21957845f071a9"
    "d56bd6f60e294ba0de6093e5bab8828a0da10fbbb483fed1e536404be0e3f93609a01a51e1563f3e81cceb1e"
    "27da1ea8ae906832ed3840dd5fe6d951ac967c21cb38f97a4adbd69bc1faeffb2594ebdd5512f3042c5ea28e"
    "af5b4f93a64f961c8edd1a9cb44c464142c114f4aebc22fb40480b61f933c1d99c3d56a65fcf52650dab1990"
    "53049bb409f0beecd49d4ae99c27889ebe3b8fc16939a12ed807365dbdcd424155ea61f1", 16)


def new_key(kind):
    """Use and text of a key of this kind."""
    if kind == "issuer":
        return "issuer", schnorr_key(NEW[kind])
    if kind == "ed25519":
        return "assertion", ed25519_key(NEW[kind])
    if kind == "p256":
        return "assertion", multikey(b"\x80\x24", curves.p256_public(NEW[kind]))
    if kind == "rsa":
        return "assertion", rsa_key()
    return "anchor", curves.address_of(NEW[kind])


# --- Acts.

def add_key(by, sequence, kind, replaces=None, expires=START + DAY):
    use, key = new_key(kind)
    return {"act": "add_key", "by": by, "sequence": sequence, "expires": expires, "use": use,
            "key": key, "replaces": replaces,
            "possession": possession(by, use, key, kind, NEW.get(kind)).hex()}


def end_key(by, sequence, use, number, expires=START + DAY):
    return {"act": "end_key", "by": by, "sequence": sequence, "expires": expires, "use": use,
            "number": number}


def message(text):
    return curves.tagged("chancery/governance/v1", NETWORK + text.encode())


def submission(by, text):
    secret = seed("uni-" + "abcd"[by - 1], "governance")
    return b"\x01\x05" + curves.schnorr_sign(secret, message(text)) + text.encode()


def accepted(name, act):
    text = jcs(act)
    case = {"name": name, "act": text, "message": message(text).hex(),
            "submission": submission(act["by"], text).hex()}
    if act["act"] == "add_key":
        body = possession_body(act["by"], act["use"], act["key"])
        case["possession_message"] = (b"chancery/key/v1\0" + body).hex()
    return case


def refused(name, why, text):
    return {"name": name, "why": why, "act": text}


def without(act, name):
    return {k: v for k, v in act.items() if k != name}


def form_cases():
    good, ended = add_key(1, 1, "ed25519"), end_key(2, 7, "issuer", 1)
    yield accepted("an issuer key for the one in force", add_key(1, 1, "issuer", 1))
    yield accepted("an Ed25519 key beside another", good)
    yield accepted("a P-256 key for JWTs", add_key(1, 1, "p256"))
    yield accepted("an RSA key for JWTs", add_key(1, 1, "rsa"))
    yield accepted("an anchor key", add_key(4, 2**53 - 1, "anchor", 4294967295))
    yield accepted("the end of a key", ended)
    for name in sorted(good):
        yield refused("add_key without " + name, "a missing member", jcs(without(good, name)))
    for name in sorted(ended):
        yield refused("end_key without " + name, "a missing member", jcs(without(ended, name)))
    yield refused("a member more", "unknown members", jcs({**good, "note": "x"}))
    yield refused("number in add_key", "a member of the other act", jcs({**good, "number": 1}))
    yield refused("a space", "not its JCS form", jcs(good).replace(":", ": ", 1))
    yield refused("members in another order", "not its JCS form", json.dumps(
        good, separators=(",", ":")))
    yield refused("a line's end", "not its JCS form", jcs(good) + "\n")
    yield refused("an act of another name", "unknown act", jcs({**good, "act": "propose"}))
    for name, value, why in (
            ("by", 0, "members from 1"), ("by", 2**32, "members of 32 bits"),
            ("by", "uni-a", "a number, no slug"), ("sequence", 0, "sequences from 1"),
            ("sequence", -1, "not negative"), ("expires", -1, "not negative"),
            ("expires", "1", "a number"), ("replaces", 0, "numbers from 1"),
            ("replaces", 2**32, "numbers of 32 bits"), ("use", "cosigner", "not its own to decide"),
            ("use", "governance", "not its own to decide"), ("use", "issuer", "a key of another use"),
            ("use", "anchor", "a key of another use"), ("key", "", "no key"),
            ("key", good["key"][:-1], "no key"), ("possession", "0g", "no hex"),
            ("possession", good["possession"].upper(), "hex in lower case"),
            ("possession", "00" * 513, "at most 512 bytes")):
        yield refused("%s %s" % (name, str(value)[:12]), why, jcs({**good, name: value}))
    yield refused("an address in mixed case", "one text for each key", jcs(
        {**add_key(1, 1, "anchor"), "key": new_key("anchor")[1].upper().replace("0X", "0x")}))
    yield refused("a P-384 key", "Ed25519, P-256 or RSA", jcs(
        {**good, "key": multikey(b"\x81\x24", b"\x02" + bytes(48))}))
    yield refused("number 0", "numbers from 1", jcs({**ended, "number": 0}))
    yield refused("end of a governance key", "not its own to decide", jcs(
        {**ended, "use": "governance"}))


# --- Blocks of acts, and the members object after each.

def apply(members, act, position):
    member = members["members"][act["by"] - 1]
    ending = act.get("replaces") if act["act"] == "add_key" else act["number"]
    for key in member["keys"]:
        if (key["use"], key["number"]) == (act["use"], ending):
            key["until"] = position
    if act["act"] == "end_key":
        return
    number = 1 + sum(1 for key in member["keys"] if key["use"] == act["use"])
    member["keys"].append({"use": act["use"], "number": number, "key": act["key"],
                           "from": position, "until": None})
    member["keys"].sort(key=lambda key: (key["use"], key["number"]))


def block_cases():
    blocks = [[add_key(1, 1, "issuer", 1), add_key(1, 2, "p256")],
              [],
              [add_key(2, 1, "anchor"), end_key(1, 3, "assertion", 2), add_key(1, 4, "ed25519", 1)]]
    members, leaves = first_members(), []
    for height, acts in enumerate(blocks, 1):
        time = START + height
        for act in acts:
            signed = submission(act["by"], jcs(act))
            leaves.append(b"\x01\x05" + u64(time) + signed[2:])
        size = len(leaves)
        for act in acts:
            apply(members, act, size + 1)
        text = jcs(members)
        hashed = sha256(b"chancery/members/v1\0" + text.encode()).digest()
        status = mth([bytes(64)] * ((size + 255) // 256))
        leaves.append(b"\x01\x07" + u64(height) + u64(time) + u64(size) + status + hashed)
        yield {"time": str(time),
               "submissions": [submission(act["by"], jcs(act)).hex() for act in acts],
               "members": text, "members_hash": hashed.hex(), "state_entry": leaves[-1].hex(),
               "size": str(len(leaves)), "root": mth(leaves).hex()}


if __name__ == "__main__":
    json.dump({"about": "make_acts.py, from PROTOCOL.md alone", "network_id": NETWORK.hex(), "acts": list(form_cases()),
               "blocks": list(block_cases())}, sys.stdout, indent=1)
    print()
