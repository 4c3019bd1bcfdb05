#include "node/cli/network_survey.h"

#include <algorithm>
#include <thread>

#include "crypto/base/encoding.h"
#include "crypto/json/members.h"
#include "node/cli/node_client.h"
#include "node/cli/output.h"

namespace chancery::cli {
namespace {

std::uint64_t number_in(const json::Value& document, std::string_view name) {
    const json::Value* found = document.find(name);
    const std::int64_t* number = found == nullptr ? nullptr : found->as_integer();
    return number == nullptr || *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
}

bool is_true(const json::Value& document, std::string_view name) {
    const json::Value* found = document.find(name);
    return found != nullptr && found->as_bool() != nullptr && *found->as_bool();
}

// Why, in one clause: the address stands beside it, and advice is for who asks one node.
//     "http://h:1: no connection to h port 1: Connection refused (errno 111); nothing listens …"
std::string clause_of(const std::string& detail, const std::string& url) {
    std::string clause = detail.starts_with(url + ": ") ? detail.substr(url.size() + 2) : detail;
    if (!clause.starts_with("no connection to ")) return clause;
    clause = clause.substr(0, clause.find("; "));
    clause = clause.substr(0, clause.find(" (errno"));
    const std::size_t colon = clause.find(": ");
    return colon == std::string::npos ? clause : clause.substr(colon + 2);
}

// What answers at a member's address may be anything.
std::string mistaken_identity(const json::Value& status,
                              const Hash& network,
                              const std::string& slug) {
    const std::string_view shown = json::text_in(status, "network_id");
    if (shown.empty()) return "this is no answer of a node";
    if (shown != to_hex(network)) return "a node of another network answers there";
    const json::Value* node = status.find("node");
    const std::string who(node == nullptr ? "" : json::text_in(*node, "slug"));
    return who == slug ? std::string() : "the node of " + who + " answers there";
}

void read_status(MemberReport& report, const json::Value& status) {
    report.version = json::text_in(status, "version");
    report.role = json::text_in(status, "role");
    report.term = number_in(status, "term");
    report.height = number_in(status, "height");
    report.size = number_in(status, "size");
    report.root = json::text_in(status, "root");
    report.checkpoint_age_s = number_in(status, "checkpoint_age_s");
    report.quorum = static_cast<std::uint32_t>(number_in(status, "quorum"));
    report.accepts_writes = is_true(status, "accepts_writes");
    report.reason = json::text_in(status, "reason");
}

void ask(MemberReport& report, const Hash& network, const node::Reach& reach) {
    auto client = NodeClient::to(report.url, reach);
    if (!client) {
        report.why = client.error().detail;
        return;
    }
    const auto status = client->status();
    if (!status) {
        report.why = clause_of(status.error().detail, report.url);
        return;
    }
    report.why = mistaken_identity(*status, network, report.slug);
    if (!report.why.empty()) return;
    const auto findings = client->readiness();
    report.findings = findings ? *findings : clause_of(findings.error().detail, report.url);
    read_status(report, *status);
}

json::Value member_json(const MemberReport& member) {
    json::Object fields{{"slug", member.slug},
                        {"name", member.name},
                        {"url", member.url},
                        {"reachable", member.is_reached()}};
    if (!member.is_reached()) {
        fields.push_back({"why", member.why});
        return fields;
    }
    const json::Object told{{"version", member.version},
                            {"role", member.role},
                            {"term", member.term},
                            {"height", member.height},
                            {"size", member.size},
                            {"lag", member.lag},
                            {"root", member.root},
                            {"checkpoint_age_s", member.checkpoint_age_s},
                            {"accepts_writes", member.accepts_writes},
                            {"reason", member.reason},
                            {"ready", member.findings.empty()},
                            {"findings", member.findings}};
    fields.insert(fields.end(), told.begin(), told.end());
    return fields;
}

}  // namespace

std::string MemberReport::trouble() const {
    if (!is_reached()) return slug + ": " + why;
    if (!findings.empty()) return slug + ": " + findings;
    if (!accepts_writes) return slug + ": " + (reason.empty() ? "accepts no writes" : reason);
    return {};
}

std::size_t NetworkReport::reached() const {
    return static_cast<std::size_t>(std::ranges::count_if(members, &MemberReport::is_reached));
}

bool NetworkReport::accepts_writes() const {
    return std::ranges::any_of(members, &MemberReport::accepts_writes);
}

bool NetworkReport::is_whole() const {
    const auto is_good = [](const MemberReport& member) {
        return member.is_reached() && member.findings.empty();
    };
    return accepts_writes() && std::ranges::all_of(members, is_good);
}

std::string NetworkReport::headline() const {
    const std::string there =
        std::to_string(reached()) + " of " + counted(members.size(), "member") + " reachable, ";
    const std::string needed = std::to_string(quorum);
    if (accepts_writes()) return there + "writes are accepted, quorum " + needed;
    return there + needed + " needed: writes are not accepted";
}

std::string NetworkReport::troubles() const {
    std::string all;
    for (const MemberReport& member : members) {
        const std::string trouble = member.trouble();
        if (!trouble.empty()) all += (all.empty() ? "" : "; ") + trouble;
    }
    return all;
}

Roll roll_of(const ledger::Genesis& genesis) {
    Roll roll{.network = ledger::network_id(genesis),
              .origin = genesis.origin,
              .quorum = genesis.quorum,
              .members = {}};
    for (const ledger::GenesisMember& member : genesis.members)
        roll.members.push_back({member.slug, member.name, member.public_endpoint});
    return roll;
}

NetworkReport survey(const Roll& roll, const node::Reach& reach) {
    NetworkReport report;
    for (const MemberAddress& member : roll.members) {
        MemberReport asked;
        asked.slug = member.slug;
        asked.name = member.name;
        asked.url = member.url;
        report.members.push_back(std::move(asked));
    }
    std::vector<std::thread> threads;
    for (MemberReport& member : report.members)
        threads.emplace_back([&member, &roll, &reach] { ask(member, roll.network, reach); });
    for (std::thread& thread : threads)
        thread.join();
    report.quorum = roll.quorum;
    for (const MemberReport& member : report.members) {
        if (!member.is_reached() || member.size < report.size) continue;
        report.size = member.size;
        report.quorum = member.quorum;
    }
    for (MemberReport& member : report.members)
        member.lag = report.size - member.size;
    return report;
}

json::Value to_json(const NetworkReport& report) {
    json::Array members;
    for (const MemberReport& member : report.members)
        members.push_back(member_json(member));
    return json::Object{{"headline", report.headline()},
                        {"accepts_writes", report.accepts_writes()},
                        {"quorum", report.quorum},
                        {"reachable", static_cast<std::uint64_t>(report.reached())},
                        {"size", report.size},
                        {"members", std::move(members)}};
}

}  // namespace chancery::cli
