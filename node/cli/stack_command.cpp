// chancery stack: several credentials in one link or file, chosen and signed by their holder.
#include <algorithm>

#include "crypto/credential/compact_form.h"
#include "crypto/credential/date_time.h"
#include "crypto/credential/presentation.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/cli/badge_facts.h"
#include "node/cli/commands.h"
#include "node/cli/credential_evidence.h"
#include "node/cli/inspector.h"
#include "node/cli/stack_file.h"
#include "node/cli/stack_view.h"
#include "node/cli/verdict_text.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

struct StackItem {
    std::string name;  // The file, or the place in an earlier stack.
    credential::Evidence evidence;
};

Result<std::optional<credential::Receipt>> embedded_receipt(const json::Value& document) {
    using Found = std::optional<credential::Receipt>;
    const auto receipts = credential::receipts_in(document);
    if (!receipts) return receipts.error();
    return receipts->empty() ? Found() : Found(receipts->front());
}

// The stack in a file, or nullopt if it holds something else.
Result<std::optional<Stack>> stack_in(const std::string& word) {
    using Found = std::optional<Stack>;
    if (is_stack_link(word)) {
        auto stack = parse_stack_link(word);
        if (!stack) return stack.error();
        return Found(*std::move(stack));
    }
    const auto text = node::read_file(word, stack_bytes_max);
    // A large image, say: what is in it, if anything is, its own reader will tell.
    if (!text && text.error().code == Errc::invalid) return Found();
    if (!text) return text.error();
    auto stack = parse_if_stack(*text);
    if (!stack) return Error{stack.error().code, word + ": " + stack.error().detail};
    return stack;
}

// A JSON document with its receipt among its proofs, or a JWT or SD-JWT in an envelope.
Result<void> read_element(const json::Value& element, credential::Evidence& evidence) {
    if (auto text = credential::text_in_envelope(element)) {
        auto said = credential::read_compact_form(*text);
        if (!said) return said.error();
        evidence.document = std::move(said->document);
        evidence.jwt = *std::move(text);
        return {};
    }
    evidence.document = element;
    auto receipt = embedded_receipt(evidence.document);
    if (!receipt) return receipt.error();
    evidence.receipt = *std::move(receipt);
    return {};
}

Result<std::vector<StackItem>> items_of(const Stack& stack,
                                        const credential::Presentation& presentation,
                                        std::uint64_t now_s) {
    if (stack.status.size() != presentation.credentials.size())
        return Error{Errc::invalid,
                     std::to_string(stack.status.size()) + " status proofs for " +
                         std::to_string(presentation.credentials.size()) + " credentials"};
    if (!stack.receipts.empty() && stack.receipts.size() != presentation.credentials.size())
        return Error{Errc::invalid,
                     std::to_string(stack.receipts.size()) + " receipts for " +
                         std::to_string(presentation.credentials.size()) + " credentials"};
    std::vector<StackItem> items;
    for (std::size_t i = 0; i < presentation.credentials.size(); ++i) {
        StackItem item{std::to_string(i + 1), {}};
        const auto read = read_element(presentation.credentials[i], item.evidence);
        if (!read) return Error{read.error().code, item.name + ": " + read.error().detail};
        if (!item.evidence.receipt && !stack.receipts.empty())
            item.evidence.receipt = stack.receipts[i];
        item.evidence.status = stack.status[i];
        item.evidence.now_s = now_s;
        items.push_back(std::move(item));
    }
    return items;
}

// One credential of a file, with its receipt among its proofs if it has any.
Result<StackItem> item_of(const std::string& path, std::uint64_t now_s) {
    auto evidence = evidence_in(path, now_s);
    if (!evidence) return evidence.error();
    if (!evidence->receipt)
        return Error{Errc::not_found, path + ": has no receipt, so nobody could verify it"};
    const auto done = evidence->jwt.empty()
                          ? credential::embed(evidence->document, *evidence->receipt)
                          : Result<void>();
    if (!done) return Error{done.error().code, path + ": " + done.error().detail};
    auto beside = status_beside(path);
    if (!beside) return beside.error();
    evidence->status = *std::move(beside);
    return StackItem{path, *std::move(evidence)};
}

Result<std::vector<StackItem>> gather_items(const Session& session, const Invocation& call) {
    const std::uint64_t now_s = session.clock.now_s();
    std::vector<StackItem> items;
    for (const std::string& word : call.arguments()) {
        const auto stack = stack_in(word);
        if (!stack) return stack.error();
        if (!*stack) {
            auto item = item_of(word, now_s);
            if (!item) return item.error();
            items.push_back(*std::move(item));
            continue;
        }
        const auto shown = credential::check_presentation((*stack)->presentation,
                                                          static_cast<std::int64_t>(now_s));
        if (!shown) return Error{Errc::invalid, word + ": " + shown.error().detail};
        auto of_stack = items_of(**stack, *shown, now_s);
        if (!of_stack) return Error{of_stack.error().code, word + ": " + of_stack.error().detail};
        std::ranges::move(*of_stack, std::back_inserter(items));
    }
    return items;
}

