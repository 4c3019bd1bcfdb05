#include "tests/consensus/raft_script.h"

#include <algorithm>
#include <sstream>

#include "tests/consensus/raft_text.h"

namespace chancery::raft {
namespace {

NodeId node_of(const std::string& word) { return static_cast<NodeId>(std::stoul(word)); }

std::vector<NodeId> nodes_of(const std::string& commas) {
    std::vector<NodeId> nodes;
    std::istringstream in(commas);
    for (std::string word; std::getline(in, word, ',');)
        nodes.push_back(node_of(word));
    return nodes;
}

// Of a quiet command only what changes a node's state for others to see.
bool is_news(const std::string& line) {
    const std::vector<std::string> marks{
        ": is leader", ": commits", "VIOLATION", "evidence", ": knows"};
    return std::ranges::any_of(
        marks, [&](const std::string& mark) { return line.find(mark) != std::string::npos; });
}

}  // namespace

std::vector<NodeId> Script::Words::nodes() const {
    std::vector<NodeId> nodes;
    for (const std::string& word : plain)
        nodes.push_back(node_of(word));
    return nodes;
}

NodeId Script::Words::node(std::size_t i) const { return node_of(plain.at(i)); }

std::uint64_t Script::Words::number(const std::string& name, std::uint64_t otherwise) const {
    const auto found = named.find(name);
    return found == named.end() ? otherwise : std::stoull(found->second);
}

const std::map<std::string, Script::Action>& Script::actions() {
    static const std::map<std::string, Action> actions{
        {"group", &Script::make_group},
        {"tick", &Script::tick},
        {"campaign", &Script::campaign},
        {"deliver", &Script::deliver},
        {"drop", &Script::drop},
        {"repeat", &Script::repeat},
        {"resend", &Script::resend},
        {"reverse", &Script::reverse},
        {"shorten", &Script::shorten},
        {"letters", &Script::list},
        {"write", &Script::write},
        {"apply", &Script::apply},
        {"settle", &Script::settle},
        {"propose", &Script::propose},
        {"configure", &Script::configure},
        {"seal", &Script::seal},
        {"crash", &Script::crash},
        {"restart", &Script::restart},
        {"connect", &Script::connect},
        {"isolate", &Script::isolate},
        {"heal", &Script::heal},
        {"status", &Script::status},
        {"journal", &Script::journal},
        {"claims", &Script::claims},
        {"lie", &Script::lie},
        {"forge", &Script::forge},
        {"end-stickiness", &Script::end_stickiness},
        {"refuse-clock", &Script::refuse_clock},
        {"cut", &Script::cut},
    };
    return actions;
}

std::string Script::run(const std::string& text) {
    std::string out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("  ")) continue;
        out += line + "\n";
        if (!line.starts_with("> ")) continue;
        for (const std::string& seen : execute(line.substr(2)))
            out += "  " + seen + "\n";
    }
    return out;
}

Script::Words Script::parse(const std::string& line, std::string& command) {
    Words words;
    std::istringstream in(line);
    in >> command;
    for (std::string word; in >> word;) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) {
            words.plain.push_back(word);
        } else {
            words.named[word.substr(0, equals)] = word.substr(equals + 1);
        }
    }
    return words;
}

std::vector<std::string> Script::execute(const std::string& line) {
    const bool is_quiet = line.starts_with("quietly ");
    std::string command;
    const Words words = parse(is_quiet ? line.substr(8) : line, command);
    const auto action = actions().find(command);
    if (action == actions().end()) return {"no such command"};
    if (!group_ && command != "group") return {"no group yet"};
    said_.clear();
    (this->*action->second)(words);
    std::vector<std::string> lines = group_->take_lines();
    if (is_quiet) std::erase_if(lines, [](const std::string& seen) { return !is_news(seen); });
    lines.insert(lines.end(), said_.begin(), said_.end());
    return lines;
}

