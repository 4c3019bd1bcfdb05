#!/usr/bin/env python3
"""Prints pathways.json: rules that are taken with their hashes, rules that are refused, and sets of
rules that need one another. Made from PROTOCOL.md, Pathways; shares no code with the project.

    python3 tests/vectors/chancery/make_pathways.py > tests/vectors/chancery/pathways.json
"""
import base64
import copy
import hashlib
import json

BADGE = "https://uni-a.example/achievements/"


def jcs(value):
    """Enough of RFC 8785: names and texts are ASCII, numbers are integers or short fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def rule(condition, destination="da-cert", **more):
    return {
        "id": "https://registry.example/pathways/" + destination,
        "type": "Pathway",
        "issuer": "did:web:uni-a.example",
        "destination": BADGE + destination,
        "condition": condition,
        **more,
    }


def targets(*names):
    return [BADGE + name for name in names]


def nested(depth):
    condition = {"targetComponent": targets("da-101")}
    for _ in range(depth - 1):
        condition = {"condition": [condition]}
    return condition


FULL = rule(
    {
        "operator": "AND",
        "requiredNumber": 3,
        "targetComponent": targets("da-101", "da-102", "da-103", "da-104"),
        "issuers": ["did:web:uni-a.example", "did:web:uni-b.example"],
        "maxAgeDays": 1825,
        "minCredits": 7.5,
        "condition": [{"operator": "OR", "targetComponent": targets("ethics-1")}],
    },
    name="Data Analyst",
)


def accepted():
    rules = {
        "one target": rule({"targetComponent": targets("da-101")}),
        "all that there is": FULL,
        "conditions within alone": rule({"operator": "OR", "condition": [nested(1), nested(2)]}),
        "as deep as may be": rule(nested(8)),
        "as old as may be": rule({"targetComponent": targets("a"), "maxAgeDays": 36500}),
        "what becomes of a certificate": rule({"targetComponent": targets("a")}, cascade="suspend"),
        "a warning": rule({"targetComponent": targets("a")}, cascade="warn"),
        "nothing, said": rule({"targetComponent": targets("a")}, cascade="none"),
        "a thousand targets": rule({"targetComponent": targets(*map(str, range(1000)))}),
    }
    for name, value in rules.items():
        digest = hashlib.sha256(jcs(value).encode()).digest()
        multibase = "u" + base64.urlsafe_b64encode(b"\x12\x20" + digest).decode().rstrip("=")
        yield {"name": name, "rule": value, "hash": digest.hex(), "digestMultibase": multibase}


def refused():
    def change(name, says, edit):
        value = copy.deepcopy(FULL)
        edit(value)
        return {"name": name, "rule": value, "says": says}

    def within(**members):
        return lambda value: value["condition"].update(members)

    for member in ("id", "type", "issuer", "destination", "condition"):
        yield change("no " + member, "/" + member, lambda value: value.pop(member))
    yield change("another type", "/type", lambda value: value.update(type="Path"))
    yield change("no issuer's name", "/issuer", lambda value: value.update(issuer=""))
    yield change("an unknown member", "/version", lambda value: value.update(version=1))
    yield change("an unknown member within", "/condition/level", within(level=1))
    yield change("a name that is no text", "/name", lambda value: value.update(name=1))
    yield change("another cascade", "/cascade", lambda value: value.update(cascade="revoke"))
    yield change("a cascade that is no text", "/cascade", lambda value: value.update(cascade=True))
    yield change("a cascade within", "/condition/cascade", within(cascade="warn"))
    yield change("another operator", "/condition/operator", within(operator="XOR"))
    yield change("more than there are", "/condition/requiredNumber", within(requiredNumber=5))
    yield change("none required", "/condition/requiredNumber", within(requiredNumber=0))
    yield change("a required fraction", "/condition/requiredNumber", within(requiredNumber=1.5))
    yield change("a target twice", "/condition/targetComponent",
                 within(targetComponent=targets("a", "b", "a", "c")))
    yield change("no targets", "/condition/targetComponent", within(targetComponent=[]))
    yield change("a target that is no text", "/condition/targetComponent",
                 within(targetComponent=[1]))
    yield change("an endless target", "/condition/targetComponent",
                 within(targetComponent=["a" * 2049], requiredNumber=1))
    yield change("its own destination", "/condition/targetComponent",
                 within(targetComponent=targets("a", "b", "da-cert")))
    yield change("its own destination within", "/condition/condition/0/targetComponent",
                 within(condition=[{"targetComponent": targets("da-cert")}]))
    yield change("no issuers", "/condition/issuers", within(issuers=[]))
    yield change("no age", "/condition/maxAgeDays", within(maxAgeDays=0))
    yield change("too old", "/condition/maxAgeDays", within(maxAgeDays=36501))
    yield change("negative credits", "/condition/minCredits", within(minCredits=-1))
    yield change("endless credits", "/condition/minCredits", within(minCredits=1000001))
    yield change("credits of nothing", "/condition/condition/0/minCredits",
                 within(condition=[{"minCredits": 1, "condition": [nested(1)]}]))
    yield change("nothing asked for", "/condition/condition/0", within(condition=[{}]))
    yield change("conditions that are none", "/condition/condition", within(condition={}))
    yield {"name": "too deep", "rule": rule(nested(9)), "says": "levels"}
    yield {"name": "too many conditions", "says": "conditions",
           "rule": rule({"condition": [nested(1)] * 64})}
    yield {"name": "too many targets", "says": "targets",
           "rule": rule({"targetComponent": targets(*map(str, range(1001)))})}


def needs(destination, *names):
    return rule({"targetComponent": targets(*names)}, destination)


def chain(length):
    return [needs(str(i), str(i + 1)) for i in range(length)]


def sets():
    yield {"name": "a diploma of certificates", "good": True,
           "rules": [needs("diploma", "cert-1", "cert-2"), needs("cert-1", "a", "b"),
                     needs("cert-2", "b", "c")]}
    yield {"name": "eight deep", "good": True, "rules": chain(8)}
    yield {"name": "nine deep", "good": False, "rules": chain(9)}
    yield {"name": "a circle of two", "good": False, "rules": [needs("a", "b"), needs("b", "a")]}
    yield {"name": "a circle of three beside a good one", "good": False,
           "rules": [needs("z", "y"), needs("a", "b"), needs("b", "c"), needs("c", "a")]}
    yield {"name": "a circle through a condition within", "good": False,
           "rules": [needs("a", "b"),
                     rule({"targetComponent": targets("x"),
                           "condition": [{"targetComponent": targets("a")}]}, "b")]}
    yield {"name": "two that lead to one", "good": False, "rules": [needs("a", "b"), needs("a", "c")]}


def beside():
    """The first rule beside the others, of which several may lead to one destination."""
    yield {"name": "alone", "good": True, "rules": [needs("a", "b")]}
    yield {"name": "versions of one", "good": True,
           "rules": [needs("a", "b"), needs("a", "c"), needs("a", "d"), needs("b", "e")]}
    yield {"name": "a circle of others that it does not rest on", "good": True,
           "rules": [needs("a", "b"), needs("x", "y"), needs("y", "x")]}
    yield {"name": "a circle that it rests on", "good": False,
           "rules": [needs("a", "x"), needs("x", "y"), needs("y", "x")]}
    yield {"name": "a circle through the second version", "good": False,
           "rules": [needs("a", "b"), needs("b", "c"), needs("b", "a")]}
    yield {"name": "another version of it that rests on it", "good": False,
           "rules": [needs("a", "b"), needs("b", "a"), needs("a", "c")]}
    yield {"name": "eight deep", "good": True, "rules": chain(8)}
    yield {"name": "nine deep", "good": False, "rules": chain(9)}


print(json.dumps({"accepted": list(accepted()), "refused": list(refused()), "sets": list(sets()),
                  "beside": list(beside())}, indent=1))
