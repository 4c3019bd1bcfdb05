// W3C status lists: one bit for each credential of an issuer, in a credential that the issuer
// signs, so that verifiers who know of no registry see a revocation.
//
//     encodedList = "u" ‖ base64url(gzip(bits)), index 0 in the highest bit of the first byte
//
// Whoever fetches a list tells nobody which credential it is about.
// Source: W3C Bitstring Status List 1.0, sections 2 and 3.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/json/value.h"

namespace chancery::credential {

// The least that the specification allows: fewer would tell whom a verifier looks at.
inline constexpr std::uint32_t status_list_bits = 131'072;
inline constexpr std::size_t status_list_bytes_max = std::size_t{1} << 20;  // Unpacked.

class StatusBits {
public:
    explicit StatusBits(std::size_t bits = status_list_bits) : bytes_(bits / 8) {}

    std::size_t size() const { return bytes_.size() * 8; }
    bool at(std::size_t index) const;  // index < size()
    void set(std::size_t index, bool value = true);
    std::size_t count() const;  // Of those that are set.
    bool operator==(const StatusBits&) const = default;

    // The first that is set here and not in `newer`, which has as many. CHECKs that.
    std::optional<std::size_t> first_cleared_in(const StatusBits& newer) const;

    std::string encode() const;
    // Errc::invalid with the reason: its form, fewer than status_list_bits, more than 1 MiB.
    static Result<StatusBits> decode(std::string_view encoded);

private:
    Bytes bytes_;
};

enum class StatusPurpose : std::uint8_t { revocation, suspension };
std::string_view name_of(StatusPurpose purpose);  // "revocation", "suspension"

struct StatusListText {
    std::string url;
    std::string issuer;  // DID.
    StatusPurpose purpose = StatusPurpose::revocation;
    std::string valid_from;
};

// Without proof.
json::Value status_list_credential(const StatusListText& text, const StatusBits& bits);

// What credentialStatus says of one list.
struct StatusListEntry {
    StatusPurpose purpose = StatusPurpose::revocation;
    std::size_t index = 0;
    std::string list;  // URL.
    bool operator==(const StatusListEntry&) const = default;
};
json::Value to_json(const StatusListEntry& entry);

// Those of a document, in its order; of other types and purposes none. Errc::invalid with a JSON
// pointer for one that cannot be read.
Result<std::vector<StatusListEntry>> status_entries_of(const json::Value& document);

// The bits of a list credential, whose signature is for the caller to check. Errc::invalid unless
// it is the list of this URL and purpose, with one bit a credential.
Result<StatusBits> bits_of_list(const json::Value& list,
                                std::string_view url,
                                StatusPurpose purpose);

}  // namespace chancery::credential
