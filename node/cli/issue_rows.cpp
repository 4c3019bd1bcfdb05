#include "node/cli/issue_rows.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "node/cli/csv.h"
#include "node/cli/document_signer.h"
#include "node/cli/issue_table.h"
#include "node/cli/parallel.h"
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
    const json::Value* const issuer = document.find("issuer");
    const bool is_object = issuer != nullptr && issuer->as_object() != nullptr;
    return std::string(is_object ? json::text_in(*issuer, "id")
                                 : json::text_in(document, "issuer"));
}

class Collector {
public:
    Collector(const Issuer* issuer, const RowSources& sources)
        : issuer_(issuer), sources_(sources) {}

    void add(const std::string& path) {
        const std::string& out = sources_.out;
        const RowError place{.row = ++documents_, .file = path};
        const auto file = read_credential(path);
        if (!file) return refuse(row_error(place.row, path, file.error()));
        if (file->container.form == Form::compact)
            return refuse(place,
                          "invalid",
                          "is a signed text, want a JSON document, which issue signs itself");
        const auto signable = sources_.are_signed ? check_signable(file->document) : Result<void>();
        if (sources_.signer != nullptr)
            return add_compact(
                {file->document, sources_.holder_key, compact_path(path)}, place, signable);
        if (accept(*file, out_path(path, out), place, signable))
            rows_.rows.push_back(Row{
                .file = one_name(path), .out = out_path(path, out), .document_hash = file->hash});
    }

    void add_made(const MadeDocument& made, const Result<void>& signable) {
        const std::string target = one_name(fs::path(sources_.out) / made.name);
        const RowError place{.row = made.line, .file = made.table, .is_line = true};
        if (sources_.signer != nullptr)
            return add_compact({made.document, made.holder_key, target}, place, signable);
        const CredentialFile file{target, made.document, credential::document_hash(made.document)};
        if (!accept(file, target, place, signable)) return;
        rows_.rows.push_back(
            Row{.file = target,
                .out = target,
                .document = made.is_there ? std::string() : json::canonical(made.document),
                .document_hash = file.hash});
    }

    void add_hash(const std::string& text, const std::string& out, RowError place) {
        const auto hash = hash_from_hex(text);
        if (!hash) return refuse(std::move(place), "invalid", "want 64 lower-case hex digits");
        const std::string target = one_name(fs::path(out) / text);
        if (!targets_.insert(receipt_path(target)).second)
            return refuse(std::move(place), "conflict", "the same hash is there twice");
        std::error_code absent;
        if (fs::exists(receipt_path(target), absent)) {
            ++rows_.skipped;
            return;
        }
        rows_.rows.push_back(
            Row{.file = text, .out = target, .has_document = false, .document_hash = *hash});
    }

    void refuse(RowError error) { rows_.errors.push_back(std::move(error)); }

    Rows take() { return std::move(rows_); }

private:
    void refuse(RowError place, std::string_view code, const std::string& message) {
        place.code = code;
        place.message = message;
        refuse(std::move(place));
    }

    struct ToSign {
        const json::Value& document;
        const std::optional<json::Value>& holder_key;
        std::string target;
    };

    std::string compact_path(const std::string& path) const {
        return std::string(stem_of(out_path(path, sources_.out))) +
               ending_of(sources_.signer->plan().form);
    }

    // What lies there stays as it is: it may be registered, and salts are random.
    void add_compact(const ToSign& wanted, const RowError& place, const Result<void>& signable) {
        const std::string& target = wanted.target;
        const auto earlier = read_credential(target);
        if (!earlier && earlier.error().code != Errc::not_found)
            return refuse(place, name_of(earlier.error().code), earlier.error().detail);
        if (earlier && !says(*earlier, wanted))
            return refuse(place, "conflict", target + " is there and says something else");
        const CredentialFile file{target, wanted.document, earlier ? earlier->hash : Hash{}, {}};
        if (!accept(file, target, place, signable)) return;
        std::error_code absent;
        if (fs::exists(receipt_path(target), absent))
            return refuse(place, "conflict", receipt_path(target) + " is of another credential");
        Row row{.file = target, .out = target, .document_hash = file.hash};
        if (!earlier) {
            auto text = sources_.signer->sign(wanted.document, wanted.holder_key);
            if (!text) return refuse(place, name_of(text.error().code), text.error().detail);
            row.document_hash = credential::sd_jwt_document_hash(*text);  // Of a JWT the whole.
            row.document = *std::move(text);
        }
        rows_.rows.push_back(std::move(row));
    }

    static bool says(const CredentialFile& file, const ToSign& wanted) {
        if (file.container.form != Form::compact) return false;
        const json::Value* const confirmation = file.document.find("cnf");
        const json::Value* const bound =
            confirmation == nullptr ? nullptr : confirmation->find("jwk");
        const bool has_same_holder = bound == nullptr
                                         ? !wanted.holder_key
                                         : wanted.holder_key && *bound == *wanted.holder_key;
        return has_same_holder && credential::document_hash(document_within(file)) ==
                                      credential::document_hash(wanted.document);
    }

