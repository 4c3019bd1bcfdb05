// Reads the members of one JSON object by name and type, remembering the first thing wrong.
//
//     Fields fields(value);
//     const std::string slug = fields.string("slug");
//     const std::uint64_t from = fields.integer("from");
//     if (auto wrong = fields.finish()) return *wrong;      // also names what nobody asked for
#pragma once

#include <optional>
#include <set>

#include "crypto/base/bytes.h"
#include "crypto/json/value.h"

namespace chancery::json {

class Fields {
public:
    // `where`: a JSON pointer to the object, for messages: "/members/0".
    explicit Fields(const Value& object, std::string where = "");

    std::string string(std::string_view name);
    std::uint64_t integer(std::string_view name);  // Not negative.
    std::optional<std::uint64_t> integer_or_null(std::string_view name);
    bool boolean(std::string_view name);
    Hash hash(std::string_view name);  // 64 hex digits.
    Bytes base64(std::string_view name);
    const Array& array(std::string_view name);
    const Value& any(std::string_view name);

    // The member if it is there; nullptr (and no error) if not.
    const Value* optional(std::string_view name);

    // "/members/0/slug", for nested Fields.
    std::string pointer(std::string_view name) const;

    // Errc::invalid with pointer, got and want, or for a member never asked for.
    std::optional<Error> finish() const;

    // The same but for members never asked for, whose names may be a stranger's to choose.
    const std::optional<Error>& first_wrong() const { return first_wrong_; }

private:
    const Value* take(std::string_view name, std::string_view want);
    void wrong(std::string_view name, std::string detail);
    void wrong_type(std::string_view name, const Value& got, std::string_view want);

    const Value& object_;
    std::string where_;
    std::set<std::string, std::less<>> asked_;
    std::optional<Error> first_wrong_;
};

}  // namespace chancery::json
