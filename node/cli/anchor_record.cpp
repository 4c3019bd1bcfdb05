#include "node/cli/anchor_record.h"

#include <algorithm>
#include <filesystem>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "node/cli/command.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::string_view anchor_format = "chancery-anchoring/v1";
constexpr std::string_view anchor_ending = ".json";
constexpr std::size_t anchor_digits = 6;
constexpr std::size_t anchor_note_bytes_max = 200;
constexpr json::Limits anchor_limits{.bytes_max = std::size_t{1024} * 1024, .elements_max = 4'000};

json::Value anchor_batch_json(const std::optional<AnchorBatch>& batch) {
    if (!batch) return {};
    return json::Object{{"transaction", to_hex(batch->transaction)},
                        {"nonce", to_hex(batch->nonce)},
                        {"expires", batch->expires},
                        {"bulk", to_base64(batch->bulk)}};
}

json::Value record_json(const AnchorRecord& record) {
    json::Array attempts;
    for (const AnchorAttempt& attempt : record.attempts)
        attempts.push_back(json::Object{{"raw", to_hex(evm::raw_bytes(attempt.transaction))},
                                        {"block", attempt.block}});
    json::Array given_up;
    for (const Hash& hash : record.given_up)
        given_up.push_back(to_hex(hash));
    return json::Object{
        {"format", anchor_format},
        {"network", to_hex(record.network)},
        {"size", record.head.size},
        {"root", to_hex(record.head.root)},
        {"note", record.note},
        {"attempts", std::move(attempts)},
        {"given_up", std::move(given_up)},
        {"mined", record.mined ? json::Value(to_hex(*record.mined)) : json::Value()},
        {"batch", anchor_batch_json(record.batch)},
        {"position", record.position ? json::Value(*record.position) : json::Value()}};
}

Result<AnchorAttempt> attempt_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    const auto raw = from_hex(fields.string("raw"));
    AnchorAttempt attempt;
    attempt.block = fields.integer("block");
    if (auto wrong = fields.finish()) return *wrong;
    if (!raw) return invalid_at(where + "/raw", raw.error().detail);
    auto transaction = evm::parse_transaction(*raw);
    if (!transaction) return invalid_at(where + "/raw", transaction.error().detail);
    attempt.transaction = *std::move(transaction);
    return attempt;
}

Result<std::optional<AnchorBatch>> anchor_batch_from(const json::Value& value) {
    if (value.is_null()) return std::optional<AnchorBatch>();
    json::Fields fields(value, "/batch");
    AnchorBatch batch;
    batch.transaction = fields.hash("transaction");
    const auto nonce = from_hex(fields.string("nonce"));
    batch.expires = fields.integer("expires");
    batch.bulk = fields.base64("bulk");
    if (auto wrong = fields.finish()) return *wrong;
    if (!nonce || nonce->size() != batch.nonce.size())
        return invalid_at("/batch/nonce", "want 32 hex digits");
    std::ranges::copy(*nonce, batch.nonce.begin());
    return std::optional(std::move(batch));
}

// What all attempts at one anchoring share.
Result<void> check_attempts(const AnchorRecord& record) {
    const std::size_t count = record.attempts.size();
    if (count == 0 || count > anchor_attempts_max)
        return invalid("/attempts: has " + std::to_string(count) + ", want 1 to " +
                       std::to_string(anchor_attempts_max));
    const evm::Transaction& first = record.attempts.front().transaction.transaction;
    for (const AnchorAttempt& attempt : record.attempts) {
        const evm::Transaction& one = attempt.transaction.transaction;
        const auto sender = evm::sender_of(attempt.transaction);
        if (!sender) return invalid("/attempts: " + sender.error().detail);
        if (one.nonce != first.nonce || one.chain_id != first.chain_id || *sender != one.to ||
            one.to != first.to || !equal(one.data, record.head.root))
            return invalid("/attempts: are not of one nonce, chain, sender and root");
    }
    return {};
}

