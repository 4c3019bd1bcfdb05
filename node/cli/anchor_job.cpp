#include "node/cli/anchor_job.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "node/cli/log_reader.h"

namespace chancery::cli {
namespace {

// More than this since the last anchor is news, whatever it is.
constexpr std::uint64_t entries_looked_at_max = 1'024;

bool is_news(const ledger::Entry& entry) {
    if (const auto* const batch = std::get_if<ledger::BatchEntry>(&entry))
        return batch->record_kind != ledger::Kind::anchor;
    return !std::holds_alternative<ledger::AnchorEntry>(entry) &&
           !std::holds_alternative<ledger::StateEntry>(entry);
}

// The newest anchoring of the ledger; others are of something else.
Result<std::optional<AnchorRecord>> newest_of_ledger(const AnchorJournal& journal) {
    auto records = journal.all();
    if (!records) return records.error();
    const auto newest =
        std::find_if(records->rbegin(), records->rend(), [](const AnchorRecord& record) {
            return record.is_of_ledger();
        });
    if (newest == records->rend()) return std::optional<AnchorRecord>();
    return std::optional(std::move(*newest));
}

}  // namespace

Result<void> AnchorJob::check_owner() const {
    if (at_.key.owner == issuer_.member->slug) return {};
    return Error{
        Errc::forbidden,
        "the anchor key is of " + at_.key.owner + ", the issuer key of " + issuer_.member->slug};
}

bool AnchorJob::is_recorded() const {
    const std::string address = at_.key.key.address().text();
    return std::ranges::any_of(issuer_.member->keys, [&](const ledger::KeyRecord& record) {
        return record.use == ledger::KeyUse::anchor && record.key.text() == address &&
               !record.in_force.until;
    });
}

Result<bool> AnchorJob::has_news(const merkle::TreeHead& from, const merkle::TreeHead& to) {
    if (to.size - from.size > entries_looked_at_max) return true;
    NodeLog log(desk_.node);
    LogReader reader(log, to);
    for (ledger::Position position = from.size; position < to.size; ++position) {
        const auto proven = reader.entry(position);
        if (!proven) return proven.error();
        const auto entry = ledger::decode(proven->entry);
        if (!entry) return Error{Errc::corrupt, entry.error().detail};
        if (is_news(*entry)) return true;
    }
    return false;
}

Result<std::optional<AnchorRecord>> AnchorJob::take_up(bool always, AnchorSender& sender) {
    auto newest = at_.journal.newest();
    if (!newest) return newest.error();
    if (*newest && !(*newest)->is_finished()) {
        if (!(*newest)->is_of_ledger())
            return Error{Errc::conflict,
                         at_.journal.folder() + ": an anchoring of " + (*newest)->note +
                             " is not finished; finish it first"};
        if ((*newest)->network == issuer_.network_id) return newest;
        return Error{Errc::conflict,
                     at_.journal.folder() + ": holds an unfinished anchoring of another network"};
    }
    const auto accepted = accept_newest(desk_);
    if (!accepted) return accepted.error();
    AnchorRecord record;
    record.network = issuer_.network_id;
    record.head = accepted->checkpoint.checkpoint.head;
    size_ = record.head.size;
    if (size_ == 0) return std::optional<AnchorRecord>();
    const auto last = newest_of_ledger(at_.journal);
    if (!last) return last.error();
    if (*last && (*last)->network == record.network) {
        if ((*last)->head.size >= size_) return std::optional<AnchorRecord>();
        const auto found = has_news((*last)->head, record.head);
        if (!found) return found.error();
        if (!*found && !always) return std::optional<AnchorRecord>();
    }
    if (const auto begun = sender.begin(record); !begun) return begun.error();
    return std::optional(std::move(record));
}

Result<AnchorOutcome> AnchorJob::run(bool always, const Patience& patience) {
    if (const auto owned = check_owner(); !owned) return owned.error();
    AnchorSender sender(*at_.chain, at_.journal, at_.key.key, at_.options);
    auto record = take_up(always, sender);
    if (!record) return record.error();
    AnchorOutcome outcome;
    outcome.size = size_;
    outcome.is_recorded = is_recorded();
    if (!*record) return outcome;
    if (!outcome.is_recorded)
        session_.out.warning(at_.key.key.address().text() + " is no anchor key of " +
                             issuer_.member->slug +
                             " in force: verifiers count only anchors of recorded keys");
    if (!(*record)->mined) {
        session_.out.note("anchoring size " + grouped((*record)->head.size) + ", root " +
                          to_hex((*record)->head.root));
        const auto view = wait_for_chain(session_, sender, **record, patience);
        if (!view) return view.error();
        outcome.receipt = view->receipt;
    }
    AnchorRegistration registration(session_, desk_, issuer_, at_.journal);
    if (const auto done = registration.run(**record); !done) return done.error();
    outcome.record = std::move(*record);
    return outcome;
}

json::Object anchor_json(const AnchorRecord& record) {
    const evm::Transaction& newest = record.newest().transaction.transaction;
    json::Array attempts;
    for (const AnchorAttempt& attempt : record.attempts)
        attempts.push_back("0x" + to_hex(evm::hash_of(attempt.transaction)));
    json::Object about{
        {"chain", "eip155:" + std::to_string(newest.chain_id)},
        {"root", to_hex(record.head.root)},
        {"sender", newest.to.text()},
        {"nonce", newest.nonce},
        {"attempts", std::move(attempts)},
        {"given_up", record.given_up.size()},
        {"transaction", record.mined ? json::Value("0x" + to_hex(*record.mined)) : json::Value()}};
    if (record.is_of_ledger()) {
        about.push_back({"size", record.head.size});
        about.push_back(
            {"position", record.position ? json::Value(*record.position) : json::Value()});
    } else {
        about.push_back({"of", record.note});
    }
    return about;
}

}  // namespace chancery::cli
