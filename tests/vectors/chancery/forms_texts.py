"""The cases of section 10 that are texts and objects: JSON, dates, genesis, members, entries."""
import copy
import datetime
import json
from hashlib import sha256

from forms_parts import (DAY_MS, ORIGIN, P, POINTS, accepted, ed, jcs, multikey, parts, refused,
                         schnorr, u32, u64, vkey)


def json_cases():
    def good(name, text, value):
        return accepted(name, text=text, canonical=jcs(value))

    def number(text):
        return good("number " + text, text, float(text))

    cases = [number(text) for text in (
        "0.0", "0e1", "0E-5", "1.0", "1e0", "1E+2", "-1.5", "9007199254740991.0",
        "9007199254740992.0", "9007199254740993.0", "-9007199254740994.0", "1e16", "1e20",
        "123456789012345678901.0", "999999999999999900000.0", "1e21", "1.5e21", "-1e21", "5e-324",
        "2e-324", "1e-400", "0.000001", "0.0000001", "1.7976931348623157e308", "0.1e1")]
    cases += [good("integer " + text, text, int(text)) for text in (
        "0", "-1", "9007199254740991", "-9007199254740991")]
    cases += [refused("number " + text, why, text=text) for texts, why in (
        (("-0", "-0.0", "-0e1", "-0E+7", "-1e-999", "-2e-324"), "-0, however it is written"),
        (("9007199254740992", "-9007199254740992", "18446744073709551616", "1" + "0" * 40),
         "an integer literal beyond 2^53 - 1"),
        (("1e309", "-1e309", "1.7976931348623159e308"), "overflows a double"),
        (("01", "+1", ".5", "1.", "1e", "0x10", "NaN", "Infinity", "-"), "not of the grammar"),
    ) for text in texts]
    cases += [
        good("the least escapes", '"\\u0008\\u0009\\u000A\\u000c\\u000d\\u001F\\u0041\\/\\""',
             "\b\t\n\f\r\x1fA/\""),
        good("U+007F, U+0080 and U+2028 as they are", '"\x7f\x80\u2028"', "\x7f\x80\u2028"),
        good("a pair of surrogates", '"\\uD83D\\uDE00"', "\U0001F600"),
        good("names by UTF-16", '{"\ufb33":1,"\U0001F600":2,"\u20ac":3,"a":4,"A":5,"":6}',
             {"\ufb33": 1, "\U0001F600": 2, "\u20ac": 3, "a": 4, "A": 5, "": 6}),
        good("one name on two levels", '{"a":{"a":1}}', {"a": {"a": 1}}),
        good("white space", " \t\r\n{ \"a\" : [ 1 , null , true ] } \n", {"a": [1, None, True]}),
        good("nothing in it", "[{},[]]", [{}, []]),
        good("32 levels", "[" * 32 + "]" * 32, json.loads("[" * 32 + "]" * 32)),
        refused("33 levels", "deeper than 32", text="[" * 33 + "]" * 33),
        refused("a name twice", "repeated name", text='{"a":1,"a":1}'),
        refused("a name twice, once escaped", "repeated name", text='{"a":1,"\\u0061":2}'),
        refused("a name twice, further down", "repeated name", text='[{"b":{"a":1,"c":2,"a":3}}]'),
        refused("a NUL escaped", "NUL", text='"\\u0000"'),
        refused("a NUL in a name", "NUL", text='{"a\\u0000":1}'),
        refused("a NUL", "NUL", text='"\0"'),
        refused("a byte order mark", "not of the grammar", text='\ufeff{}'),
        refused("nothing", "not of the grammar", text=""),
        refused("white space alone", "not of the grammar", text=" "),
    ]
    cases += [refused("control character %02x" % c, "not of the grammar", text='"%c"' % c)
              for c in (1, 8, 9, 10, 13, 31)]
    cases += [refused("surrogate " + text, "lone surrogate", text=text) for text in (
        '"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"', '"\\ude00\\ud83d"', '{"\\udfff":1}')]
    cases += [refused("bytes " + data.hex(), "no UTF-8", text=b'"' + data + b'"') for data in (
        b"\xff", b"\x80", b"\xc0\x80", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")]
    cases += [refused("text " + repr(text), "not of the grammar", text=text) for text in (
        "{} {}", "[1,]", '{"a":1,}', "[1 2]", "{a:1}", "'a'", "True", "//\n1", '"\\x41"',
        '"\\u00g0"', "\xa0 1", "\f1", '["a"', '{"a"}')]
    return cases


# --- Dates.

def date_cases():
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

    def good(text, second, has_fraction=False):
        return accepted(text, text=text, second=second, has_fraction=has_fraction)

    def of(text, year, month, day, h=0, m=0, s=0, offset=0, has_fraction=False):
        local = datetime.datetime(year, month, day, h, m, s, tzinfo=datetime.timezone.utc)
        second = (local - epoch) // datetime.timedelta(seconds=1) - offset * 60
        return good(text, second, has_fraction)

    date = "2026-01-01T00:00:00"
    cases = [
        good("1970-01-01T00:00:00Z", 0), good("1969-12-31T23:59:59Z", -1),
        of(date + "Z", 2026, 1, 1), of(date + "+00:00", 2026, 1, 1),
        of(date + "-00:00", 2026, 1, 1),
        of("2026-01-01T05:30:00+05:30", 2026, 1, 1, 5, 30, offset=330),
        of("2025-12-31T16:00:00-08:00", 2025, 12, 31, 16, offset=-480),
        of(date + "+23:59", 2026, 1, 1, offset=1439), of(date + "-23:59", 2026, 1, 1, offset=-1439),
        of("2024-02-29T12:34:56Z", 2024, 2, 29, 12, 34, 56),
        of("2000-02-29T00:00:00Z", 2000, 2, 29),
        of("9999-12-31T23:59:59Z", 9999, 12, 31, 23, 59, 59), of("0001-01-01T00:00:00Z", 1, 1, 1),
        of(date + ".0Z", 2026, 1, 1), of(date + ".000000000Z", 2026, 1, 1),
        of(date + ".5Z", 2026, 1, 1, has_fraction=True),
        of(date + ".000000001Z", 2026, 1, 1, has_fraction=True),
        of(date + ".123456789+01:00", 2026, 1, 1, offset=60, has_fraction=True),
        good("1969-12-31T23:59:59.25Z", -1, True),
    ]
    return cases + [refused(text, why, text=text) for texts, why in (
        (("2026-01-01t00:00:00Z", date + "z", "2026-01-01 00:00:00Z"), "capital T and Z"),
        ((date, "2026-01-01", "2026-01-01T00:00Z", date + "+01", date + "+0100", date + "+01:00Z",
          date + "UTC", date + "+1:00"), "no Z and no whole offset"),
        ((date + ".0000000000Z", date + ".1234567890Z"), "10 decimals"),
        ((date + ".Z", date + ",5Z", date + ". 5Z"), "no decimals after a dot"),
        (("2016-12-31T23:59:60Z", "2026-06-30T23:59:60+00:00", "2017-01-01T00:59:60+01:00"),
         "leap second"),
        (("2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
          "2024-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z",
          "2026-01-32T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z"), "no such day"),
        (("2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", date + "+24:00",
          date + "+00:60"), "not on the clock"),
        (("", "Z", "26-01-01T00:00:00Z", "12026-01-01T00:00:00Z", "-2026-01-01T00:00:00Z",
          "2026-1-01T00:00:00Z", "20260101T000000Z", " " + date + "Z", date + "Z\n",
          "\uff12026-01-01T00:00:00Z"), "another form"),
    ) for text in texts]


def validity_cases():
    def case(name, result, now, **document):
        return {"name": name, "document": json.dumps(document), "now": now, "result": result}

    at = DAY_MS // 1000
    day, half = "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z"
    small_z = "2026-01-01T00:00:00z"
    return [
        case("no dates", "pass", at),
        case("at validUntil", "pass", at, validUntil=day),
        case("a second after validUntil", "fail", at + 1, validUntil=day),
        case("in the second of validUntil", "pass", at, validUntil=half),
        case("a second after a validUntil with decimals", "fail", at + 1, validUntil=half),
        case("validUntil that cannot be read", "could not check", at, validUntil=small_z),
        case("validUntil of a leap second", "could not check", at,
             validUntil="2016-12-31T23:59:60Z"),
        case("validUntil that is no text", "could not check", at, validUntil=at),
        case("at validFrom", "pass", at, validFrom=day),
        case("a second before validFrom", "fail", at - 1, validFrom=day),
        case("one date unreadable, one passed", "fail", at + 1, validFrom=small_z, validUntil=day),
    ]


# --- Genesis and members objects.

def genesis(count=1, origin=ORIGIN, quorum=None):
    members = []
    for i in range(count):
        slug = "uni-" + ("ab"[i] if i < 2 else str(i + 1))
        members.append({
            "slug": slug, "name": "University " + slug, "did": "did:web:%s.example" % slug,
            "keys": {"issuer": schnorr(2 * i), "assertion": ed(1 + 3 * i),
                     "governance": schnorr(2 * i + 1), "cosigner": ed(2 + 3 * i)},
            "node": {"endpoints": {"peer": slug + ".example:7300",
                                   "public": "https://%s.example" % slug},
                     "node_key": ed(3 + 3 * i),
                     "tls_spki_sha256": sha256(slug.encode()).hexdigest()}})
    return {"format": "chancery-genesis/v1", "network_name": "Test", "origin": origin,
            "log": vkey(origin, POINTS[0]), "quorum": quorum or count, "members": members,
            "signatures": {m["slug"]: "00" * 64 for m in members}}


def edited(value, *edits):
    """A copy with values set at paths: edited(g, ("members/0/name", "A"))."""
    value = copy.deepcopy(value)
    for path, new in edits:
        *steps, last = [int(s) if s.isdigit() else s for s in path.split("/")]
        place = value
        for step in steps:
            place = place[step]
        place[last] = new
    return value


def network_id(g):
    return sha256(jcs({k: v for k, v in g.items() if k != "signatures"}).encode()).hexdigest()


def genesis_cases():
    one, two = genesis(), genesis(2)

    def good(name, g, text=None):
        return accepted(name, text=text or jcs(g), network_id=network_id(g))

    def bad(name, why, *edits, of=one):
        return refused(name, why, text=jcs(edited(of, *edits)))

    def renamed(slug):
        return edited(one, ("members/0/slug", slug), ("signatures", {slug: "00" * 64}))

    def spaced(size):
        return parts((jcs(one), 1), (" ", size - len(jcs(one))))

    backwards = {name: one[name] for name in reversed(one)}
    cases = [good("one member", one), good("two members", two),
             good("indented", one, json.dumps(one, indent=4)),
             good("names in another order", one, json.dumps(backwards)),
             good("256 KiB with spaces", one, spaced(1 << 18)),
             refused("256 KiB and 1 with spaces", "at most 256 KiB", text=spaced((1 << 18) + 1)),
             good("four members, the least quorum", genesis(4, quorum=3)),
             good("four members, all of them", genesis(4)),
             good("64 members", genesis(64)),
             refused("65 members", "at most 64", text=jcs(genesis(65))),
             refused("four members, quorum 2", "quorum", text=jcs(genesis(4, quorum=2))),
             refused("four members, quorum 5", "quorum", text=jcs(genesis(4, quorum=5)))]
    for place in ("network_name", "members/0/name"):
        cases += [good(place + ": " + what, edited(one, (place, text))) for what, text in (
            ("1 byte", "A"), ("200 bytes", "n" * 200), ("100 characters, 200 bytes", "\xe9" * 100),
            ("U+0020, U+007E, U+00A0", " ~\xa0"), ("beyond U+FFFF", "\U0001F393"))]
        cases += [bad(place + ": " + what, why, (place, text)) for what, why, text in (
            ("empty", "1 to 200 bytes", ""), ("201 bytes", "1 to 200 bytes", "n" * 201),
            ("101 characters, 202 bytes", "1 to 200 bytes", "\xe9" * 101))]
        cases += [bad(place + ": U+%04X" % c, "control character", (place, "A" + chr(c)))
                  for c in (0, 1, 9, 10, 31, 127, 128, 133, 159)]
    cases.append(refused("a name of Latin-1", "no UTF-8",
                         text=jcs(one).encode().replace(b'"Test"', b'"Universit\xe9"')))
    public, pin = "members/0/node/endpoints/public", "members/0/node/tls_spki_sha256"
    cases += [good("a URL beyond ASCII", edited(one, (public, "https://universit\xe9.example/a")))]
    cases += [bad("a URL with U+%04X" % c, "control character",
                  (public, "https://a.example/" + chr(c))) for c in (1, 31, 127, 128, 159)]
    cases += [good("origin %s, %d" % (o[:30], len(o)), genesis(origin=o)) for o in (
        "r", "registry.example:8443/europe", "registry.example/epoch", "registry.example/epochs/2",
        "a/" + "b" * 198)]
    cases += [refused("origin %s, %d" % (o[:30], len(o)), why, text=jcs(genesis(origin=o)))
              for o, why in (
        ("registry.example/epoch/2", "/epoch/"), ("registry.example/epoch/", "/epoch/"),
        ("a/epoch/b/c", "/epoch/"), ("a/" + "b" * 199, "201 characters"), ("", "empty"),
        ("https://registry.example", "a scheme"), ("a b", "a space"), ("\xe9.example", "no ASCII"))]
    cases += [refused("log key of another name", "log",
                      text=jcs(edited(one, ("log", vkey("other.example", POINTS[0])))))]
    cases += [good("a DID of 256 bytes", edited(one, ("members/0/did", "did:web:" + "a" * 248))),
              bad("a DID of 257 bytes", "at most 256", ("members/0/did", "did:web:" + "a" * 249)),
              bad("an empty DID", "no DID", ("members/0/did", "")),
              bad("a DID that is none", "no DID", ("members/0/did", "https://a.example"))]
    cases += [good("slug " + s, renamed(s)) for s in ("a", "a-", "none1", "a" * 32, "a0-9")]
    wrong_slugs = ("", "none", "A", "0a", "-a", "a_b", "a.b", "a" * 33, "\xe9")
    cases += [bad("slug " + s, "slug", ("members/0/slug", s)) for s in wrong_slugs]
    cases += [bad("a signature of " + s, "slug", ("signatures", {s: "00" * 64}))
              for s in wrong_slugs]
    cases += genesis_repeats(two, bad) + genesis_keys(bad)
    return cases + [
        bad("another format", "format", ("format", "chancery-genesis/v2")),
        bad("a name that nobody knows", "unknown name", ("more", 1)),
        bad("a name that nobody knows, in a member", "unknown name", ("members/0/more", 1)),
        bad("no members", "members", ("members", []), ("signatures", {})),
        bad("a pin in capitals", "lower case",
            (pin, one["members"][0]["node"]["tls_spki_sha256"].upper())),
        bad("a signature of 63 bytes", "64 bytes", ("signatures/uni-a", "00" * 63)),
    ]


def genesis_repeats(two, bad):
    a = two["members"][0]
    pairs = [("slug", "slug", a["slug"]), ("DID", "did", a["did"]),
             ("TLS pin", "node/tls_spki_sha256", a["node"]["tls_spki_sha256"]),
             ("node key", "node/node_key", a["node"]["node_key"])]
    pairs += [(use + " key", "keys/" + use, a["keys"][use]) for use in a["keys"]]
    cases = [bad("%s of two members" % what, "occurs twice", ("members/1/" + path, value), of=two)
             for what, path, value in pairs]
    log = ed(0)
    return cases + [
        bad("issuer key for governance", "occurs twice",
            ("members/0/keys/governance", a["keys"]["issuer"]), of=two),
        bad("assertion key for cosigning", "occurs twice",
            ("members/0/keys/cosigner", a["keys"]["assertion"]), of=two),
        bad("cosigner key as another's node key", "occurs twice",
            ("members/1/node/node_key", a["keys"]["cosigner"]), of=two),
        bad("log key for cosigning", "occurs twice", ("members/0/keys/cosigner", log), of=two),
        bad("log key for assertions", "occurs twice", ("members/1/keys/assertion", log), of=two),
        bad("log key as node key", "occurs twice", ("members/1/node/node_key", log), of=two)]


def genesis_keys(bad):
    cosigner, issuer = "members/0/keys/cosigner", "members/0/keys/issuer"

    def ed_of(number):
        return multikey(b"\xed\x01", number.to_bytes(32, "little"))

    return [bad("Ed25519 key of order 1", "small order", (cosigner, ed_of(1))),
            bad("Ed25519 key of order 2", "small order", (cosigner, ed_of(P - 1))),
            bad("Ed25519 key of order 4", "small order", (cosigner, ed_of(0))),
            bad("Ed25519 key y = p + 3", "not canonical", (cosigner, ed_of(P + 3))),
            bad("Schnorr key off its curve", "off its curve",
                (issuer, schnorr(7, on_curve=False))),
            bad("Schnorr key as 03", "02 and x", (issuer, schnorr(7, b"\x03"))),
            bad("Ed25519 key for an issuer", "another kind", (issuer, ed(30))),
            bad("Schnorr key for a cosigner", "another kind", (cosigner, schnorr(7)))]


def members_cases():
    def key(use, number, text, start, until):
        return {"use": use, "number": number, "key": text, "from": start, "until": until}

    def did(name, start, until):
        return {"did": "did:web:%s.example" % name, "from": start, "until": until}

    def text(issuers=((0, None),), governances=((0, None),), cosigners=((0, None),), dids=None):
        keys = [key("cosigner", i + 1, ed(10 + i), *force) for i, force in enumerate(cosigners)]
        keys += [key("governance", i + 1, schnorr(20 + i), *f) for i, f in enumerate(governances)]
        keys += [key("issuer", i + 1, schnorr(10 + i), *force) for i, force in enumerate(issuers)]
        return jcs({"network": "ab" * 32, "origin": ORIGIN, "epoch": 1,
                    "log": vkey(ORIGIN, POINTS[0]), "quorum": 1, "members": [
                        {"number": 1, "slug": "uni-a", "name": "University A",
                         "dids": dids or [did("a", 0, None)], "keys": keys}]})

    def good(name, **given):
        members = text(**given)
        digest = sha256(b"chancery/members/v1\0" + members.encode()).hexdigest()
        return accepted(name, text=members, members_hash=digest)

    return [
        good("one key of each"),
        good("issuer keys in succession", issuers=((0, 9), (9, None))),
        good("issuer keys with a gap", issuers=((0, 9), (20, None))),
        good("no issuer key in force", issuers=((0, 9),)),
        good("from equal to until", issuers=((0, 9), (9, 9), (9, None))),
        good("cosigner keys in succession", cosigners=((0, 9), (9, None))),
        good("cosigner keys that overlap", cosigners=((0, None), (9, None))),
        good("DIDs in succession", dids=[did("a", 0, 9), did("b", 9, None)]),
        refused("until below from", "from <= until", text=text(issuers=((9, 8),))),
        refused("until of a DID below from", "from <= until", text=text(
            dids=[did("a", 9, 8), did("b", 9, None)])),
        refused("issuer keys that overlap", "overlap", text=text(issuers=((0, 10), (9, None)))),
        refused("issuer key after one without end", "overlap", text=text(
            issuers=((0, None), (9, None)))),
        refused("governance keys that overlap", "overlap", text=text(
            governances=((0, 10), (9, None)))),
        refused("DIDs that overlap", "overlap", text=text(
            dids=[did("a", 0, 10), did("b", 9, None)])),
    ]


# --- Entries and blocks.

def entry_cases():
    def act(data):
        return b"\1\5" + u64(DAY_MS) + bytes(64) + data

    def publication(url):
        return b"\1\4" + u32(1) + u64(DAY_MS) + b"\1" + bytes(32) + url

    url = b"https://a.example/"
    cases = [accepted("an act of 1 byte", bytes=act(b"{")),
             accepted("an act of 32 KiB", bytes=parts((act(b""), 1), (b"a", 32768))),
             refused("an act of no bytes", "1 byte at least", bytes=act(b"")),
             refused("an act of 32 KiB and 1", "32 KiB at most",
                     bytes=parts((act(b""), 1), (b"a", 32769))),
             accepted("a URL of 1 byte", bytes=publication(b"a")),
             accepted("a URL of 2,048 bytes", bytes=parts((publication(b""), 1), (b"a", 2048))),
             accepted("a URL beyond ASCII", bytes=publication(url + "\xe9".encode())),
             refused("a URL of no bytes", "1 to 2,048 bytes", bytes=publication(b"")),
             refused("a URL of 2,049 bytes", "1 to 2,048 bytes",
                     bytes=parts((publication(b""), 1), (b"a", 2049)))]
    cases += [refused("a URL with U+%04X" % c, "control character",
                      bytes=publication(url + chr(c).encode())) for c in (0, 10, 31, 127, 128, 159)]
    return cases + [refused("a URL with " + data.hex(), "no UTF-8", bytes=publication(url + data))
                    for data in (b"\xff", b"\xe9", b"\xc0\xaf", b"\xed\xa0\x80")]