// Numbers from 1.
Result<void> hide(std::vector<StackItem>& items, const std::vector<std::string>& numbers) {
    std::vector<bool> is_hidden(items.size());
    for (const std::string& text : numbers) {
        const auto number = parse_number(text);
        if (!number || *number == 0 || *number > items.size())
            return Error{Errc::invalid,
                         "--hide: want numbers from 1 to " + std::to_string(items.size()) +
                             ", joined by commas"};
        is_hidden[static_cast<std::size_t>(*number - 1)] = true;
    }
    std::size_t i = 0;
    std::erase_if(items, [&](const StackItem&) { return is_hidden[i++]; });
    return {};
}

std::string one_line(const credential::Verdict& verdict, const json::Value& document) {
    const VerdictSubject subject = subject_of(document);
    std::string line(name_of(verdict.headline));
    if (!subject.title.empty()) line += ", " + printable(subject.title);
    if (!subject.recipient.empty()) line += " → " + printable(subject.recipient);
    if (verdict.issuer_name) line += ", by " + printable(*verdict.issuer_name);
    return line;
}

Result<Stack> signed_stack(Session& session, const Invocation& call, std::vector<StackItem> items) {
    const auto key = keystore::load_ed25519_key(
        {call.text("holder-key"), session.context.passphrase_file}, keystore::Use::holder);
    if (!key) return key.error();
    Stack stack;
    std::vector<json::Value> credentials;
    for (StackItem& item : items) {
        const bool is_compact = !item.evidence.jwt.empty();
        credentials.push_back(is_compact ? credential::enveloped(item.evidence.jwt)
                                         : std::move(item.evidence.document));
        stack.status.push_back(std::move(item.evidence.status));
        stack.receipts.push_back(is_compact ? std::move(item.evidence.receipt) : std::nullopt);
    }
    if (std::ranges::none_of(stack.receipts, [](const auto& one) { return one.has_value(); }))
        stack.receipts.clear();
    auto presentation =
        credential::make_presentation(std::move(credentials),
                                      *key,
                                      credential::to_date_time(session.clock.now_s()),
                                      call.text("challenge"));
    if (!presentation) return presentation.error();
    stack.presentation = *std::move(presentation);
    return stack;
}

Result<Exit> make_stack(Session& session, const Invocation& call) {
    if (call.text("holder-key").empty())
        return Error{Errc::invalid,
                     "--holder-key is missing: chancery key new --use holder makes one"};
    if (!call.has("out") && !call.has("link"))
        return Error{Errc::invalid, "--out or --link is missing: a file, a link, or both"};
    auto items = gather_items(session, call);
    if (!items) return items.error();
    if (const auto done = hide(*items, call.texts("hide")); !done) return done.error();
    if (items->empty() || items->size() > credential::presented_max)
        return Error{Errc::invalid,
                     std::to_string(items->size()) + " credentials, want 1 to " +
                         std::to_string(credential::presented_max)};
    auto inspector = Inspector::open(session, call.has("offline"));
    if (!inspector) return inspector.error();
    json::Array shown;
    for (std::size_t i = 0; i < items->size(); ++i) {
        StackItem& item = (*items)[i];
        const auto verdict = inspector->judge(item.evidence);
        if (!verdict) return verdict.error();
        session.out.note("  " + std::to_string(i + 1) + "  " +
                         one_line(*verdict, item.evidence.document));
        shown.push_back(json::Object{{"name", item.name}, {"verdict", name_of(verdict->headline)}});
    }
    const auto stack = signed_stack(session, call, *std::move(items));
    if (!stack) return stack.error();
    json::Object about{{"credentials", std::move(shown)}};
    if (call.has("out")) {
        const auto written =
            node::replace_file(call.text("out"), stack_text(*stack) + "\n", node::private_mode);
        if (!written) return written.error();
        session.out.note("made " + call.text("out"));
        about.push_back({"file", call.text("out")});
    }
    if (call.has("link")) {
        const auto link = stack_link(*stack, call.text("link"));
        if (!link) return link.error();
        session.out.line(*link);
        about.push_back({"link", *link});
    }
    session.out.document(std::move(about));
    return Exit::done;
}

// The worse of two, where "not valid" outweighs "cannot tell".
Exit worse(Exit a, Exit b) {
    if (a == Exit::not_valid || b == Exit::not_valid) return Exit::not_valid;
    return a == Exit::done ? b : a;
}

