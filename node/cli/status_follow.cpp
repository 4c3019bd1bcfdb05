#include "node/cli/status_follow.h"

namespace chancery::cli {

Result<json::Array> tell_lists(
    Session& session, Desk& desk, const Issuer& issuer, StatusLists& lists, const StatusJob& job) {
    const auto published = lists.follow(session, desk.node, issuer, job.confirmed());
    if (!published) {
        session.out.hint("chancery status-list publish does it again");
        return Error{
            published.error().code,
            grouped(job.changed()) +
                " changed on the ledger, but not in the status lists: " + published.error().detail};
    }
    json::Array names;
    for (const std::string& name : *published) {
        session.out.line("published " + name);
        names.push_back(name);
    }
    return names;
}

}  // namespace chancery::cli
