// A member that lies: it runs an honest node, and says something else than that node would.
//
// It holds the member's own keys and nobody else's. What the honest node sends goes through lie(),
// what it hears through hear(), and both may give other messages, good in form and signed as far as
// its keys reach. The same seed tells the same lies.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "consensus/registry/block.h"
#include "crypto/hash/sha256.h"
#include "crypto/note/cosignature.h"
#include "rpc/peer_message.h"
#include "tests/simulation/schedule.h"
#include "tests/support/lie.h"

namespace chancery::test {

class Liar {
public:
    struct Self {
        raft::NodeId member = 0;
        std::uint32_t nodes = 0;
        Hash network{};
        std::string origin;  // Of the log.
        std::string slug;
        keys::Ed25519Key node;
        keys::Ed25519Key cosigner;
    };
    Liar(Self self, std::set<Lie> lies, std::uint64_t seed)
        : self_(std::move(self)), lies_(std::move(lies)), random_(seed), salt_(seed) {}

    const std::set<Lie>& lies() const { return lies_; }
    bool tells(Lie lie) const { return lies_.contains(lie); }
    // Heads that it signed though its node derived others.
    std::size_t false_heads() const { return false_heads_.size(); }

    // What goes out in the place of `message`, in order.
    std::vector<rpc::PeerMessage> lie(raft::NodeId to, rpc::PeerMessage message) {
        term_ = std::max(term_, message.term);
        std::vector<rpc::PeerMessage> said;
        if (auto* const raft = std::get_if<rpc::RaftMessage>(&message.body)) {
            std::visit([&](auto& body) { twist(to, message.term, body, said); }, raft->body);
            twist_seals(raft->seals);
        } else if (auto* const line = std::get_if<rpc::Cosignature>(&message.body)) {
            if (!cosign_otherwise(to, *line, said)) return said;
        } else if (auto* const seal = std::get_if<rpc::Seal>(&message.body)) {
            std::vector<rpc::Seal> one{*seal};
            twist_seals(one);
            *seal = std::move(one.front());
        } else if (auto* const memory = std::get_if<rpc::Memory>(&message.body)) {
            remember_otherwise(*memory);
        } else if (auto* const journal = std::get_if<rpc::JournalEntries>(&message.body)) {
            if (tells(Lie::other_history)) chain_anew(journal->entries);
            twist_seals(journal->seals);
        }
        said.push_back(std::move(message));
        return said;
    }

