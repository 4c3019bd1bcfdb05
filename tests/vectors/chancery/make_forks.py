#!/usr/bin/env python3
"""Prints forks.json: fork evidence, of which some proves who signed two histories and some nothing.

Written from PROTOCOL.md sections 4 and 7, RFC 9162 and C2SP tlog-cosignature alone; it shares no
code with the project and needs nothing but Python's standard library.
   python3 make_forks.py > forks.json
"""
import base64
import json
import struct
import sys
from hashlib import sha256

from ed25519 import public_of, sign

ORIGIN = "registry.example/test"
TIME = 1767225600
SLUGS = ("uni-a", "uni-b", "uni-c", "uni-d")
SEED = {slug: bytes([n + 1]) * 32 for n, slug in enumerate(SLUGS)}
OLD_SEED = bytes([101]) * 32  # uni-b's first cosigner key, replaced since.


# --- RFC 9162, section 2.1, as it is written there.

def mth(leaves):
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def largest_power_below(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def proof(m, leaves):
    return subproof(m, leaves, True)


def subproof(m, leaves, is_whole):
    if m == len(leaves):
        return [] if is_whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], is_whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


# --- Checkpoints and who cosigned them.

def b64(data):
    return base64.b64encode(data).decode()


def multikey(key):
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(b"\xed\x01" + key, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = digits[digit] + text
    return "z" + text


def line(text, name, seed, time=TIME, spoilt=False):
    key = public_of(seed)
    key_id = sha256(name.encode() + b"\n\x04" + key).digest()[:4]
    signature = sign(seed, f"cosignature/v1\ntime {time}\n{text}".encode())
    if spoilt:
        signature = bytes([signature[0] ^ 1]) + signature[1:]
    return f"— {name} {b64(key_id + struct.pack('>Q', time) + signature)}\n"


def note(leaves, signers, origin=ORIGIN, root=None):
    """Signers: slugs, or what line() takes after the text."""
    text = f"{origin}\n{len(leaves)}\n{b64(root or mth(leaves))}\n"
    lines = [line(text, f"{ORIGIN}/{s}", SEED[s]) if isinstance(s, str) else line(text, *s)
             for s in signers]
    return text + "\n" + "".join(lines)


def leaves(*branches):
    """(letter, how many) one after another."""
    return [f"{letter}{n}".encode() for letter, count in branches for n in range(count)]


def evidence(a, b, smaller=None, larger=None):
    document = {"format": "chancery-fork/v1", "a": a, "b": b}
    if larger is not None:
        document["root"] = mth(larger[:smaller]).hex()
        document["path"] = [step.hex() for step in proof(smaller, larger)]
    return document


def case(name, document, guilty=None, why=None):
    found = {"guilty": guilty} if why is None else {"why": why}
    return {"name": name, "evidence": json.dumps(document, ensure_ascii=False), **found}


def fork(m, n, shared, signed_a=SLUGS[:3], signed_b=SLUGS[1:]):
    one, other = leaves(("s", shared), ("a", m - shared)), leaves(("s", shared), ("b", n - shared))
    a, b = note(one, signed_a), note(other, signed_b)
    return evidence(a, b) if m == n else evidence(a, b, m, other)


def proving_cases():
    both = ["uni-b 2", "uni-c 1"]
    cases = [case(f"sizes {m} and {n}, alike to {shared}", fork(m, n, shared), both)
             for m, n, shared in ((1, 1, 0), (1, 2, 0), (3, 3, 2), (3, 7, 2), (4, 8, 3), (5, 9, 0),
                                  (6, 7, 5), (8, 9, 7), (7, 64, 6), (64, 65, 1))]
    one, other = leaves(("a", 4)), leaves(("b", 4))
    old = (f"{ORIGIN}/uni-b", OLD_SEED)
    bad = (f"{ORIGIN}/uni-c", SEED["uni-c"], TIME, True)
    cases += [
        case("one key", fork(4, 6, 2, SLUGS[:1], SLUGS[:1]), ["uni-a 1"]),
        case("a key that was replaced since", evidence(note(one, [old]), note(other, [old])),
             ["uni-b 1"]),
        case("a bad line beside the good one",
             evidence(note(one, ["uni-c", bad]), note(other, [bad, "uni-c"])), ["uni-c 1"]),
        case("an unknown key's line too",
             evidence(note(one, ["uni-d", ("stranger", bytes(32))]), note(other, ["uni-d"])),
             ["uni-d 1"]),
        case("a log of a later epoch",
             evidence(note(one, SLUGS, f"{ORIGIN}/epoch/2"), note(other, SLUGS,
                                                                  f"{ORIGIN}/epoch/2")),
             ["uni-a 1", "uni-b 2", "uni-c 1", "uni-d 1"]),
    ]
    return cases


def empty_cases():
    one, other, longer = leaves(("a", 4)), leaves(("b", 4)), leaves(("b", 7))
    good = fork(3, 7, 2)
    path = good["path"]
    bad = (f"{ORIGIN}/uni-c", SEED["uni-c"], TIME, True)
    honest = leaves(("s", 7))

    def wrong(name, why, **changed):
        return case(name, {**good, **changed}, why=why)

    def without(name, why, *gone):
        return case(name, {k: v for k, v in good.items() if k not in gone}, why=why)

    return [
        case("the same checkpoint", evidence(note(one, SLUGS), note(one, SLUGS)), why="same root"),
        case("a log that grew", evidence(note(honest[:4], SLUGS), note(honest, SLUGS), 4, honest),
             why="b extends a"),
        case("nobody signed both", fork(4, 4, 2, SLUGS[:2], SLUGS[2:]), why="no key on both"),
        case("nobody signed both sizes", fork(4, 7, 2, SLUGS[:2], SLUGS[2:]), why="no key on both"),
        case("bad lines alone", evidence(note(one, [bad]), note(other, ["uni-c"])),
             why="no valid line on a"),
        case("two keys of one member",
             evidence(note(one, [(f"{ORIGIN}/uni-b", OLD_SEED)]), note(other, ["uni-b"])),
             why="each signed one"),
        case("two logs", evidence(note(one, SLUGS), note(other, SLUGS, "other.example/log")),
             why="two origins"),
        case("another network's log", evidence(note(one, SLUGS, "other.example/log"),
                                               note(other, SLUGS, "other.example/log")),
             why="another origin"),
        case("a name that only begins like the log's",
             evidence(note(one, SLUGS, ORIGIN + "x"), note(other, SLUGS, ORIGIN + "x")),
             why="another origin"),
        case("size 0", evidence(note([], SLUGS), note(longer, SLUGS)), why="m = 0"),
        wrong("the larger one first", "m > n", a=good["b"], b=good["a"]),
        wrong("a step less", "path too short", path=path[:-1]),
        wrong("a step more", "path too long", path=path + path[:1]),
        wrong("steps turned around", "path leads elsewhere", path=path[::-1]),
        wrong("another root", "path does not begin there", root="00" * 32),
        wrong("a's root", "path does not begin there", root=mth(leaves(("s", 2), ("a", 1))).hex()),
        without("no root and no path", "sizes differ", "root", "path"),
        without("no root", "one of two", "root"), without("no path", "one of two", "path"),
        without("no b", "form", "b"), without("no format", "form", "format"),
        case("a path though sizes are equal", {**fork(4, 4, 2), "root": "00" * 32, "path": []},
             why="sizes are equal"),
        wrong("another format", "format", format="chancery-fork/v2"),
        wrong("a name more", "unknown name", comment=""),
        wrong("a root in capitals", "lower case", root=good["root"].upper()),
        wrong("a root of 31 bytes", "32 bytes", root=good["root"][2:]),
        wrong("64 steps", "at most 63", path=["00" * 32] * 64),
        wrong("null for a path", "absent or an array", path=None),
        wrong("no note", "form", a="registry.example/test\n"),
    ]


def main():
    about = ("Made from PROTOCOL.md by make_forks.py. A case names its guilty keys (slug and number "
             "of the cosigner key), or says why it proves nothing. Test keys.")
    cosigners = [{"slug": slug, "member": str(n + 1),
                  "number": str(number), "key": multikey(public_of(seed))}
                 for n, slug in enumerate(SLUGS)
                 for number, seed in ([(1, OLD_SEED), (2, SEED[slug])] if slug == "uni-b"
                                      else [(1, SEED[slug])])]
    json.dump({"about": about, "origin": ORIGIN, "cosigners": cosigners,
               "evidence": proving_cases() + empty_cases()}, sys.stdout, indent=1)
    print()


main()
