// A whole node: disk, keys, replica and its threads, behind the questions that the network may ask.
//
// The composition root of the daemon: main() opens one and lends it to the HTTP servers. Service
// calls run on the executor that it was opened with, one thread; so published state is handed over
// and read without locks.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/clock.h"
#include "node/config.h"
#include "node/diary.h"
#include "node/driver.h"
#include "node/metrics.h"
#include "node/recovery.h"
#include "node/scrubber.h"
#include "node/submission.h"
#include "node/tile_cache.h"
#include "rpc/service.h"
#include "storage/data_directory.h"

namespace chancery::node {

inline constexpr std::string_view version = "0.1.0";

// How this configuration wants its data directory kept.
storage::DataOptions data_options(const Config& config);

class Node final : public rpc::Service {
public:
    struct Keys {
        keys::Ed25519Key cosigner;
        keys::Ed25519Key node;
        keys::Ed25519Key log;
        Bytes tls;  // PKCS#8 DER; for the links to the other nodes.
    };
    // What is lent must outlive the node.
    struct Lent {
        const Clock& clock;
        Diary& diary;
        boost::asio::any_io_executor http;
    };

    // Recovers journal and database; the directory must have been made by init. Errc::corrupt for
    // damage, with the file's name; Errc::invalid if the keys are not this member's.
    static Result<std::unique_ptr<Node>> open(const Config& config, Keys keys, Lent lent);
    ~Node() override;

    // `halted` is called on the http executor, once, if the node must stop.
    void start(std::function<void(Error)> halted);
    // Ends the block under way and makes everything durable.
    void stop();

    boost::asio::awaitable<Result<rpc::BatchAnswer>> submit(rpc::Submission submission) override;
    Result<rpc::BatchAnswer> batch(ledger::MemberNumber member,
                                   const ledger::Nonce& nonce) const override;
    boost::asio::awaitable<Result<rpc::ActAnswer>> submit_act(
        rpc::ActSubmission submission) override;
    Result<rpc::ActAnswer> act(ledger::MemberNumber member, std::uint64_t sequence) const override;
    Result<rpc::ActsAnswer> acts(ledger::MemberNumber member,
                                 std::uint64_t after,
                                 std::uint32_t limit) const override;
    Result<std::string> checkpoint() const override;
    Result<Bytes> tile(const merkle::TileId& tile) const override;
    Result<rpc::CredentialAnswer> credential(const rpc::CredentialKey& key) const override;
    Result<credential::Receipt> receipt(const rpc::CredentialKey& key) const override;
    Result<credential::StatusProof> status_proof(const rpc::CredentialKey& key) const override;
    Result<rpc::ProofsAnswer> proofs(const std::vector<rpc::CredentialKey>& keys) const override;
    Result<rpc::StatusRangeAnswer> status_range(std::uint64_t from,
                                                std::uint64_t to) const override;
    Result<Bytes> content(const Hash& hash) const override;
    Result<rpc::PublicationsAnswer> publications(
        const rpc::PublicationsWanted& wanted) const override;
    Result<rpc::PublicationAnswer> publication(ledger::MemberNumber member,
                                               ledger::PublicationType type,
                                               std::string_view name) const override;
    Result<std::vector<Hash>> inclusion(ledger::Position index, std::uint64_t size) const override;
    Result<std::vector<Hash>> consistency(std::uint64_t from, std::uint64_t to) const override;
    Result<rpc::EntriesAnswer> entries(ledger::Position first, std::uint32_t limit) const override;
    std::shared_ptr<const ledger::Members> members() const override;
    Result<std::string> trust_file() const override;
    Result<std::string> policy() const override;
    rpc::NodeStatus status() const override;
    rpc::Readiness readiness() const override;
    Result<std::shared_ptr<rpc::EventStream>> subscribe(
        const boost::asio::any_io_executor& executor, std::optional<std::uint64_t> seen) override;
    std::string metrics() const override;

private:
    // A submission that a request waits for.
    struct Waiting {
        explicit Waiting(const boost::asio::any_io_executor& executor) : timer(executor) {}
        SubmissionKey key;
        std::shared_ptr<const Bytes> bytes;
        boost::asio::steady_timer timer;  // Cancelled by the answer.
        std::optional<Result<TicketAnswer>> answer;
    };
    // What became of a submission while its request waited: sealed, or promised.
    struct Settled {
        std::optional<TicketAnswer> sealed;
        std::optional<json::Value> promise;
    };

    Node(Config config, Keys keys, Lent lent, std::unique_ptr<storage::DataDirectory> data);
    Result<void> recover();
    Result<void> open_links();
    rpc::PeerLinkEvents link_events();
    DriverEvents driver_events();
    Result<std::shared_ptr<const Published>> published() const;
    void tell_of(const Published& shown);
    std::string explained(const std::string& why) const;
    void take_answers(const std::vector<TicketAnswer>& answers);
    rpc::BatchAnswer sealed_answer(const TicketAnswer& answer) const;
    Result<std::shared_ptr<Waiting>> hand_over(const SubmissionId& id,
                                               PooledBatch submission,
                                               std::chrono::milliseconds wait);
    Result<Settled> settled_by(const Waiting& waited, ledger::TimeMs expires) const;
    template <typename Answer>
    Result<Answer> unsealed(Answer answer,
                            const SubmissionKey& key,
                            std::string_view unknown) const;
    rpc::ActAnswer sealed_act(const TicketAnswer& answer) const;
    rpc::ActAnswer act_answer(const SubmissionKey& key) const;
    json::Value promise_of(ByteView submission, ledger::TimeMs deadline) const;
    void refuse_waiting(const Error& halted);
    void remember_refusal(const SubmissionKey& key, const Error& refusal);

    Config config_;
    Keys keys_;
    Lent lent_;
    std::unique_ptr<storage::DataDirectory> data_;
    std::unique_ptr<TileCache> tiles_;  // Of data_->ledger.
    ledger::MemberNumber member_ = 0;
    Hash network_id_{};
    Metrics metrics_;
    rpc::EventHub events_;
    std::unique_ptr<rpc::PeerLinks> links_;  // None in a network of one.
    std::unique_ptr<Driver> driver_;
    std::unique_ptr<Scrubber> scrubber_;
    std::shared_ptr<const Published> published_;
    std::shared_ptr<const ledger::Members> members_;
    struct TrustText {
        std::shared_ptr<const ledger::Members> members;  // The newest that it leads to.
        std::string text;
    };
    mutable std::optional<TrustText> trust_file_;  // As it was asked for last.
    Ticket last_ticket_ = 0;
    std::unordered_map<Ticket, std::shared_ptr<Waiting>> waiting_;
    std::multiset<SubmissionKey> under_way_;
    std::map<SubmissionKey, Error> refusals_;  // The newest, for who asks later.
    std::deque<SubmissionKey> refusal_order_;
    std::function<void(Error)> on_halt_;
    std::optional<Error> halted_;
};

// The keys that the settings name.
Result<Node::Keys> load_keys(const Config& config);

}  // namespace chancery::node
