#include "node/cli/component_files.h"

#include "node/cli/credential_evidence.h"
#include "node/cli/inspector.h"

namespace chancery::cli {

Result<std::vector<pathway::Component>> components_in(Session& session,
                                                      const std::vector<std::string>& files,
                                                      bool is_offline) {
    auto inspector = Inspector::open(session, is_offline);
    if (!inspector) return inspector.error();
    std::vector<pathway::Component> components;
    for (const std::string& file : files) {
        auto evidence = evidence_in(file, session.clock.now_s());
        if (!evidence) return evidence.error();
        auto beside = status_beside(file);
        if (!beside) return beside.error();
        evidence->status = *std::move(beside);
        if (const auto done = inspector->complete(*evidence); !done) return done.error();
        components.push_back(pathway::component_of(*evidence));
    }
    return components;
}

}  // namespace chancery::cli
