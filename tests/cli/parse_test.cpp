#include "node/cli/parse.h"

#include <gtest/gtest.h>

#include "node/cli/completion.h"
#include "node/cli/help.h"

namespace chancery::cli {
namespace {

using Words = std::vector<std::string>;

Result<Exit> nothing(Session& /*session*/, const Invocation& /*call*/) { return Exit::done; }

const Command& tree() {
    static const Command root = {
        .name = "chancery",
        .summary = "a tree to test with",
        .children = {{.name = "paint",
                      .summary = "paint things",
                      .examples = {{"chancery paint door", "the door"}},
                      .arguments = {{.name = "THING", .help = "what is painted"},
                                    {.name = "MORE",
                                     .help = "and what else",
                                     .is_required = false,
                                     .is_repeated = true}},
                      .options = {{"coats", ValueKind::number, "N", "how many"},
                                  {"dry", ValueKind::duration, "TIME", "how long between"},
                                  {"since", ValueKind::time, "TIME", "from when"},
                                  {"colour", ValueKind::choice, "NAME", "which", {"red", "green"}},
                                  {.name = "brush",
                                   .kind = ValueKind::path,
                                   .value_name = "FILE",
                                   .help = "with what",
                                   .is_repeated = true},
                                  {.name = "tone",
                                   .kind = ValueKind::choice,
                                   .value_name = "NAME",
                                   .help = "a shade",
                                   .choices = {"light", "dark"},
                                   .is_repeated = true},
                                  {"thick", ValueKind::flag, "", "more of it"}},
                      .run = nothing},
                     {.name = "log",
                      .summary = "a group",
                      .children = {{.name = "show", .summary = "show it", .run = nothing},
                                   {.name = "tail", .summary = "follow it", .run = nothing}}}}};
    return root;
}

TEST(Parse, ReadsOptionsAndArgumentsInAnyOrder) {
    const auto parsed = parse_words(
        tree(), {"--node", "http://n", "paint", "door", "--coats=2", "--thick", "wall", "--json"});
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->path, (Words{"chancery", "paint"}));
    EXPECT_EQ(parsed->call.arguments(), (Words{"door", "wall"}));
    EXPECT_EQ(parsed->call.number("coats", 0), 2U);
    EXPECT_EQ(parsed->call.text("node"), "http://n");
    EXPECT_TRUE(parsed->call.has("thick"));
    EXPECT_TRUE(parsed->call.has("json"));
    EXPECT_FALSE(parsed->call.has("dry"));
}

TEST(Parse, KeepsRepeatedPathsApartAndTakesOtherListsApart) {
    const auto parsed = parse_words(tree(),
                                    {"paint",
                                     "door",
                                     "--brush",
                                     "wide, soft.json",
                                     "--tone=dark,light",
                                     "--brush",
                                     "fine.json",
                                     "--tone",
                                     "dark"});
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->call.texts("brush"), (Words{"wide, soft.json", "fine.json"}));
    EXPECT_EQ(parsed->call.texts("tone"), (Words{"dark", "light", "dark"}));
    EXPECT_EQ(parsed->call.texts("colour"), Words{});
    EXPECT_EQ(parsed->call.text("brush"), "wide, soft.json");
    EXPECT_FALSE(parse_words(tree(), {"paint", "door", "--tone", "dark,grey"}));
    EXPECT_FALSE(parse_words(tree(), {"paint", "door", "--tone", ","}));
    EXPECT_FALSE(parse_words(tree(), {"paint", "door", "--brush", ""}));
    EXPECT_FALSE(parse_words(tree(), {"paint", "door", "--coats", "1", "--coats", "2"}));
}

TEST(Parse, TakesAnArgumentThatIsNamedLikeACommand) {
    const auto parsed = parse_words(tree(), {"paint", "log"});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->call.arguments(), (Words{"log"}));
}

TEST(Parse, TakesWordsWithADashAfterTwoDashes) {
    const auto parsed = parse_words(tree(), {"paint", "--", "-door", "--coats"});
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->call.arguments(), (Words{"-door", "--coats"}));
}

TEST(Parse, TakesASingleDashAsAnArgument) {
    const auto parsed = parse_words(tree(), {"paint", "-"});
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->call.arguments(), (Words{"-"}));
}

TEST(Parse, WantsHelpForAGroupAndWhenAsked) {
    EXPECT_TRUE(parse_words(tree(), {})->wants_help);
    EXPECT_TRUE(parse_words(tree(), {"log"})->wants_help);
    EXPECT_TRUE(parse_words(tree(), {"paint", "--help"})->wants_help);
    EXPECT_TRUE(parse_words(tree(), {"paint", "-h"})->wants_help);
    EXPECT_FALSE(parse_words(tree(), {"log", "show"})->wants_help);
}

TEST(Parse, TakesTheVersionAsEveryProgramDoes) {
    EXPECT_EQ(parse_words(command_tree(), {"--version"})->command->name, "version");
}

struct BadCall {
    Words words;
    std::string says;
};

