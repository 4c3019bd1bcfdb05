#include "tests/cluster/writers.h"

#include <map>

#include "consensus/registry/batch.h"
#include "crypto/json/parse.h"
#include "node/clock.h"
#include "rpc/documents.h"
#include "tests/support/test_network.h"

namespace chancery::test {
namespace {

using Steady = std::chrono::steady_clock;

// A client that is refused does not ask as fast as it can.
constexpr std::chrono::milliseconds before_the_next_node{5};

}  // namespace

Bytes good_batch(const Cluster& cluster,
                 const keys::MemberKey& issuer,
                 raft::NodeId member,
                 std::uint64_t number,
                 std::chrono::milliseconds lifetime) {
    registry::BatchDraft draft;
    draft.member = member;
    draft.key_number = 1;
    draft.nonce = nonce_of(number);
    draft.expires = node::system_clock().now_ms() + static_cast<ledger::TimeMs>(lifetime.count());
    std::vector<Hash> commitments;
    for (std::uint64_t i = 0; i < 3; ++i)
        commitments.push_back(commitment_of(number * 4 + i));
    auto bulk = registry::make_bulk(
        draft, credential_bodies(commitments), cluster.network_id(), issuer, Hash{});
    CHECK(bulk);
    return *std::move(bulk);
}

std::atomic<std::uint32_t> Writers::clients_so_far_ = 0;

Writers::Writers(const Cluster& cluster, std::uint32_t clients)
    : cluster_(cluster), clients_(clients) {
    go_on();
}

void Writers::stop() {
    is_stopping_ = true;
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

void Writers::go_on() {
    is_stopping_ = false;
    const std::uint32_t first = clients_so_far_.fetch_add(clients_);
    for (std::uint32_t client = first; client < first + clients_; ++client)
        threads_.emplace_back([this, client] { work(client); });
}

void Writers::note(Answer answer) {
    const std::scoped_lock lock(mutex_);
    const auto now = Steady::now();
    longest_ = std::max(longest_, now - last_);
    last_ = now;
    answers_.push_back(std::move(answer));
    ++answered_count_;
}

std::chrono::milliseconds Writers::longest_gap() const {
    const std::scoped_lock lock(mutex_);
    return std::chrono::duration_cast<std::chrono::milliseconds>(longest_);
}

void Writers::forget_gap() {
    const std::scoped_lock lock(mutex_);
    longest_ = {};
    last_ = Steady::now();
}

// The same batch until it is answered, whoever answers: at another node each time.
void Writers::work(std::uint32_t client) {
    const auto member = static_cast<raft::NodeId>(client % cluster_.count() + 1);
    const keys::MemberKey key = cluster_.issuer_key(member);
    std::uint64_t number = 0;
    raft::NodeId node = member;
    while (!is_stopping_) {
        ++number;
        const Bytes bulk =
            good_batch(cluster_, key, member, (std::uint64_t{client} << 32) + number);
        while (!is_stopping_) {
            const auto answer = cluster_.post_batch(node, bulk);
            const bool is_sealed = answer && (answer->status == 200 || answer->status == 201);
            if (is_sealed) {
                const auto told = json::parse(answer->body);
                CHECK(told && told->find("first") != nullptr);
                note({*told->find("id")->as_string(),
                      static_cast<std::uint64_t>(*told->find("first")->as_integer()),
                      *told->find("time")->as_string(),
                      node::system_clock().now_ms()});
                break;
            }
            if (answer && answer->status >= 400 && answer->status < 500 && answer->status != 429) {
                const std::scoped_lock lock(mutex_);
                refused_.push_back(answer->body);
            }
            node = node % cluster_.count() + 1;
            std::this_thread::sleep_for(before_the_next_node);
        }
    }
}

::testing::AssertionResult Writers::stands(const Answer& answer, raft::NodeId node) const {
    const auto found = cluster_.get(node, "/v1/batches/" + answer.id);
    const auto told = found && found->status == 200 ? json::parse(found->body) : json::Value();
    const json::Value* const first = told ? told->find("first") : nullptr;
    const bool is_it = first != nullptr && first->as_integer() &&
                       static_cast<std::uint64_t>(*first->as_integer()) == answer.first;
    if (is_it) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << "batch " << answer.id << " was answered at position " << answer.first << ", node "
           << node << " says " << (found ? found->body : "nothing");
}

::testing::AssertionResult Writers::all_stand(std::uint64_t but_first) const {
    const std::scoped_lock lock(mutex_);
    if (!refused_.empty()) {
        return ::testing::AssertionFailure() << "a good batch was refused: " << refused_.front();
    }
    for (std::size_t i = but_first; i < answers_.size(); ++i) {
        for (raft::NodeId node = 1; node <= cluster_.count(); ++node) {
            if (auto said = stands(answers_[i], node); !said) return said;
        }
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult Writers::all_stand_by_turns() const {
    const std::scoped_lock lock(mutex_);
    raft::NodeId node = 1;
    for (const Answer& answer : answers_) {
        if (auto said = stands(answer, node); !said) return said;
        node = node % cluster_.count() + 1;
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult Writers::times_are_right(std::chrono::milliseconds slack) const {
    const std::scoped_lock lock(mutex_);
    const auto slack_ms = static_cast<ledger::TimeMs>(slack.count());
    std::map<std::uint64_t, std::string> times;
    for (const Answer& answer : answers_) {
        times.emplace(answer.first, answer.time);
        const bool is_right = answer.time >= rpc::date_time(answer.answered_ms - slack_ms) &&
                              answer.time <= rpc::date_time(answer.answered_ms + slack_ms);
        if (!is_right) {
            return ::testing::AssertionFailure()
                   << "position " << answer.first << " is of " << answer.time
                   << " and was answered at " << rpc::date_time(answer.answered_ms);
        }
    }
    std::string last;
    for (const auto& [first, time] : times) {
        if (time < last) {
            return ::testing::AssertionFailure()
                   << "position " << first << " is of " << time << ", one before it of " << last;
        }
        last = time;
    }
    return ::testing::AssertionSuccess();
}

}  // namespace chancery::test