Exit refuse_stack(Session& session, const std::string& why) {
    session.out.line("NOT VALID  " + why);
    session.out.document(json::Object{{"verdict", "not valid"}, {"reason", why}});
    return Exit::not_valid;
}

}  // namespace

Result<Exit> open_stack(Session& session, const Invocation& call) {
    const std::uint64_t now_s = session.clock.now_s();
    const auto stack = stack_in(call.argument(0));
    if (!stack) return stack.error();
    if (!*stack)
        return Error{Errc::invalid,
                     call.argument(0) +
                         ": is no skill stack; chancery verify reads "
                         "one credential"};
    const auto shown =
        credential::check_presentation((*stack)->presentation, static_cast<std::int64_t>(now_s));
    if (!shown && shown.error().code == Errc::corrupt)
        return refuse_stack(session, shown.error().detail);
    if (!shown) return shown.error();
    if (call.has("challenge") && shown->challenge != call.text("challenge"))
        return refuse_stack(session, "was not signed for this challenge");
    auto items = items_of(**stack, *shown, now_s);
    if (!items) return items.error();
    auto inspector = Inspector::open(session, call.has("offline"));
    if (!inspector) return inspector.error();
    session.out.line(grouped(items->size()) +
                     (items->size() == 1 ? " credential" : " credentials") + ", put together by " +
                     shown->holder + ", " + printable(shown->created));
    Exit exit = Exit::done;
    json::Array listed;
    for (StackItem& item : *items) {
        item.evidence.status_age_max_s = call.seconds("max-status-age", status_age_default_s);
        const auto verdict = inspector->judge(item.evidence);
        if (!verdict) return verdict.error();
        const bool is_own = credential::is_subject(item.evidence.document, shown->holder);
        if (call.has("explain")) {
            show_verdict(session.out, *verdict, subject_of(item.evidence.document), true);
        } else {
            session.out.line("  " + item.name + "  " + one_line(*verdict, item.evidence.document) +
                             (is_own ? ", about the holder" : ""));
        }
        json::Object one = verdict_json(*verdict);
        one.push_back({"is_about_holder", is_own});
        one.push_back({"credential", badge_facts(item.evidence.document)});
        listed.push_back(std::move(one));
        exit = worse(exit, exit_of(verdict->headline));
    }
    session.out.document(json::Object{
        {"verdict",
         exit == Exit::done ? "valid" : (exit == Exit::not_valid ? "not valid" : "cannot tell")},
        {"holder", shown->holder},
        {"created", shown->created},
        {"challenge", shown->challenge},
        {"credentials", std::move(listed)}});
    return exit;
}

Command stack_command() {
    const Option offline{"offline", ValueKind::flag, "", "ask nobody; use the status within"};
    return {
        .name = "stack",
        .summary = "share several credentials as one link or file",
        .children = {
            {.name = "make",
             .summary = "choose credentials, sign them together, with fresh status",
             .examples = {{"chancery stack make ana.json algebra.png --holder-key ana.key "
                           "--link https://registry.example/stack",
                           "the credentials are in the link itself"},
                          {"chancery stack make all.stack --hide 2,3 --holder-key ana.key "
                           "--out some.stack",
                           "fewer of an earlier stack"}},
             .arguments =
                 {{.name = "FILE", .help = "credentials, and earlier stacks", .is_repeated = true}},
             .options =
                 {{"holder-key", ValueKind::path, "FILE", "the holder's key"},
                  {"out", ValueKind::path, "FILE", "write the stack there"},
                  {"link", ValueKind::text, "URL", "print a link to this page instead"},
                  {.name = "hide",
                   .kind = ValueKind::text,
                   .value_name = "N",
                   .help = "leave this one out, counted from 1; again for more, or 2,3",
                   .is_repeated = true},
                  {"challenge",
                   ValueKind::text,
                   "TEXT",
                   "what the one who is to see it asked to be signed"},
                  {"offline", ValueKind::flag, "", "ask nobody; take the status that lies beside"}},
             .run = make_stack},
            {.name = "open",
             .summary = "verify every credential of a stack, and who put them together",
             .examples = {{"chancery stack open ana.stack", "a file, or the whole link in quotes"}},
             .arguments = {{.name = "STACK", .help = "a file or a link"}},
             .options = {offline,
                         {"challenge", ValueKind::text, "TEXT", "it must be signed for this"},
                         {"max-status-age",
                          ValueKind::duration,
                          "TIME",
                          "how old a status may be, 24h if not said"},
                         {"explain", ValueKind::flag, "", "every step of each"}},
             .run = open_stack}}};
}

}  // namespace chancery::cli
