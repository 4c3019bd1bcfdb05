#!/usr/bin/env python3
"""Prints forms.json: what PROTOCOL.md's section 10 settles, as cases accepted and refused.

It follows PROTOCOL.md and the standards named there. With the two files forms_*.py beside it, it
shares no code with the project and needs nothing but Python's standard library.
    python3 make_forms.py > forms.json
"""
import base64
import json
import sys

from forms_parts import (DAY_MS, LARGE, ORIGIN, accepted, b64, gcm_sealed, jcs, parts, refused,
                         scrypt, shown, u32, u64)
from forms_texts import (date_cases, entry_cases, genesis_cases, json_cases, members_cases,
                         validity_cases)


def block_cases():
    def block(time, *items, count=None, form=1):
        body = b"".join(bytes([kind]) + u32(len(data)) + data for kind, data in items)
        return bytes([form]) + u64(time) + u32(len(items) if count is None else count) + body

    def good(name, time, *items):
        return accepted(name, bytes=block(time, *items), time=time,
                        items=[{"type": kind, "bytes": data} for kind, data in items])

    def bad(name, why, data):
        return refused(name, why, bytes=data)

    two = block(DAY_MS, (1, b"one"), (2, b"two"))
    return [
        good("no items", DAY_MS), good("a batch", DAY_MS, (1, b"batch")),
        good("an act and a batch", DAY_MS, (2, b"act"), (1, b"batch")),
        good("items without bytes", LARGE, (1, b""), (2, b"")),
        bad("no bytes", "cut off", b""), bad("format alone", "cut off", b"\1"),
        bad("a head without its last byte", "cut off", block(DAY_MS)[:-1]),
        bad("format 0", "format", block(DAY_MS, form=0)),
        bad("format 2", "format", block(DAY_MS, form=2)),
        bad("a byte after no items", "trailing bytes", block(DAY_MS) + b"\0"),
        bad("a byte after two items", "trailing bytes", two + b"\0"),
        bad("an item more than counted", "trailing bytes",
            block(DAY_MS, (1, b"one"), (1, b"two"), count=1)),
        bad("an item less than counted", "count", block(DAY_MS, (1, b"one"), count=2)),
        bad("2^32 - 1 items", "count", block(DAY_MS, (1, b"one"), count=2**32 - 1)),
        bad("cut off in the last item", "cut off", two[:-1]),
        bad("cut off in a length", "cut off", two[:-4]),
        bad("cut off after a type", "cut off", two[:-7]),
        bad("a length beyond the end", "cut off", block(DAY_MS)[:-1] + b"\1\1" + u32(2**32 - 1)),
        bad("item type 0", "unknown type", block(DAY_MS, (0, b"one"))),
        bad("item type 3", "unknown type", block(DAY_MS, (3, b"one"))),
        bad("item type 255 after a good one", "unknown type",
            block(DAY_MS, (1, b"one"), (255, b""))),
    ]


# --- Receipts: C2SP tlog-proof over a checkpoint whose signatures nobody looks at here.

def receipt_text(origin=ORIGIN, names=("/uni-a",), extra=None):
    entry = b"\1\2" + u32(1) + u64(DAY_MS + 999) + b"\xcc" * 32
    extra = b"\x5a" * 32 + entry if extra is None else extra
    lines = "".join("\u2014 %s%s %s\n" % (origin, name, b64(bytes(4) + b"\x5b" * 72))
                    for name in names)
    return ("c2sp.org/tlog-proof@v1\nextra %s\nindex 1\n%s\n\n" % (b64(extra), b64(b"\x5c" * 32)) +
            "%s\n2\n%s\n\n%s" % (origin, b64(b"\x5d" * 32), lines))


def receipt_element(text, method):
    value = "u" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return {"type": "DataIntegrityProof", "cryptosuite": "chancery-receipt-2026",
            "created": "2026-01-01T00:00:00Z", "verificationMethod": method + "#registry",
            "proofPurpose": "assertionMethod", "proofValue": value}


