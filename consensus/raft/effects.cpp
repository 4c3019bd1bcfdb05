#include "consensus/raft/effects.h"

#include "crypto/base/check.h"

namespace chancery::raft {

std::string_view name_of(Evidence::Kind kind) {
    switch (kind) {
        case Evidence::Kind::two_entries:
            return "two entries";
        case Evidence::Kind::below_commit:
            return "below commit";
        case Evidence::Kind::below_cosigned:
            return "below cosigned";
        case Evidence::Kind::two_leaders:
            return "two leaders";
    }
    CHECK(false);
    return {};
}

}  // namespace chancery::raft
