#include "node/cli/credential_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <span>

#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/credential/compact_form.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 1> document_endings = {".json"};
constexpr std::array<std::string_view, 5> credential_endings = {
    ".json", ".jwt", ".sd-jwt", ".png", ".svg"};
constexpr std::string_view status_ending = ".status.json";
constexpr json::Limits document_limits{.bytes_max = document_bytes_max, .elements_max = 100'000};

Result<std::string> read_stdin() {
    std::string text;
    std::copy_n(std::istreambuf_iterator<char>(std::cin), 0, std::back_inserter(text));
    std::istreambuf_iterator<char> next(std::cin);
    for (; next != std::istreambuf_iterator<char>() && text.size() <= container_bytes_max; ++next)
        text += *next;
    return text;
}

// What documents are known by in a folder; credentials by one of credential_endings.
using Endings = std::span<const std::string_view>;

// Its place among the endings; how many there are if it has none of them.
std::size_t rank_of(std::string_view name, Endings endings) {
    const auto has = [name](std::string_view ending) { return name.ends_with(ending); };
    return static_cast<std::size_t>(std::ranges::find_if(endings, has) - endings.begin());
}

// A picture may be one and no more.
bool is_mere_picture(const std::string& path) {
    if (!path.ends_with(".png") && !path.ends_with(".svg")) return false;
    auto bytes = node::read_file(path, container_bytes_max);
    return !bytes || !open_container(*std::move(bytes));
}

Result<void> add_folder(const std::string& folder,
                        Endings endings,
                        std::vector<std::string>& found) {
    std::error_code error;
    std::map<std::string, std::string> by_stem;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string path = entry->path().string();
        const std::size_t rank = rank_of(path, endings);
        if (rank == endings.size() || !entry->is_regular_file() || path.ends_with(status_ending) ||
            entry->path().filename().string().starts_with("."))
            continue;
        std::string& chosen = by_stem[std::string(stem_of(path))];
        const bool is_first = chosen.empty() || rank < rank_of(chosen, endings);
        if (is_first && !is_mere_picture(path)) chosen = path;
    }
    if (error) return Error{Errc::io, folder + ": " + error.message()};
    const std::size_t before = found.size();
    for (auto& [stem, path] : by_stem)
        if (!path.empty()) found.push_back(std::move(path));
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(before), found.end());
    return {};
}

Result<std::vector<std::string>> find(const std::vector<std::string>& paths, Endings endings) {
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::exists(path, error))
            return Error{Errc::not_found, path + ": No such file or directory"};
        if (!fs::is_directory(path, error)) {
            found.push_back(path);
            continue;
        }
        if (const auto added = add_folder(path, endings, found); !added) return added.error();
    }
    if (found.empty()) {
        std::string wanted;
        for (const std::string_view ending : endings)
            wanted += (wanted.empty() ? "" : ", ") + std::string(ending);
        return Error{Errc::invalid, "no " + wanted + " document in " + paths.front()};
    }
    std::vector<std::string> sorted = found;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
        return Error{Errc::invalid, *twice + " is named twice"};
    return found;
}

bool fits(const credential::Receipt& receipt, const Hash& document_hash) {
    const auto entry = ledger::decode(receipt.entry);
    if (!entry) return false;
    const auto* record = std::get_if<ledger::CredentialEntry>(&*entry);
    return record != nullptr &&
           record->commitment == credential::commitment(receipt.salt, document_hash);
}

Result<CredentialFile> json_file(const Container& container) {
    auto document = json::parse(container.text, document_limits);
    if (!document) return document.error();
    if (document->as_object() == nullptr) return Error{Errc::invalid, "document is no JSON object"};
    CredentialFile file;
    file.hash = credential::document_hash(*document);
    file.document = *std::move(document);
    return file;
}

Result<CredentialFile> compact_file(const Container& container) {
    auto read = credential::read_compact_form(container.text);
    if (!read) return read.error();
    CredentialFile file;
    file.hash = credential::sd_jwt_document_hash(container.text);  // Of a JWT the whole.
    file.document = std::move(read->document);
    return file;
}

// What is to stand in the file once there is a receipt.
Result<std::string> content_with(const CredentialFile& file,
                                 json::Value document,
                                 const credential::Receipt& receipt) {
    if (file.container.form == Form::compact) return filled(file.container, file.container.text);
    if (const auto embedded = credential::embed(document, receipt); !embedded)
        return embedded.error();
    return filled(file.container, json::pretty(document));
}

}  // namespace

std::string receipt_path(const std::string& document_path) {
    return std::string(stem_of(document_path)) + ".tlog-proof";
}
std::string status_path(const std::string& document_path) {
    return std::string(stem_of(document_path)) + std::string(status_ending);
}

