// One call of the program: what its flags, variables and the sandbox's file came to, and where it
// writes.
#pragma once

#include <chrono>
#include <string>

#include "node/cli/client_context.h"
#include "node/cli/node_client.h"
#include "node/cli/output.h"
#include "node/cli/trust_store.h"
#include "node/clock.h"

namespace chancery::cli {

class Session {
public:
    Session(ClientContext client, Output::Style style) : context(std::move(client)), out(style) {}

    const ClientContext context;
    Output out;
    const node::Clock& clock = node::system_clock();
};

// What most commands sit down at: the node that was named, and the trust that its answers are held
// against.
struct Desk {
    NodeClient node;
    TrustStore trust;
};
Result<Desk> open_desk(Session& session);

// Set by the first Ctrl-C once watch_interrupts() was called; the second ends the program.
bool is_interrupted();
void watch_interrupts();

}  // namespace chancery::cli