def receipt_cases():
    def good(name, did="did:web:registry.example:test", **given):
        text = receipt_text(**given)
        return accepted(name, text=text, element=jcs(receipt_element(text, did)))

    def bad(name, why, **given):
        return refused(name, why, text=receipt_text(**given))

    fifteen = ["/m%d" % i for i in range(15)]
    return [
        good("one cosignature"), good("15 cosignatures", names=fifteen),
        good("15 cosignatures and the log's line", names=[""] + fifteen),
        good("an origin with a port", "did:web:registry.example%3A8443:europe:west",
             origin="registry.example:8443/europe/west"),
        good("an origin that is a host", "did:web:registry.example", origin="registry.example"),
        good("an origin of a later epoch", "did:web:registry.example:test:epoch:2",
             origin="registry.example/test/epoch/2"),
        bad("16 cosignatures", "at most 15", names=fifteen + ["/m15"]),
        bad("16 cosignatures and the log's line", "at most 15", names=[""] + fifteen + ["/m15"]),
        bad("two lines of one member", "one line per key name", names=["/uni-a", "/uni-a"]),
        bad("two lines of the log", "one line per key name", names=["", "", "/uni-a"]),
        bad("a salt and no entry", "no entry", extra=bytes(32)),
        bad("less than a salt", "no salt", extra=bytes(31)),
        refused("no line at all", "no signature", text=receipt_text(names=[])),
    ]


def element_cases():
    text = receipt_text()
    whole = receipt_element(text, "did:web:registry.example:test")
    foreign = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofValue": "z1"}

    def document(*proofs):
        return jcs({"id": "urn:example:1", "proof": list(proofs)})

    def altered(name, why, **members):
        return refused(name, why, text=document({**whole, **members}))

    return [
        accepted("alone", text=jcs({"proof": whole}), receipts=[text]),
        accepted("in an array", text=document(whole), receipts=[text]),
        accepted("beside the issuer's own", text=document(foreign, whole), receipts=[text]),
        accepted("twice", text=document(whole, whole), receipts=[text, text]),
        accepted("no receipt", text=document(foreign), receipts=[]),
        accepted("no proof", text="{}", receipts=[]),
        altered("a seventh name", "exactly six names", id="urn:example:2"),
        altered("another type", "type", type="DataIntegrityProof2"),
        altered("another purpose", "proofPurpose", proofPurpose="authentication"),
        altered("a value of another multibase", "u and base64url",
                proofValue="z" + whole["proofValue"][1:]),
        altered("a value with padding", "u and base64url", proofValue=whole["proofValue"] + "="),
        altered("a value that is no receipt", "no receipt", proofValue="uAAAA"),
        altered("a value that is no text", "no text", proofValue=1),
    ] + [refused("without " + name, "exactly six names",
                 text=document({n: v for n, v in whole.items() if n != name}))
         for name in whole if name != "cryptosuite"]


# --- Batch ids, and what HTTP asks and is asked.

def batch_id_cases():
    nonce = bytes(range(0xA0, 0xB0))

    def good(member):
        return accepted("member %d" % member, text="%d-%s" % (member, nonce.hex()), member=member,
                        nonce=nonce)

    hexed = nonce.hex()
    return [good(1), good(42), good(2**32 - 1)] + [refused(repr(text), why, text=text)
                                                  for text, why in (
        ("0-" + hexed, "members count from 1"), ("4294967296-" + hexed, "beyond u32"),
        ("01-" + hexed, "leading zero"), ("+1-" + hexed, "no digit"), ("-1-" + hexed, "no digit"),
        (" 1-" + hexed, "no digit"), ("-" + hexed, "no number"), ("1" + hexed, "no hyphen"),
        ("uni-a-" + hexed, "a slug"), ("1-" + hexed[:-1], "31 digits"),
        ("1-" + hexed + "0", "33 digits"), ("1-" + hexed[:-2], "30 digits"),
        ("1-" + hexed.upper(), "lower case"), ("1-", "no nonce"),
        ("1-" + hexed + "\n", "no hex"), ("1-" + hexed[:-1] + "g", "no hex"), ("", "nothing"))]


