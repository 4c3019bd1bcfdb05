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

}  // namespace chancery
