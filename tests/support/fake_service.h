// A node without a ledger: fixed answers of the right shape, or one error for every call.
#pragma once

#include "crypto/keys/ed25519.h"
#include "rpc/service.h"

namespace chancery::test {

class FakeService : public rpc::Service {
public:
    FakeService() {
        ledger::Member member;
        member.number = 1;
        member.slug = "uni-a";
        member.name = "University A";
        auto members = std::make_shared<ledger::Members>();
        members->origin = "registry.example/test";
        members->log = "registry.example/test+00000000+AA==";
        members->quorum = 1;
        member.dids.push_back({"did:web:uni-a.example", {}});
        member.keys.push_back(
            {ledger::KeyUse::assertion, 1, keys::Ed25519Key::from_seed(Hash{1}).public_key(), {}});
        members->members.push_back(std::move(member));
        members_now = std::move(members);
        batch_answer.outcome = rpc::BatchAnswer::Outcome::sealed;
        batch_answer.member = 1;
        batch_answer.first = 7;
        batch_answer.count = 3;
        batch_answer.time = 1'769'860'800'250;
        act_answer.outcome = rpc::Outcome::sealed;
        act_answer.member = 1;
        act_answer.sequence = 1;
        act_answer.time = batch_answer.time;
    }

    boost::asio::awaitable<Result<rpc::BatchAnswer>> submit(rpc::Submission submission) override {
        submitted = std::move(submission);
        if (failure) co_return *failure;
        co_return batch_answer;
    }
    Result<rpc::BatchAnswer> batch(ledger::MemberNumber, const ledger::Nonce&) const override {
        return or_failure(batch_answer);
    }
    boost::asio::awaitable<Result<rpc::ActAnswer>> submit_act(
        rpc::ActSubmission submission) override {
        submitted_act = std::move(submission);
        if (failure) co_return *failure;
        co_return act_answer;
    }
    Result<rpc::ActAnswer> act(ledger::MemberNumber, std::uint64_t) const override {
        return or_failure(act_answer);
    }
    Result<rpc::ActsAnswer> acts(ledger::MemberNumber,
                                 std::uint64_t after,
                                 std::uint32_t) const override {
        rpc::ActsAnswer answer;
        answer.last = 2;
        for (std::uint64_t sequence = after + 1; sequence <= answer.last; ++sequence) {
            registry::ActRecord record;
            record.member = 1;
            record.sequence = sequence;
            answer.acts.push_back({record, json::Object{{"act", "end_key"}}, {}});
        }
        return or_failure(answer);
    }
    Result<std::string> checkpoint() const override { return or_failure(note); }
    Result<Bytes> tile(const merkle::TileId& id) const override {
        return or_failure(Bytes(id.width * sizeof(Hash), 7));
    }
    Result<rpc::CredentialAnswer> credential(const rpc::CredentialKey& key) const override {
        rpc::CredentialAnswer answer = credential_answer;
        answer.member = key.member;
        answer.commitment = key.commitment;
        return or_failure(answer);
    }
    Result<credential::Receipt> receipt(const rpc::CredentialKey& key) const override {
        return or_failure(receipt_of(key));
    }
    Result<credential::StatusProof> status_proof(const rpc::CredentialKey& key) const override {
        return or_failure(status_of(key));
    }
    Result<rpc::ProofsAnswer> proofs(const std::vector<rpc::CredentialKey>& keys) const override {
        rpc::ProofsAnswer answer;
        answer.checkpoint = note;
        for (const rpc::CredentialKey& key : keys) {
            rpc::ProofAnswer proof;
            proof.key = key;
            if (answer.proofs.size() == 1) {
                proof.missing = Error{Errc::not_found, "not registered"};
            } else {
                proof.receipt = receipt_of(key);
                proof.status = status_of(key);
            }
            answer.proofs.push_back(std::move(proof));
        }
        return or_failure(answer);
    }
    Result<rpc::StatusRangeAnswer> status_range(std::uint64_t from,
                                                std::uint64_t to) const override {
        rpc::StatusRangeAnswer answer;
        answer.checkpoint = note;
        answer.first_chunk = from;
        answer.chunks.assign((to - from) * 64, 0);
        answer.path.resize(2);
        answer.state_entry.assign(90, 7);
        answer.state_path.resize(5);
        return or_failure(answer);
    }
    Result<Bytes> content(const Hash&) const override { return or_failure(Bytes{'<', 'b', '>'}); }
    Result<rpc::PublicationAnswer> publication(ledger::MemberNumber member,
                                               ledger::PublicationType type,
                                               std::string_view name) const override {
        rpc::PublicationAnswer answer;
        answer.position = 9;
        answer.entry.member = member;
        answer.entry.type = type;
        answer.entry.time = 1'790'000'000'000;
        answer.entry.url = type == ledger::PublicationType::status_list
                               ? "https://a.example/v1/status-lists/uni-a/" + std::string(name)
                               : std::string(name);
        return or_failure(answer);
    }
    // As many as the log has entries; every second one was replaced by the one after it.
    Result<rpc::PublicationsAnswer> publications(
        const rpc::PublicationsWanted& wanted) const override {
        rpc::PublicationsAnswer answer;
        for (ledger::Position at = wanted.first; at < log_size && !answer.has_more; ++at) {
            auto one = publication(wanted.member, wanted.type, "https://a.example/p");
            if (!one) return one.error();
            one->position = at;
            answer.has_more = answer.publications.size() == wanted.limit;
            if (!answer.has_more) answer.publications.push_back({*std::move(one), at | 1});
        }
        return or_failure(answer);
    }
    Result<std::vector<Hash>> inclusion(ledger::Position, std::uint64_t) const override {
        return or_failure(std::vector<Hash>(3));
    }
    Result<std::vector<Hash>> consistency(std::uint64_t, std::uint64_t) const override {
        return or_failure(std::vector<Hash>(4));
    }
    Result<rpc::EntriesAnswer> entries(ledger::Position first, std::uint32_t limit) const override {
        rpc::EntriesAnswer answer;
        answer.size = log_size;
        answer.first = first;
        for (std::uint64_t at = first; at < log_size && answer.entries.size() < limit; ++at)
            answer.entries.push_back(Bytes{1, 2, 3});
        return or_failure(answer);
    }
    std::shared_ptr<const ledger::Members> members() const override { return members_now; }
    Result<std::string> trust_file() const override {
        return or_failure(std::string(R"({"format":"chancery-trust/v1","genesis":{},"steps":[]})"));
    }
    Result<std::string> policy() const override { return or_failure(std::string("quorum none\n")); }
    rpc::NodeStatus status() const override {
        rpc::NodeStatus status;
        status.version = "0.1.0";
        status.origin = "registry.example/test";
        status.member = 1;
        status.slug = "uni-a";
        status.role = "leader";
        status.size = log_size;
        status.leader = leader;
        status.peers = {{"uni-b", true, ""}, {"uni-c", false, "Connection refused"}};
        return status;
    }
    rpc::Readiness readiness() const override { return ready; }
    Result<std::shared_ptr<rpc::EventStream>> subscribe(
        const boost::asio::any_io_executor& executor, std::optional<std::uint64_t> seen) override {
        if (failure) return *failure;
        return events.subscribe(executor, seen);
    }
    std::string metrics() const override { return "chancery_log_size 25\n"; }

