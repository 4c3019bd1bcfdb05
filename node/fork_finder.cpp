#include "node/fork_finder.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace chancery::node {
namespace {

using credential::ForkEvidence;

// The two that contradict one another, the smaller first; nullopt if they do not, or nobody here
// can say how the larger one began.
struct Compared {
    bool is_same = false;
    std::optional<ForkEvidence> evidence;
};

Compared compare(const note::SignedCheckpoint& foreign,
                 const std::string& own_note,
                 const OwnLog& own) {
    const auto parsed = note::parse_checkpoint(own_note);
    if (!parsed || parsed->checkpoint.origin != foreign.checkpoint.origin) return {};
    const merkle::TreeHead& mine = parsed->checkpoint.head;
    const merkle::TreeHead& theirs = foreign.checkpoint.head;
    if (theirs.size > mine.size) return {};
    ForkEvidence evidence{.a = note::to_text(foreign.note), .b = own_note, .beginning = {}};
    if (theirs.size == mine.size) {
        if (theirs.root == mine.root) return {.is_same = true, .evidence = {}};
        return {.is_same = false, .evidence = std::move(evidence)};
    }
    auto beginning = own.beginning(theirs.size, mine.size);
    if (!beginning) return {};
    if (beginning->root == theirs.root) return {.is_same = true, .evidence = {}};
    evidence.beginning = std::move(*beginning);
    return {.is_same = false, .evidence = std::move(evidence)};
}

}  // namespace

std::vector<FoundFork> ForkFinder::heard(const std::string& note, const OwnLog& own) {
    auto foreign = note::parse_checkpoint(note);
    if (!foreign || foreign->checkpoint.head.size == 0) return {};
    if (foreign->checkpoint.origin != own.members->origin) return {};
    const auto signers = credential::cosigners_of(foreign->note, *own.members);
    if (!is_news(signers)) return {};
    Waiting waiting{std::move(*foreign), {}};
    for (const credential::GuiltyKey& signer : signers)
        waiting.signed_by.insert(signer.key);
    std::vector<FoundFork> found;
    if (judge(waiting, own, found) == Outcome::cannot_tell) keep_waiting(std::move(waiting));
    return found;
}

std::vector<FoundFork> ForkFinder::look_again(const OwnLog& own) {
    std::vector<FoundFork> found;
    std::erase_if(waiting_, [&](const Waiting& waiting) {
        return judge(waiting, own, found) != Outcome::cannot_tell;
    });
    return found;
}

ForkFinder::Outcome ForkFinder::judge(const Waiting& waiting,
                                      const OwnLog& own,
                                      std::vector<FoundFork>& found) {
    for (const std::string& own_note : own.notes) {
        Compared compared = compare(waiting.foreign, own_note, own);
        if (compared.is_same) return Outcome::same_history;
        if (!compared.evidence) continue;
        auto proof = credential::check_fork_evidence(*compared.evidence, *own.members);
        if (!proof) continue;
        if (is_news(proof->guilty)) {
            for (const credential::GuiltyKey& key : proof->guilty)
                ++forks_[key.key];
            found.push_back({std::move(*compared.evidence), std::move(proof->guilty)});
        }
        return Outcome::fork;
    }
    return Outcome::cannot_tell;
}

bool ForkFinder::is_news(const std::vector<credential::GuiltyKey>& guilty) const {
    return std::ranges::any_of(guilty, [this](const credential::GuiltyKey& key) {
        const auto known = forks_.find(key.key);
        return known == forks_.end() || known->second < forks_of_a_key_max;
    });
}

// The oldest of the same signers makes room: nobody's notes crowd out another's.
void ForkFinder::keep_waiting(Waiting waiting) {
    const auto is_of_same = [&](const Waiting& each) {
        return each.signed_by == waiting.signed_by;
    };
    if (std::ranges::count_if(waiting_, is_of_same) >=
        static_cast<std::ptrdiff_t>(waiting_of_a_key_max)) {
        waiting_.erase(std::ranges::find_if(waiting_, is_of_same));
    }
    waiting_.push_back(std::move(waiting));
}

}  // namespace chancery::node
