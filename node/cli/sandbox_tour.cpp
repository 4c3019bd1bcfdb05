#include "node/cli/sandbox_tour.h"

#include <algorithm>
#include <filesystem>

#include "crypto/json/members.h"

namespace chancery::cli {
namespace {

struct Stop {
    std::vector<std::string> words;
    int status = 0;
    std::string verdict;  // Empty: a command without one.
};

// As a person would type it: paths relative to where they are.
std::string typed(const std::vector<std::string>& words) {
    std::string line = "chancery";
    for (const std::string& word : words) {
        std::error_code error;
        const bool is_path = word.starts_with("/");
        line += " " + (is_path ? std::filesystem::proximate(word, error).string() : word);
    }
    return line;
}

Result<void> make_stop(Session& session, const Sandbox& sandbox, const Stop& stop) {
    const auto answer = sandbox.chancery(stop.words);
    if (!answer) return answer.error();
    std::string verdict(json::text_in(answer->document, "verdict"));
    if (json::text_in(answer->document, "as_asked") == "fail") verdict += ", but not as asked";
    const bool is_right = answer->status == stop.status && verdict == stop.verdict;
    const std::string told = verdict.empty() ? "done" : verdict;
    session.out.note("  " + std::string(is_right ? "✔ " : "✘ ") + typed(stop.words) + "  → " +
                     told);
    if (is_right) return {};
    return Error{Errc::corrupt,
                 typed(stop.words) + ": got status " + std::to_string(answer->status) + " " +
                     verdict + ", want " + std::to_string(stop.status) + " " + stop.verdict + "\n" +
                     answer->errors};
}

// A table becomes badges, and what becomes of one of them reaches those who know of no registry.
std::vector<Stop> roster_stops(const Roster& roster) {
    const std::string first = roster.issued + "/learner-0001.json";
    const std::string second = roster.issued + "/learner-0002.json";
    return {{{"status-list", "new", "tour"}, 0, ""},
            {{"issue",
              "batch",
              roster.table,
              "--template",
              roster.form,
              "--out",
              roster.issued,
              "--status-list",
              "tour"},
             0,
             ""},
            {{"verify", first, "--recipient", "learner-0001@example.org"}, 0, "valid"},
            {{"verify", first, "--recipient", "learner-0002@example.org"},
             1,
             "valid, but not as asked"},
            {{"revoke", first, "--reason", "issued_in_error"}, 0, ""},
            {{"verify", first}, 1, "revoked"},
            {{"renew", second, "--unlinked"}, 0, ""},
            {{"verify", second}, 1, "superseded"},
            {{"status-list", "check", "tour"}, 0, ""}};
}

std::vector<std::string> joined(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

// Micro-credentials earn a certificate, that earns a diploma, and the learner shows them together.
// The issuer's key is replaced on the way, which nobody who holds a badge needs to know.
std::vector<Stop> pathway_stops(const PathwayFiles& files) {
    const std::vector<std::string> two(files.components.begin(), files.components.begin() + 2);
    std::vector<Stop> stops = {{{"pathway", "publish", files.certificate_rule}, 0, ""},
                               {{"pathway", "publish", files.diploma_rule}, 0, ""}};
    for (const std::string& component : files.components)
        stops.push_back({{"issue", "one", component}, 0, ""});
    stops.push_back(
        {joined({"pathway", "status", files.certificate_rule}, two), 1, "not fulfilled"});
    stops.push_back({{"issue", "one", files.certificate}, 0, ""});
    stops.push_back(
        {joined({"pathway", "check", files.certificate_rule, files.certificate}, files.components),
         0,
         "fulfilled"});
    stops.push_back({{"key", "rotate", "--use", "issuer"}, 0, ""});
    stops.push_back({{"issue", "one", files.diploma}, 0, ""});
    stops.push_back({joined({"pathway",
                             "check",
                             files.diploma_rule,
                             files.diploma,
                             files.certificate,
                             "--with",
                             files.certificate_rule},
                            files.components),
                     0,
                     "fulfilled"});
    stops.push_back({{"verify", files.certificate}, 0, "valid"});
    const std::vector<std::string> key = {"--passphrase-file", files.holder_passphrase};
    stops.push_back({joined({"key",
                             "new",
                             "--use",
                             "holder",
                             "--member",
                             "learner",
                             "--out",
                             files.holder_key,
                             "--make-passphrase"},
                            key),
                     0,
                     ""});
    stops.push_back({joined({"stack",
                             "make",
                             files.certificate,
                             files.diploma,
                             "--out",
                             files.stack,
                             "--holder-key",
                             files.holder_key},
                            key),
                     0,
                     ""});
    stops.push_back({{"stack", "open", files.stack}, 0, "valid"});
    return stops;
}

std::vector<Stop> itinerary(const Sandbox& sandbox, const std::string& renewed) {
    const std::string ana = sandbox.badges() + "/ana.badge.json";
    const std::string ben = sandbox.badges() + "/ben.badge.json";
    const std::string copy = sandbox.folder() + "/export";
    return {{{"verify", ana}, 0, "valid"},
            {{"verify", ana, "--offline"}, 0, "valid"},
            {{"proof", "check", sandbox.badges() + "/ana.badge.tlog-proof"}, 0, "proven"},
            {{"revoke", ben, "--reason", "issued_in_error"}, 0, ""},
            {{"verify", ben}, 1, "revoked"},
            {{"verify", ben, "--offline"}, 1, "revoked"},
            {{"suspend", ana, "--reason", "withdrawn_by_holder"}, 0, ""},
            {{"verify", ana}, 1, "suspended"},
            {{"reinstate", ana}, 0, ""},
            {{"verify", ana}, 0, "valid"},
            {{"issue", "one", renewed}, 0, ""},
            {{"renew", ana, "--with", renewed}, 0, ""},
            {{"verify", ana}, 1, "superseded"},
            {{"verify", renewed}, 0, "valid"},
            {{"log", "checkpoint"}, 0, ""},
            {{"log", "export", copy}, 0, ""},
            {{"audit", "replay", copy}, 0, ""},
            {{"audit", "replay", sandbox.url()}, 0, ""},
            {{"audit", "lists", copy}, 0, ""}};
}

}  // namespace

Result<json::Array> walk_tour(Session& session, const Sandbox& sandbox, std::size_t learners) {
    const auto renewed = sandbox.write_renewed_badge(session.clock.now_s());
    if (!renewed) return renewed.error();
    const auto roster = sandbox.write_roster(session.clock.now_s(), learners);
    if (!roster) return roster.error();
    const auto pathway = sandbox.write_pathway(session.clock.now_s());
    if (!pathway) return pathway.error();
    std::vector<Stop> stops;
    if (learners > 0) {
        stops = roster_stops(*roster);
        std::ranges::move(pathway_stops(*pathway), std::back_inserter(stops));
    }
    std::ranges::move(itinerary(sandbox, *renewed), std::back_inserter(stops));
    json::Array steps;
    for (const Stop& stop : stops) {
        if (is_interrupted()) return Error{Errc::unavailable, "interrupted"};
        if (const auto made = make_stop(session, sandbox, stop); !made) return made.error();
        steps.push_back(json::Object{{"command", typed(stop.words)}, {"verdict", stop.verdict}});
    }
    return steps;
}

}  // namespace chancery::cli