    static credential::Receipt receipt_of(const rpc::CredentialKey& key) {
        credential::Receipt receipt;
        receipt.entry = ledger::encode(
            ledger::CredentialEntry{.member = key.member, .time = 1, .commitment = key.commitment});
        receipt.index = 3;
        receipt.path.resize(5);
        receipt.checkpoint = note;
        return receipt;
    }
    static credential::StatusProof status_of(const rpc::CredentialKey& key) {
        credential::StatusProof proof;
        proof.checkpoint = note;
        proof.state_entry.assign(90, 7);
        proof.state_path.resize(5);
        proof.credential.index = 3;
        proof.credential.entry = receipt_of(key).entry;
        proof.credential.path.resize(5);
        return proof;
    }

    static inline const std::string note =
        "registry.example/test\n25\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
        "\xe2\x80\x94 registry.example/test/uni-a AAAAAAAA\n";
    std::uint64_t log_size = 25;
    std::optional<Error> failure;
    rpc::BatchAnswer batch_answer;
    rpc::ActAnswer act_answer;
    rpc::CredentialAnswer credential_answer;
    std::optional<std::string> leader = "uni-b";
    rpc::Readiness ready{.is_ready = true, .accepts_writes = true, .findings = {}};
    std::shared_ptr<const ledger::Members> members_now;
    rpc::Submission submitted;
    rpc::ActSubmission submitted_act;
    rpc::EventHub events{3};

private:
    template <typename T>
    Result<T> or_failure(T value) const {
        if (failure) return *failure;
        return value;
    }
};

}  // namespace chancery::test
