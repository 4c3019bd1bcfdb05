#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/credential/fork_evidence.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "tests/support/format_vectors.h"
#include "tests/support/small_network.h"

namespace chancery::credential {
namespace {

using test::filled_hash;
using test::SmallNetwork;

std::vector<Hash> consistency_by_definition(const std::vector<Hash>& leaves, std::uint64_t from) {
    std::vector<Hash> path;
    for (const merkle::Range& range : merkle::consistency_ranges(from, leaves.size()))
        path.push_back(merkle::root_of(
            std::span(leaves).subspan(static_cast<std::size_t>(range.begin),
                                      static_cast<std::size_t>(range.end - range.begin))));
    return path;
}

// A network of four that shows two histories: alike up to `shared` credentials, then apart.
struct Forked {
    explicit Forked(std::size_t a_more, std::size_t b_more, std::size_t shared = 3) : a(4), b(4) {
        for (std::size_t i = 0; i < shared; ++i) {
            a.register_credential(1, filled_hash(static_cast<std::uint8_t>(i + 1)));
            b.register_credential(1, filled_hash(static_cast<std::uint8_t>(i + 1)));
        }
        for (std::size_t i = 0; i < a_more; ++i)
            a.register_credential(2, filled_hash(static_cast<std::uint8_t>(i + 101)));
        for (std::size_t i = 0; i < b_more; ++i)
            b.register_credential(3, filled_hash(static_cast<std::uint8_t>(i + 151)));
    }

    // a cosigned by members 1, 2, 3 and b by `signers`, counted from 0.
    ForkEvidence evidence(const std::vector<std::size_t>& signers = {1, 2, 3}) const {
        ForkEvidence evidence{
            .a = signed_by(a, {0, 1, 2}), .b = signed_by(b, signers), .beginning = std::nullopt};
        const std::size_t size = a.leaves.size();
        if (size < b.leaves.size()) {
            const std::vector<Hash> began(b.leaves.begin(),
                                          b.leaves.begin() + static_cast<std::ptrdiff_t>(size));
            evidence.beginning = {.root = merkle::root_of(began),
                                  .path = consistency_by_definition(b.leaves, size)};
        }
        return evidence;
    }

    static std::string signed_by(const SmallNetwork& network,
                                 const std::vector<std::size_t>& signers) {
        const std::string text = note::checkpoint_text(network.unsigned_checkpoint());
        note::SignedNote note{.text = text, .signatures = {}};
        for (const std::size_t signer : signers)
            note.signatures.push_back(
                note::cosign(text,
                             network.genesis.origin + "/" + network.cosigners.at(signer).first,
                             SmallNetwork::time_s,
                             network.cosigners.at(signer).second));
        return note::to_text(note);
    }

    std::string verdict(const ForkEvidence& evidence) const {
        const auto fork = check_fork_evidence(evidence, a.members);
        if (!fork) return fork.error().detail;
        std::string guilty = "guilty:";
        for (const GuiltyKey& key : fork->guilty)
            guilty += " " + key.slug;
        return guilty;
    }

