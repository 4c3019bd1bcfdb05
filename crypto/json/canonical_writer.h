// Writes canonical JSON as it goes: for answers made by the thousand, without a document in memory
// first. What it writes is what canonical() writes of the same document.
//
//     CanonicalWriter out;
//     out.begin_object().name("index").integer(7).name("path").begin_array();
//     out.hex(hash).end_array().end_object();              {"index":7,"path":["…"]}
//
// Source: RFC 8785.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"

namespace chancery::json {

class CanonicalWriter {
public:
    CanonicalWriter& begin_object();
    CanonicalWriter& end_object();
    CanonicalWriter& begin_array();
    CanonicalWriter& end_array();

    // ASCII, and CHECKed to stand after the names before it; valid until the object ends.
    CanonicalWriter& name(std::string_view name);

    CanonicalWriter& text(std::string_view value);  // UTF-8.
    CanonicalWriter& hex(ByteView value);
    CanonicalWriter& base64(ByteView value);
    CanonicalWriter& integer(std::uint64_t value);  // CHECKs value <= integer_max.
    CanonicalWriter& null();

    void reserve(std::size_t bytes) { written_.reserve(bytes); }
    std::string take();  // CHECKs that every object has ended.

private:
    void separate();

    std::string written_;
    std::vector<std::string_view> last_names_;  // Of each object that is open.
};

}  // namespace chancery::json
