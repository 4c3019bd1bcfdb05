// A value, or the reason why there is none.
//
// Result<T> has the names of std::expected, which neither g++ 12 nor clang 14 offers in C++20:
//
//     const Result<Tile> tile = read_tile(3);
//     if (!tile) return tile.error();
//     use(*tile);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "crypto/base/check.h"

namespace chancery {

// What the caller can do about it. rpc/problem maps each to one HTTP status and node/cli to one
// exit status; a code is added only when some caller would act differently.
enum class Errc {
    invalid,      // The input breaks its format or a rule. Repeating it cannot help.
    forbidden,    // A signature or permission is missing or wrong.
    not_found,    // No such entry, credential or member. Never said of damaged data.
    conflict,     // True once, but the state has moved on. Re-read, then try again.
    unavailable,  // No leader, no quorum, or too busy. Try the same again later.
    timeout,      // No answer in time. It may have happened, or not.
    corrupt,      // Data fails its check. Needs an operator.
    io,           // The disk or the network failed. Needs an operator.
};

// "invalid", "not_found", …
std::string_view name_of(Errc code);

struct Error {
    Errc code = Errc::invalid;
    std::string
        detail;  // One clause for a person, with want and got: "tile 3: 255 hashes, want 256".

    bool operator==(const Error&) const = default;
};

// `where`: the file, or the place inside a document, that the detail is about.
Error invalid(std::string detail);
Error invalid_at(std::string_view where, std::string_view detail);
Error corrupt(std::string detail);
Error corrupt_at(std::string_view where, std::string_view detail);

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    // CHECKs that there is a value.
    T& value() & { return checked(); }
    const T& value() const& { return const_cast<Result*>(this)->checked(); }
    T&& value() && { return std::move(checked()); }
    T& operator*() & { return checked(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(checked()); }
    T* operator->() { return &checked(); }
    const T* operator->() const { return &value(); }

    // CHECKs that there is an error.
    const Error& error() const {
        CHECK(!has_value());
        return *std::get_if<1>(&state_);
    }

private:
    T& checked() {
        CHECK(has_value());
        return *std::get_if<0>(&state_);
    }

    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool has_value() const { return !error_; }
    explicit operator bool() const { return has_value(); }
    const Error& error() const {
        CHECK(error_);
        return *error_;
    }

private:
    std::optional<Error> error_;
};

}  // namespace chancery
