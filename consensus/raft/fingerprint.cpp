// Every field of a core in a fixed order, hashed: equal cores, equal fingerprints.
#include <type_traits>

#include "consensus/raft/core.h"
#include "crypto/hash/sha256.h"

namespace chancery::raft {

class Fingerprint {
public:
    static Hash of(const Core& core) {
        Fingerprint all;
        all.settings(core.settings_);
        all.add(core.journal_.base());
        all.add(core.journal_.configuration());
        all.add(core.journal_.last(), core.journal_.last_chain());
        all.add(core.vote_.term, core.vote_.candidate, core.leader_);
        all.role(core);
        all.ballot(core.ballot_);
        all.vote(core.signed_vote_);
        all.add(core.ballot_waits_, core.ticks_since_contact_, core.ticks_since_leader_);
        all.add(core.timeout_ticks_);
        all.add(core.stickiness_ended_, core.random_);
        all.writes(core);
        all.add(core.taken_, core.durable_, core.committed_, core.sealed_, core.cosigned_);
        all.positions(core);
        all.effects(core.effects_);
        all.add(core.announced_.role, core.announced_.term, core.announced_.leader);
        return sha256(all.out_.written());
    }

private:
    template <typename... Values>
    void add(const Values&... values) {
        (add_one(values), ...);
    }

    template <typename Value>
    void add_one(const Value& value) {
        if constexpr (std::is_enum_v<Value>) {
            out_.u8(static_cast<std::uint8_t>(value));
        } else {
            static_assert(std::is_integral_v<Value>);
            out_.u64(static_cast<std::uint64_t>(value));
        }
    }
    void add_one(const Hash& hash) { out_.bytes(hash); }
    void add_one(const VoteSignature& signature) { out_.bytes(signature); }
    void add_one(EntryId id) { out_.u64(id.term).u64(id.index); }
    void add_one(const Base& base) { add(base.id, base.chain); }
    void add_one(const Claim& claim) { add(claim.height, claim.size, claim.root); }
    void add_one(const Bytes& bytes) {
        add(bytes.size());
        out_.bytes(bytes);
    }
    void add_one(const Configuration& configuration) { add(encode_configuration(configuration)); }
    // The chain stands for the payload.
    void add_one(const Entry& entry) { add(entry.id, entry.kind, entry.chain); }
    void add_one(const std::set<NodeId>& nodes) {
        add(nodes.size());
        for (const NodeId node : nodes)
            add(node);
    }
    template <typename Value>
    void add_one(const std::optional<Value>& value) {
        add(value.has_value());
        if (value) add(*value);
    }
    template <typename Value>
    void add_one(const std::vector<Value>& values) {
        add(values.size());
        for (const Value& value : values)
            add(value);
    }
    template <typename Value>
    void add_one(const std::map<NodeId, Value>& values) {
        add(values.size());
        for (const auto& [node, value] : values)
            add(node, value);
    }

    void settings(const Settings& s) {
        add(s.self, s.network, s.epoch, s.may_vote, s.heartbeat_ticks, s.election_ticks);
        add(s.append_bytes_max, s.window.messages, s.window.bytes);
    }

    void ballot(const std::optional<Ballot>& ballot) {
        add(ballot.has_value());
        if (ballot) add(vote_message(*ballot));
    }

    void vote(const std::optional<SignedVote>& vote) {
        add(vote.has_value());
        if (!vote) return;
        add(vote_message(vote->ballot), vote->voter, vote->signature);
    }

    void role(const Core& core) {
        add(core.role_.index());
        if (const auto* asking = std::get_if<Core::PreCandidate>(&core.role_)) {
            add(asking->granted, asking->refused);
        }
        if (const auto* standing = std::get_if<Core::Candidate>(&core.role_)) {
            add(standing->votes, standing->refused);
        }
        if (const auto* leading = std::get_if<Core::Leader>(&core.role_)) leader(*leading);
    }

    void leader(const Core::Leader& leader) {
        add(encode_certificate(leader.certificate), leader.no_op, leader.heard);
        add(leader.ticks_since_check, leader.ticks_since_heartbeat, leader.beat);
        add(leader.ticks_without_commit, leader.clock_refusals, leader.higher_terms);
        for (const auto& [node, progress] : leader.peers) {
            add(node);
            progress.write_to(out_);
        }
    }

    void writes(const Core& core) {
        write(core.pending_);
        add(core.next_write_, core.term_write_, core.term_is_durable_, core.outstanding_.size());
        for (const auto& write : core.outstanding_)
            add(write.id, write.durable_to);
        envelopes(core.held_);
    }

    void write(const Write& write) {
        add(write.id, write.vote.has_value());
        if (write.vote) add(write.vote->term, write.vote->candidate);
        add(write.entries);
    }

    void positions(const Core& core) {
        add(core.claims_.size(), core.acknowledged_.size(), core.heartbeats_since_ack_);
        for (const auto& [index, claim] : core.claims_)
            add(index, claim);
        for (const auto& [node, known] : core.acknowledged_) {
            add(node, known.sealed);
            for (const auto& position : {known.newest, known.known}) {
                add(position.term, position.index, position.chain, position.claim);
            }
        }
    }

    void effects(const Effects& effects) {
        add(effects.write.has_value());
        if (effects.write) write(*effects.write);
        envelopes(effects.send);
        ballot(effects.sign_vote);
        add(effects.apply_speculatively, effects.committed, effects.role.has_value());
        add(effects.evidence.size());
        for (const Evidence& evidence : effects.evidence) {
            add(evidence.kind, evidence.from, evidence.term, evidence.ours, evidence.theirs);
        }
    }

    void envelopes(const std::vector<Envelope>& envelopes) {
        add(envelopes.size());
        for (const Envelope& envelope : envelopes) {
            add(envelope.to, envelope.message.term, envelope.message.body.index());
            std::visit([this](const auto& body) { message(body); }, envelope.message.body);
        }
    }

    void message(const PreVoteRequest& m) { add(m.wanted, m.head); }
    void message(const PreVoteReply& m) { add(m.wanted, m.granted); }
    void message(const VoteRequest& m) { add(m.head, m.chain); }
    void message(const VoteReply& m) { vote(m.vote); }
    void message(const Append& m) {
        add(m.previous, m.previous_chain, m.entries, m.sealed, m.certificate.has_value());
    }
    void message(const Heartbeat& m) { add(m.head, m.chain, m.beat, m.certificate.has_value()); }
    void message(const HeartbeatReply& m) { add(m.beat, m.taken, m.clock_ms); }
    void message(const Ack& m) { add(m.index, m.chain, m.claim, m.sealed); }
    void message(const Refusal& m) { add(m.reason, m.previous, m.guess, m.last); }

    Writer out_;
};

Hash Core::fingerprint() const { return Fingerprint::of(*this); }

}  // namespace chancery::raft
