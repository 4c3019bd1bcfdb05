#!/usr/bin/env python3
"""Prints format.json: the bytes that pass between nodes and lie on their disks, case by case.

Written from PROTOCOL.md sections 10 and 11, storage/journal_format.h and storage/fence.h alone; it
shares no code with the project and needs nothing but Python's standard library, so that its output
shows whether those texts suffice.   python3 make_format.py > format.json
"""
import json
import struct
import sys
import zlib
from hashlib import sha256

from ed25519 import public_of, sign


# --- The parts of every form.

def u8(n):
    return struct.pack(">B", n)


def u16(n):
    return struct.pack(">H", n)


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


def H(data):
    return sha256(data).digest()


def crc(data):
    return u32(zlib.crc32(data))


def seed_of(node):
    return bytes([node]) * 32


def shown(value):
    """A case as it stands in the file: bytes in hex, numbers as decimal strings."""
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shown(part) for part in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool) or value is None:
        return value
    return str(value)


NETWORK = bytes([0xA1]) * 32
ORIGIN = "registry.example/test"
LARGE = 0x0102030405060708


# --- PROTOCOL.md, section 11.

def block(name, time, *items):
    body = b"".join(u8(kind) + u32(len(data)) + data for kind, data in items)
    return {"name": name, "time": time, "items": [{"type": k, "bytes": d} for k, d in items],
            "bytes": u8(1) + u64(time) + u32(len(items)) + body}


def link(name, previous, term, index, kind, payload):
    data = (b"chancery/journal/v1" + b"\0" + previous + u64(term) + u64(index) + u8(kind) +
            H(payload))
    return {"name": name, "previous": previous, "term": term, "index": index, "kind": kind,
            "payload": payload, "chain": H(data)}


def ballot(epoch, term, candidate, head_term, head_index, head_chain):
    return {"network": NETWORK, "epoch": epoch, "term": term, "candidate": candidate,
            "head_term": head_term, "head_index": head_index, "head_chain": head_chain}


def ballot_bytes(b):
    return (b["network"] + u32(b["epoch"]) + u64(b["term"]) + u32(b["candidate"]) +
            u64(b["head_term"]) + u64(b["head_index"]) + b["head_chain"])


def vote_message(b):
    return b"chancery/peer/v1" + b"\0" + b["network"] + b"vote" + b"\0" + ballot_bytes(b)[32:]


def vote(name, b, voter):
    message = vote_message(b)
    assert len(ballot_bytes(b)) == 96 and len(message) == 118
    return {"name": name, "ballot": b, "voter": voter, "message": message,
            "signature": sign(seed_of(voter), message)}


def certificate(name, b, *voters):
    votes = [{"voter": v, "signature": sign(seed_of(v), vote_message(b))} for v in voters]
    body = b"".join(u32(v["voter"]) + v["signature"] for v in votes)
    return {"name": name, "ballot": b, "votes": votes,
            "bytes": u8(1) + ballot_bytes(b) + u16(len(votes)) + body}


def configuration(name, quorum, voters, quorum_outgoing=0, outgoing=(), learners=()):
    lists = b"".join(u16(len(nodes)) + b"".join(map(u32, nodes))
                     for nodes in (voters, outgoing, learners))
    return {"name": name, "quorum": quorum, "quorum_outgoing": quorum_outgoing,
            "voters": list(voters), "voters_outgoing": list(outgoing), "learners": list(learners),
            "bytes": u8(1) + u32(quorum) + u32(quorum_outgoing) + lists}


def promise(name, bulk, deadline, node):
    message = (b"chancery/peer/v1" + b"\0" + NETWORK + b"promise" + b"\0" + H(bulk) +
               u64(deadline))
    return {"name": name, "network": NETWORK, "bulk": bulk, "deadline": deadline, "node": node,
            "message": message, "signature": sign(seed_of(node), message)}


# --- storage/journal_format.h.

