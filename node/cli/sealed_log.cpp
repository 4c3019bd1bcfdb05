#include "node/cli/sealed_log.h"

namespace chancery::cli {

SealedLog::SealedLog(Desk desk, const Accepted& accepted)
    : desk_(std::move(desk)),
      log_(desk_.node),
      reader_(log_, accepted.checkpoint.checkpoint.head) {}

Result<std::unique_ptr<SealedLog>> SealedLog::open(Session& session) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto accepted = accept_newest(*desk);
    if (!accepted) return accepted.error();
    return std::unique_ptr<SealedLog>(new SealedLog(*std::move(desk), *accepted));
}

}  // namespace chancery::cli