    // Whether it is to be registered; if not, it was counted or refused.
    bool accept(const CredentialFile& file,
                const std::string& target,
                const RowError& place,
                const Result<void>& signable) {
        if (const std::string wrong = issuer_mismatch(file.document); !wrong.empty()) {
            refuse(place, "issuer_mismatch", wrong);
            return false;
        }
        // One receipt beside ana.json and ana.png: the second would take the first one's place.
        if (!targets_.insert(receipt_path(target)).second) {
            refuse(place, "conflict", "another document goes to " + target);
            return false;
        }
        const Result<bool> is_there = is_registered(file, target);
        if (!is_there)
            refuse(place, name_of(is_there.error().code), is_there.error().detail);
        else if (*is_there)
            ++rows_.skipped;
        if (!is_there || *is_there) return false;
        auto good = signable;
        if (good) good = check_place(file.document);
        if (good && issuer_ != nullptr) good = check_present(file.document, *issuer_->member);
        if (!good) refuse(place, name_of(good.error().code), good.error().detail);
        return bool(good);
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

    // One place in a status list is one credential's, or revoking the one would revoke the other.
    Result<void> check_place(const json::Value& document) {
        const auto entries = credential::status_entries_of(document);
        if (!entries) return entries.error();
        for (const StatusRegister& one : sources_.registers) {
            const auto index = one.index_in(document);
            if (!index) return index.error();
            if (!*index) continue;
            if (!one.is_free(**index) || !places_.emplace(one.name(), **index).second)
                return Error{Errc::conflict,
                             "/credentialStatus: index " + std::to_string(**index) + " of list " +
                                 one.name() + " is another credential's"};
        }
        return {};
    }

    const Issuer* issuer_;
    const RowSources& sources_;
    std::set<std::pair<std::string, std::size_t>> places_;
    std::size_t documents_ = 0;
    std::set<std::string> targets_;
    Rows rows_;
};

Result<void> add_hashes(Collector& collector, const RowSources& sources) {
    const auto text = node::read_file(sources.hashes, hashes_bytes_max);
    if (!text) return text.error();
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < text->size(); ++number) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        std::string line = text->substr(begin, end - begin);
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty())
            collector.add_hash(line,
                               sources.out,
                               RowError{.row = number, .file = sources.hashes, .is_line = true});
        begin = end + 1;
    }
    return {};
}

Result<void> add_tables(Collector& collector,
                        const std::vector<std::string>& tables,
                        const RowSources& sources,
                        const Issuer* issuer) {
    if (tables.empty()) return {};
    const auto maker = DocumentMaker::open(sources, issuer == nullptr ? nullptr : issuer->member);
    if (!maker) return maker.error();
    for (const std::string& table : tables) {
        auto made = maker->make(table);
        if (!made) return made.error();
        for (RowError& error : made->errors)
            collector.refuse(std::move(error));
        const std::vector<MadeDocument>& documents = made->documents;
        std::vector<Result<void>> signable(documents.size());
        if (sources.are_signed)
            on_all_processors(documents.size(), [&](std::size_t i) {
                signable[i] = check_signable(documents[i].document);
            });
        for (std::size_t i = 0; i < documents.size(); ++i)
            collector.add_made(documents[i], signable[i]);
    }
    return {};
}

}  // namespace

bool is_table(std::string_view path) { return path.ends_with(".csv"); }

std::string text_of(const RowError& error) {
    const std::string line = error.is_line ? ":" + std::to_string(error.row) : std::string();
    return error.file + line + ": " + error.message;
}

json::Value json_of(const RowError& error) {
    return json::Object{
        {"row", error.row}, {"file", error.file}, {"code", error.code}, {"message", error.message}};
}

Error error_of(const RowError& error) {
    for (const Errc code :
         {Errc::invalid, Errc::not_found, Errc::conflict, Errc::forbidden, Errc::corrupt, Errc::io})
        if (name_of(code) == error.code) return Error{code, text_of(error)};
    return Error{Errc::forbidden, text_of(error)};
}

RowError row_error(std::size_t row, const std::string& file, const Error& error) {
    std::string message = error.detail;
    if (message.starts_with(file + ": ")) message.erase(0, file.size() + 2);
    return RowError{row, file, std::string(name_of(error.code)), message};
}

RowError line_error(const std::string& table, std::size_t line, const Error& error) {
    return RowError{line, table, std::string(name_of(error.code)), error.detail, true};
}

Result<Rows> read_rows(const RowSources& sources, const Issuer* issuer) {
    Collector collector(issuer, sources);
    if (!sources.hashes.empty()) {
        const auto added = add_hashes(collector, sources);
        if (!added) return added.error();
    }
    std::vector<std::string> tables;
    std::vector<std::string> others;
    for (const std::string& path : sources.paths)
        (is_table(path) ? tables : others).push_back(path);
    if (!others.empty()) {
        const auto documents = find_documents(others);
        if (!documents) return documents.error();
        for (const std::string& path : *documents)
            collector.add(path);
    }
    if (const auto added = add_tables(collector, tables, sources, issuer); !added)
        return added.error();
    return collector.take();
}

std::string errors_csv(const std::vector<RowError>& errors) {
    std::string text = "row,file,code,message\r\n";
    for (const RowError& error : errors)
        text += std::to_string(error.row) + "," + csv_field(error.file) + "," + error.code + "," +
                csv_field(error.message) + "\r\n";
    return text;
}

}  // namespace chancery::cli
