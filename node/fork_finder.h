// Whether a note that a peer showed proves, beside this node's own notes, that members cosigned two
// histories.
//
// What cannot be told yet waits: a larger size until this node's own log reaches it, and any until
// this node holds a cosignature of one of the same keys over its own history. Pure, and bounded.
// Source: PROTOCOL.md, Proofs and verdicts (Fork evidence).
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crypto/credential/fork_evidence.h"

namespace chancery::node {

// This node's own log, as far as it is asked here.
struct OwnLog {
    std::shared_ptr<const ledger::Members> members;
    std::vector<std::string> notes;  // Over heads of it; a line that is bad counts for nothing.
    // How the tree of `size` began with its first `from` entries, 0 < from < size; an error if
    // this node cannot say.
    std::function<Result<credential::ForkEvidence::Beginning>(std::uint64_t from,
                                                              std::uint64_t size)>
        beginning;
};

struct FoundFork {
    credential::ForkEvidence evidence;
    std::vector<credential::GuiltyKey> guilty;
};

class ForkFinder {
public:
    static constexpr std::size_t forks_of_a_key_max = 4;  // More of them prove nothing more.
    static constexpr std::size_t waiting_of_a_key_max = 8;

    // Costs a signature check for each line, and a proof's reading from `own`.
    std::vector<FoundFork> heard(const std::string& note, const OwnLog& own);
    // Those that wait, held against what `own` has become.
    std::vector<FoundFork> look_again(const OwnLog& own);
    bool is_waiting() const { return !waiting_.empty(); }

private:
    struct Waiting {
        note::SignedCheckpoint foreign;   // With good lines only.
        std::set<std::string> signed_by;  // Keys.
    };
    enum class Outcome : std::uint8_t { same_history, fork, cannot_tell };

    Outcome judge(const Waiting& waiting, const OwnLog& own, std::vector<FoundFork>& found);
    bool is_news(const std::vector<credential::GuiltyKey>& guilty) const;
    void keep_waiting(Waiting waiting);

    std::deque<Waiting> waiting_;
    std::map<std::string, std::size_t> forks_;  // Found, by guilty key.
};

}  // namespace chancery::node
