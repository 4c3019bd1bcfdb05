#include "crypto/json/parse.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <nlohmann/json.hpp>

namespace chancery::json {
namespace {

// A character of the text that tells how far the lexer has read.
class Cursor {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Cursor(const char* at, const char*& furthest) : at_(at), furthest_(&furthest) {}

    reference operator*() const { return *at_; }
    Cursor& operator++() {
        *furthest_ = ++at_;
        return *this;
    }
    Cursor operator++(int) {
        Cursor before = *this;
        ++*this;
        return before;
    }
    bool operator==(const Cursor& other) const { return at_ == other.at_; }

private:
    const char* at_;
    const char** furthest_;
};

bool names_are_unique(const Object& members) {
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const Member& member : members)
        names.push_back(member.name);
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) == names.end();
}

// Takes the parser's events and builds the value. An event that returns false ends the parsing,
// with refusal() saying why.
class Builder {
public:
    using Library = nlohmann::json;

    explicit Builder(const Limits& limits) : limits_(limits) {}

    bool null() { return add(Value()); }
    bool boolean(bool value) { return add(Value(value)); }

    // Called for integer literals with a minus only.
    bool number_integer(Library::number_integer_t value) {
        if (value == 0) return refuse("-0");
        if (value < -integer_max) return refuse("an integer below -(2^53 - 1)");
        return add(Value(std::int64_t{value}));
    }

    bool number_unsigned(Library::number_unsigned_t value) {
        if (value > static_cast<std::uint64_t>(integer_max)) {
            return refuse("an integer above 2^53 - 1");
        }
        return add(Value(std::uint64_t{value}));
    }

    // Also called for integer literals beyond 64 bits.
    bool number_float(Library::number_float_t value, const Library::string_t& literal) {
        if (literal.find_first_of(".eE") == std::string::npos) {
            return refuse("an integer beyond 2^53 - 1");
        }
        if (!std::isfinite(value)) return refuse("a number that overflows a double");
        if (value == 0 && std::signbit(value)) return refuse("-0");
        return add(Value::fraction(value));
    }

    bool string(Library::string_t& value) {
        if (value.find('\0') != std::string::npos) return refuse("a NUL in a string");
        return add(Value(std::move(value)));
    }

    bool binary(Library::binary_t&) { return refuse("binary data"); }

    bool start_object(std::size_t) { return open(Value(Object{})); }
    bool start_array(std::size_t) { return open(Value(Array{})); }

    bool key(Library::string_t& name) {
        if (name.find('\0') != std::string::npos) return refuse("a NUL in a name");
        Object* members = open_.back().as_object();
        CHECK(members != nullptr);
        members->push_back(Member{std::move(name), Value()});
        return true;
    }

    bool end_object() {
        if (!names_are_unique(*open_.back().as_object())) {
            return refuse("an object that ends here has a name twice");
        }
        close();
        return true;
    }

    bool end_array() {
        close();
        return true;
    }

    bool parse_error(std::size_t, const std::string&, const Library::exception& error) {
        constexpr int number_overflow = 406;
        return refuse(error.id == number_overflow ? "a number that overflows a double"
                                                  : "what follows is no JSON");
    }

    const std::string& refusal() const { return refusal_; }
    Value take() { return std::move(root_); }

private:
    bool refuse(std::string what) {
        refusal_ = std::move(what);
        return false;
    }

    bool count() {
        ++elements_;
        return elements_ <= limits_.elements_max ||
               refuse("more than " + std::to_string(limits_.elements_max) + " values");
    }

    bool add(Value value) {
        if (!count()) return false;
        attach(std::move(value));
        return true;
    }

    bool open(Value container) {
        if (!count()) return false;
        if (open_.size() >= limits_.depth_max) {
            return refuse("deeper than " + std::to_string(limits_.depth_max) + " levels");
        }
        open_.push_back(std::move(container));
        return true;
    }

    void close() {
        Value closed = std::move(open_.back());
        open_.pop_back();
        attach(std::move(closed));
    }

    void attach(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (Array* elements = open_.back().as_array()) {
            elements->push_back(std::move(value));
        } else {
            open_.back().as_object()->back().value = std::move(value);
        }
    }

    Limits limits_;
    std::size_t elements_ = 0;
    std::vector<Value> open_;  // The containers around the next value, outermost first.
    Value root_;
    std::string refusal_;
};

Error refused_at(std::size_t offset, std::string_view what) {
    return Error{Errc::invalid, "JSON, byte " + std::to_string(offset) + ": " + std::string(what)};
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
    if (text.size() > limits.bytes_max) {
        return Error{Errc::invalid,
                     "JSON of " + std::to_string(text.size()) + " bytes, at most " +
                         std::to_string(limits.bytes_max)};
    }
    if (text.starts_with("\xef\xbb\xbf")) return refused_at(0, "a byte order mark");
    // The lexer takes a NUL for the end of its input.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return refused_at(nul, "a NUL");
    }
    if (text.empty()) return refused_at(0, "an empty document");

    const char* furthest = text.data();
    Builder builder(limits);
    const bool parsed = nlohmann::json::sax_parse(
        Cursor(text.data(), furthest), Cursor(text.data() + text.size(), furthest), &builder);
    if (!parsed) {
        return refused_at(static_cast<std::size_t>(furthest - text.data()), builder.refusal());
    }
    return builder.take();
}

}  // namespace chancery::json
