#include "crypto/base/result.h"

namespace chancery {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::invalid:
            return "invalid";
        case Errc::forbidden:
            return "forbidden";
        case Errc::not_found:
            return "not_found";
        case Errc::conflict:
            return "conflict";
        case Errc::unavailable:
            return "unavailable";
        case Errc::timeout:
            return "timeout";
        case Errc::corrupt:
            return "corrupt";
        case Errc::io:
            return "io";
    }
    CHECK(false);
    return {};
}

Error invalid(std::string detail) { return {Errc::invalid, std::move(detail)}; }
Error invalid_at(std::string_view where, std::string_view detail) {
    return invalid(std::string(where) + ": " + std::string(detail));
}

Error corrupt(std::string detail) { return {Errc::corrupt, std::move(detail)}; }
Error corrupt_at(std::string_view where, std::string_view detail) {
    return corrupt(std::string(where) + ": " + std::string(detail));
}

}  // namespace chancery