Result<AnchorRecord> record_from(const json::Value& value) {
    json::Fields fields(value);
    AnchorRecord record;
    const std::string named = fields.string("format");
    record.network = fields.hash("network");
    record.head = {.size = fields.integer("size"), .root = fields.hash("root")};
    record.note = fields.string("note");
    const json::Array& attempts = fields.array("attempts");
    const json::Array& given_up = fields.array("given_up");
    if (!fields.any("mined").is_null()) record.mined = fields.hash("mined");
    const json::Value& batch = fields.any("batch");
    record.position = fields.integer_or_null("position");
    if (auto wrong = fields.finish()) return *wrong;
    if (named != anchor_format) return invalid("is no journal of this program's version");
    if (record.note.size() > anchor_note_bytes_max)
        return invalid("/note: is longer than 200 bytes");
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        auto attempt = attempt_from(attempts[i], "/attempts/" + std::to_string(i));
        if (!attempt) return attempt.error();
        record.attempts.push_back(*std::move(attempt));
    }
    for (const json::Value& one : given_up) {
        const auto hash = hash_from_hex(one.as_string() == nullptr ? "" : *one.as_string());
        if (!hash) return invalid_at("/given_up", hash.error().detail);
        record.given_up.push_back(*hash);
    }
    auto read = anchor_batch_from(batch);
    if (!read) return read.error();
    record.batch = *std::move(read);
    if (const auto checked = check_attempts(record); !checked) return checked.error();
    return record;
}

}  // namespace

std::string to_text(const AnchorRecord& record) {
    return json::canonical(record_json(record)) + "\n";
}

Result<AnchorRecord> parse_anchor_record(std::string_view text) {
    const auto value = json::parse(text, anchor_limits);
    if (!value) return value.error();
    return record_from(*value);
}

std::string AnchorJournal::path_of(std::uint64_t number) const {
    std::string digits = std::to_string(number);
    if (digits.size() < anchor_digits) digits.insert(0, anchor_digits - digits.size(), '0');
    return folder_ + "/" + digits + std::string(anchor_ending);
}

Result<std::vector<std::uint64_t>> AnchorJournal::numbers() const {
    namespace fs = std::filesystem;
    std::vector<std::uint64_t> found;
    std::error_code error;
    if (!fs::exists(folder_, error)) return found;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != anchor_ending) continue;
        const auto number = parse_number(entry->path().stem().string());
        if (!number || *number == 0)
            return Error{Errc::corrupt, entry->path().string() + ": is not named by a number"};
        found.push_back(*number);
    }
    if (error) return Error{Errc::io, folder_ + ": " + error.message()};
    std::ranges::sort(found);
    return found;
}

Result<AnchorRecord> AnchorJournal::read(std::uint64_t number) const {
    const std::string path = path_of(number);
    const auto text = node::read_private_file(path, anchor_limits.bytes_max);
    if (!text) return text.error();
    auto record = parse_anchor_record(*text);
    if (!record) return corrupt_at(path, record.error().detail);
    record->number = number;
    return record;
}

Result<std::vector<AnchorRecord>> AnchorJournal::all() const {
    const auto found = numbers();
    if (!found) return found.error();
    std::vector<AnchorRecord> records;
    for (const std::uint64_t number : *found) {
        auto record = read(number);
        if (!record) return record.error();
        records.push_back(*std::move(record));
    }
    return records;
}

Result<std::optional<AnchorRecord>> AnchorJournal::newest() const {
    const auto found = numbers();
    if (!found) return found.error();
    if (found->empty()) return std::optional<AnchorRecord>();
    auto record = read(found->back());
    if (!record) return record.error();
    return std::optional(*std::move(record));
}

Result<void> AnchorJournal::write(AnchorRecord& record) const {
    if (record.number == 0) {
        if (const auto made = node::make_directories(folder_, 0700); !made) return made.error();
        const auto found = numbers();
        if (!found) return found.error();
        record.number = found->empty() ? 1 : found->back() + 1;
    }
    return node::replace_file(path_of(record.number), to_text(record), node::private_mode);
}

}  // namespace chancery::cli
