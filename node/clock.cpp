#include "node/clock.h"

#include <chrono>

namespace chancery::node {
namespace {

class SystemClock final : public Clock {
public:
    ledger::TimeMs now_ms() const override {
        const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
        return ms > 0 ? static_cast<ledger::TimeMs>(ms) : 0;
    }
};

}  // namespace

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

}  // namespace chancery::node