void Script::make_group(const Words& words) {
    Configuration configuration = simple_configuration(words.nodes());
    if (const auto learners = words.named.find("learners"); learners != words.named.end()) {
        configuration.learners = nodes_of(learners->second);
    }
    group_.emplace(configuration, words.number("seed", 1));
    kept_.clear();
}

void Script::tick(const Words& words) {
    for (std::uint64_t i = 0; i < words.number("times", 1); ++i) {
        for (const NodeId id : words.nodes())
            group_->tick(id);
    }
}

void Script::campaign(const Words& words) {
    const NodeId id = words.node(0);
    for (int i = 0; i < 100 && group_->node(id).core->role() == Role::follower; ++i) {
        group_->tick(id);
    }
}

std::vector<Letter> Script::take_letters(const Words& words) {
    const auto from = words.number("from", 0);
    const auto to = words.number("to", 0);
    const auto type = words.named.find("type");
    std::uint64_t count = words.number("count", 1000000);
    std::vector<Letter> taken;
    std::vector<Letter> left;
    for (Letter& letter : group_->letters()) {
        const bool fits =
            (from == 0 || letter.from == from) && (to == 0 || letter.to == to) &&
            (type == words.named.end() || name_of(letter.message.body) == type->second);
        if (fits && count > 0)
            --count, taken.push_back(std::move(letter));
        else
            left.push_back(std::move(letter));
    }
    group_->letters() = std::move(left);
    return taken;
}

void Script::deliver(const Words& words) {
    for (const Letter& letter : take_letters(words))
        group_->deliver(letter);
}

void Script::drop(const Words& words) {
    say("drops " + std::to_string(take_letters(words).size()));
}

// Keeps copies of letters still on their way, so that `resend` can bring them late.
void Script::repeat(const Words& words) {
    std::vector<Letter> letters = take_letters(words);
    kept_.insert(kept_.end(), letters.begin(), letters.end());
    say("keeps " + std::to_string(letters.size()));
    for (Letter& letter : letters)
        group_->letters().push_back(std::move(letter));
}

void Script::resend(const Words&) {
    for (const Letter& letter : kept_)
        group_->deliver(letter);
}

void Script::reverse(const Words&) { std::ranges::reverse(group_->letters()); }

// What a lying leader might do: appends that stop early.
void Script::shorten(const Words& words) {
    for (Letter& letter : take_letters(words)) {
        if (auto* append = std::get_if<Append>(&letter.message.body)) {
            append->entries.resize(words.number("entries", 1));
        }
        group_->letters().push_back(std::move(letter));
    }
}

void Script::list(const Words&) {
    for (const Letter& letter : group_->letters()) {
        say(std::to_string(letter.from) + "→" + std::to_string(letter.to) + " " +
            text_of(letter.message));
    }
}

void Script::write(const Words& words) {
    for (std::uint64_t i = 0; i < words.number("times", 1); ++i) {
        for (const NodeId id : words.nodes())
            group_->finish_write(id);
    }
}

void Script::apply(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->finish_apply(id);
}

void Script::settle(const Words& words) {
    const std::vector<NodeId> nodes = words.nodes();
    std::set<NodeId> chosen(nodes.begin(), nodes.end());
    if (chosen.empty()) chosen = group_->ids();
    if (!group_->settle(chosen)) say("does not settle");
}

void Script::propose(const Words& words) {
    const Result<EntryId> proposed = group_->propose(words.node(0), words.plain.at(1));
    say(proposed ? "proposed " + text_of(*proposed) : "refused: " + proposed.error().detail);
}

void Script::configure(const Words& words) {
    Configuration next = simple_configuration(nodes_of(words.named.at("voters")));
    if (const auto outgoing = words.named.find("outgoing"); outgoing != words.named.end()) {
        next.voters_outgoing = nodes_of(outgoing->second);
        next.quorum_outgoing = quorum_min(next.voters_outgoing.size());
    }
    if (const auto learners = words.named.find("learners"); learners != words.named.end()) {
        next.learners = nodes_of(learners->second);
    }
    const Result<EntryId> proposed = group_->propose_configuration(words.node(0), next);
    say(proposed ? "proposed " + text_of(*proposed) : "refused: " + proposed.error().detail);
}