def submission_cases():
    def good(name, text, bulk, *contents):
        return accepted(name, text=text, bulk=bulk, contents=list(contents), count=len(contents))

    def bad(why, *texts):
        return [refused(text, why, text=text) for text in texts]

    def many(count):
        return [u32(i) for i in range(count)]

    def listed(contents):
        return json.dumps({"batch": b64(b"bulk"), "contents": [b64(c) for c in contents]})

    def sized(tail, times):
        return parts(('{"batch":"","contents":["', 1), ("AAAA", times), (tail + '"]}', 1))

    return [
        good("a batch", '{"batch":"YnVsaw=="}', b"bulk"),
        good("a batch and no contents", listed([]), b"bulk"),
        good("a batch and two contents", listed([b"one", b"two"]), b"bulk", b"one", b"two"),
        good("contents first", '{ "contents": ["b25l"], "batch": "YnVsaw==" }', b"bulk", b"one"),
        accepted("1,000 contents", text=listed(many(1000)), bulk=b"bulk", contents=[], count=1000),
        refused("1,001 contents", "at most 1,000", text=listed(many(1001))),
        accepted("a content of 64 KiB", text=sized("AA==", 21845), bulk=b"",
                 contents=[parts((b"\0", 65536))], count=1),
        refused("a content of 64 KiB and 1", "64 KiB each", text=sized("AAA=", 21845)),
        refused("one content twice", "none twice", text=listed([b"one", b"two", b"one"])),
    ] + bad("no base64 with padding", '{"batch":"YnVsaw"}', '{"batch":"YnVsaw="}',
            '{"batch":"YnVsax=="}', '{"batch":"YnVs aw=="}', '{"batch":"_-8="}',
            '{"batch":"","contents":["YQ"]}') + bad(
        "unknown name", '{"batch":"","more":1}', '{"batch":"","Contents":[]}') + bad(
        "repeated name", '{"batch":"","batch":""}') + bad(
        "another type", '{"batch":1}', '{"batch":null}', '{"batch":["YQ=="]}',
        '{"batch":"","contents":null}', '{"batch":"","contents":{}}',
        '{"batch":"","contents":"YQ=="}', '{"batch":"","contents":[1]}',
        '{"batch":"","contents":[["YQ=="]]}') + bad(
        "no batch", "{}", '{"contents":[]}') + bad(
        "no object", "", "[]", "null", '"YQ=="', '{"batch":""} {"batch":""}', '\ufeff{"batch":""}')


def wanted_cases():
    hexed = "ab" * 32
    one = '{"commitment":"%s","member":1}' % hexed

    def body(member, commitment='"%s"' % hexed):
        return '{"credentials":[{"member":%s,"commitment":%s}]}' % (member, commitment)

    def good(member, shown_member):
        return accepted("member " + member, text=body(member),
                        credentials=[{"member": shown_member, "commitment": hexed}], count=1)

    def bad(why, *texts):
        return [refused(text, why, text=text) for text in texts]

    def repeated(times):
        return parts(('{"credentials":[', 1), (one + ",", times - 1), (one + "]}", 1))

    return [
        good("1", "1"), good("4294967295", "4294967295"), good('"uni-a"', "uni-a"),
        good('"%s"' % ("a" * 32), "a" * 32),
        accepted("by number and by slug", text='{"credentials":[%s,%s]}' % (
            one, one.replace(":1}", ':"b"}')), count=2, credentials=[
                {"member": "1", "commitment": hexed}, {"member": "b", "commitment": hexed}]),
        accepted("1,000 credentials", text=repeated(1000), credentials=[],
                 count=1000),
        refused("1,001 credentials", "at most 1,000", text=repeated(1001)),
    ] + bad("1 at least", '{"credentials":[]}') + bad(
        "no member's number", body("0"), body("-1"), body("4294967296"), body("1.5"), body("1e0"),
        body("1.0")) + bad(
        "no slug", body('""'), body('"1"'), body('"Uni-A"'), body('"none"'), body('"-a"'),
        body('"%s"' % ("a" * 33))) + bad(
        "another type", body("null"), body("true"), body("[1]"), body("1", "1"), body("1", "null"),
        '{"credentials":{}}', '{"credentials":null}', '{"credentials":[1]}',
        '{"credentials":[null]}') + bad(
        "64 lower-case digits", body("1", '"%s"' % hexed.upper()), body("1", '"%s"' % hexed[:-2]),
        body("1", '"%s00"' % hexed), body("1", '""')) + bad(
        "names", "{}", '{"credentials":[{}]}', '{"credentials":[{"member":1}]}',
        '{"credentials":[{"commitment":"%s"}]}' % hexed, '{"credentials":[%s],"more":1}' % one,
        '{"credentials":[{"salt":1,%s]}' % one[1:]) + bad(
        "no object", "", "[]", "[%s]" % one, "null")


