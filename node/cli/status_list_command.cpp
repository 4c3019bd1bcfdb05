// chancery status-list: what verifiers look at who know of no registry, kept in step with it.
#include <algorithm>

#include "node/cli/commands.h"
#include "node/cli/status_list_view.h"
#include "node/cli/status_lists.h"

namespace chancery::cli {
namespace {

using credential::StatusPurpose;

constexpr std::size_t differences_shown_max = 20;

struct Office {
    Desk desk;
    StatusLists lists;
    std::optional<Issuer> issuer;  // Set; its member is one of the desk's trust.
};

// All lists beside the issuer's key; those that were named are for the caller to choose.
Result<std::unique_ptr<Office>> open_office(Session& session) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    auto lists = StatusLists::open(session.context);
    if (!lists) return lists.error();
    auto office = std::make_unique<Office>(Office{*std::move(desk), *std::move(lists), {}});
    auto issuer = load_issuer(session.context, office->desk.trust);
    if (!issuer) return issuer.error();
    office->issuer = *std::move(issuer);
    return office;
}

Result<std::vector<StatusRegister*>> lists_named(StatusLists& lists, const Invocation& call) {
    std::vector<StatusRegister*> found;
    for (const std::string& name : call.arguments()) {
        const auto one = lists.named(name);
        if (!one) return one.error();
        found.push_back(*one);
    }
    if (!call.arguments().empty()) return found;
    for (StatusRegister& one : lists.registers())
        found.push_back(&one);
    if (found.empty())
        return Error{Errc::not_found,
                     "no status list beside the issuer key; chancery status-list new makes one"};
    return found;
}

json::Value json_of(const StatusRegister& one) {
    const auto count = [&](StatusPurpose purpose) {
        return static_cast<std::size_t>(std::ranges::count_if(one.places(), [&](const auto& place) {
            return sets_bit(purpose, one.status(place.first));
        }));
    };
    return json::Object{{"name", one.name()},
                        {"revocation_list", one.url(StatusPurpose::revocation)},
                        {"suspension_list", one.url(StatusPurpose::suspension)},
                        {"taken", one.taken()},
                        {"registered", one.places().size()},
                        {"revoked", count(StatusPurpose::revocation)},
                        {"suspended", count(StatusPurpose::suspension)},
                        {"room", StatusRegister::places_max - one.taken()}};
}

std::string number_at(const json::Value& one, std::string_view name) {
    return grouped(static_cast<std::uint64_t>(*one.find(name)->as_integer()));
}

Result<Exit> show_lists(Session& session, const Invocation& call) {
    auto lists = StatusLists::open(session.context);
    if (!lists) return lists.error();
    const auto found = lists_named(*lists, call);
    if (!found) return found.error();
    json::Array all;
    for (const StatusRegister* const one : *found) {
        const json::Value about = json_of(*one);
        session.out.line(one->name() + "  " + number_at(about, "registered") + " credentials, " +
                         number_at(about, "revoked") + " revoked, " +
                         number_at(about, "suspended") + " suspended, room for " +
                         number_at(about, "room") + " more");
        for (const StatusPurpose purpose : both_purposes())
            session.out.line("  " + one->url(purpose));
        all.push_back(about);
    }
    session.out.document(json::Object{{"lists", std::move(all)}});
    return Exit::done;
}

Result<Exit> begin_lists(Session& session, const Invocation& call) {
    auto office = open_office(session);
    if (!office) return office.error();
    Office& at = **office;
    std::string base = call.text("url");
    if (base.empty())
        base = at.desk.node.url() + "/v1/status-lists/" + at.issuer->member->slug + "/";
    if (!base.ends_with('/')) base += '/';
    const auto signer = DocumentSigner::open(session.context, *at.issuer->member);
    if (!signer) return signer.error();
    if (base.starts_with("http://"))
        session.out.warning("the lists' URL is not https: verifiers elsewhere will not follow it");
    const auto made =
        StatusRegister::create(status_folder(session.context), call.argument(0), base);
    if (!made) return made.error();
    const auto position =
        ListPublisher{session, at.desk.node, *at.issuer, *signer}.publish(*made, both_purposes());
    if (!position) {
        session.out.hint("chancery status-list publish " + made->name() + " publishes it later");
        return position.error();
    }
    session.out.line("published at " + grouped(*position) + ":");
    for (const StatusPurpose purpose : both_purposes())
        session.out.line("  " + made->url(purpose));
    session.out.document(json::Object{{"position", *position}, {"list", json_of(*made)}});
    return Exit::done;
}

// Takes what the ledger says for true, and publishes both lists of each.
Result<Exit> publish_again(Session& session, const Invocation& call) {
    auto office = open_office(session);
    if (!office) return office.error();
    Office& at = **office;
    const auto found = lists_named(at.lists, call);
    if (!found) return found.error();
    const auto signer = DocumentSigner::open(session.context, *at.issuer->member);
    if (!signer) return signer.error();
    json::Array all;
    for (StatusRegister* const one : *found) {
        const auto standings = standings_of(at.desk.node, at.desk.trust, *at.issuer, *one);
        if (!standings) return standings.error();
        const auto changed = one->note(*standings);
        if (!changed) return changed.error();
        const auto position = ListPublisher{session, at.desk.node, *at.issuer, *signer}.publish(
            *one, both_purposes());
        if (!position) return position.error();
        session.out.line(one->name() + " published at " + grouped(*position) + ", " +
                         grouped(*changed) + " brought up to date");
        all.push_back(
            json::Object{{"name", one->name()}, {"position", *position}, {"changed", *changed}});
    }
    session.out.document(json::Object{{"lists", std::move(all)}});
    return Exit::done;
}

// What is wrong with one list; empty if it says what the ledger says.
Result<std::vector<std::string>> differences(
    Office& at,
    const StatusRegister& one,
    StatusPurpose purpose,
    const std::vector<StatusRegister::Standing>& standings) {
    const auto bits = fetch_list(at.desk.node, *at.issuer->member, one.url(purpose), purpose);
    if (!bits && bits.error().code != Errc::corrupt && bits.error().code != Errc::invalid)
        return bits.error();
    if (!bits) return std::vector{bits.error().detail};
    std::vector<std::string> found;
    credential::StatusBits rest = *bits;
    for (const StatusRegister::Standing& standing : standings) {
        const std::size_t index = one.places().at(standing.commitment);
        const bool is_listed = bits->at(index);
        rest.set(index, false);
        if (is_listed == sets_bit(purpose, standing.status)) continue;
        found.push_back("index " + std::to_string(index) + (is_listed ? " is set" : " is not set") +
                        ", on the ledger it is " + std::string(ledger::name_of(standing.status)));
    }
    for (std::size_t index = 0; index < rest.size(); ++index)
        if (rest.at(index))
            found.push_back("index " + std::to_string(index) + " is set and nobody's");
    return found;
}

// Whether both lists of one register agree; what was found is added to `all`.
Result<bool> check_pair(Session& session, Office& at, const StatusRegister& one, json::Array& all) {
    const auto standings = standings_of(at.desk.node, at.desk.trust, *at.issuer, one);
    if (!standings) return standings.error();
    bool agrees = true;
    for (const StatusPurpose purpose : both_purposes()) {
        const auto found = differences(at, one, purpose, *standings);
        if (!found) return found.error();
        session.out.line(one.list_name(purpose) + ": " +
                         (found->empty() ? "says what the ledger says of " +
                                               grouped(standings->size()) + " credentials"
                                         : grouped(found->size()) + " differences"));
        json::Array listed;
        for (const std::string& difference : *found) {
            if (listed.size() < differences_shown_max) session.out.line("  " + difference);
            listed.push_back(difference);
        }
        agrees = agrees && found->empty();
        all.push_back(json::Object{{"list", one.list_name(purpose)},
                                   {"url", one.url(purpose)},
                                   {"credentials", standings->size()},
                                   {"differences", std::move(listed)}});
    }
    return agrees;
}

Result<Exit> check_lists(Session& session, const Invocation& call) {
    auto office = open_office(session);
    if (!office) return office.error();
    Office& at = **office;
    const auto wanted_lists = lists_named(at.lists, call);
    if (!wanted_lists) return wanted_lists.error();
    json::Array all;
    bool is_good = true;
    for (const StatusRegister* const one : *wanted_lists) {
        const auto agrees = check_pair(session, at, *one, all);
        if (!agrees) return agrees.error();
        is_good = is_good && *agrees;
    }
    if (!is_good) session.out.hint("chancery status-list publish brings them up to date");
    session.out.document(json::Object{{"agrees", is_good}, {"lists", std::move(all)}});
    return is_good ? Exit::done : Exit::not_valid;
}

Argument list_argument() {
    return {.name = "NAME",
            .help = "the list; all of this issuer's if left out",
            .is_required = false,
            .is_repeated = true};
}

}  // namespace

