// A scenario as text: commands to a group of cores, each followed by everything that was seen.
//
//     # why this scenario is there
//     > group 1 2 3
//     > campaign 1
//       1: is pre-candidate in term 0
//       …
//
// Lines that begin with two spaces are output and are made anew by running; all others stay.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/consensus/raft_group.h"

namespace chancery::raft {

class Script {
public:
    // The same text with the output that running it gives.
    std::string run(const std::string& text);

private:
    struct Words {
        std::vector<std::string> plain;            // In order, without the command.
        std::map<std::string, std::string> named;  // name=value
        std::vector<NodeId> nodes() const;         // The plain words as numbers.
        NodeId node(std::size_t i) const;
        std::uint64_t number(const std::string& name, std::uint64_t otherwise) const;
    };
    using Action = void (Script::*)(const Words&);

    std::vector<std::string> execute(const std::string& line);
    static const std::map<std::string, Action>& actions();
    static Words parse(const std::string& line, std::string& command);

    void make_group(const Words& words);
    void tick(const Words& words);
    void campaign(const Words& words);
    void deliver(const Words& words);
    void drop(const Words& words);
    void repeat(const Words& words);
    void reverse(const Words& words);
    void shorten(const Words& words);
    void list(const Words& words);
    void write(const Words& words);
    void apply(const Words& words);
    void settle(const Words& words);
    void propose(const Words& words);
    void configure(const Words& words);
    void seal(const Words& words);
    void crash(const Words& words);
    void restart(const Words& words);
    void connect(const Words& words);
    void isolate(const Words& words);
    void heal(const Words& words);
    void status(const Words& words);
    void journal(const Words& words);
    void claims(const Words& words);
    void lie(const Words& words);
    void end_stickiness(const Words& words);
    void refuse_clock(const Words& words);
    void cut(const Words& words);
    void resend(const Words& words);
    void forge(const Words& words);

    // The letters that from=, to= and type= choose, taken out of the queue.
    std::vector<Letter> take_letters(const Words& words);
    void say(const std::string& line) { said_.push_back(line); }

    std::optional<Group> group_;
    std::vector<Letter> kept_;  // By `repeat`, for `resend`.
    std::vector<std::string> said_;
};

}  // namespace chancery::raft
