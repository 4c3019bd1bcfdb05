"""Signatures on short Weierstrass curves and by RSA, slowly: BIP-340, ECDSA, what EVM wallets sign.
For the scripts beside it, which need nothing but Python's standard library.
"""
from hashlib import sha256

SECP256K1 = (2**256 - 2**32 - 977, 0, 7,
             0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
             0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
             0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141)
P256 = (2**256 - 2**224 + 2**192 + 2**96 - 1, -3,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551)


def add(curve, a, b):
    p, slope_a = curve[0], curve[1]
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % p == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] + slope_a) * pow(2 * a[1], -1, p) % p
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, p) % p
    x = (slope * slope - a[0] - b[0]) % p
    return x, (slope * (a[0] - x) - a[1]) % p


def times(curve, k):
    total, doubled = None, (curve[3], curve[4])
    while k:
        if k & 1:
            total = add(curve, total, doubled)
        doubled, k = add(curve, doubled, doubled), k >> 1
    return total


def number(data):
    return int.from_bytes(data, "big")


def b32(value):
    return value.to_bytes(32, "big")


# --- BIP-340.

def tagged(tag, data):
    start = sha256(tag.encode()).digest()
    return sha256(start + start + data).digest()


def schnorr_public(secret):
    return b32(times(SECP256K1, number(secret))[0])


def schnorr_sign(secret, message):
    order = SECP256K1[5]
    x, y = times(SECP256K1, number(secret))
    d = number(secret) if y % 2 == 0 else order - number(secret)
    masked = b32(d ^ number(tagged("BIP0340/aux", bytes(32))))
    k = number(tagged("BIP0340/nonce", masked + b32(x) + message)) % order
    r_x, r_y = times(SECP256K1, k)
    k = k if r_y % 2 == 0 else order - k
    e = number(tagged("BIP0340/challenge", b32(r_x) + b32(x) + message)) % order
    return b32(r_x) + b32((k + e * d) % order)


# --- ECDSA; nonces that need only be different.

def ecdsa(curve, secret, hashed):
    order = curve[5]
    k = number(sha256(b"nonce" + secret + hashed).digest()) % order
    x, y = times(curve, k)
    r = x % order
    return r, (number(hashed) + r * number(secret)) * pow(k, -1, order) % order, y % 2


def p256_public(secret):
    x, y = times(P256, number(secret))
    return bytes([2 + y % 2]) + b32(x)


def p256_sign(secret, message):
    r, s, _ = ecdsa(P256, secret, sha256(message).digest())
    return b32(r) + b32(s)


# --- EVM: Keccak-256 (the reference's loop over lanes), addresses, personal_sign (EIP-191).

def rotated(lane, by):
    return (lane << by % 64 | lane >> (64 - by % 64)) % 2**64


def permuted(a):
    lfsr = 1
    for _ in range(24):
        c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        d = [c[(x + 4) % 5] ^ rotated(c[(x + 1) % 5], 1) for x in range(5)]
        a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, a[1][0]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, a[x][y] = a[x][y], rotated(current, (t + 1) * (t + 2) // 2)
        for y in range(5):
            row = [a[x][y] for x in range(5)]
            for x in range(5):
                a[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) % 2**64
        for j in range(7):
            lfsr = (lfsr << 1 ^ (lfsr >> 7) * 0x71) % 256
            if lfsr & 2:
                a[0][0] ^= 1 << (2**j - 1)
    return a


def keccak256(data):
    rate = 136
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % rate))
    padded[-1] |= 0x80
    a = [[0] * 5 for _ in range(5)]
    for at in range(0, len(padded), rate):
        for i in range(rate // 8):
            a[i % 5][i // 5] ^= int.from_bytes(padded[at + 8 * i:at + 8 * i + 8], "little")
        a = permuted(a)
    return b"".join(a[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def address_of(secret):
    x, y = times(SECP256K1, number(secret))
    return "0x" + keccak256(b32(x) + b32(y))[12:].hex()


def personal_sign(secret, message):
    prefix = b"\x19Ethereum Signed Message:\n" + str(len(message)).encode()
    r, s, parity = ecdsa(SECP256K1, secret, keccak256(prefix + message))
    if s > SECP256K1[5] // 2:
        s, parity = SECP256K1[5] - s, parity ^ 1
    return b32(r) + b32(s) + bytes([27 + parity])


# --- RSA, PKCS #1 v1.5 over SHA-256 (RFC 8017, section 9.2).

def rsa_sign(n, d, message):
    size = (n.bit_length() + 7) // 8
    info = bytes.fromhex("3031300d060960864801650304020105000420") + sha256(message).digest()
    padded = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return pow(number(padded), d, n).to_bytes(size, "big")
