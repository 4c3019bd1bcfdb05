#include "tests/consensus/raft_group.h"

#include "crypto/hash/sha256.h"
#include "tests/consensus/raft_text.h"

namespace chancery::raft {

Group::Group(const Configuration& configuration, std::uint64_t seed)
    : seed_(seed), configuration_(configuration) {
    network_.fill(0x5a);
    for (const NodeId id : configuration.members()) {
        Node node;
        node.disk.base.chain = network_;
        node.disk.base_configuration = configuration;
        node.settings.self = id;
        node.settings.network = network_;
        node.settings.may_vote = configuration.is_voter(id);
        nodes_.emplace(id, std::move(node));
        start(id);
    }
}

void Group::start(NodeId id) {
    Node& node = nodes_.at(id);
    const Platter& disk = node.disk;
    const Restored restored{.base = disk.base,
                            .base_configuration = disk.base_configuration,
                            .entries = disk.entries,
                            .vote = disk.vote,
                            .sealed = disk.sealed,
                            .claim = disk.claim,
                            .cosigned = disk.cosigned};
    Result<Core> core =
        Core::start(node.settings, restored, seed_ * 1000 + id * 100 + node.starts++);
    CHECK(core);
    node.core = std::move(*core);
    carry_out(id);
}

void Group::tick(NodeId id) {
    if (!nodes_.at(id).core) return;
    nodes_.at(id).core->tick();
    carry_out(id);
}

void Group::finish_write(NodeId id) {
    Node& node = nodes_.at(id);
    if (!node.core || node.writing.empty()) return;
    const Write write = node.writing.front();
    node.writing.pop_front();
    node.disk.write(write);
    say(id, "write " + std::to_string(write.id) + " is durable");
    node.core->durable(write.id);
    carry_out(id);
}

void Group::finish_apply(NodeId id) {
    Node& node = nodes_.at(id);
    if (!node.core || node.applying.empty()) return;
    const Entry block = node.applying.front();
    node.applying.pop_front();
    say(id, "applied " + text_of(block));
    node.core->applied(block.id, claim_of(node, block));
    carry_out(id);
}

Claim Group::claim_of(const Node& node, const Entry& block) const {
    Claim claim{.height = 0, .size = block.id.index, .root = block.chain};
    for (Index i = 1; i <= block.id.index; ++i) {
        if (node.core->journal().has(i) && node.core->journal().at(i).kind == EntryKind::block) {
            ++claim.height;
        }
    }
    if (node.derives_wrongly) claim.root[0] ^= 1;
    return claim;
}

Result<EntryId> Group::propose(NodeId id, std::string_view text) {
    Node& node = nodes_.at(id);
    if (!node.core) return Error{Errc::unavailable, "crashed"};
    const ByteView bytes = bytes_of(text);
    const auto block = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
    const Result<EntryId> proposed = node.core->propose(block);
    if (proposed) {
        // A leader applies before it proposes.
        const Entry entry = node.core->journal().at(proposed->index);
        node.core->applied(*proposed, claim_of(node, entry));
    }
    carry_out(id);
    return proposed;
}

Result<EntryId> Group::propose_configuration(NodeId id, const Configuration& configuration) {
    Node& node = nodes_.at(id);
    if (!node.core) return Error{Errc::unavailable, "crashed"};
    const Result<EntryId> proposed = node.core->propose_configuration(configuration);
    carry_out(id);
    return proposed;
}

void Group::crash(NodeId id) {
    Node& node = nodes_.at(id);
    node.core.reset();
    node.writing.clear();
    node.applying.clear();
}

void Group::restart(NodeId id) {
    if (nodes_.at(id).core) crash(id);
    start(id);
    say(id, "starts with " + chancery::raft::text_of(nodes_.at(id).core->status()));
    for (const NodeId other : alive()) {
        if (other != id) connect(id, other);
    }
}

void Group::connect(NodeId a, NodeId b) {
    for (const auto& [id, peer] : {std::pair(a, b), std::pair(b, a)}) {
        if (!nodes_.at(id).core) continue;
        nodes_.at(id).core->connected(peer);
        carry_out(id);
    }
}

void Group::seal(NodeId id) {
    Node& node = nodes_.at(id);
    if (!node.core) return;
    const Index block = node.core->journal().block_at_or_before(node.core->committed());
    const bool is_new = block > node.core->status().cosigned;
    if (block > 0 && is_new && node.core->claims_of(block) == Agreement::agreed) {
        node.disk.cosigned = block;
        cosigners_[block].insert(id);
        node.core->cosigned(block);
        say(id, "cosigns " + std::to_string(block));
        carry_out(id);
    }
    for (const auto& [index, cosigners] : cosigners_) {
        const bool is_applied = node.core->is_applied(index) && index <= node.core->committed();
        if (!is_applied || index <= node.disk.sealed || node.derives_wrongly) continue;
        if (!is_quorum(node.core->configuration(), cosigners)) continue;
        node.disk.sealed = index;
        node.disk.claim = claim_of(node, node.core->journal().at(index));
        node.core->sealed(index);
        say(id, "knows the seal of " + std::to_string(index));
        carry_out(id);
    }
}

void Group::fetch(NodeId id, NodeId other) {
    Node& node = nodes_.at(id);
    const Node& giver = nodes_.at(other);
    if (!node.core || !giver.core || node.core->hears_leader()) return;
    const Journal& journal = giver.core->journal();
    const Base own{node.core->journal().last(), node.core->journal().last_chain()};
    if (!journal.agrees(own.id.index, own.chain)) return;
    std::vector<Entry> sealed;
    for (Index i = own.id.index + 1; i <= giver.disk.sealed && journal.has(i); ++i)
        sealed.push_back(journal.at(i));
    if (sealed.empty()) return;
    if (node.core->refill(sealed)) say(id, "fetches from " + std::to_string(other));
    carry_out(id);
}

void Group::end_stickiness(NodeId id) { nodes_.at(id).core->end_stickiness(); }

void Group::refuse_for_clock(NodeId id, NodeId leader, Index block) {
    nodes_.at(id).core->refused_for_clock(leader, block);
    carry_out(id);
}

void Group::deliver(const Letter& letter) {
    Node& node = nodes_.at(letter.to);
    if (!node.core) return;
    node.core->receive(letter.from, letter.message);
    carry_out(letter.to);
}

void Group::isolate(NodeId node, bool is_isolated) {
    if (is_isolated) {
        isolated_.insert(node);
        std::erase_if(letters_, [node](const Letter& l) { return l.from == node || l.to == node; });
    } else {
        isolated_.erase(node);
    }
}

bool Group::settle(const std::set<NodeId>& nodes) {
    for (int round = 0; round < 1000; ++round) {
        bool is_quiet = true;
        for (const NodeId id : nodes) {
            while (!nodes_.at(id).writing.empty())
                finish_write(id), is_quiet = false;
            while (!nodes_.at(id).applying.empty())
                finish_apply(id), is_quiet = false;
        }
        std::vector<Letter> now;
        std::vector<Letter> later;
        for (Letter& letter : letters_) {
            const bool is_inside = nodes.contains(letter.from) && nodes.contains(letter.to);
            (is_inside ? now : later).push_back(std::move(letter));
        }
        letters_ = std::move(later);
        for (const Letter& letter : now)
            deliver(letter), is_quiet = false;
        if (is_quiet) return true;
    }
    return false;
}

std::set<NodeId> Group::ids() const {
    std::set<NodeId> ids;
    for (const auto& [id, node] : nodes_)
        ids.insert(id);
    return ids;
}

std::set<NodeId> Group::alive() const {
    std::set<NodeId> ids;
    for (const auto& [id, node] : nodes_) {
        if (node.core) ids.insert(id);
    }
    return ids;
}

void Group::say(NodeId id, const std::string& text) {
    lines_.push_back(std::to_string(id) + ": " + text);
}

std::vector<std::string> Group::take_lines() {
    std::vector<std::string> lines = std::move(lines_);
    lines_.clear();
    lines.insert(lines.end(), violations().begin(), violations().end());
    return lines;
}

void Group::carry_out(NodeId id) {
    Node& node = nodes_.at(id);
    Effects effects = node.core->take_effects();
    if (effects.role) {
        say(id, "is " + text_of(*effects.role));
        if (effects.role->role == Role::leader) oracle_.saw_leader(id, *node.core);
    }
    if (effects.write) {
        std::string text = "writes " + std::to_string(effects.write->id) + ":";
        if (effects.write->vote) text += " vote in " + text_of(*effects.write->vote);
        for (const Entry& entry : effects.write->entries)
            text += " [" + text_of(entry) + "]";
        say(id, text);
        node.writing.push_back(*effects.write);
    }
    for (const Entry& block : effects.apply_speculatively) {
        say(id, "is to apply " + text_of(block));
        node.applying.push_back(block);
    }
    for (const Evidence& evidence : effects.evidence)
        say(id, text_of(evidence));
    for (const Envelope& envelope : effects.send) {
        say(id, "to " + std::to_string(envelope.to) + " " + text_of(envelope.message));
        oracle_.saw_message(id, envelope.message, node.disk);
        const bool is_lost = isolated_.contains(id) || isolated_.contains(envelope.to) ||
                             !nodes_.contains(envelope.to);
        if (!is_lost) letters_.push_back({id, envelope.to, envelope.message});
    }
    if (!effects.committed.empty()) {
        std::string text = "commits";
        for (const Entry& entry : effects.committed)
            text += " [" + text_of(entry) + "]";
        say(id, text);
        std::map<NodeId, const Platter*> disks;
        for (const auto& [other, peer] : nodes_)
            disks[other] = &peer.disk;
        oracle_.saw_commit(id, *node.core, effects.committed, disks);
    }
    std::map<NodeId, const Core*> cores;
    for (const auto& [other, peer] : nodes_) {
        if (peer.core) cores[other] = &*peer.core;
    }
    oracle_.saw_journals(cores);
    if (effects.sign_vote) {
        VoteSignature signature{};
        signature.fill(static_cast<std::uint8_t>(id));
        node.core->vote_signed({*effects.sign_vote, id, signature});
        carry_out(id);
    }
}

Hash Group::fingerprint() const {
    Writer out;
    for (const auto& [id, node] : nodes_) {
        if (node.core) out.u32(id).bytes(node.core->fingerprint());
    }
    return sha256(out.written());
}

}  // namespace chancery::raft
