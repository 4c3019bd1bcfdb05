#include "node/cli/session.h"

#include <csignal>

namespace chancery::cli {
namespace {

// A signal handler can reach nothing but globals.
volatile std::sig_atomic_t interrupts =
    0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void on_interrupt(int signal) {
    interrupts = 1;
    std::signal(signal, SIG_DFL);
}

}  // namespace

Result<Desk> open_desk(Session& session) {
    auto node = NodeClient::to(session.context);
    if (!node) return node.error();
    NodeLog log(*node);
    auto trust = TrustStore::load(session.context, &log, session.out);
    if (!trust) return trust.error();
    return Desk{*std::move(node), *std::move(trust)};
}

bool is_interrupted() { return interrupts != 0; }

void watch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace chancery::cli
