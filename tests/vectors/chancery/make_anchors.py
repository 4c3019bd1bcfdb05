#!/usr/bin/env python3
"""Prints anchors.json: records of kind 6, the batch that carries them, and the EVM transaction that
one of them names.

Written from PROTOCOL.md sections 3 and 9, RFC 9162, BIP-340 (tagged hashes), EIP-2718 and EIP-1559
alone; it shares no code with the project and needs nothing but Python's standard library.
   python3 make_anchors.py > anchors.json
"""
import json
import struct
from hashlib import sha256

NETWORK = bytes(range(32))
MEMBER, KEY_NUMBER, TIME = 2, 3, 1767225600000
NONCE = bytes(range(16))
EXPIRES = TIME + 3600000


# --- RFC 9162, section 2.1, as it is written there.

def mth(leaves):
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


# --- Keccak-256, from the Keccak reference; not hashlib's SHA3-256, which pads otherwise.

def keccak256(message):
    def rotl(x, n):
        return ((x << n) | (x >> (64 - n))) & (2**64 - 1) if n else x
    state = [[0] * 5 for _ in range(5)]
    rate = 136
    padded = bytearray(message + b"\0" * (rate - len(message) % rate))
    padded[len(message)] ^= 1
    padded[-1] ^= 0x80
    for block in range(0, len(padded), rate):
        for i in range(rate // 8):
            state[i % 5][i // 5] ^= int.from_bytes(padded[block + 8 * i:block + 8 * i + 8], "little")
        lfsr = 1
        for _ in range(24):
            c = [state[x][0] ^ state[x][1] ^ state[x][2] ^ state[x][3] ^ state[x][4] for x in range(5)]
            d = [c[(x + 4) % 5] ^ rotl(c[(x + 1) % 5], 1) for x in range(5)]
            state = [[state[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            x, y, current = 1, 0, state[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, state[x][y] = state[x][y], rotl(current, (t + 1) * (t + 2) // 2 % 64)
            for y in range(5):
                row = [state[x][y] for x in range(5)]
                for x in range(5):
                    state[x][y] = row[x] ^ (~row[(x + 1) % 5] & 2**64 - 1 & row[(x + 2) % 5])
            for j in range(7):
                lfsr = (lfsr << 1 ^ (lfsr >> 7) * 0x171) & 0xff
                if lfsr & 2:
                    state[0][0] ^= 1 << (1 << j) - 1
    return b"".join(state[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


# --- RLP, from the yellow paper's appendix B.

def rlp(item):
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, list):
        body, offset = b"".join(rlp(one) for one in item), 0xc0
    else:
        body, offset = item, 0x80
        if len(body) == 1 and body[0] < 0x80:
            return body
    if len(body) < 56:
        return bytes([offset + len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(length)]) + length + body


def transaction(chain_id, root):
    """The unsigned fields of an anchor, and what its sender signs."""
    fields = [chain_id, 7, 10**9, 30 * 10**9, 27850, bytes.fromhex("ab" * 20), 0, root, []]
    signed = keccak256(b"\2" + rlp(fields))
    with_signature = fields + [1, int.from_bytes(b"\x11" * 32, "big"), int.from_bytes(b"\x22" * 31, "big")]
    raw = b"\2" + rlp(with_signature)
    return signed, raw, keccak256(raw)


def body(size, root, chain, tx):
    return struct.pack(">Q", size) + root + bytes([len(chain)]) + chain.encode() + tx


def main():
    root = sha256(b"a root").digest()
    signed, raw, name = transaction(11155111, root)
    bodies = [body(314, root, "eip155:11155111", name),
              body(1, sha256(b"another").digest(), "eip155:1", bytes(32)),
              body(2**64 - 1, bytes(32), "cosmos:cosmoshub-4", b"\xff" * 32)]
    records_root = mth(bodies)
    head = struct.pack(">II", MEMBER, KEY_NUMBER) + NONCE
    tail = struct.pack(">QBI", EXPIRES, 6, len(bodies)) + records_root
    tag = sha256(b"chancery/batch/v1").digest()
    message = sha256(tag + tag + NETWORK + head + tail).digest()
    signature = bytes(64)
    bulk = b"\1\1" + head + tail + signature
    for one in bodies:
        bulk += struct.pack(">H", len(one)) + one
    entries = [b"\1\1" + head[:8] + struct.pack(">Q", TIME) + NONCE + tail + signature]
    entries += [b"\1\6" + struct.pack(">IQ", MEMBER, TIME) + one for one in bodies]
    print(json.dumps({
        "network": NETWORK.hex(), "member": MEMBER, "key_number": KEY_NUMBER, "time": TIME,
        "nonce": NONCE.hex(), "expires": EXPIRES, "records_root": records_root.hex(),
        "message": message.hex(), "bulk": bulk.hex(), "entries": [one.hex() for one in entries],
        "transaction": {"chain_id": 11155111, "root": root.hex(), "signed": signed.hex(),
                        "raw": raw.hex(), "hash": name.hex()}}, indent=1))


main()
