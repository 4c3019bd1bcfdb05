"""The parts that make_forms.py's cases are made of: how a case stands in the file, RFC 8785, keys
as text, and AES-256-GCM, slowly and from its definition. Python's standard library alone.
"""
import base64
import hashlib
import json
import struct
from hashlib import sha256

LARGE = 0x0102030405060708
DAY_MS = 1767225600000  # 2026-01-01T00:00:00Z
ORIGIN = "registry.example/test"


def refused(name, why, **given):
    return {"name": name, **given, "why": why}


def accepted(name, **given):
    return {"name": name, **given}


def shown(value):
    """A case as it stands in the file: bytes and texts with a NUL in hex, numbers as decimal
    strings."""
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(part) for part in value]
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, str):
        return {"hex": value.encode().hex()} if "\0" in value else value
    return value if isinstance(value, bool) or value is None else str(value)


def parts(*pieces):
    """A long text, written short: (piece, how often)."""
    return {"parts": [list(piece) for piece in pieces]}


def b64(data):
    return base64.b64encode(data).decode()


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


# --- RFC 8785.

def es_number(value):
    """ECMAScript's Number::toString, from the shortest digits, which Python's repr has too."""
    if value == 0:
        return "0"
    sign, mantissa = "-" if value < 0 else "", repr(abs(float(value)))
    mantissa, _, exponent = mantissa.partition("e")
    whole, _, decimals = mantissa.partition(".")
    digits = (whole + decimals).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + decimals) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return sign + digits[0] + tail + "e" + ("+" if point > 0 else "-") + str(abs(point - 1))


def jcs(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(jcs(n) + ":" + jcs(value[n]) for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value) if isinstance(value, int) else es_number(value)


# --- Keys: points of Ed25519 (RFC 8032) and x of secp256k1 that lie on their curves.

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def ed25519_points(count):
    """Multiples of the base point, of whose secrets nobody asks."""
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    base = point = (x if x % 2 == 0 else P - x, y)
    points = []
    for _ in range(count):
        points.append((point[1] | (point[0] & 1) << 255).to_bytes(32, "little"))
        (x1, y1), (x2, y2) = point, base
        k = D * x1 * x2 * y1 * y2 % P
        point = ((x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
                 (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P)
    return points


def secp256k1_x(number, on_curve=True):
    p = 2**256 - 2**32 - 977
    x = int.from_bytes(sha256(b"form %d" % number).digest(), "big")
    while (pow(x**3 + 7, (p - 1) // 2, p) == 1) != on_curve:
        x += 1
    return x.to_bytes(32, "big")


def multikey(codec, key):
    digits, n = "", int.from_bytes(codec + key, "big")
    while n:
        n, digit = divmod(n, 58)
        digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + digits
    return "z" + digits


POINTS = ed25519_points(200)


def ed(number):
    return multikey(b"\xed\x01", POINTS[number])


def schnorr(number, prefix=b"\x02", on_curve=True):
    return multikey(b"\xe7\x01", prefix + secp256k1_x(number, on_curve))


def vkey(origin, key):
    typed = b"\x01" + key
    key_id = sha256(origin.encode() + b"\n" + typed).hexdigest()[:8]
    return "%s+%s+%s" % (origin, key_id, b64(typed))


# --- AES-256 (FIPS 197) and GCM (NIST SP 800-38D).

def doubled(a):
    return (a << 1 ^ 0x11B) & 0xFF if a & 0x80 else a << 1


def product(a, b):
    total = 0
    while b:
        total, a, b = total ^ (a if b & 1 else 0), doubled(a), b >> 1
    return total


def substituted(a):
    inverse = next((b for b in range(256) if product(a, b) == 1), 0)
    return 0x63 ^ inverse ^ sum_of_turns(inverse)


def sum_of_turns(b):
    total = 0
    for turn in range(1, 5):
        total ^= (b << turn | b >> 8 - turn) & 0xFF
    return total


SBOX = [substituted(a) for a in range(256)]


def round_keys(key):
    words, factor = [list(key[i:i + 4]) for i in range(0, 32, 4)], 1
    for i in range(8, 60):
        word = words[-1]
        if i % 8 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0], factor = word[0] ^ factor, doubled(factor)
        elif i % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    return [sum(words[i:i + 4], []) for i in range(0, 60, 4)]


def mixed(column):
    return [doubled(column[i]) ^ doubled(column[i - 3]) ^ column[i - 3] ^ column[i - 2] ^
            column[i - 1] for i in range(4)]


def encrypted(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [SBOX[state[(5 * i) % 16]] for i in range(16)]
        if number < 14:
            state = sum((mixed(state[i:i + 4]) for i in range(0, 16, 4)), [])
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def ghash(h, data):
    h, y = int.from_bytes(h, "big"), 0
    for i in range(0, len(data), 16):
        x, y, v = y ^ int.from_bytes(data[i:i + 16], "big"), 0, h
        for bit in range(127, -1, -1):
            y ^= v if x >> bit & 1 else 0
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
    return y.to_bytes(16, "big")


def gcm_sealed(key, nonce, plain, additional):
    """Ciphertext, then tag."""
    keys = round_keys(key)

    def xored(data, counter):
        pad = b"".join(encrypted(keys, nonce + u32(counter + i))
                       for i in range((len(data) + 15) // 16))
        return bytes(a ^ b for a, b in zip(data, pad))

    def filled(data):
        return data + bytes(-len(data) % 16)

    cipher = xored(plain, 2)
    lengths = u64(8 * len(additional)) + u64(8 * len(cipher))
    tag = ghash(encrypted(keys, bytes(16)), filled(additional) + filled(cipher) + lengths)
    return cipher + xored(tag, 1)


def scrypt(passphrase, salt, n, r=8, p=1):
    return hashlib.scrypt(passphrase, salt=salt, n=n, r=r, p=p, maxmem=1 << 28, dklen=32)