Result<CredentialFile> read_credential(const std::string& path) {
    auto bytes = path == "-" ? read_stdin() : node::read_file(path, container_bytes_max);
    if (!bytes) return bytes.error();
    return credential_in(*std::move(bytes), path);
}

Result<CredentialFile> credential_in(std::string content, const std::string& path) {
    auto container = open_container(std::move(content));
    if (!container) return Error{Errc::invalid, path + ": " + container.error().detail};
    auto file = container->form == Form::compact ? compact_file(*container) : json_file(*container);
    if (!file) return Error{Errc::invalid, path + ": " + file.error().detail};
    file->path = path;
    file->container = *std::move(container);
    return file;
}

Result<std::vector<std::string>> find_documents(const std::vector<std::string>& paths) {
    return find(paths, document_endings);
}

Result<std::vector<std::string>> find_credentials(const std::vector<std::string>& paths) {
    return find(paths, credential_endings);
}

Result<std::optional<credential::Receipt>> any_receipt_beside(const std::string& path) {
    using Found = std::optional<credential::Receipt>;
    if (path == "-") return Found();
    const auto text = node::read_file(receipt_path(path), credential::receipt_bytes_max);
    if (!text && text.error().code == Errc::not_found) return Found();
    if (!text) return text.error();
    auto receipt = credential::parse_receipt(*text);
    if (!receipt) return Error{Errc::invalid, receipt_path(path) + ": " + receipt.error().detail};
    return Found(*std::move(receipt));
}

Result<std::optional<credential::Receipt>> receipt_of(const CredentialFile& file) {
    if (file.path != "-") {
        const auto text = node::read_file(receipt_path(file.path), credential::receipt_bytes_max);
        if (!text && text.error().code != Errc::not_found) return text.error();
        if (text) {
            auto beside = receipt_beside(file, *text, receipt_path(file.path));
            if (!beside || *beside) return beside;
        }
    }
    return receipt_within(file);
}

Result<std::optional<credential::Receipt>> receipt_beside(const CredentialFile& file,
                                                          std::string_view text,
                                                          const std::string& name) {
    auto receipt = credential::parse_receipt(text);
    if (!receipt) return Error{Errc::invalid, name + ": " + receipt.error().detail};
    if (!fits(*receipt, file.hash)) return std::optional<credential::Receipt>();
    return std::optional(*std::move(receipt));
}

Result<std::optional<credential::Receipt>> receipt_within(const CredentialFile& file) {
    using Found = std::optional<credential::Receipt>;
    auto embedded = credential::receipts_in(file.document);
    if (!embedded) return embedded.error();
    for (credential::Receipt& receipt : *embedded)
        if (fits(receipt, file.hash)) return Found(std::move(receipt));
    return Found();
}

Result<CredentialKey> key_of(const credential::Receipt& receipt) {
    const auto entry = ledger::decode(receipt.entry);
    if (!entry) return Error{Errc::invalid, "receipt's entry: " + entry.error().detail};
    const auto* record = std::get_if<ledger::CredentialEntry>(&*entry);
    if (record == nullptr) return Error{Errc::invalid, "receipt's entry is no credential's"};
    return CredentialKey{record->member, record->commitment};
}

std::string random_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    keystore::fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
    std::string text = to_hex(bytes);
    for (const std::size_t place : {20U, 16U, 12U, 8U})
        text.insert(place, "-");
    return text;
}

Result<void> write_receipt(const std::string& path, const credential::Receipt& receipt) {
    return node::replace_file(receipt_path(path), credential::to_text(receipt), node::private_mode);
}

Result<void> add_receipt(node::StagedFiles& files,
                         const std::string& path,
                         const credential::Receipt& receipt) {
    return files.replace(receipt_path(path), credential::to_text(receipt), node::private_mode);
}

Result<void> add_status(node::StagedFiles& files,
                        const std::string& path,
                        const credential::StatusProof& status) {
    return files.replace(status_path(path), credential::to_text(status) + "\n", node::public_mode);
}

Result<void> add_issued(node::StagedFiles& files,
                        const CredentialFile& file,
                        json::Value document,
                        const credential::Receipt& receipt,
                        const credential::StatusProof& status) {
    const auto content = content_with(file, std::move(document), receipt);
    if (!content) return Error{Errc::invalid, file.path + ": " + content.error().detail};
    // The receipt first: it holds the salt, without which the rest proves nothing.
    if (const auto added = add_receipt(files, file.path, receipt); !added) return added;
    if (const auto added = add_status(files, file.path, status); !added) return added;
    return files.replace(file.path, *content, node::private_mode);
}

}  // namespace chancery::cli