def range_cases():
    return [accepted("chunks %d to %d" % ends, **{"from": ends[0], "to": ends[1]}) for ends in (
        (0, 1), (7, 8), (0, 16384), (16384, 32768))] + [
            refused("chunks %d to %d" % ends, why, **{"from": ends[0], "to": ends[1]})
            for ends, why in (((0, 16385), "at most 16,384"), ((0, 32768), "at most 16,384"),
                              ((3, 3), "no chunk"), ((4, 3), "no chunk"))]


def cursor_cases():
    return [accepted("after %d" % after, after=after, first=after + 1) for after in (0, 1, 23)]


# --- Key files.

WORDS = "correct horse battery staple"
SEED = bytes(range(32))
SALT, NONCE = bytes(range(0x40, 0x60)), bytes(range(0x70, 0x7C))


def key_file(secret=SEED, label="uni-a issuer", words=WORDS, n=1024, r=8, p=1):
    raw = words if isinstance(words, bytes) else words.encode()
    sealed = gcm_sealed(scrypt(raw, SALT, n, r, p), NONCE, secret, label.encode())
    return {"format": "chancery-key/v1",
            "kdf": {"name": "scrypt", "n": n, "r": r, "p": p, "salt": SALT.hex()},
            "cipher": "aes-256-gcm", "nonce": NONCE.hex(), "label": label, "sealed": sealed.hex()}


