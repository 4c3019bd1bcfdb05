#include "node/cli/network_compare.h"

#include <algorithm>

#include "node/cli/log_reader.h"

namespace chancery::cli {
namespace {

ComparedLog look_at(const ShownLog& log, const credential::Trust& trust) {
    ComparedLog found;
    found.member = log.member;
    if (log.source == nullptr) {
        found.trouble = log.why;
        return found;
    }
    const auto text = log.source->checkpoint();
    if (!text) {
        found.trouble = text.error();
        return found;
    }
    found.checkpoint = *text;
    const auto shown = note::parse_checkpoint(*text);
    if (!shown) {
        found.trouble = Error{Errc::corrupt, "checkpoint: " + shown.error().detail};
        return found;
    }
    found.head = shown->checkpoint.head;
    const auto seal = trust.seal(*shown);
    if (!seal)
        found.trouble = Error{Errc::corrupt, "checkpoint: " + seal.error().detail};
    else if (!*seal)
        found.trouble = Error{Errc::corrupt, "checkpoint is not signed by enough trusted members"};
    else
        found.cosigners = (*seal)->members;
    return found;
}

// How the tree of `larger` began, as its own node shows it under its own checkpoint.
Result<credential::ForkEvidence::Beginning> beginning_of(const ComparedLog& larger,
                                                         std::uint64_t size,
                                                         audit::LogSource& source) {
    LogReader reader(source, larger.head);
    auto beginning = reader.beginning(size);
    if (!beginning) return beginning.error();
    return credential::ForkEvidence::Beginning{.root = beginning->root,
                                               .path = std::move(beginning->path)};
}

class Comparer {
public:
    Comparer(const std::vector<ShownLog>& shown, const credential::Trust& trust)
        : shown_(shown), trust_(trust) {
        for (const ShownLog& log : shown)
            comparison_.logs.push_back(look_at(log, trust));
    }

    // Along the sizes: a log that extends the next smaller one extends all that this one extends.
    Comparison compare() {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < shown_.size(); ++i)
            if (!comparison_.logs[i].trouble && comparison_.logs[i].head.size > 0)
                order.push_back(i);
        std::ranges::stable_sort(
            order, {}, [this](std::size_t i) { return comparison_.logs[i].head.size; });
        for (std::size_t i = 1; i < order.size(); ++i)
            compare_pair(order[i - 1], order[i]);
        return std::move(comparison_);
    }

private:
    void compare_pair(std::size_t smaller, std::size_t larger) {
        const ComparedLog& a = comparison_.logs[smaller];
        ComparedLog& b = comparison_.logs[larger];
        if (a.head == b.head) return;
        credential::ForkEvidence evidence{
            .a = a.checkpoint, .b = b.checkpoint, .beginning = std::nullopt};
        if (a.head.size < b.head.size) {
            auto beginning = beginning_of(b, a.head.size, *shown_[larger].source);
            if (!beginning) {
                b.trouble = Error{beginning.error().code,
                                  "its tiles do not show its own log: " + beginning.error().detail};
                return;
            }
            if (beginning->root == a.head.root) return;
            evidence.beginning = *std::move(beginning);
        }
        auto proof = credential::check_fork_evidence(evidence, trust_.newest());
        comparison_.forks.push_back(
            FoundFork{a.member, b.member, std::move(evidence), std::move(proof)});
    }

    const std::vector<ShownLog>& shown_;
    const credential::Trust& trust_;
    Comparison comparison_;
};

}  // namespace

std::size_t Comparison::compared() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(logs, [](const ComparedLog& log) { return !log.trouble; }));
}

bool Comparison::is_alarm() const {
    const auto is_corrupt = [](const ComparedLog& log) {
        return log.trouble && log.trouble->code == Errc::corrupt;
    };
    return !forks.empty() || std::ranges::any_of(logs, is_corrupt);
}

Comparison compare_logs(const std::vector<ShownLog>& logs, const credential::Trust& trust) {
    return Comparer(logs, trust).compare();
}

}  // namespace chancery::cli
