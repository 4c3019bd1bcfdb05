#include "node/cli/accepted_checkpoint.h"

#include "node/cli/newest_answer.h"

namespace chancery::cli {

Result<Accepted> accept_newest(Desk& desk) {
    const auto ask = [](NodeClient& node) { return node.checkpoint(); };
    const auto itself = [](const std::string& checkpoint) { return checkpoint; };
    auto text = newest_answer<std::string>(desk, ask, itself);
    if (!text) return text.error();
    NodeLog log(desk.node);
    auto checkpoint = desk.trust.accept(*text, &log);
    if (!checkpoint) return checkpoint.error();
    return Accepted{*std::move(text), *std::move(checkpoint)};
}

}  // namespace chancery::cli
