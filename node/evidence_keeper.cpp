#include "node/evidence_keeper.h"

#include <algorithm>
#include <utility>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"

namespace chancery::node {
namespace {

const std::string folder = "evidence";
const std::string unfinished = folder + "/unfinished";
constexpr std::string_view contradiction_format = "chancery-contradiction/v1";
constexpr std::size_t payload_shown_max = 4'096;

std::string slug_of(raft::NodeId node, const ledger::Genesis& genesis) {
    const bool is_known = node >= 1 && node <= genesis.members.size();
    return is_known ? genesis.members[node - 1].slug : "none";
}

std::string short_root(const std::string& note) {
    const auto parsed = note::parse_checkpoint(note);
    CHECK(parsed);  // The proof was checked.
    return to_hex(parsed->checkpoint.head.root).substr(0, 8);
}

json::Value statement(const raft::SignedVote& vote) {
    return json::Object{{"message", to_hex(raft::vote_message(vote.ballot))},
                        {"signature", to_hex(vote.signature)}};
}

json::Value entry_to_json(const std::optional<raft::Entry>& entry) {
    if (!entry || !entry->payload) return {};
    json::Object document{{"term", entry->id.term},
                          {"index", entry->id.index},
                          {"kind", static_cast<std::uint64_t>(entry->kind)},
                          {"chain", to_hex(entry->chain)},
                          {"payload_hash", to_hex(sha256(*entry->payload))}};
    if (entry->payload->size() <= payload_shown_max) {
        document.push_back({"payload", to_hex(*entry->payload)});
    }
    return document;
}

raft::NodeId speaker_of(const Contradiction& contradiction) {
    if (const auto* const votes = std::get_if<TwoVotes>(&contradiction)) return votes->first.voter;
    return std::get<raft::Evidence>(contradiction).from;
}

std::string file_name(const Contradiction& contradiction, const std::string& slug) {
    std::string what;
    raft::Index index = 0;
    raft::Term term = 0;
    if (const auto* const votes = std::get_if<TwoVotes>(&contradiction)) {
        what = "two-votes";
        term = votes->first.ballot.term;
    } else {
        const auto& evidence = std::get<raft::Evidence>(contradiction);
        what = raft::name_of(evidence.kind);
        std::ranges::replace(what, ' ', '-');
        term = evidence.term;
        if (evidence.theirs) index = evidence.theirs->id.index;
    }
    return "contradiction-" + what + "-" + slug + "-" + std::to_string(term) + "-" +
           std::to_string(index) + ".json";
}

}  // namespace

json::Value to_json(const Contradiction& contradiction, const ledger::Genesis& genesis) {
    const raft::NodeId speaker = speaker_of(contradiction);
    json::Object document{{"format", contradiction_format},
                          {"network", to_hex(ledger::network_id(genesis))},
                          {"by", slug_of(speaker, genesis)}};
    if (const auto* const votes = std::get_if<TwoVotes>(&contradiction)) {
        CHECK(speaker >= 1 && speaker <= genesis.members.size());  // Its signatures are good.
        document.push_back({"kind", "two votes"});
        document.push_back({"term", votes->first.ballot.term});
        document.push_back({"node_key", keys::multikey(genesis.members[speaker - 1].node_key)});
        document.push_back(
            {"statements", json::Array{statement(votes->first), statement(votes->second)}});
        return document;
    }
    const auto& evidence = std::get<raft::Evidence>(contradiction);
    document.push_back({"kind", raft::name_of(evidence.kind)});
    document.push_back({"term", evidence.term});
    document.push_back({"ours", entry_to_json(evidence.ours)});
    document.push_back({"theirs", entry_to_json(evidence.theirs)});
    return document;
}

EvidenceKeeper::EvidenceKeeper(Lent lent) : lent_(std::move(lent)) {
    const auto names = lent_.disk.list(folder);
    if (!names) return;  // The disk will say so where it matters.
    count_ = static_cast<std::size_t>(std::ranges::count_if(
        *names, [](const std::string& name) { return name.ends_with(".json"); }));
    lent_.metrics.evidence(count_);
}

void EvidenceKeeper::look(const Contradiction& contradiction, const OwnLog& own) {
    const auto* const foreign = std::get_if<ForeignNote>(&contradiction);
    if (foreign == nullptr) return keep_contradiction(contradiction);
    keep_forks(finder_.heard(foreign->note, own));
    is_waiting_ = finder_.is_waiting();
}

void EvidenceKeeper::look_again(const OwnLog& own) {
    keep_forks(finder_.look_again(own));
    is_waiting_ = finder_.is_waiting();
}

void EvidenceKeeper::keep_forks(const std::vector<FoundFork>& forks) {
    for (const FoundFork& fork : forks) {
        std::string names;
        for (const credential::GuiltyKey& key : fork.guilty)
            names += (names.empty() ? "" : ", ") + key.slug;
        keep("fork-" + short_root(fork.evidence.a) + "-" + short_root(fork.evidence.b) + ".json",
             json::pretty(to_json(fork.evidence)),
             {{"what", "fork"}, {"signed_both", names}});
    }
}

void EvidenceKeeper::keep_contradiction(const Contradiction& contradiction) {
    const raft::NodeId speaker = speaker_of(contradiction);
    if (++contradictions_[speaker] > contradictions_of_a_member_max) return;
    const std::string slug = slug_of(speaker, lent_.genesis);
    keep(file_name(contradiction, slug),
         json::pretty(to_json(contradiction, lent_.genesis)),
         {{"what", "contradiction"}, {"by", slug}});
}

void EvidenceKeeper::keep(const std::string& name,
                          const std::string& text,
                          const Diary::Facts& facts) {
    const std::string path = folder + "/" + name;
    Diary::Facts told = facts;
    told.emplace_back("file", path);
    const auto names = lent_.disk.list(folder);
    const bool is_there = names && std::ranges::find(*names, name) != names->end();
    if (is_there) return;
    Result<void> written = Error{Errc::conflict, "the folder is full"};
    if (count_ < files_max) written = write(path, text);
    if (written) {
        lent_.metrics.evidence(++count_);
        lent_.diary.error("evidence", told);
    } else {
        told.emplace_back("why", written.error().detail);
        lent_.diary.error("evidence_not_kept", told);
    }
    if (lent_.found) lent_.found();
}

// Whole or not at all: under its name only once it is on the platter.
Result<void> EvidenceKeeper::write(const std::string& path, const std::string& text) {
    const auto made = lent_.disk.make_directory(folder);
    if (!made && made.error().code != Errc::conflict) return made;
    if (made) {
        if (auto done = lent_.disk.sync_directory(""); !done) return done;
    }
    static_cast<void>(lent_.disk.remove(unfinished));  // Of a life that ended here.
    auto file = lent_.disk.open(unfinished, storage::Disk::Open::create_new);
    if (!file) return file.error();
    if (auto done = (*file)->write_at(0, bytes_of(text)); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    if (auto done = lent_.disk.rename(unfinished, path); !done) return done;
    return lent_.disk.sync_directory(folder);
}

}  // namespace chancery::node