void Script::seal(const Words& words) {
    // Twice: first all cosign, then all can know.
    for (int i = 0; i < 2; ++i) {
        for (const NodeId id : words.nodes())
            group_->seal(id);
    }
}

void Script::crash(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->crash(id);
}

void Script::restart(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->restart(id);
}

void Script::connect(const Words& words) { group_->connect(words.node(0), words.node(1)); }

void Script::isolate(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->isolate(id, true);
}

void Script::heal(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->isolate(id, false);
}

void Script::status(const Words& words) {
    std::vector<NodeId> nodes = words.nodes();
    if (nodes.empty()) {
        for (const NodeId id : group_->alive())
            nodes.push_back(id);
    }
    for (const NodeId id : nodes) {
        say(std::to_string(id) + ": " + text_of(group_->node(id).core->status()));
    }
}

void Script::journal(const Words& words) {
    for (const NodeId id : words.nodes()) {
        const Journal& journal = group_->node(id).core->journal();
        std::string text = std::to_string(id) + ":";
        for (Index i = 1; i <= journal.last().index; ++i) {
            if (journal.has(i)) text += " [" + text_of(journal.at(i)) + "]";
        }
        say(text + " " + text_of(journal.configuration()));
    }
}

void Script::claims(const Words& words) {
    const Core& core = *group_->node(words.node(0)).core;
    const Index block = words.number("block", 0);
    std::string claimants;
    for (const auto& [node, claim] : core.claims_at(block))
        claimants += " " + std::to_string(node);
    say(name_of(core.claims_of(block)) + ", claims of" + claimants);
}

void Script::lie(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->node(id).derives_wrongly = true;
}

void Script::end_stickiness(const Words& words) {
    for (const NodeId id : words.nodes())
        group_->end_stickiness(id);
}

void Script::refuse_clock(const Words& words) {
    group_->refuse_for_clock(
        words.node(0), static_cast<NodeId>(words.number("leader", 1)), words.number("block", 0));
}

void Script::cut(const Words& words) {
    group_->node(words.node(0)).core->cut(words.number("index", 0));
}

// A message that an honest node in that state would not send: forge <from> <to> <what> term=
void Script::forge(const Words& words) {
    const Core& to = *group_->node(words.node(1)).core;
    Message message{.network = to.settings().network,
                    .epoch = 1,
                    .term = words.number("term", to.term()),
                    .body = Heartbeat{}};
    const std::string& what = words.plain.at(2);
    if (what == "refusal") message.body = Refusal{};
    if (what == "ack") {
        const Index index = words.number("index", 1);
        message.body = Ack{.index = index,
                           .chain = to.journal().chain_at(index).value_or(Hash{}),
                           .claim = {},
                           .sealed = 0};
    }
    if (what == "vote-request") {
        message.body = VoteRequest{.head = {message.term, 100}, .chain = {}};
    }
    if (what == "append") {
        const Index index = words.number("index", 1);
        const EntryId id{words.number("entry-term", message.term), index};
        const Hash previous = *to.journal().chain_at(index - 1);
        const auto payload = std::make_shared<const Bytes>(Bytes{'f', 'a', 'l', 's', 'e'});
        const Hash chain = chain_hash(previous, id, EntryKind::block, *payload);
        message.body = Append{.previous = *to.journal().id_at(index - 1),
                              .previous_chain = previous,
                              .entries = {{id, EntryKind::block, payload, chain}},
                              .sealed = words.number("sealed", 0),
                              .certificate = {}};
    }
    group_->deliver({words.node(0), words.node(1), message});
}

}  // namespace chancery::raft