def segment(name, number, size, node, epoch, previous_end, previous_chain):
    data = (b"CHANJNL\0" + u32(1) + u32(number) + u64(size) + NETWORK + u32(node) + u32(epoch) +
            u64(previous_end) + previous_chain)
    return {"name": name, "number": number, "bytes_of_file": size, "network": NETWORK,
            "node": node, "epoch": epoch, "previous_end": previous_end,
            "previous_chain": previous_chain, "bytes": data + crc(data)}


def vote_record(term, candidate):
    named = candidate is not None
    return {"type": 1, "term": term, "candidate": candidate,
            "payload": u64(term) + u8(named) + u32(candidate or 0)}


def entry_record(entry):
    return {"type": 2, "term": entry["term"], "index": entry["index"], "kind": entry["kind"],
            "chain": entry["chain"], "bytes": entry["payload"],
            "payload": u64(entry["term"]) + u64(entry["index"]) + u8(entry["kind"]) +
            entry["chain"] + entry["payload"]}


def content_record(data):
    return {"type": 3, "hash": H(data), "bytes": data, "payload": H(data) + data}


def cosigned(height, index, chain, size, root):
    return {"type": 4, "height": height, "index": index, "chain": chain, "size": size,
            "root": root, "origin": ORIGIN,
            "payload": u64(height) + u64(index) + chain + u64(size) + root + ORIGIN.encode()}


def sealed(height, index, size, root, checkpoint):
    return {"type": 5, "height": height, "index": index, "size": size, "root": root,
            "checkpoint": checkpoint,
            "payload": u64(height) + u64(index) + u64(size) + root + checkpoint.encode()}


def expected(size, checkpoint):
    return {"type": 8, "size": size, "checkpoint": checkpoint,
            "payload": u64(size) + checkpoint.encode()}


def base(height, term, index, chain, payload):
    return {"type": 7, "height": height, "term": term, "index": index, "chain": chain,
            "configuration": payload,
            "payload": u64(height) + u64(term) + u64(index) + chain +
            u8(payload is not None) + (payload or b"")}


def turn(name, header, offset, durable_upto, *records):
    """A segment's first turn: its chain is taken up from H(header)."""
    header_hash = H(header["bytes"].ljust(4096, b"\0"))
    chain, data = header_hash, b""
    for record in records:
        payload = record["payload"]
        head = (b"CREC" + u8(record["type"]) + u8(record is records[-1]) + u16(0) +
                u32(len(payload)) + crc(payload) + u32(header["number"]) +
                u32(offset + len(data)) + u64(durable_upto))
        assert len(head) == 32
        chain = H(chain + head)
        data += head + chain + crc(header_hash + head + chain) + payload
    return {"name": name, "segment": header["name"], "offset": offset,
            "durable_upto": durable_upto, "records": list(records), "bytes": data, "chain": chain}


# --- storage/fence.h.

def fence(name, sequence, node, epoch, term, candidate, place, chain, mark):
    named, has_mark = candidate is not None, mark is not None
    done = mark or {"height": 0, "index": 0, "chain": bytes(32), "size": 0, "root": bytes(32),
                    "origin": ""}
    origin = done["origin"].encode()
    data = (b"CHANFENC" + u32(1) + u64(sequence) + NETWORK + u32(node) + u32(epoch) + u64(term) +
            u8(named) + u32(candidate or 0) + u64(place) + chain + u8(has_mark) +
            u64(done["height"]) + u64(done["index"]) + done["chain"] + u64(done["size"]) +
            done["root"] + u16(len(origin)) + origin)
    return {"name": name, "sequence": sequence, "network": NETWORK, "node": node, "epoch": epoch,
            "term": term, "candidate": candidate, "place": place, "chain": chain,
            "cosigned": mark and {k: v for k, v in mark.items() if k not in ("type", "payload")},
            "bytes": data + H(data)}


# --- The cases.