    // What it says of itself upon a message that its node hears; all to `from`.
    std::vector<rpc::PeerMessage> hear(raft::NodeId from, const rpc::PeerMessage& message) {
        std::vector<rpc::PeerMessage> said;
        const auto* const raft = std::get_if<rpc::RaftMessage>(&message.body);
        if (raft == nullptr) return said;
        if (const auto* const append = std::get_if<raft::Append>(&raft->body)) note_past(*append);
        if (const auto* const ack = std::get_if<raft::Ack>(&raft->body)) {
            claims_[{ack->index, ack->chain}] = ack->claim;
            if (claims_.size() > 1'000) claims_.erase(claims_.begin());
            if (ack->claim.size > 0) heads_[ack->claim.size].insert(ack->claim.root);
        }
        const auto* const request = std::get_if<raft::VoteRequest>(&raft->body);
        if (request != nullptr && tells(Lie::two_votes)) {
            raft::SignedVote vote;
            vote.ballot = {self_.network, 1, message.term, from, request->head, request->chain};
            vote.voter = self_.member;
            vote.signature = self_.node.sign(raft::vote_message(vote.ballot));
            said.push_back(own(message.term, rpc::RaftMessage{raft::VoteReply{vote}, {}}));
        }
        return said;
    }

private:
    rpc::PeerMessage own(raft::Term term, rpc::PeerBody body) const {
        return {self_.network, 1, self_.member, term, std::move(body)};
    }
    bool half() { return random_.chance(500'000); }
    Hash invented() { return sha256(Writer().u64(random_.next()).written()); }
    // Who is told the other story of this term.
    bool is_victim(raft::NodeId to, raft::Term term) const {
        return (sha256(Writer().u64(salt_).u64(term).u32(to).written())[0] & 1) != 0;
    }

    static constexpr std::uint32_t past_tells_max = 100;
    struct Fake {
        raft::Entry before;
        raft::Entry block;
        std::uint32_t count = 0;  // How often it was told.
    };

    template <typename Body>
    void twist(raft::NodeId, raft::Term, Body&, std::vector<rpc::PeerMessage>&) {}

    void twist(raft::NodeId to,
               raft::Term term,
               raft::Append& append,
               std::vector<rpc::PeerMessage>&) {
        note_past(append);
        tell_other_past(to, term, append);
        if (!tells(Lie::other_entries) || !is_victim(to, term)) return;
        Story& story = stories_[to];
        if (story.term != term) story = {term, {}};
        if (const auto told = story.entries.find(append.previous.index);
            told != story.entries.end()) {
            append.previous_chain = told->second.chain;
        }
        Hash previous = append.previous_chain;
        for (raft::Entry& entry : append.entries) {
            const auto told = story.entries.find(entry.id.index);
            if (told != story.entries.end()) {
                entry = told->second;
            } else if (entry.id.term == term && entry.kind == raft::EntryKind::block) {
                // Its own block of this term: nobody else can know what it should be.
                if (half()) entry.payload = other_block(*entry.payload);
                entry.chain = raft::chain_hash(previous, entry.id, entry.kind, *entry.payload);
                story.entries.emplace(entry.id.index, entry);
            }
            previous = entry.chain;
        }
    }

    void twist(raft::NodeId to,
               raft::Term term,
               raft::Heartbeat& heartbeat,
               std::vector<rpc::PeerMessage>& said) {
        if (const raft::Entry* const told = told_to(to, term, heartbeat.head.index)) {
            heartbeat.chain = told->chain;
        }
        // Whoever found that it has this head already would keep it.
        if (is_told_other_past(to, term)) heartbeat.chain = invented();
        if (!tells(Lie::forged_certificates) || !half()) return;
        raft::Heartbeat forged = heartbeat;
        forged.certificate = forged_certificate(term + 1, heartbeat);
        said.push_back(own(term + 1, rpc::RaftMessage{forged, {}}));
    }

    void twist(raft::NodeId to,
               raft::Term term,
               raft::HeartbeatReply& reply,
               std::vector<rpc::PeerMessage>& said) {
        if (tells(Lie::other_clocks)) {
            reply.clock_ms = half() ? 0 : reply.clock_ms + random_.between(0, 86'400'000);
        }
        if (!tells(Lie::forged_certificates) || !random_.chance(100'000)) return;
        raft::Heartbeat forged{{term, 1}, invented(), 1, {}};
        forged.certificate = forged_certificate(term + random_.between(1, 2'000), forged);
        said.push_back(own(forged.certificate->ballot.term, rpc::RaftMessage{forged, {}}));
        static_cast<void>(to);
    }

    void twist(raft::NodeId to, raft::Term term, raft::Ack& ack, std::vector<rpc::PeerMessage>&) {
        if (const raft::Entry* const told = told_to(to, term, ack.index)) {
            ack.chain = told->chain;
            const auto theirs = claims_.find({ack.index, ack.chain});
            if (theirs != claims_.end()) ack.claim = theirs->second;
        }
        if (tells(Lie::other_past) && is_victim(to, 0)) ack.chain = invented();
        if (tells(Lie::double_cosignatures) && ack.claim.size > 0 && is_victim(to, 0)) {
            // So that whoever gets the other cosignature knows what it is over.
            if (ack.claim.size % 3 == 0) ack.claim.root = other_root(ack.claim.size);
        }
        if (tells(Lie::wrong_claims) && ack.claim.size > 0 && half()) ack.claim.root[0] ^= 1;
    }

    // Entries as they pass through its hands, whoever leads.
    void note_past(const raft::Append& append) {
        if (!tells(Lie::other_past)) return;
        for (const raft::Entry& entry : append.entries)
            past_.insert_or_assign(entry.id.index, entry);
        while (past_.size() > 100)
            past_.erase(past_.begin());
    }

    // The term before the newest goes on with a block of its own: where the newest began, and all
    // that the victim may not know to be committed stood.
    std::optional<Fake> other_past(const raft::Append& append) const {
        for (auto after = past_.rbegin(); after != past_.rend(); ++after) {
            const raft::Entry& entry = after->second;
            const auto before = past_.find(after->first - 1);
            if (entry.id.index > append.previous.index) continue;
            if (entry.kind != raft::EntryKind::no_op || before == past_.end()) continue;
            Fake fake{before->second, {}, 0};
            raft::Entry& block = fake.block;
            block.id = {fake.before.id.term, entry.id.index};
            block.kind = raft::EntryKind::block;
            block.payload =
                std::make_shared<const Bytes>(registry::BlockWriter(1'767'225'600'000).finish());
            block.chain = raft::chain_hash(fake.before.chain, block.id, block.kind, *block.payload);
            return fake;
        }
        return std::nullopt;
    }

    bool is_told_other_past(raft::NodeId to, raft::Term term) const {
        const auto told = other_pasts_.find({to, term});
        return told != other_pasts_.end() && told->second;
    }

    // From the first append of a term on; later it would contradict what the victim took. Not for
    // ever: its own core, which said something else, repeats itself at each refusal.
    void tell_other_past(raft::NodeId to, raft::Term term, raft::Append& append) {
        if (!tells(Lie::other_past) || !is_victim(to, 0)) return;
        const auto [told, is_first] = other_pasts_.try_emplace({to, term}, std::nullopt);
        if (is_first) told->second = other_past(append);
        if (!told->second || ++told->second->count > past_tells_max) return;
        append.previous = told->second->before.id;
        append.previous_chain = told->second->before.chain;
        append.entries = {told->second->block};
    }

    const raft::Entry* told_to(raft::NodeId to, raft::Term term, raft::Index index) const {
        const auto story = stories_.find(to);
        if (story == stories_.end() || story->second.term != term) return nullptr;
        const auto told = story->second.entries.find(index);
        return told == story->second.entries.end() ? nullptr : &told->second;
    }

    // The same batches at another time, or none of them.
    std::shared_ptr<const Bytes> other_block(const Bytes& payload) {
        const auto block = registry::parse_block(payload);
        if (!block) return std::make_shared<const Bytes>(payload);
        const ledger::TimeMs off = tells(Lie::other_clocks) ? random_.between(1, 60'000) : 1;
        registry::BlockWriter writer(block->time + off);
        if (half()) {
            for (const registry::Item& item : block->items)
                writer.add(item.type, item.bytes);
        }
        return std::make_shared<const Bytes>(writer.finish());
    }

    void chain_anew(std::vector<raft::Entry>& entries) {
        std::optional<Hash> previous;
        for (raft::Entry& entry : entries) {
            // Those before the first block stay: their certificates are not its to make.
            const bool is_block = entry.kind == raft::EntryKind::block;
            if (previous && is_block) {
                entry.payload = other_block(*entry.payload);
                entry.chain = raft::chain_hash(*previous, entry.id, entry.kind, *entry.payload);
            }
            previous = entry.chain;
        }
    }

    // Another root of that size: one that somebody derived, or one that nobody did.
    Hash other_root(std::uint64_t size) {
        const auto known = heads_.find(size);
        if (known != heads_.end() && known->second.size() > 1) return *known->second.rbegin();
        return sha256(Writer().u64(size).u32(self_.member).written());
    }

    note::SignatureLine line_over(const note::Checkpoint& checkpoint, std::uint64_t time_s) const {
        return note::cosign(note::checkpoint_text(checkpoint),
                            self_.origin + "/" + self_.slug,
                            time_s,
                            self_.cosigner);
    }

    // False: it is not said.
    bool cosign_otherwise(raft::NodeId to,
                          rpc::Cosignature& line,
                          std::vector<rpc::PeerMessage>& said) {
        if (tells(Lie::silence) && (is_victim(to, 0) || half())) return false;
        if (!tells(Lie::double_cosignatures) || line.size == 0) return true;
        const note::Checkpoint other{self_.origin, {line.size, other_root(line.size)}};
        Reader signature(line.line.signature);
        const note::SignatureLine second = line_over(other, signature.u64());
        false_heads_.insert({line.size, other.head.root});
        const rpc::Cosignature beside{line.index, line.size, second};
        said.push_back(own(term_, beside));
        if (half()) {
            const note::SignedNote whole{note::checkpoint_text(other), {second}};
            said.push_back(own(term_, rpc::Seal{line.index, note::to_text(whole)}));
        }
        return true;
    }

    raft::Certificate forged_certificate(raft::Term term, const raft::Heartbeat& heartbeat) {
        raft::Certificate certificate;
        certificate.ballot = {
            self_.network, 1, term, self_.member, heartbeat.head, heartbeat.chain};
        certificate.votes[self_.member] = self_.node.sign(raft::vote_message(certificate.ballot));
        if (half()) return certificate;  // Too few.
        for (raft::NodeId node = 1; node <= self_.nodes; ++node)
            certificate.votes[node] = self_.node.sign(raft::vote_message(certificate.ballot));
        return certificate;
    }

    void twist_seals(std::vector<rpc::Seal>& seals) {
        for (rpc::Seal& seal : seals) {
            if (tells(Lie::wrong_places) && half()) seal.index += random_.between(1, 5);
            if (tells(Lie::short_seals) && half()) shorten(seal.checkpoint);
        }
    }

    // One line of another member at most; its own as often as wanted, or in others' names.
    void shorten(std::string& checkpoint) {
        auto parsed = note::parse_checkpoint(checkpoint);
        if (!parsed) return;
        std::vector<note::SignatureLine>& lines = parsed->note.signatures;
        const std::size_t wanted = lines.size();
        if (lines.size() > 2) lines.resize(2);
        note::SignatureLine line = line_over(parsed->checkpoint, 1'767'225'600);
        lines.push_back(line);
        for (std::size_t i = 0; lines.size() < wanted; ++i) {
            if (half()) line.name = self_.origin + "/uni-" + static_cast<char>('a' + i);
            lines.push_back(line);
        }
        checkpoint = note::to_text(parsed->note);
    }

    void remember_otherwise(rpc::Memory& memory) {
        if (tells(Lie::no_memory)) memory = {memory.number, {}, {}, {}};
        if (!tells(Lie::false_memory)) return;
        const std::uint64_t ahead = half() ? random_.between(1, 5) : random_.next() >> 2;
        if (half()) {
            rpc::Memory::Acknowledged ack =
                memory.acknowledged.value_or(rpc::Memory::Acknowledged{});
            ack.term += half() ? 0 : ahead;
            ack.index += half() ? 0 : ahead;
            if (half()) ack.chain = invented();
            memory.acknowledged = ack;
        }
        if (half()) memory.vote = raft::Vote{term_ + ahead, self_.member};
        if (half()) {
            rpc::Memory::Cosigned cosigned = memory.cosigned.value_or(rpc::Memory::Cosigned{});
            if (half()) {
                cosigned.size += ahead;
            } else if (memory.acknowledged) {
                // A place that the asking node has, and a head that it never signed there.
                cosigned.index = memory.acknowledged->index;
                cosigned.chain = memory.acknowledged->chain;
                cosigned.size += random_.between(1, 40);
            }
            cosigned.root = invented();
            memory.cosigned = cosigned;
        }
    }

    struct Story {
        raft::Term term = 0;
        std::map<raft::Index, raft::Entry> entries;
    };

    Self self_;
    std::set<Lie> lies_;
    simulation::Random random_;
    std::uint64_t salt_;
    raft::Term term_ = 0;
    std::map<raft::NodeId, Story> stories_;
    std::map<raft::Index, raft::Entry> past_;  // Of the journal, as it was said last.
    std::map<std::pair<raft::NodeId, raft::Term>, std::optional<Fake>> other_pasts_;
    std::map<std::pair<raft::Index, Hash>, raft::Claim> claims_;  // That others made.
    std::map<std::uint64_t, std::set<Hash>> heads_;               // That others derived.
    std::set<std::pair<std::uint64_t, Hash>> false_heads_;
};

}  // namespace chancery::test
