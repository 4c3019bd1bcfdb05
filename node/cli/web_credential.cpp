#include "node/cli/web_credential.h"

#include "node/cli/credential_file.h"

namespace chancery::cli {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// The usual mistake: the page that shows a badge, instead of the badge.
bool is_web_page(std::string_view bytes) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of(blanks), bytes.size()));
    std::string begin(bytes.substr(0, 14));
    for (char& c : begin)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return begin.starts_with("<!doctype html") || begin.starts_with("<html");
}

Result<std::string> fetch_part(const std::string& address, WebReach reach, std::size_t bytes_max) {
    reach.bytes_max = bytes_max;
    return fetch_web(address, reach);
}

// Where nothing lies, there is nothing beside it.
Result<std::optional<std::string>> fetch_beside(const std::string& address,
                                                const WebReach& reach,
                                                std::size_t bytes_max) {
    auto text = fetch_part(address, reach, bytes_max);
    if (text) return std::optional(*std::move(text));
    if (text.error().code == Errc::not_found) return std::optional<std::string>();
    return text.error();
}

// An address with a query, or without an ending that is known, has nothing beside it.
bool has_a_place_beside(const std::string& address) {
    return address.find('?') == std::string::npos && stem_of(address).size() < address.size();
}

Result<std::optional<credential::Receipt>> receipt_for(const CredentialFile& file,
                                                       const WebReach& reach) {
    auto within = receipt_within(file);
    if (!within || *within || !has_a_place_beside(file.path)) return within;
    const std::string place = receipt_path(file.path);
    const auto text = fetch_beside(place, reach, credential::receipt_bytes_max);
    if (!text) return text.error();
    if (!*text) return within;
    return receipt_beside(file, **text, place);
}

Result<std::optional<credential::StatusProof>> status_for(const std::string& address,
                                                          const WebReach& reach) {
    using Found = std::optional<credential::StatusProof>;
    if (!has_a_place_beside(address)) return Found();
    const std::string place = status_path(address);
    const auto text = fetch_beside(place, reach, credential::status_proof_bytes_max);
    if (!text) return text.error();
    if (!*text) return Found();
    auto proof = credential::parse_status_proof(**text);
    if (!proof) return Error{Errc::invalid, place + ": " + proof.error().detail};
    return Found(*std::move(proof));
}

}  // namespace

Result<credential::Evidence> evidence_at(const WebCredential& wanted,
                                         const WebReach& reach,
                                         std::uint64_t now_s) {
    const std::string address = wanted.address.substr(0, wanted.address.find('#'));
    auto bytes = fetch_part(address, reach, container_bytes_max);
    if (!bytes) return bytes.error();
    if (is_web_page(*bytes))
        return Error{Errc::invalid,
                     address + ": is a web page, want the address of the credential itself"};
    auto file = credential_in(*std::move(bytes), address);
    if (!file) return file.error();
    auto receipt = receipt_for(*file, reach);
    if (!receipt) return receipt.error();
    credential::Evidence evidence;
    if (wanted.wants_status) {
        auto status = status_for(address, reach);
        if (!status) return status.error();
        evidence.status = *std::move(status);
    }
    evidence.jwt = file->jwt();
    evidence.document = std::move(file->document);
    evidence.receipt = *std::move(receipt);
    evidence.now_s = now_s;
    return evidence;
}

}  // namespace chancery::cli