def key_cases():
    def good(name, secret=SEED, label="uni-a issuer", words=WORDS, n=1024):
        return accepted(name, text=jcs(key_file(secret, label, words, n)), passphrase=words,
                        secret=secret, label=label, n=n, salt=SALT, nonce=NONCE)

    def bad(name, why, text=None, words=WORDS, **given):
        return refused(name, why, text=text or jcs(key_file(words=words, **given)),
                       passphrase=words)

    file = key_file()

    def altered(name, why, /, **members):
        return bad(name, why, jcs({**file, **members}))

    def of_kdf(name, why, /, **members):
        return altered(name, why, kdf={**file["kdf"], **members})

    sealed = file["sealed"]
    cases = [
        good("a seed"), good("a secret of 1 byte", b"\7"), good("a secret of 17 bytes", SEED[:17]),
        good("a secret of 4,096 bytes", bytes(range(256)) * 16), good("no label", label=""),
        good("a label of 256 bytes", label="\xe9" * 128), good("n = 2^14", n=1 << 14),
        good("a label with what JSON escapes", label='"\\\n\x01\x7f'),
        good("a passphrase of 1 byte", words=" "),
        good("a passphrase of 1,024 bytes", words="w" * 1024),
        good("a passphrase beyond ASCII", words="Z\xfcrich \U0001F511"),
        accepted("laid out otherwise", text=json.dumps(file, indent=2) + "\n", passphrase=WORDS,
                 secret=SEED, label="uni-a issuer"),
    ]
    cases += [refused("passphrase " + repr(words[:40]), "another passphrase", text=jcs(file),
                      passphrase=words) for words in (
        "", WORDS[:-1], WORDS + " ", WORDS.upper(), WORDS + "\0", "w" * 1025)]
    cases += [bad("sealed under a passphrase " + name, why, words=words) for name, why, words in (
        ("of 1,025 bytes", "at most 1,024", "w" * 1025), ("of no bytes", "at least 1", ""),
        ("with a NUL", "NUL", WORDS + "\0"))]
    cases += [
        altered("another label", "additional data", label="uni-b issuer"),
        altered("no label any more", "additional data", label=""),
        altered("another nonce", "nonce", nonce=NONCE[::-1].hex()),
        of_kdf("another salt", "key", salt=SALT[::-1].hex()), of_kdf("another n", "key", n=2048),
        altered("another last byte of the tag", "tag", sealed=sealed[:-2] + "%02x" % (
            int(sealed[-2:], 16) ^ 1)),
        altered("another first byte", "ciphertext", sealed="%02x" % (
            int(sealed[:2], 16) ^ 0x80) + sealed[2:]),
        altered("without the tag", "tag", sealed=sealed[:64]),
        altered("a byte less", "tag", sealed=sealed[:-2]),
        altered("a byte more", "tag", sealed=sealed + "00"),
        bad("sealed with n = 512", "2^10 to 2^20", n=512),
        of_kdf("n = 2^21", "2^10 to 2^20", n=1 << 21), of_kdf("n = 1025", "power of two", n=1025),
        bad("sealed with r = 4", "r = 8", r=4), bad("sealed with p = 2", "p = 1", p=2),
        bad("no secret", "1 to 4,096 bytes", secret=b""),
        bad("a secret of 4,097 bytes", "1 to 4,096 bytes", secret=bytes(4097)),
        bad("a label of 257 bytes", "at most 256", label="l" * 257),
        bad("a label with a NUL", "NUL", label="a\0b"),
        refused("a file of 16 KiB and 1", "at most 16 KiB", passphrase=WORDS, text=parts(
            (jcs(file), 1), (" ", 16385 - len(jcs(file))))),
        accepted("a file of 16 KiB", passphrase=WORDS, secret=SEED, label="uni-a issuer",
                 text=parts((jcs(file), 1), (" ", 16384 - len(jcs(file))))),
        altered("another format", "format", format="chancery-key/v2"),
        altered("another cipher", "cipher", cipher="aes-128-gcm"),
        of_kdf("another function", "kdf", name="argon2id"),
        altered("a name more", "unknown name", comment=""),
        of_kdf("a name more in kdf", "unknown name", dklen=32),
        altered("hex in capitals", "lower case", sealed=sealed.upper()),
        altered("a nonce of 11 bytes", "12 bytes", nonce=NONCE[:11].hex()),
        of_kdf("a salt of 31 bytes", "32 bytes", salt=SALT[:31].hex()),
        bad("a name twice", "repeated name", jcs(file)[:-1] + ',"label":"uni-a issuer"}'),
        bad("no JSON", "no JSON", sealed), bad("nothing", "no JSON", " "),
    ]
    return cases


# --- Seals of the time before a pinned object's last change of cosigners.

def quorum_cases():
    def least(n):
        return -(-(n + (n - 1) // 3 + 1) // 2)

    return [{"cosigners": n, "quorum": quorum, "needed": max(least(n), min(quorum, n))}
            for n in range(1, 11) for quorum in (1, 2, 3, 4, 5, 7, 10)]


def main():
    about = ("Made from PROTOCOL.md by make_forms.py. A case that says why is refused. Texts stand "
             "as they are or, with bytes, as {hex}; long ones as {parts}: pieces and how often "
             "each stands there. Numbers are decimal strings. Keys are test keys, signatures "
             "filler: nothing here asks for more than form, but for key files, which are sealed. "
             "Of many contents or credentials only the count is given.")
    cases = {
        "about": about, "json": json_cases(), "date_time": date_cases(),
        "validity": validity_cases(), "genesis": genesis_cases(), "members": members_cases(),
        "entry": entry_cases(), "block": block_cases(), "receipt": receipt_cases(),
        "receipt_element": element_cases(), "batch_id": batch_id_cases(), "key_file": key_cases(),
        "seal_quorum": quorum_cases(), "submission": submission_cases(),
        "wanted_proofs": wanted_cases(), "status_range": range_cases(), "cursor": cursor_cases(),
    }
    json.dump(shown(cases), sys.stdout, indent=1)
    print()


main()
