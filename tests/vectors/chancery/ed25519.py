"""Ed25519 (RFC 8032, section 5.1.6), slowly: points are pairs of whole numbers. For the scripts
beside it, which need signatures and nothing but Python's standard library.
"""
from hashlib import sha512

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
            (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P)


def base_point():
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x if x % 2 == 0 else P - x, y)


def times(k):
    total, doubled = (0, 1), base_point()
    while k:
        if k & 1:
            total = add(total, doubled)
        doubled, k = add(doubled, doubled), k >> 1
    return (total[1] | (total[0] & 1) << 255).to_bytes(32, "little")


def number(digest):
    return int.from_bytes(digest, "little")


def secret_of(seed):
    digest = sha512(seed).digest()
    return (number(digest[:32]) & ((1 << 254) - 8)) | 1 << 254, digest[32:]


def public_of(seed):
    return times(secret_of(seed)[0])


def sign(seed, message):
    secret, prefix = secret_of(seed)
    nonce = number(sha512(prefix + message).digest()) % ORDER
    point = times(nonce)
    challenge = number(sha512(point + public_of(seed) + message).digest())
    return point + ((nonce + challenge * secret) % ORDER).to_bytes(32, "little")
