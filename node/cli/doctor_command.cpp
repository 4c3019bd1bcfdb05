// chancery doctor: what stands between this machine and a working registry, and what to do about
// it.
#include <filesystem>

#include "crypto/base/encoding.h"
#include "node/cli/commands.h"
#include "node/cli/issuer.h"
#include "node/cli/session.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t checkpoint_age_max_s = 600;
constexpr std::uint64_t disk_free_min = 256ULL * 1024 * 1024;

class Visit {
public:
    explicit Visit(Session& session) : session_(session) {}

    void good(const std::string& what) { add("good", what, ""); }
    // Worth knowing; nothing is broken.
    void skip(const std::string& what, const std::string& advice) { add("skipped", what, advice); }
    void bad(const Error& error, const std::string& advice) {
        add("bad", error.detail, advice);
        if (worst_ == Exit::done) worst_ = exit_of(error.code);
    }
    Exit finish() {
        session_.out.document(json::Object{{"checks", std::move(checks_)}});
        return worst_;
    }

private:
    void add(const std::string& result, const std::string& what, const std::string& advice) {
        const bool is_good = result == "good";
        const bool is_bad = result == "bad";
        const std::string mark = is_good  ? session_.out.paint(Colour::good, "✔")
                                 : is_bad ? session_.out.paint(Colour::bad, "✘")
                                          : session_.out.paint(Colour::doubtful, "-");
        session_.out.line("  " + mark + " " + what);
        if (!advice.empty()) session_.out.line("      " + advice);
        checks_.push_back(json::Object{{"result", result}, {"what", what}, {"advice", advice}});
    }

    Session& session_;
    json::Array checks_;
    Exit worst_ = Exit::done;
};

void visit_state(const Session& session, Visit& visit) {
    std::error_code error;
    std::filesystem::path folder = std::filesystem::absolute(session.context.state, error);
    while (!std::filesystem::exists(folder, error) && folder.has_relative_path())
        folder = folder.parent_path();
    const auto space = std::filesystem::space(folder, error);
    if (error)
        return visit.bad({Errc::io, session.context.state + ": " + error.message()},
                         "this client remembers checkpoints there");
    if (space.available < disk_free_min)
        return visit.bad(
            {Errc::io,
             std::to_string(space.available / 1024 / 1024) + " MiB free at " + folder.string()},
            "make room: a full disk loses receipts");
    visit.good("disk has room at " + folder.string());
}

// The clock that counts is the one that cosigners wrote into the newest checkpoint.
void visit_checkpoint(Session& session, NodeClient& node, TrustStore& trust, Visit& visit) {
    NodeLog log(node);
    const auto text = log.checkpoint();
    if (!text) return visit.bad(text.error(), "wait for the network to seal its first block");
    const auto accepted = trust.accept(*text, &log);
    if (!accepted)
        return visit.bad(accepted.error(), "if the members did not change: tell their operators");
    if (const auto is_new = trust.check_not_older(*text); !is_new)
        return visit.bad(is_new.error(), "wait, or ask another node: this one is behind, or lies");
    visit.good("checkpoint of " + grouped(accepted->checkpoint.head.size) +
               " entries is sealed, and extends what was seen before");
    const auto seal = trust.trust().seal(*accepted);
    const std::uint64_t sealed_s = *(*seal)->time_s;
    const std::uint64_t now_s = session.clock.now_s();
    if (sealed_s > now_s + credential::clock_ahead_max_s)
        return visit.bad({Errc::invalid,
                          "this machine's clock is " + std::to_string(sealed_s - now_s) +
                              " s behind the members'"},
                         "set it: timedatectl set-ntp true");
    if (now_s > sealed_s + checkpoint_age_max_s)
        return visit.bad({Errc::unavailable,
                          "the newest seal is " + std::to_string(now_s - sealed_s) + " s old"},
                         "members refresh every 30 s: too few are up, or this clock is ahead");
    visit.good("clock agrees with the members'");
}

void visit_key(const Session& session, const TrustStore& trust, Visit& visit) {
    if (session.context.key.empty())
        return visit.skip("no key named", "only issuing and revoking need one: --key");
    const auto issuer = load_issuer(session.context, trust);
    if (!issuer && issuer.error().code == Errc::not_found)
        return visit.bad(issuer.error(), "--key and --passphrase-file name the issuer's two files");
    if (!issuer)
        return visit.bad(issuer.error(),
                         "chancery key show " + session.context.key + " says what the key is");
    visit.good("issuer key opens, and is in force for " + issuer->member->slug);
}

void visit_node(Session& session, NodeClient& node, Visit& visit) {
    const auto about = node.about();
    if (!about)
        return visit.bad(about.error(),
                         "is chanceryd running there, and the address right? "
                         "systemctl status chanceryd");
    visit.good("node answers at " + node.url());
    const auto findings = node.readiness();
    if (findings && findings->empty())
        visit.good("node is ready");
    else
        visit.bad({Errc::unavailable,
                   "node is not ready: " + (findings ? *findings : findings.error().detail)},
                  "its diary says more");
    NodeLog log(node);
    auto trust = TrustStore::load(session.context, &log, session.out);
    if (!trust)
        return visit.bad(trust.error(), "the consortium publishes its network id: --network-id");
    visit.good("trust starts at network id " + to_hex(trust->network_id()).substr(0, 16) + "…");
    visit_checkpoint(session, node, *trust, visit);
    visit_key(session, *trust, visit);
}

Result<Exit> doctor(Session& session, const Invocation& /*call*/) {
    Visit visit(session);
    visit_state(session, visit);
    auto node = NodeClient::to(session.context);
    if (!node)
        visit.bad(node.error(), "or begin with: chancery sandbox");
    else
        visit_node(session, *node, visit);
    return visit.finish();
}

}  // namespace

Command doctor_command() {
    return {.name = "doctor",
            .summary = "find out what is not right here, and what to do about it",
            .examples = {{"chancery doctor", ""}},
            .run = doctor};
}

}  // namespace chancery::cli
