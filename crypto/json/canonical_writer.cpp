#include "crypto/json/canonical_writer.h"

#include "crypto/base/check.h"
#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"

namespace chancery::json {

// Every value ends in another character than those that a value may follow.
void CanonicalWriter::separate() {
    if (written_.empty()) return;
    const char last = written_.back();
    if (last != '{' && last != '[' && last != ':') written_.push_back(',');
}

CanonicalWriter& CanonicalWriter::begin_object() {
    separate();
    written_.push_back('{');
    last_names_.emplace_back();
    return *this;
}

CanonicalWriter& CanonicalWriter::end_object() {
    CHECK(!last_names_.empty());
    last_names_.pop_back();
    written_.push_back('}');
    return *this;
}

CanonicalWriter& CanonicalWriter::begin_array() {
    separate();
    written_.push_back('[');
    return *this;
}

CanonicalWriter& CanonicalWriter::end_array() {
    written_.push_back(']');
    return *this;
}

CanonicalWriter& CanonicalWriter::name(std::string_view name) {
    CHECK(!last_names_.empty() && last_names_.back() < name);
    last_names_.back() = name;
    text(name);
    written_.push_back(':');
    return *this;
}

CanonicalWriter& CanonicalWriter::text(std::string_view value) {
    separate();
    append_string(value, written_);
    return *this;
}

CanonicalWriter& CanonicalWriter::hex(ByteView value) {
    separate();
    written_.push_back('"');
    append_hex(value, written_);
    written_.push_back('"');
    return *this;
}

CanonicalWriter& CanonicalWriter::base64(ByteView value) {
    separate();
    written_.push_back('"');
    append_base64(value, written_);
    written_.push_back('"');
    return *this;
}

CanonicalWriter& CanonicalWriter::integer(std::uint64_t value) {
    CHECK(value <= static_cast<std::uint64_t>(integer_max));
    separate();
    written_ += std::to_string(value);
    return *this;
}

CanonicalWriter& CanonicalWriter::null() {
    separate();
    written_ += "null";
    return *this;
}

std::string CanonicalWriter::take() {
    CHECK(last_names_.empty());
    return std::move(written_);
}

}  // namespace chancery::json
