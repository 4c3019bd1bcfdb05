#include "crypto/credential/status_list.h"

#include <algorithm>
#include <array>
#include <bit>

#include "crypto/base/check.h"
#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/base/gzip.h"
#include "crypto/json/members.h"

namespace chancery::credential {
namespace {

constexpr std::string_view credentials_context = "https://www.w3.org/ns/credentials/v2";
constexpr std::string_view entry_type = "BitstringStatusListEntry";
constexpr std::string_view list_type = "BitstringStatusList";
constexpr std::string_view list_credential_type = "BitstringStatusListCredential";
constexpr std::size_t encoded_characters_max = 2 * status_list_bytes_max;

std::optional<StatusPurpose> purpose_named(std::string_view name) {
    for (const StatusPurpose purpose : {StatusPurpose::revocation, StatusPurpose::suspension})
        if (name_of(purpose) == name) return purpose;
    return std::nullopt;
}

bool is_one(const json::Value& value) {
    return value.as_integer() != nullptr && *value.as_integer() == 1;
}

Error wrong(const std::string& where, std::string_view what) {
    return {Errc::invalid, where + ": " + std::string(what)};
}

// nullopt: of another type or purpose, which says nothing here.
Result<std::optional<StatusListEntry>> parse_entry(const json::Value& value,
                                                   const std::string& where) {
    using Parsed = std::optional<StatusListEntry>;
    if (value.as_object() == nullptr) return wrong(where, "not an object");
    if (!json::has_type(value, entry_type)) return Parsed();
    const std::string* const purpose = json::string_in(value, "statusPurpose");
    if (purpose == nullptr) return wrong(where + "/statusPurpose", "want a text");
    const auto known = purpose_named(*purpose);
    if (!known) return Parsed();
    const std::string* const index = json::string_in(value, "statusListIndex");
    const auto number = index == nullptr ? Result<std::uint64_t>(Error{}) : from_decimal(*index);
    if (!number || *number >= status_list_bytes_max * 8)
        return wrong(where + "/statusListIndex", "want a decimal number, as a text");
    const std::string* const list = json::string_in(value, "statusListCredential");
    if (list == nullptr || list->empty())
        return wrong(where + "/statusListCredential", "want a URL");
    if (const json::Value* const size = value.find("statusSize"); size != nullptr && !is_one(*size))
        return wrong(where + "/statusSize", "want 1: one bit says revoked or not");
    return Parsed(StatusListEntry{*known, static_cast<std::size_t>(*number), *list});
}

}  // namespace

bool StatusBits::at(std::size_t index) const {
    CHECK(index < size());
    return (bytes_[index / 8] & (0x80U >> (index % 8))) != 0;
}

void StatusBits::set(std::size_t index, bool value) {
    CHECK(index < size());
    const auto bit = static_cast<std::uint8_t>(0x80U >> (index % 8));
    std::uint8_t& byte = bytes_[index / 8];
    byte = static_cast<std::uint8_t>(value ? byte | bit : byte & ~bit);
}

std::size_t StatusBits::count() const {
    std::size_t set = 0;
    for (const std::uint8_t byte : bytes_)
        set += static_cast<std::size_t>(std::popcount(byte));
    return set;
}

std::optional<std::size_t> StatusBits::first_cleared_in(const StatusBits& newer) const {
    CHECK(newer.size() == size());
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        const auto cleared = static_cast<std::uint8_t>(bytes_[i] & ~newer.bytes_[i]);
        if (cleared != 0) return i * 8 + static_cast<std::size_t>(std::countl_zero(cleared));
    }
    return std::nullopt;
}

std::string StatusBits::encode() const { return "u" + to_base64url(to_gzip(bytes_)); }

Result<StatusBits> StatusBits::decode(std::string_view encoded) {
    if (!encoded.starts_with('u')) return Error{Errc::invalid, "want u and base64url"};
    if (encoded.size() > encoded_characters_max)
        return Error{Errc::invalid,
                     std::to_string(encoded.size()) + " characters, want at most " +
                         std::to_string(encoded_characters_max)};
    const auto packed = from_base64url(encoded.substr(1));
    if (!packed) return Error{Errc::invalid, "not base64url: " + packed.error().detail};
    auto bytes = from_gzip(*packed, status_list_bytes_max);
    if (!bytes) return bytes.error();
    if (bytes->size() * 8 < status_list_bits)
        return Error{Errc::invalid,
                     std::to_string(bytes->size() * 8) + " bits, want at least " +
                         std::to_string(status_list_bits)};
    StatusBits bits(0);
    bits.bytes_ = *std::move(bytes);
    return bits;
}

std::string_view name_of(StatusPurpose purpose) {
    return purpose == StatusPurpose::revocation ? "revocation" : "suspension";
}

json::Value status_list_credential(const StatusListText& text, const StatusBits& bits) {
    return json::Object{
        {"@context", json::Array{std::string(credentials_context)}},
        {"id", text.url},
        {"type", json::Array{"VerifiableCredential", std::string(list_credential_type)}},
        {"issuer", text.issuer},
        {"validFrom", text.valid_from},
        {"credentialSubject",
         json::Object{{"id", text.url + "#list"},
                      {"type", std::string(list_type)},
                      {"statusPurpose", std::string(name_of(text.purpose))},
                      {"encodedList", bits.encode()}}}};
}

json::Value to_json(const StatusListEntry& entry) {
    const std::string index = std::to_string(entry.index);
    return json::Object{{"id", entry.list + "#" + index},
                        {"type", std::string(entry_type)},
                        {"statusPurpose", std::string(name_of(entry.purpose))},
                        {"statusListIndex", index},
                        {"statusListCredential", entry.list}};
}

Result<std::vector<StatusListEntry>> status_entries_of(const json::Value& document) {
    std::vector<StatusListEntry> entries;
    const json::Value* const status = document.find("credentialStatus");
    if (status == nullptr) return entries;
    const bool is_array = status->as_array() != nullptr;
    std::size_t number = 0;
    for (const json::Value& one : json::one_or_several(*status)) {
        const std::string where =
            "/credentialStatus" + (is_array ? "/" + std::to_string(number++) : std::string());
        const auto entry = parse_entry(one, where);
        if (!entry) return entry.error();
        if (*entry) entries.push_back(**entry);
    }
    return entries;
}

Result<StatusBits> bits_of_list(const json::Value& list,
                                std::string_view url,
                                StatusPurpose purpose) {
    const std::string* const id = json::string_in(list, "id");
    if (id == nullptr || *id != url) return wrong("/id", "is another list's");
    if (!json::has_type(list, list_credential_type)) return wrong("/type", "is no status list");
    const json::Value* const subject = list.find("credentialSubject");
    if (subject == nullptr || subject->as_object() == nullptr)
        return wrong("/credentialSubject", "want an object");
    if (!json::has_type(*subject, list_type))
        return wrong("/credentialSubject/type", "is no status list");
    const std::string* const named = json::string_in(*subject, "statusPurpose");
    if (named == nullptr || *named != name_of(purpose))
        return wrong("/credentialSubject/statusPurpose",
                     "is another, want " + std::string(name_of(purpose)));
    if (const json::Value* const size = subject->find("statusSize");
        size != nullptr && !is_one(*size))
        return wrong("/credentialSubject/statusSize", "want 1");
    const std::string* const encoded = json::string_in(*subject, "encodedList");
    if (encoded == nullptr) return wrong("/credentialSubject/encodedList", "want a text");
    auto bits = StatusBits::decode(*encoded);
    if (!bits) return wrong("/credentialSubject/encodedList", bits.error().detail);
    return bits;
}

}  // namespace chancery::credential