    SmallNetwork a;
    SmallNetwork b;
};

TEST(ForkEvidence, OfEqualSizesNamesWhoSignedBoth) {
    const Forked forked(1, 1);
    const auto fork = check_fork_evidence(forked.evidence(), forked.a.members);
    ASSERT_TRUE(fork) << fork.error().detail;
    EXPECT_EQ(fork->a.head.size, 4U);
    EXPECT_EQ(fork->b.head.size, 4U);
    ASSERT_EQ(fork->guilty.size(), 2U);
    EXPECT_EQ(fork->guilty[0].slug, "m2");
    EXPECT_EQ(fork->guilty[1].slug, "m3");
    EXPECT_EQ(fork->guilty[0].member, 2U);
    EXPECT_EQ(fork->guilty[0].number, 1U);
    EXPECT_EQ(fork->guilty[0].key, keys::multikey(forked.a.cosigners[1].second.public_key()));
}

TEST(ForkEvidence, OfUnequalSizesIsProofForEverySizeOfBoth) {
    for (std::size_t a_more = 1; a_more < 9; ++a_more)
        for (std::size_t b_more = a_more; b_more < 9; ++b_more) {
            const Forked forked(a_more, b_more);
            EXPECT_EQ(forked.verdict(forked.evidence()), "guilty: m2 m3")
                << a_more << " " << b_more;
        }
}

TEST(ForkEvidence, OfAnHonestLogProvesNothing) {
    // a is where b was: what an honest network shows from one minute to the next.
    const Forked honest(0, 4);
    ASSERT_LT(honest.a.leaves.size(), honest.b.leaves.size());
    EXPECT_EQ(honest.verdict(honest.evidence()), "root is a's own: b extends a");
    const Forked same(0, 0);
    EXPECT_EQ(same.verdict(same.evidence()), "a and b have the same root");
}

TEST(ForkEvidence, NeedsAKeyThatSignedBoth) {
    const Forked forked(1, 3);
    EXPECT_EQ(forked.verdict(forked.evidence({3})), "no known key cosigned both");
    EXPECT_EQ(forked.verdict(forked.evidence({2})), "guilty: m3");
    // Another network's keys of the same names.
    const SmallNetwork strangers(4, "log.example/other");
    ledger::Members members = strangers.members;
    for (ledger::Member& member : members.members)
        for (ledger::KeyRecord& record : member.keys)
            if (record.use == ledger::KeyUse::cosigner)
                record.key =
                    test::ed25519_key(static_cast<std::uint8_t>(200 + member.number)).public_key();
    members.origin = forked.a.members.origin;
    const auto fork = check_fork_evidence(forked.evidence(), members);
    ASSERT_FALSE(fork);
    EXPECT_EQ(fork.error().detail, "no known key cosigned both");
}

TEST(ForkEvidence, CountsKeysOfWhoLeft) {
    Forked forked(1, 1);
    for (ledger::KeyRecord& record : forked.a.members.members[1].keys)
        record.in_force.until = 2;
    EXPECT_EQ(forked.verdict(forked.evidence()), "guilty: m2 m3");
}

TEST(ForkEvidence, IsNotSpoiltByABadLineBesideAGoodOne) {
    const Forked forked(1, 1);
    ForkEvidence evidence = forked.evidence();
    auto note = note::parse_note(evidence.b).value();
    note::SignatureLine bad = note.signatures.front();
    bad.signature.back() ^= 1;
    note.signatures.push_back(bad);
    evidence.b = note::to_text(note);
    EXPECT_EQ(forked.verdict(evidence), "guilty: m2 m3");
    note.signatures = {bad};
    evidence.b = note::to_text(note);
    EXPECT_EQ(forked.verdict(evidence), "no known key cosigned both");
}

TEST(ForkEvidence, ProvesNothingWithoutItsWholePath) {
    const Forked forked(2, 6);
    const ForkEvidence good = forked.evidence();
    ASSERT_EQ(forked.verdict(good), "guilty: m2 m3");
    for (std::size_t i = 0; i < good.beginning->path.size(); ++i) {
        ForkEvidence changed = good;
        changed.beginning->path[i].front() ^= 1;
        EXPECT_EQ(forked.verdict(changed).substr(0, 6), "path: ") << i;
        changed = good;
        changed.beginning->path.erase(changed.beginning->path.begin() +
                                      static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(forked.verdict(changed).substr(0, 6), "path: ") << i;
    }
    ForkEvidence longer = good;
    longer.beginning->path.push_back(filled_hash(1));
    EXPECT_EQ(forked.verdict(longer).substr(0, 6), "path: ");
    ForkEvidence other_root = good;
    other_root.beginning->root.back() ^= 1;
    EXPECT_EQ(forked.verdict(other_root).substr(0, 6), "path: ");
    ForkEvidence none = good;
    none.beginning.reset();
    EXPECT_EQ(forked.verdict(none), "root and path are missing, want them for unequal sizes");
    const Forked equal(1, 1);
    ForkEvidence superfluous = equal.evidence();
    superfluous.beginning = good.beginning;
    EXPECT_EQ(equal.verdict(superfluous), "root and path are there, want none for equal sizes");
}

TEST(ForkEvidence, IsOfOneLogAndThatTheNetworks) {
    const Forked forked(1, 1);
    SmallNetwork other(4, "log.example/other");
    other.register_credential(1, filled_hash(9));
    ForkEvidence mixed = forked.evidence();
    mixed.b = Forked::signed_by(other, {1, 2, 3});
    EXPECT_EQ(forked.verdict(mixed),
              "a is of log.example/small, b of log.example/other, want one log");
    // Keys of ours under checkpoints of a log that is not ours.
    SmallNetwork another(4, "log.example/other");
    another.register_credential(1, filled_hash(8));
    ForkEvidence foreign = mixed;
    foreign.a = Forked::signed_by(another, {0, 1, 2});
    EXPECT_EQ(forked.verdict(foreign), "the log is log.example/other, want log.example/small");
}

TEST(ForkEvidence, HasTheSmallerCheckpointFirstAndNoneOfNothing) {
    const Forked forked(1, 3);
    ForkEvidence turned = forked.evidence();
    std::swap(turned.a, turned.b);
    EXPECT_EQ(forked.verdict(turned), "a has size 6, want at most b's 4");
    const SmallNetwork empty(4);
    ForkEvidence nothing = forked.evidence();
    nothing.a = Forked::signed_by(empty, {0, 1, 2});
    EXPECT_EQ(forked.verdict(nothing), "a has size 0, want at least 1");
    nothing.a = "no note";
    EXPECT_EQ(forked.verdict(nothing).substr(0, 3), "a: ");
}

TEST(ForkEvidence, IsReadAsItIsWritten) {
    for (const Forked& forked : {Forked(1, 1), Forked(1, 5)}) {
        const ForkEvidence evidence = forked.evidence();
        const auto read = parse_fork_evidence(json::canonical(to_json(evidence)));
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(*read, evidence);
    }
}

TEST(ForkEvidence, IsRefusedInAnyOtherForm) {
    const json::Value good = to_json(Forked(1, 5).evidence());
    const auto refusal = [&good](std::string_view name, const json::Value& value) -> std::string {
        json::Value changed = good;
        if (value == json::Value("-"))
            changed.erase(name);
        else
            changed.set(std::string(name), value);
        const auto read = parse_fork_evidence(json::canonical(changed));
        return read ? "accepted" : read.error().detail;
    };
    EXPECT_EQ(refusal("format", good.find("format")->as_string()->c_str()), "accepted");
    EXPECT_EQ(refusal("format", "chancery-fork/v2"), "/format: want chancery-fork/v1");
    EXPECT_EQ(refusal("root", "-"), "/root: is missing, want it beside path");
    EXPECT_EQ(refusal("path", "-"), "/path: is missing, want it beside root");
    EXPECT_EQ(refusal("root", json::Value()), "/root: want 64 hex digits");
    EXPECT_EQ(refusal("root", std::string(64, 'A')), "/root: want 64 hex digits");
    EXPECT_EQ(refusal("path", "text"), "/path: want an array");
    EXPECT_EQ(refusal("path", json::Array{"ab"}), "/path/0: want 64 hex digits");
    EXPECT_EQ(refusal("path", json::Array(64, std::string(64, 'a'))),
              "/path: got 64 hashes, want at most 63");
    EXPECT_NE(refusal("a", "-"), "accepted");
    EXPECT_NE(refusal("b", std::int64_t{7}), "accepted");
    EXPECT_NE(refusal("more", "x"), "accepted");
    EXPECT_FALSE(parse_fork_evidence("[]"));
    EXPECT_FALSE(parse_fork_evidence(std::string(fork_evidence_bytes_max + 1, ' ')));
}

// The members of tests/vectors/chancery/forks.json, with their cosigner keys alone.
ledger::Members members_of(const json::Value& vectors) {
    ledger::Members members;
    members.origin = test::text_at(vectors, "origin");
    for (const json::Value& cosigner : test::array_at(vectors, "cosigners")) {
        const auto number = test::number_at<ledger::MemberNumber>(cosigner, "member");
        if (members.find(number) == nullptr)
            members.members.push_back({.number = number,
                                       .slug = test::text_at(cosigner, "slug"),
                                       .name = "",
                                       .dids = {},
                                       .keys = {}});
        members.members.back().keys.push_back(
            {.use = ledger::KeyUse::cosigner,
             .number = test::number_at<std::uint32_t>(cosigner, "number"),
             .key = ledger::RecordedKey::parse(ledger::KeyUse::cosigner,
                                               test::text_at(cosigner, "key"))
                        .value(),
             .in_force = {}});
    }
    return members;
}

TEST(ForkVectors, ProveWhatTheProtocolSaysTheyProve) {
    const json::Value vectors = test::vector_json("chancery/forks.json");
    const ledger::Members members = members_of(vectors);
    std::size_t proving = 0;
    for (const json::Value& one : test::array_at(vectors, "evidence")) {
        SCOPED_TRACE(test::text_at(one, "name"));
        const auto evidence = parse_fork_evidence(test::text_at(one, "evidence"));
        const auto fork = evidence ? check_fork_evidence(*evidence, members)
                                   : Result<ProvenFork>(evidence.error());
        if (const json::Value* why = one.find("why")) {
            EXPECT_FALSE(fork) << *why->as_string();
            continue;
        }
        ASSERT_TRUE(fork) << fork.error().detail;
        json::Array guilty;
        for (const GuiltyKey& key : fork->guilty)
            guilty.emplace_back(key.slug + " " + std::to_string(key.number));
        EXPECT_EQ(guilty, test::array_at(one, "guilty"));
        ++proving;
    }
    EXPECT_EQ(proving, 15U);
}

}  // namespace
}  // namespace chancery::credential