TEST(Parse, RefusesBadCallsAndSaysWhatWouldBeRight) {
    const std::vector<BadCall> table = {
        {{"pant", "door"}, "did you mean \"paint\"?"},
        {{"log", "tial"}, "did you mean \"tail\"?"},
        {{"xyzzy"}, "no command \"xyzzy\""},
        {{"paint"}, "THING is missing"},
        {{"--frob"}, "no option \"--frob\""},
        {{"log", "--frob"}, "no option \"--frob\""},
        {{"--timeout", "soon"}, "--timeout: want a duration"},
        {{"paint", "door", "--coat", "2"}, "did you mean \"--coats\"?"},
        {{"paint", "door", "--coats"}, "--coats"},
        {{"paint", "door", "--coats", "many"}, "--coats: want a number"},
        {{"paint", "door", "--coats", "-1"}, "--coats: want a number"},
        {{"paint", "door", "--coats", "9007199254740992"}, "--coats: want a number"},
        {{"paint", "door", "--coats", "1", "--coats", "2"}, "--coats"},
        {{"paint", "door", "--dry", "24"}, "--dry: want a duration"},
        {{"paint", "door", "--dry", "h"}, "--dry: want a duration"},
        {{"paint", "door", "--since", "2026-02-30"}, "--since: want a time"},
        {{"paint", "door", "--colour", "blue"}, "--colour: want one of red, green"},
        {{"paint", "door", "--thick=maybe"}, ""},
        {{"log", "show", "extra"}, "got 1 argument, want none"},
    };
    for (const BadCall& bad : table) {
        const auto parsed = parse_words(tree(), bad.words);
        ASSERT_FALSE(parsed) << testing::PrintToString(bad.words);
        EXPECT_EQ(parsed.error().code, Errc::invalid);
        EXPECT_NE(parsed.error().detail.find(bad.says), std::string::npos) << parsed.error().detail;
    }
}

TEST(Parse, ReadsDurationsAndTimes) {
    EXPECT_EQ(parse_duration("90s"), 90U);
    EXPECT_EQ(parse_duration("24h"), 86'400U);
    EXPECT_EQ(parse_duration("7d"), 604'800U);
    EXPECT_FALSE(parse_duration(""));
    EXPECT_FALSE(parse_duration("1w"));
    EXPECT_EQ(parse_time("1970-01-02"), 86'400U);
    EXPECT_EQ(parse_time("2026-05-01T12:00:00Z"), 1'777'636'800U);
    EXPECT_EQ(time_text(1'777'636'800), "2026-05-01T12:00:00Z");
    for (const std::string_view wrong : {"2026-5-1",
                                         "2026-05-01T12:00:00",
                                         "2026-05-01T24:00:00Z",
                                         "1969-12-31",
                                         "2026-13-01",
                                         "2026-05-01 12:00:00Z"})
        EXPECT_FALSE(parse_time(wrong)) << wrong;
}

TEST(Help, PutsExamplesFirstAndNamesEveryOption) {
    const std::string text = help_text(*tree().child("paint"), {"chancery", "paint"});
    EXPECT_LT(text.find("chancery paint door"), text.find("Usage:"));
    EXPECT_NE(text.find("Usage: chancery paint THING [MORE…] [options]"), std::string::npos);
    for (const std::string_view name : {"--coats N", "--colour NAME", "red, green", "--node URL"})
        EXPECT_NE(text.find(name), std::string::npos) << name;
}

TEST(Completion, OffersWhatMayComeNext) {
    EXPECT_EQ(completions(tree(), {""}), (Words{"paint", "log"}));
    EXPECT_EQ(completions(tree(), {"p"}), (Words{"paint"}));
    EXPECT_EQ(completions(tree(), {"log", ""}), (Words{"show", "tail"}));
    EXPECT_EQ(completions(tree(), {"paint", "--co"}), (Words{"--coats", "--colour"}));
    EXPECT_EQ(completions(tree(), {"paint", "--colour", ""}), (Words{"red", "green"}));
    EXPECT_EQ(completions(tree(), {"paint", "--coats", ""}), Words{});
    EXPECT_EQ(completions(tree(), {"--node", "x", "log", "t"}), (Words{"tail"}));
}

// Every command of the program, with the words that lead to it.
void visit(const Command& command, const Words& path, std::vector<Words>& paths) {
    paths.push_back(path);
    for (const Command& child : command.children) {
        Words longer = path;
        longer.push_back(child.name);
        visit(child, longer, paths);
    }
}

TEST(CommandTree, EveryCommandHasASummaryAndRunsOrLeadsOn) {
    std::vector<Words> paths;
    visit(command_tree(), {}, paths);
    for (const Words& path : paths) {
        const Command* command = &command_tree();
        for (const std::string& word : path)
            command = command->child(word);
        ASSERT_NE(command, nullptr);
        EXPECT_FALSE(command->summary.empty()) << testing::PrintToString(path);
        EXPECT_TRUE(command->run != nullptr || !command->children.empty());
        for (const Option& option : command->options) {
            EXPECT_FALSE(option.help.empty()) << option.name;
            EXPECT_EQ(option.value_name.empty(), option.kind == ValueKind::flag) << option.name;
            EXPECT_EQ(option.choices.empty(), option.kind != ValueKind::choice) << option.name;
        }
    }
}

}  // namespace
}  // namespace chancery::cli
