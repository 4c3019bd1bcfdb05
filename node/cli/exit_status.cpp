#include "node/cli/exit_status.h"

namespace chancery::cli {

Exit exit_of(Errc code) {
    switch (code) {
        case Errc::invalid:
            return Exit::usage;
        case Errc::forbidden:
            return Exit::not_authorised;
        case Errc::not_found:
            return Exit::not_found;
        case Errc::conflict:
            return Exit::conflict;
        case Errc::unavailable:
            return Exit::unreachable;
        case Errc::timeout:
            return Exit::timeout;
        case Errc::corrupt:
            return Exit::alarm;
        case Errc::io:
            return Exit::disk_failed;
    }
    CHECK(false);
    return Exit::bug;
}

Exit exit_of(credential::Headline headline) {
    switch (headline) {
        case credential::Headline::valid:
            return Exit::done;
        case credential::Headline::cannot_tell:
            return Exit::cannot_tell;
        case credential::Headline::altered:
        case credential::Headline::not_in_registry:
        case credential::Headline::unknown_issuer:
        case credential::Headline::revoked:
        case credential::Headline::superseded:
        case credential::Headline::suspended:
        case credential::Headline::expired:
        case credential::Headline::not_yet_valid:
            return Exit::not_valid;
    }
    CHECK(false);
    return Exit::bug;
}

}  // namespace chancery::cli
