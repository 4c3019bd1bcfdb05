// Acts and their submissions from any bytes: what is taken is written again byte for byte.
#include "crypto/base/check.h"
#include "crypto/ledger/act.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const ByteView input(data, size);
    if (const auto signed_act = ledger::act_in(input)) {
        const auto split = ledger::split_act(*signed_act);
        if (split) CHECK(equal(ledger::act_submission(*split), input));
    }
    const auto act = ledger::parse_act(text_of(input));
    if (!act) return 0;
    CHECK(ledger::to_text(*act) == text_of(input));
    if (const auto* added = std::get_if<ledger::AddKey>(&act->what)) {
        ledger::proves_possession(*added, Hash{}, act->by);
    }
    return 0;
}