Command status_list_command() {
    return {
        .name = "status-list",
        .summary = "tell revocations to verifiers who know of no registry",
        .children = {
            {.name = "new",
             .summary = "begin a pair of lists, for revocation and suspension",
             .examples = {{"chancery status-list new 2026-1 "
                           "--url https://node.uni-a.example/v1/status-lists/uni-a/",
                           "then chancery issue batch … --status-list 2026-1"}},
             .arguments = {{.name = "NAME", .help = "of the pair, as in 2026-1"}},
             .options = {{"url",
                          ValueKind::text,
                          "URL",
                          "where verifiers will fetch them, of any node that stays; this node if "
                          "not said"}},
             .run = begin_lists},
            {.name = "show",
             .summary = "the lists of this issuer, and how full they are",
             .examples = {{"chancery status-list show", "all of them"}},
             .arguments = {list_argument()},
             .run = show_lists},
            {.name = "check",
             .summary = "fetch the lists as a stranger does, and hold them against the ledger",
             .examples = {{"chancery status-list check 2026-1", "exit 1 if they differ"}},
             .arguments = {list_argument()},
             .run = check_lists},
            {.name = "publish",
             .summary = "sign and publish the lists anew, as the ledger has them",
             .examples = {{"chancery status-list publish", "after a key was replaced"}},
             .arguments = {list_argument()},
             .run = publish_again}}};
}

}  // namespace chancery::cli
