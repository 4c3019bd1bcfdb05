#include "node/cli/issue_rows.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "crypto/base/encoding.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t hashes_bytes_max = 128 * 1024 * 1024;

// However a file is named: a job may be taken up from another folder, or with other words.
std::string one_name(const fs::path& path) {
    std::error_code error;
    const fs::path whole = fs::weakly_canonical(fs::absolute(path, error), error);
    return error ? path.string() : whole.string();
}

std::string out_path(const std::string& file, const std::string& out) {
    return one_name(out.empty() ? fs::path(file) : fs::path(out) / fs::path(file).filename());
}

// What the document names as its issuer; empty if it names none.
std::string issuer_of(const json::Value& document) {
    const json::Value* issuer = document.find("issuer");
    if (issuer != nullptr && issuer->as_object() != nullptr) issuer = issuer->find("id");
    const std::string* text = issuer == nullptr ? nullptr : issuer->as_string();
    return text == nullptr ? std::string() : *text;
}

std::string did_of(const ledger::Member& member) {
    for (const ledger::DidRecord& record : member.dids)
        if (!record.in_force.until) return record.did;
    return {};
}

class Collector {
public:
    explicit Collector(const Issuer* issuer) : issuer_(issuer) {}

    void add(const std::string& path, const std::string& out) {
        ++row_;
        const auto file = read_credential(path);
        if (!file) return refuse(path, name_of(file.error().code), file.error().detail);
        if (const std::string wrong = issuer_mismatch(file->document); !wrong.empty())
            return refuse(path, "issuer_mismatch", wrong);
        const std::string target = out_path(path, out);
        if (!targets_.insert(target).second)
            return refuse(path, "conflict", "another document goes to " + target);
        const Result<bool> is_there = is_registered(*file, target);
        if (!is_there) return refuse(path, name_of(is_there.error().code), is_there.error().detail);
        if (*is_there) {
            ++rows_.skipped;
            return;
        }
        rows_.rows.push_back(
            Row{.file = one_name(path), .out = target, .document_hash = file->hash});
    }

    void add_hash(const std::string& line, const std::string& out) {
        ++row_;
        const auto hash = hash_from_hex(line);
        if (!hash) return refuse("", "invalid", "want 64 lower-case hex digits");
        const std::string target = one_name(fs::path(out) / line);
        if (!targets_.insert(target).second)
            return refuse(line, "conflict", "the same hash is there twice");
        std::error_code absent;
        if (fs::exists(receipt_path(target), absent)) {
            ++rows_.skipped;
            return;
        }
        rows_.rows.push_back(
            Row{.file = line, .out = target, .has_document = false, .document_hash = *hash});
    }

    Rows take() { return std::move(rows_); }

private:
    void refuse(const std::string& file, std::string_view code, const std::string& message) {
        rows_.errors.push_back(RowError{row_, file, std::string(code), message});
    }

    // The registry vouches for the member's own documents only, and a verifier compares.
    std::string issuer_mismatch(const json::Value& document) const {
        const std::string named = issuer_of(document);
        if (named.empty()) return "the document names no issuer";
        if (issuer_ == nullptr) return {};
        const std::string did = did_of(*issuer_->member);
        return named == did ? std::string() : "issuer is not the member's DID " + did;
    }

    // Registered before, by this member: its receipt lies with the result, or with the document.
    Result<bool> is_registered(const CredentialFile& file, const std::string& target) const {
        CredentialFile issued = file;
        issued.path = target;
        const auto receipt = receipt_of(issued);
        if (!receipt) return receipt.error();
        if (!*receipt) return false;
        const auto key = key_of(**receipt);
        if (!key) return key.error();
        return issuer_ == nullptr || key->member == issuer_->member->number;
    }

    const Issuer* issuer_;
    std::size_t row_ = 0;
    std::set<std::string> targets_;
    Rows rows_;
};

Result<void> add_hashes(Collector& collector, const std::string& path, const std::string& out) {
    const auto text = node::read_file(path, hashes_bytes_max);
    if (!text) return text.error();
    for (std::size_t begin = 0; begin < text->size();) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        std::string line = text->substr(begin, end - begin);
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) collector.add_hash(line, out);
        begin = end + 1;
    }
    return {};
}

std::string quoted(const std::string& field) {
    if (field.find_first_of("\",\r\n") == std::string::npos) return field;
    std::string text = "\"";
    for (const char letter : field)
        text += letter == '"' ? "\"\"" : std::string(1, letter);
    return text + "\"";
}

}  // namespace

Result<Rows> read_rows(const RowSources& sources, const Issuer* issuer) {
    Collector collector(issuer);
    if (!sources.hashes.empty()) {
        const auto added = add_hashes(collector, sources.hashes, sources.out);
        if (!added) return added.error();
    }
    if (!sources.paths.empty()) {
        const auto documents = find_documents(sources.paths);
        if (!documents) return documents.error();
        for (const std::string& path : *documents)
            collector.add(path, sources.out);
    }
    return collector.take();
}

std::string errors_csv(const std::vector<RowError>& errors) {
    std::string text = "row,file,code,message\r\n";
    for (const RowError& error : errors)
        text += std::to_string(error.row) + "," + quoted(error.file) + "," + error.code + "," +
                quoted(error.message) + "\r\n";
    return text;
}

}  // namespace chancery::cli