def journal_cases():
    first = certificate("fresh journal", ballot(1, 1, 1, 0, 0, NETWORK), 1, 2, 3)
    simple = configuration("four voters", 3, [1, 2, 3, 4])
    small = block("a batch and an act", 1767225600000, (1, b"a batch in its bulk form"),
                  (2, bytes(range(64)) + b'{"act":"approve"}'))
    entries = [link("no-op upon the network id", NETWORK, 1, 1, 1, first["bytes"])]
    entries.append(link("configuration", entries[0]["chain"], 1, 2, 3, simple["bytes"]))
    entries.append(link("block", entries[1]["chain"], 1, 3, 2, small["bytes"]))
    entries.append(link("every byte of the numbers", bytes([0xC3]) * 32, LARGE, LARGE + 1, 2, b""))
    later = ballot(2, 5, 2, 1, 3, entries[2]["chain"])
    return {
        "block": [block("empty", 0), small,
                  block("an item without bytes", LARGE, (1, b""), (1, b"\0"))],
        "chain": entries,
        "vote": [vote("upon a fresh journal", first["ballot"], 1),
                 vote("upon a block, second epoch", later, 4),
                 vote("every byte of the numbers",
                      ballot(0x01020304, LARGE, 0x05060708, LARGE - 1, LARGE + 1, bytes(range(32))),
                      3)],
        "certificate": [first, certificate("one voter", later, 2),
                        certificate("four voters", later, 1, 2, 3, 4)],
        "configuration": [configuration("alone", 1, [1]), simple,
                          configuration("joint with learners", 4, [1, 2, 3, 4, 0x01020304],
                                        3, [1, 2, 3, 5], [5, 6]),
                          configuration("a strict quorum", 4, [1, 2, 3, 4])],
        "promise": [promise("a batch", b"a batch in its bulk form", 1767312000000, 2),
                    promise("every byte of the deadline", b"", LARGE, 1)],
    }


def storage_cases(journal):
    entries = journal["chain"]
    header = segment("first", 1, 65536, 3, 1, 0, bytes(32))
    next_header = segment("next", 2, 1 << 26, 0x01020304, 2, 1 << 32 | 8192, bytes([0xD4]) * 32)
    mark = cosigned(1, 3, entries[2]["chain"], 3, bytes([0xE5]) * 32)
    seal = sealed(1, 3, 3, bytes([0xE5]) * 32, ORIGIN + "\n3\nnote\n")
    return {
        "segment": [header, next_header],
        "turn": [
            turn("begins a journal", header, 4096, 0, base(0, 0, 0, NETWORK, None),
                 vote_record(1, 1), entry_record(entries[0]), entry_record(entries[1]),
                 entry_record(entries[2])),
            turn("begins a later segment", next_header, 4096, 1 << 32 | 8192,
                 base(1, 1, 2, entries[1]["chain"], entries[1]["payload"]),
                 vote_record(LARGE, None), content_record(b'{"name":"a published content"}'),
                 mark, seal),
            turn("a block under the seal of the one before", header, 4096, 1 << 32 | 4096,
                 expected(3, ORIGIN + "\n3\nnote\n"), entry_record(entries[2])),
            turn("idle marker", header, 4096, 1 << 32 | 4096, {"type": 6, "payload": b""}),
        ],
        "fence": [
            fence("nothing done", 1, 3, 1, 0, None, 0, bytes(32), None),
            fence("voted and cosigned", 1, 0x01020304, 2, LARGE, 2, 2 << 32 | 8192,
                  bytes([0xF6]) * 32, mark),
        ],
    }


def main():
    journal = journal_cases()
    about = ("Made from PROTOCOL.md, storage/journal_format.h and storage/fence.h by "
             "make_format.py. Bytes and hashes are hex, numbers decimal strings. Test keys: the "
             "Ed25519 seed of node n is 32 bytes of n. Zeros that fill a block of 4,096 bytes are "
             "left out.")
    keys = {str(n): {"seed": seed_of(n), "key": public_of(seed_of(n))} for n in range(1, 5)}
    cases = {"about": about, "node_keys": keys, **journal, **storage_cases(journal)}
    json.dump(shown(cases), sys.stdout, indent=1)
    print()


main()
