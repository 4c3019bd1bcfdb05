// Keeps what a node heard that cannot both be true, one small file each, in its data directory.
//
//     evidence/fork-<root>-<root>.json           chancery-fork/v1: proof, by itself, for anybody
//     evidence/contradiction-<what>-<who>-….json  chancery-contradiction/v1: what was said, by whom
//
// Of the store's thread, but for count() and is_waiting(). A liar cannot fill the disk: the files
// of a member, and all of them, have a limit. A disk that does not take them stops nothing.
// Source: PROTOCOL.md, Proofs and verdicts (Fork evidence), and Inside a network.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>

#include "crypto/ledger/genesis.h"
#include "node/contradictions.h"
#include "node/diary.h"
#include "node/fork_finder.h"
#include "node/metrics.h"
#include "storage/disk.h"

namespace chancery::node {

class EvidenceKeeper {
public:
    static constexpr std::size_t files_max = 256;
    static constexpr std::size_t contradictions_of_a_member_max = 8;  // In this life.

    // What is lent must outlive it.
    struct Lent {
        storage::Disk& disk;
        const ledger::Genesis& genesis;
        Diary& diary;
        Metrics& metrics;
        std::function<void()> found;  // Something was proven or kept; on the store's thread.
    };
    explicit EvidenceKeeper(Lent lent);

    void look(const Contradiction& contradiction, const OwnLog& own);
    void look_again(const OwnLog& own);

    bool is_waiting() const { return is_waiting_; }
    std::size_t count() const { return count_; }  // Files, those of earlier lives included.

private:
    void keep_forks(const std::vector<FoundFork>& forks);
    void keep_contradiction(const Contradiction& contradiction);
    void keep(const std::string& name, const std::string& text, const Diary::Facts& facts);
    Result<void> write(const std::string& path, const std::string& text);
    std::string name_of(raft::NodeId node) const;

    Lent lent_;
    ForkFinder finder_;
    std::map<raft::NodeId, std::size_t> contradictions_;
    std::atomic<bool> is_waiting_ = false;
    std::atomic<std::size_t> count_ = 0;
};

// chancery-contradiction/v1; CHECKs that it is no ForeignNote.
json::Value to_json(const Contradiction& contradiction, const ledger::Genesis& genesis);

}  // namespace chancery::node
