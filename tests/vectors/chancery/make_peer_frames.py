#!/usr/bin/env python3
"""Prints peer_frames.json: frames between nodes and their pieces, taken and refused, case by case.

Written from rpc/peer.proto and PROTOCOL.md section 11, "Peer frames", alone: Protobuf's encoding is
written here by hand, with nothing but Python's standard library.
    python3 make_peer_frames.py > peer_frames.json
"""
import json
import struct
import sys


# --- Integers as PROTOCOL.md writes them.

def u8(n):
    return struct.pack(">B", n)


def u16(n):
    return struct.pack(">H", n)


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


# --- Protobuf's encoding: a key (number and wire type), then an integer or a length and bytes.

def varint(n):
    data = b""
    while n > 0x7F:
        data, n = data + bytes([n & 0x7F | 0x80]), n >> 7
    return data + bytes([n])


def integer(number, n):
    return varint(number << 3) + varint(n)


def string(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


# Each message's fields by number. A name with * is repeated, one with ! is written even if empty
# or zero; after a colon stands the type of a message.
SCHEMA = {
    "Frame": {1: "version", 2: "network!", 3: "epoch", 4: "sender", 5: "term", 6: "raft:Raft",
              7: "cosignature:Cosignature", 8: "seal:Seal", 9: "memory_request:MemoryRequest",
              10: "memory:Memory", 11: "journal_request:JournalRequest",
              12: "journal_entries:JournalEntries", 13: "forwarded_batch:ForwardedBatch",
              14: "forward_refusal:ForwardRefusal", 15: "content:Content",
              16: "content_request:ContentRequest"},
    "Seal": {1: "index", 2: "checkpoint"},
    "Entry": {1: "term", 2: "index", 3: "kind", 4: "payload", 5: "chain"},
    "Raft": {1: "pre_vote_request:PreVoteRequest", 2: "pre_vote_reply:PreVoteReply",
             3: "vote_request:VoteRequest", 4: "vote_reply:VoteReply", 5: "append:Append",
             6: "heartbeat:Heartbeat", 7: "heartbeat_reply:HeartbeatReply", 8: "ack:Ack",
             9: "refusal:Refusal", 10: "seals*:Seal"},
    "PreVoteRequest": {1: "wanted", 2: "head_term", 3: "head_index"},
    "PreVoteReply": {1: "wanted", 2: "granted"},
    "VoteRequest": {1: "head_term", 2: "head_index", 3: "chain"},
    "VoteReply": {1: "vote"},
    "Append": {1: "previous_term", 2: "previous_index", 3: "previous_chain", 4: "entries*:Entry",
               5: "sealed", 6: "certificate"},
    "Heartbeat": {1: "head_term", 2: "head_index", 3: "chain", 4: "beat", 5: "certificate"},
    "HeartbeatReply": {1: "beat", 2: "taken", 3: "clock_ms"},
    "Ack": {1: "index", 2: "chain", 3: "claim_height", 4: "claim_size", 5: "claim_root",
            6: "sealed"},
    "Refusal": {1: "reason", 2: "previous", 3: "guess_term", 4: "guess_index", 5: "last_term",
                6: "last_index"},
    "Cosignature": {1: "index", 2: "size", 3: "key_name", 4: "key_id", 5: "signature"},
    "MemoryRequest": {1: "number"},
    "Memory": {1: "number", 2: "acknowledged:Acknowledged", 3: "vote:Vote", 4: "cosigned:Cosigned"},
    "Acknowledged": {1: "term", 2: "index", 3: "chain"},
    "Vote": {1: "term", 2: "candidate!"},
    "Cosigned": {1: "height", 2: "index", 3: "chain", 4: "size", 5: "root"},
    "JournalRequest": {1: "after", 2: "chain"},
    "JournalEntries": {1: "after", 2: "entries*:Entry", 3: "seals*:Seal"},
    "ForwardedBatch": {1: "ticket", 2: "bulk"},
    "ForwardRefusal": {1: "ticket", 2: "code", 3: "detail"},
    "Content": {1: "bytes"},
    "ContentRequest": {1: "hash"},
}


def encoded(kind, values):
    data, known = b"", set()
    for number, described in SCHEMA[kind].items():
        name, _, inner = described.partition(":")
        plain = name.rstrip("*!")
        known.add(plain)
        if plain not in values:
            continue
        value = values[plain]
        for one in value if name.endswith("*") else [value]:
            if inner:
                data += string(number, encoded(inner, one))
                continue
            if isinstance(one, str):
                one = one.encode()
            if not one and not name.endswith("!"):
                continue
            data += string(number, one) if isinstance(one, bytes) else integer(number, int(one))
    assert set(values) <= known, set(values) - known
    return data


# --- The messages.

NETWORK, HEAD, CHAIN = bytes([0xA1]) * 32, {"head_term": 6, "head_index": 41}, bytes([0xC3]) * 32
ACK_CHAIN, ROOT = bytes([0xC4]) * 32, bytes([0xE5]) * 32


def certificate(voters):
    """A leader certificate whose signatures are no signatures: nobody looks at this height."""
    ballot = NETWORK + u32(2) + u64(7) + u32(3) + u64(6) + u64(41) + CHAIN
    return u8(1) + ballot + u16(len(voters)) + b"".join(u32(v) + bytes([v]) * 64 for v in voters)


def entry(index, kind, payload):
    return {"term": 7, "index": index, "kind": kind, "payload": payload,
            "chain": bytes([index]) * 32}


ENTRIES = [entry(42, 1, b"a certificate"), entry(43, 2, b"b" * 300), entry(44, 3, b"")]
SEALS = [{"index": 41, "checkpoint": "registry.example/test\n1\nroot\n"},
         {"index": 43, "checkpoint": "\u00fc"}]

RAFT = {
    "pre-vote request": {"pre_vote_request": {"wanted": 8, **HEAD}},
    "pre-vote granted": {"pre_vote_reply": {"wanted": 8, "granted": True}},
    "pre-vote refused": {"pre_vote_reply": {"wanted": 8, "granted": False}},
    "vote request": {"vote_request": {**HEAD, "chain": CHAIN}},
    "vote": {"vote_reply": {"vote": certificate([2])}},
    "no vote": {"vote_reply": {}},
    "append": {"append": {"previous_term": 6, "previous_index": 41, "previous_chain": CHAIN,
                          "entries": ENTRIES, "sealed": 41, "certificate": certificate(range(1, 5))}},
    "append of nothing": {"append": {"previous_chain": bytes(32)}},
    "heartbeat": {"heartbeat": {**HEAD, "chain": CHAIN, "beat": 99,
                                "certificate": certificate(range(1, 65))}},
    "heartbeat of nothing": {"heartbeat": {"chain": bytes(32)}},
    "heartbeat answer": {"heartbeat_reply": {"beat": 99, "taken": 43, "clock_ms": 1767225600000}},
    "ack": {"ack": {"index": 43, "chain": ACK_CHAIN, "claim_height": 12, "claim_size": 345,
                    "claim_root": ROOT, "sealed": 41}},
    "refusal, stale": {"refusal": {"reason": 1}},
    "refusal, conflict": {"refusal": {"reason": 6, "previous": 42, "guess_term": 5,
                                      "guess_index": 40, "last_term": 7, "last_index": 44}},
}

OTHERS = {
    "cosignature": {"cosignature": {"index": 43, "size": 345, "key_name": "uni-a/cosigner",
                                    "key_id": bytes([1, 2, 3, 4]), "signature": bytes([9]) * 72}},
    "seal": {"seal": {"index": 43, "checkpoint": "registry.example/test\n345\nroot\n"}},
    "memory request": {"memory_request": {"number": 5}},
    "no memory": {"memory": {"number": 5}},
    "memory": {"memory": {
        "number": 5, "acknowledged": {"term": 7, "index": 43, "chain": ACK_CHAIN},
        "vote": {"term": 7, "candidate": 0},
        "cosigned": {"height": 12, "index": 43, "chain": ACK_CHAIN, "size": 345, "root": ROOT}}},
    "memory of a vote for nobody": {"memory": {"number": 5, "vote": {}}},
    "journal request": {"journal_request": {"after": 40, "chain": bytes([0xC0]) * 32}},
    "journal entries": {"journal_entries": {"after": 40, "entries": ENTRIES, "seals": SEALS}},
    "no journal entries": {"journal_entries": {}},
    "batch": {"forwarded_batch": {"ticket": 6, "bulk": b"a batch in its bulk form"}},
    "batch refused": {"forward_refusal": {"ticket": 6, "code": 1, "detail": "batch without entries"}},
    "batch refused without a word": {"forward_refusal": {"ticket": 6, "code": 4}},
    "content": {"content": {"bytes": b"content"}},
    "empty content": {"content": {}},
    "content request": {"content_request": {"hash": bytes([0xD4]) * 32}},
}

HEADER = {"version": 1, "network": NETWORK, "epoch": 2, "sender": 3, "term": 7}


def taken():
    bodies = {}
    for name, body in RAFT.items():
        bodies[name] = {"raft": body}
        bodies[name + ", with seals"] = {"raft": {**body, "seals": SEALS}}
    bodies.update(OTHERS)
    return [{"name": name, "says": {**HEADER, **body}, "bytes": encoded("Frame", {**HEADER, **body})}
            for name, body in bodies.items()]


# --- What is no frame.

def start(version=1, network=NETWORK, epoch=2, sender=3, term=7):
    return encoded("Frame", {"version": version, "network": network, "epoch": epoch,
                             "sender": sender, "term": term})


def raft(name, values):
    return start() + encoded("Frame", {"raft": {name: values}})


def other(name, values):
    return start() + encoded("Frame", {name: values})


def refused():
    body = string(9, integer(1, 5))  # A memory request.
    head = start()
    ack = RAFT["ack"]["ack"]
    line = OTHERS["cosignature"]["cosignature"]
    cases = {
        "nothing": b"",
        "another version": start(version=2) + body,
        "version 0, left out": start(version=0) + body,
        "a version far from here": start(version=1 << 20) + body,
        "no network": start()[:2] + start()[36:] + body,
        "no body": head,
        "two bodies": head + body + string(16, string(1, ROOT)),
        "one body twice": head + body + body,
        "Raft without a message": head + string(6, b""),
        "two Raft messages": head + string(6, string(2, b"") + string(9, integer(1, 1))),
        "unknown field at the end": head + body + integer(17, 1),
        "unknown field inside": head + string(9, integer(1, 5) + integer(2, 1)),
        "field number 0": head + b"\0\0" + body,
        "a field beyond 2^29": head + varint(1 << 35) + b"\1" + body,
        "integer as 8 bytes": start(term=0) + varint(5 << 3 | 1) + struct.pack("<Q", 7) + body,
        "integer as 4 bytes": start(term=0) + varint(5 << 3 | 5) + struct.pack("<I", 7) + body,
        "integer as a string": start(term=0) + string(5, b"\7") + body,
        "message as an integer": head + integer(9, 5),
        "group": head + varint(9 << 3 | 3) + integer(1, 5) + varint(9 << 3 | 4),
        "an integer longer than it need be": start(term=0) + b"\x28\x87\x00" + body,
        "a key longer than it need be": start(term=0) + b"\xa8\x00\x07" + body,
        "a length longer than it need be": head + b"\x4a\x82\x00" + integer(1, 5),
        "an integer of 11 bytes": start(term=0) + b"\x28" + b"\x80" * 10 + b"\1" + body,
        "an integer of 65 bits": start(term=0) + b"\x28" + b"\xff" * 9 + b"\2" + body,
        "an epoch of 33 bits": start()[:36] + integer(3, 1 << 32 | 2) + start()[38:] + body,
        "zero written out": start(term=0) + integer(5, 0) + body,
        "zero written out inside": head + string(9, integer(1, 0)),
        "empty text written out": head + string(8, integer(1, 5) + string(2, b"")),
        "integer given twice": head + integer(5, 7) + body,
        "string given twice": head + string(11, string(2, ROOT) + string(2, ROOT)),
        "fields out of order": start(term=0) + body + integer(5, 7),
        "out of order inside": head + string(8, string(2, b"x") + integer(1, 5)),
        "repeated fields in two places": head + string(12, string(2, encoded("Entry", ENTRIES[0])) +
                                                       string(3, b"") +
                                                       string(2, encoded("Entry", ENTRIES[1]))),
        "true written as 2": head + string(6, string(2, integer(1, 8) + integer(2, 2))),
        "cut inside a key": head + body + b"\x80",
        "cut inside a length": head + b"\x4a\x80",
        "a length beyond the end": head + b"\x4a\x03" + integer(1, 5),
        "a length beyond the message": head + string(6, b"\x42\x03") + integer(9, 5),
        "a length near 2^64": head + b"\x4a" + b"\xff" * 9 + b"\1" + integer(1, 5),
        "a checkpoint not in UTF-8": head + string(8, string(2, b"\xff")),
        "a key name not in UTF-8": head + string(7, encoded("Cosignature", {**line, "key_name": b"\xc3"})),
        "network of 31 bytes": start(network=NETWORK[1:]) + body,
        "chain of 33 bytes": raft("ack", {**ack, "chain": bytes(33)}),
        "claim without root": raft("ack", {**ack, "claim_root": b""}),
        "heartbeat without chain": raft("heartbeat", HEAD),
        "content request without hash": other("content_request", {}),
        "entry of kind 4": other("journal_entries", {"entries": [{**ENTRIES[0], "kind": 4}]}),
        "entry without kind": other("journal_entries", {"entries": [{**ENTRIES[0], "kind": 0}]}),
        "entry without chain": other("journal_entries", {"entries": [{**ENTRIES[0], "chain": b""}]}),
        "refusal without reason": raft("refusal", {"previous": 42}),
        "refusal for reason 7": raft("refusal", {"reason": 7}),
        "batch refused with code 5": other("forward_refusal", {"ticket": 6, "code": 5}),
        "batch refused without code": other("forward_refusal", {"ticket": 6}),
        "513 bytes of detail": other("forward_refusal", {"code": 1, "detail": b"x" * 513}),
        "vote of two voters": raft("vote_reply", {"vote": certificate([1, 2])}),
        "vote that is none": raft("vote_reply", {"vote": b"x"}),
        "certificate of no votes": raft("heartbeat", {"chain": CHAIN, "certificate": certificate([])}),
        "certificate of 65 votes": raft("heartbeat", {"chain": CHAIN,
                                                      "certificate": certificate(range(1, 66))}),
        "certificate with voters out of order":
            raft("heartbeat", {"chain": CHAIN, "certificate": certificate([2, 1])}),
        "key id of 3 bytes": other("cosignature", {**line, "key_id": bytes(3)}),
        "cosignature without signature": other("cosignature", {**line, "signature": b""}),
        "key name with a space": other("cosignature", {**line, "key_name": "uni a"}),
    }
    return [{"name": name, "bytes": data} for name, data in cases.items()]


# --- Pieces: streams as [hex, how often] one after another.

LAST, FULL = 1 << 31, 1 << 16


def pieces():
    two = [(b"x", FULL), (b"y", 5)]
    cases = [
        {"name": "one frame", "stream": [(u32(LAST | 3) + b"abc", 1)], "frames": [[(b"abc", 1)]]},
        {"name": "pings between frames",
         "stream": [(u32(LAST), 2), (u32(LAST | 1) + b"a", 1), (u32(LAST), 1),
                    (u32(LAST | 1) + b"b", 1), (u32(LAST), 1)],
         "frames": [[(b"a", 1)], [(b"b", 1)]]},
        {"name": "a full piece alone", "stream": [(u32(LAST | FULL), 1), (b"x", FULL)],
         "frames": [[(b"x", FULL)]]},
        {"name": "two pieces",
         "stream": [(u32(FULL), 1), (b"x", FULL), (u32(LAST | 5), 1), (b"y", 5)], "frames": [two]},
        {"name": "unfinished", "stream": [(u32(LAST | 3) + b"ab", 1)], "frames": []},
        {"name": "a piece of nothing that is not the last", "stream": [(u32(0), 1)],
         "frames": None},
        {"name": "a short piece that is not the last",
         "stream": [(u32(FULL - 1), 1), (b"x", FULL - 1), (u32(LAST | 1) + b"y", 1)],
         "frames": None},
        {"name": "a long piece", "stream": [(u32(LAST | FULL + 1), 1), (b"x", FULL + 1)],
         "frames": None},
        {"name": "a ping inside a frame",
         "stream": [(u32(FULL), 1), (b"x", FULL), (u32(LAST), 1)], "frames": None},
        {"name": "a frame of 5 MiB and a byte",
         "stream": [(u32(FULL) + b"x" * FULL, 80), (u32(LAST | 1) + b"x", 1)], "frames": None},
        {"name": "HTTP", "stream": [(b"GET / HTTP/1.1\r\n\r\n", 1)], "frames": None},
    ]
    # What is long and of one byte is told shortly.
    cases[-2]["stream"] = [part for _ in range(80) for part in ((u32(FULL), 1), (b"x", FULL))]
    cases[-2]["stream"].append((u32(LAST | 1) + b"x", 1))
    return cases


def shown(value):
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(part) for part in value]
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, (bool, str)) else str(value)


def main():
    about = ("Made from rpc/peer.proto and PROTOCOL.md section 11 by make_peer_frames.py. Bytes are "
             "hex, numbers decimal strings. A piece case's stream is a list of [bytes, how often]; "
             "its frames are null where the stream is refused.")
    cases = {"about": about, "taken": taken(), "refused": refused(), "pieces": pieces()}
    json.dump(shown(cases), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
