#include "node/cli/issue_journal.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view format = "chancery-issue/v2";
constexpr std::string_view ending = ".json";
constexpr std::size_t number_digits = 6;
// A text within a text is twice as long at most; the rest is for the bulk, salts and names.
constexpr json::Limits journal_limits{
    .bytes_max = 2 * journal_documents_bytes_max + std::size_t{64} * 1024 * 1024,
    .elements_max = 1'000'000};

json::Value to_json(const PlannedBatch& batch) {
    json::Array rows;
    for (const Row& row : batch.rows)
        rows.push_back(json::Object{{"file", row.file},
                                    {"out", row.out},
                                    {"has_document", row.has_document},
                                    {"document", row.document},
                                    {"document_hash", to_hex(row.document_hash)},
                                    {"salt", to_hex(row.salt)},
                                    {"commitment", to_hex(row.commitment)}});
    return json::Object{{"format", format},
                        {"nonce", to_hex(batch.batch.nonce)},
                        {"expires", batch.batch.expires},
                        {"bulk", to_base64(batch.batch.bulk)},
                        {"rows", std::move(rows)}};
}

Result<Row> row_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    Row row;
    row.file = fields.string("file");
    row.out = fields.string("out");
    row.has_document = fields.boolean("has_document");
    row.document = fields.string("document");
    row.document_hash = fields.hash("document_hash");
    row.salt = fields.hash("salt");
    row.commitment = fields.hash("commitment");
    if (auto wrong = fields.finish()) return *wrong;
    const bool is_padding = row.file.empty();
    if (!is_padding && row.commitment != credential::commitment(row.salt, row.document_hash))
        return Error{Errc::invalid, where + "/commitment: is not that of salt and document_hash"};
    return row;
}

Result<PlannedBatch> batch_from(const json::Value& value) {
    json::Fields fields(value);
    PlannedBatch batch;
    const std::string named = fields.string("format");
    const auto nonce = from_hex(fields.string("nonce"));
    batch.batch.expires = fields.integer("expires");
    batch.batch.bulk = fields.base64("bulk");
    const json::Array& rows = fields.array("rows");
    if (auto wrong = fields.finish()) return *wrong;
    if (named != format || !nonce || nonce->size() != batch.batch.nonce.size())
        return Error{Errc::invalid, "is no journal of this program's version"};
    std::ranges::copy(*nonce, batch.batch.nonce.begin());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto row = row_from(rows[i], "/rows/" + std::to_string(i));
        if (!row) return row.error();
        batch.rows.push_back(*std::move(row));
    }
    if (batch.rows.empty()) return Error{Errc::invalid, "/rows: has none, want at least one"};
    return batch;
}

}  // namespace

std::string to_text(const PlannedBatch& batch) { return json::canonical(to_json(batch)) + "\n"; }

Result<PlannedBatch> parse_planned_batch(std::string_view text) {
    const auto value = json::parse(text, journal_limits);
    if (!value) return value.error();
    return batch_from(*value);
}

std::string IssueJournal::path_of(std::uint64_t number) const {
    std::string digits = std::to_string(number);
    if (digits.size() < number_digits) digits.insert(0, number_digits - digits.size(), '0');
    return folder_ + "/" + digits + std::string(ending);
}

Result<std::vector<PlannedBatch>> IssueJournal::unfinished() const {
    std::vector<PlannedBatch> batches;
    std::error_code error;
    if (!fs::exists(folder_, error)) return batches;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        const fs::path path = entry->path();
        if (path.extension() != ending) continue;
        const auto text = node::read_private_file(path.string(), journal_limits.bytes_max);
        if (!text) return text.error();
        auto batch = parse_planned_batch(*text);
        if (!batch) return Error{Errc::corrupt, path.string() + ": " + batch.error().detail};
        const auto number = parse_number(path.stem().string());
        if (!number || *number == 0)
            return Error{Errc::corrupt, path.string() + ": is not named by a number"};
        batch->number = *number;
        batches.push_back(*std::move(batch));
    }
    if (error) return Error{Errc::io, folder_ + ": " + error.message()};
    std::ranges::sort(batches, {}, &PlannedBatch::number);
    return batches;
}

Result<void> IssueJournal::write(PlannedBatch& batch) {
    if (const auto made = node::make_directories(folder_, 0700); !made) return made.error();
    std::error_code absent;
    while (batch.number == 0)
        if (!fs::exists(path_of(++newest_), absent)) batch.number = newest_;
    return node::replace_file(path_of(batch.number), to_text(batch), node::private_mode);
}

Result<void> IssueJournal::finish(const PlannedBatch& batch) {
    std::error_code error;
    fs::remove(path_of(batch.number), error);
    if (error) return Error{Errc::io, path_of(batch.number) + ": " + error.message()};
    fs::remove(folder_, error);  // Only when it is empty; else the next batch's file is there.
    return {};
}

}  // namespace chancery::cli
